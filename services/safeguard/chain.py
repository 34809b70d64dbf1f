"""The chain: everything that is decided about a concern, one entry after the other, each holding the hash of the one
before, so that nothing of it can be changed, dropped or moved without being found.

Words stand beside an entry under a salted hash: they may be erased, and the entry still proves itself.
"""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from hmac import compare_digest
from hmac import new as hmac
from typing import Any, Literal, TypeAlias

import rfc8785
from pydantic import JsonValue
from sqlalchemy import Column, Integer, String, Table, Text, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from harbour.contracts.messages import derived_id
from harbour.runtime.database import Moment, insert_once
from services.safeguard.tables import alerts, deeds, metadata

JSON: TypeAlias = JsonValue
Place = Literal["", "deed", "alert"]
"""Where the words of an entry stand: with it, in the note of its deed, or as the text of its alert."""

NOTHING = "0" * 64
"""The hash before the first entry."""
HEARD = "alert.heard"
"""The kind of entry that an alert begins with: what was found, and its text as words."""
DEED = "deed."
"""What the kind of an entry begins with that stands for a deed on an alert."""
ERASED = "record.erased"
"""The kind of entry that says whose words are gone: the fact `numbers`, and why in words of its own."""

chain = Table(
    "chain",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("previous", String(64), nullable=False),
    Column("kind", String(64), nullable=False),
    Column("subject", String(64), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("who", String(64), nullable=False),
    Column("facts", Text, nullable=False),
    Column("cause", String(128), nullable=False, unique=True),
    Column("place", String(8), nullable=False),
    Column("words_hash", String(64), nullable=False),
    Column("words", Text, nullable=True),
    Column("salt", String(32), nullable=True),
    Column("hash", String(64), nullable=False),
)
"""The entries. Rows are added and never changed, but for words and salt, which go when words are erased."""

chain_head = Table(
    "chain_head",
    metadata,
    Column("one", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
)
"""One row: the last entry. Whoever adds holds it, so that the chain has one order over all copies."""


@dataclass(frozen=True)
class Entry:
    """What the hash of an entry covers."""

    number: int
    previous: str
    kind: str
    subject: str
    at: str
    who: str
    facts: Any
    cause: str
    place: str
    words: str
    """The salted hash of the words; empty where there were none."""

    def hash(self) -> str:
        """SHA-256 of the entry in its canonical form (RFC 8785)."""
        return sha256(rfc8785.dumps(asdict(self))).hexdigest()


@dataclass(frozen=True)
class Head:
    """Where the chain ends."""

    number: int = 0
    hash: str = NOTHING


def moment(at: datetime) -> str:
    """A moment as the hash covers it: UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def hash_of(words: str, salt: str) -> str:
    """What stands for words: without the salt, which goes with them, nobody can try which they were."""
    return hmac(salt.encode(), words.encode(), sha256).hexdigest()


def are_the_words(words: str, salt: str, known: str) -> bool:
    """Whether these are the words of this hash."""
    return compare_digest(hash_of(words, salt), known)


class Chain:
    """The record of what was decided."""

    def __init__(self, tx: AsyncConnection) -> None:
        self.tx = tx

    async def add(
        self,
        kind: str,
        subject: str,
        at: datetime,
        who: str,
        facts: Mapping[str, JSON],
        words: str = "",
        cause: str = "",
        place: Place = "",
    ) -> bool:
        """Add an entry behind the last, once for each cause; False where it is there already.

        `kind`: `case.closed`; `subject`: the id of what it is about; `who`: the id of a member of staff, or what did
        it. `facts` never hold free text, message text or contact details; those are `words`, which can be erased.
        Everybody else who adds waits until this transaction ends, so take hold of every row you need before.
        """
        salt = secrets.token_hex(16) if words else None
        row: dict[str, Any] = {
            "kind": kind,
            "subject": subject,
            "at": at,
            "who": who,
            "facts": rfc8785.dumps(dict(facts)).decode(),
            "cause": cause or derived_id(kind, subject, moment(at), who),
            "place": place if words else "",
            "words_hash": hash_of(words, salt) if salt else "",
            "words": words if words and not place else None,
            "salt": salt,
        }
        head = await self._held()
        if await self._append(head, row, facts):
            return True
        if await self._is_there(row["cause"]):
            return False
        # Somebody has set the head back: what is done goes on record all the same, and verifying names the rest.
        return await self._append(await self._last(), row, facts)

    async def erase(self, numbers: Collection[int], at: datetime, who: str, why: str) -> int:
        """Erase the words of these entries wherever they stand; their hashes stay, and an entry says so. How many."""
        query = select(chain.c.number, chain.c.place, chain.c.subject, chain.c.cause).order_by(chain.c.number)
        found = (await self.tx.execute(query.where(chain.c.number.in_(numbers), chain.c.salt.is_not(None)))).all()
        if not found:
            return 0
        gone = [row.number for row in found]
        facts: dict[str, JSON] = {"numbers": list(gone)}
        await self.add(ERASED, "record", at, who, facts, why, cause=derived_id(ERASED, *gone))
        await self.tx.execute(update(chain).where(chain.c.number.in_(gone)).values(words=None, salt=None))
        notes = [row.cause for row in found if row.place == "deed"]
        await self.tx.execute(update(deeds).where(deeds.c.deed_id.in_(notes)).values(note=""))
        texts = [row.subject for row in found if row.place == "alert"]
        await self.tx.execute(update(alerts).where(alerts.c.alert_id.in_(texts)).values(text=""))
        return len(gone)

    async def erase_of(self, subject: str, at: datetime, who: str, why: str) -> int:
        """Erase all words about one subject, e.g. an alert with its text and every note; how many."""
        numbers = await self.tx.execute(select(chain.c.number).where(chain.c.subject == subject))
        return await self.erase(numbers.scalars().all(), at, who, why)

    async def head(self) -> Head:
        """Where the chain ends, held until this transaction ends."""
        return await self._held()

    async def _held(self) -> Head:
        while (row := (await self.tx.execute(_HOLD)).one_or_none()) is None:
            last = await self._last()
            await insert_once(self.tx, chain_head, {"one": 1, "number": last.number, "hash": last.hash})
        return Head(row.number, row.hash)

    async def _last(self) -> Head:
        row = (await self.tx.execute(_LAST)).one_or_none()
        return Head(row.number, row.hash) if row else Head()

    async def _is_there(self, cause: str) -> bool:
        return (await self.tx.execute(select(chain.c.number).where(chain.c.cause == cause))).first() is not None

    async def _append(self, head: Head, row: dict[str, Any], facts: Mapping[str, JSON]) -> bool:
        entry = Entry(
            number=head.number + 1,
            previous=head.hash,
            kind=row["kind"],
            subject=row["subject"],
            at=moment(row["at"]),
            who=row["who"],
            facts=dict(facts),
            cause=row["cause"],
            place=row["place"],
            words=row["words_hash"],
        )
        chained = {**row, "number": entry.number, "previous": entry.previous, "hash": entry.hash()}
        if not await insert_once(self.tx, chain, chained):
            return False
        await self.tx.execute(_MOVE, {"to_number": entry.number, "to_hash": chained["hash"]})
        return True


_HOLD = select(chain_head.c.number, chain_head.c.hash).where(chain_head.c.one == 1).with_for_update()
_LAST = select(chain.c.number, chain.c.hash).order_by(chain.c.number.desc()).limit(1)
_MOVE = update(chain_head).where(chain_head.c.one == 1).values(number=bindparam("to_number"), hash=bindparam("to_hash"))
