"""What safeguard remembers of what was said in the rooms, while context is kept. Every write may be repeated."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Integer, Select, and_, bindparam, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from harbour.runtime.database import insert_once
from services.safeguard.model import Line
from services.safeguard.tables import heard, releases, voices


class Heard:
    """What was said in the rooms, kept for a while so that a message can be read in its context."""

    def __init__(self, tx: AsyncConnection) -> None:
        self.tx = tx

    async def keep(self, line: Line) -> datetime:
        """Keep a line, once, and hold its author's others back until this transaction ends.

        Returns when it was said, as it was first heard: held and then released, it keeps its first moment.
        """
        voice = {"session_id": line.session_id, "member_id": line.member_id, "at": line.at}
        mine = {"session": line.session_id, "member": line.member_id, "said_at": line.at}
        while not (await self.tx.execute(_HOLD_BACK, mine)).rowcount:
            await insert_once(self.tx, voices, voice)
        if await insert_once(self.tx, heard, line_values(line)):
            return line.at
        kept = await self.tx.execute(select(heard.c.at).where(heard.c.message_id == line.message_id))
        first: datetime = kept.scalar_one()
        return first

    async def find(self, message_id: str) -> Line | None:
        """A line as it was heard, or None where it was not, or not yet, or no longer."""
        row = (await self.tx.execute(select(heard).where(heard.c.message_id == message_id))).mappings().first()
        return line_of_row(row) if row else None

    async def release(self, message_id: str, at: datetime) -> None:
        """Remember that an adult let the room read a held message."""
        await insert_once(self.tx, releases, {"message_id": message_id, "at": at})

    async def before(self, line: Line, most: int, own: bool = False) -> list[Line]:
        """Up to `most` lines of the session just before this one, oldest first; only its author's with `own`."""
        return (await self._lines(_before(own), line, most))[::-1]

    async def after(self, line: Line, most: int, own: bool = False) -> list[Line]:
        """Up to `most` lines of the session just after this one, oldest first; only its author's with `own`."""
        return await self._lines(_after(own), line, most)

    async def _lines(self, query: Select[Any], line: Line, most: int) -> list[Line]:
        rows = await self.tx.execute(query, {**line_values(line), "most": most})
        return [line_of_row(row) for row in rows.mappings()]

    async def forget(self, until: datetime) -> int:
        """Forget what was said before this moment; returns how many lines went. Alerts keep their own words."""
        await self.tx.execute(delete(voices).where(voices.c.at < until))
        return (await self.tx.execute(delete(heard).where(heard.c.at < until))).rowcount


# ── queries and rows ──────────────────────────────────────────────────────────────────────────────────────────


_AT: BindParameter[datetime] = bindparam("at", type_=heard.c.at.type)
_ID: BindParameter[str] = bindparam("message_id", type_=heard.c.message_id.type)
_HOLD_BACK = (
    update(voices)
    .where(voices.c.session_id == bindparam("session"), voices.c.member_id == bindparam("member"))
    .values(at=bindparam("said_at"))
)


@cache
def _before(own: bool) -> Select[Any]:
    """The lines before another, the nearest first. Built once: building a query costs more than running it."""
    earlier = or_(heard.c.at < _AT, and_(heard.c.at == _AT, heard.c.message_id < _ID))
    return _around(own).where(earlier).order_by(heard.c.at.desc(), heard.c.message_id.desc())


@cache
def _after(own: bool) -> Select[Any]:
    """The lines after another, the nearest first."""
    later = or_(heard.c.at > _AT, and_(heard.c.at == _AT, heard.c.message_id > _ID))
    return _around(own).where(later).order_by(heard.c.at, heard.c.message_id)


def _around(own: bool) -> Select[Any]:
    where = [heard.c.session_id == bindparam("session_id")]
    if own:
        where.append(heard.c.member_id == bindparam("member_id"))
    return select(heard).where(*where).limit(bindparam("most", type_=Integer()))


def line_of_row(row: Mapping[Any, Any]) -> Line:
    """A row of the table, or of one that has the same columns."""
    names: Sequence[str] = ("message_id", "session_id", "member_id", "nickname", "speaker", "text", "held")
    return Line(at=row["at"], **{name: row[name] for name in names})


def line_values(line: Line) -> dict[str, Any]:
    """A line as such a row."""
    return {
        "message_id": line.message_id,
        "session_id": line.session_id,
        "member_id": line.member_id,
        "nickname": line.nickname,
        "speaker": line.speaker,
        "text": line.text,
        "at": line.at,
        "held": line.held,
    }
