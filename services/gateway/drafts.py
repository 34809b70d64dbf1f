"""A sign-up that is not finished: its answers, sealed so that only the browser's own token opens them."""

import hashlib

from pydantic import BaseModel, ConfigDict, Field
from redis.asyncio import Redis

from harbour.contracts.messages import new_id
from harbour.runtime.sealing import Seal
from services.gateway.auth import TWICE_SECONDS, Session


class Draft(BaseModel):
    """What somebody has answered so far. Its id is the id of the application, so that sending twice applies once."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    apply_id: str = Field(default_factory=new_id)
    course_id: str = ""
    age: int = 0
    nickname: str = ""
    email: str = Field(default="", repr=False)
    phone: str = Field(default="", repr=False)

    @property
    def next_step(self) -> str:
        """The page of the first question that has no answer yet; the last page when all have one."""
        if not self.course_id:
            return "/join"
        if not self.age:
            return "/join/age"
        if not self.nickname:
            return "/join/name"
        if not (self.email or self.phone):
            return "/join/reach"
        return "/join/check"

    def may_see(self, step: str) -> bool:
        """Whether every question before this page has its answer."""
        return STEPS.index(step) <= STEPS.index(self.next_step)


STEPS = ("/join", "/join/age", "/join/name", "/join/reach", "/join/check")


class Drafts:
    """The book of unfinished sign-ups. Redis sees only sealed bytes: the key is the token in the browser's cookie."""

    def __init__(self, redis: "Redis", seconds: int) -> None:
        self._redis = redis
        self._seconds = seconds

    async def read(self, session: Session) -> Draft:
        """This browser's draft, or an empty one."""
        sealed = await self._redis.get(_key(session))
        if not sealed:
            return Draft()
        return Draft.model_validate_json(
            _seal(session).open(sealed if isinstance(sealed, str) else sealed.decode(), session.token_hash)
        )

    async def keep(self, session: Session, draft: Draft) -> None:
        """Keep these answers for a while."""
        sealed = _seal(session).close(draft.model_dump_json(), session.token_hash)
        await self._redis.set(_key(session), sealed, ex=self._seconds)

    async def done(self, session: Session) -> None:
        """Forget the answers, but for the minute in which a button pressed twice may still arrive."""
        await self._redis.expire(_key(session), TWICE_SECONDS)


def _key(session: Session) -> str:
    return f"gateway:draft:{session.token_hash}"


def _seal(session: Session) -> Seal:
    return Seal(hashlib.sha256(f"draft:{session.token}".encode()).digest())
