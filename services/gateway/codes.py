"""One-time sign-in codes: six digits that count in the browser that asked, for a while, a few tries, once."""

import hashlib
import json
import secrets
from enum import Enum

from redis.asyncio import Redis

from services.gateway.auth import Session
from services.gateway.limits import Limits, TooMany


class Outcome(Enum):
    """What became of a try."""

    RIGHT = "right"
    WRONG = "wrong"
    SPENT = "spent"
    """No code counts any more: too late, too many tries, or used."""


class Codes:
    """The book of codes. Only a hash is kept, salted with the browser's token, which is kept nowhere."""

    def __init__(self, redis: "Redis", *, minutes: int, tries: int) -> None:
        self._redis = redis
        self._limits = Limits(redis)
        self._seconds = minutes * 60
        self._tries = tries

    async def make(self, session: Session, member_id: str) -> str:
        """A fresh code for this browser. Without a member it is one that nobody is sent and nobody can guess right."""
        code = f"{secrets.randbelow(1_000_000):06}"
        record = {"member_id": member_id, "code": _hash(session, code) if member_id else ""}
        await self._limits.forgive("code", session.token_hash)
        await self._redis.set(_key(session), json.dumps(record), ex=self._seconds)
        return code

    async def check(self, session: Session, code: str) -> tuple[Outcome, str]:
        """Try a code: what came of it, and the member's id where it was right. The last wrong try spends it."""
        known = await self._redis.get(_key(session))
        if known is None:
            return Outcome.SPENT, ""
        left = await self._one_try(session)
        record = json.loads(known)
        if left is not None and secrets.compare_digest(record["code"], _hash(session, code)):
            once = await self._redis.delete(_key(session))
            return (Outcome.RIGHT, record["member_id"]) if once else (Outcome.SPENT, "")
        if not left:
            await self._redis.delete(_key(session))
            return Outcome.SPENT, ""
        return Outcome.WRONG, ""

    async def _one_try(self, session: Session) -> int | None:
        """Count one try: how many are left, or None where there was none."""
        try:
            used = await self._limits.count("code", session.token_hash, at_most=self._tries, seconds=self._seconds)
        except TooMany:
            return None
        return self._tries - used


def _key(session: Session) -> str:
    return f"gateway:code:{session.token_hash}"


def _hash(session: Session, code: str) -> str:
    return hashlib.sha256(f"code:{session.token}:{code}".encode()).hexdigest()
