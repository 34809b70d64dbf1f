"""The book of calls: who asked for help and who came, and what was quietly reported."""

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Integer, String, Table, Text, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from harbour.runtime.database import Moment, insert_once
from services.chat.rules import Call, Told
from services.chat.store.tables import metadata

calls = Table(
    "calls",
    metadata,
    Column("session_id", String(64), primary_key=True),
    Column("member_id", String(64), primary_key=True),
    Column("turn", Integer, primary_key=True),
    Column("help_id", String(64), nullable=False, unique=True),
    Column("nickname", Text, nullable=False),
    Column("badge", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("staff_id", String(64), nullable=False),
    Column("name", Text, nullable=False),
)
reports = Table(
    "reports",
    metadata,
    Column("session_id", String(64), primary_key=True),
    Column("number", BigInteger, primary_key=True),
    Column("member_id", String(64), primary_key=True),
    Column("nickname", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("by_adult", Boolean, nullable=False),
    Column("about", String(16), nullable=False),
    Column("at", Moment, nullable=False),
)


class Calls:
    """The book of calls for help and of quiet reports."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def made(self, session_id: str) -> list[Call]:
        """All calls of an evening, in the order they were made."""
        mine = select(calls).where(calls.c.session_id == session_id).order_by(calls.c.at, calls.c.help_id)
        return [Call(**row._mapping) for row in await self._tx.execute(mine)]

    async def make(self, one: Call) -> bool:
        """Keep a call. True where it is new."""
        return await insert_once(self._tx, calls, vars(one))

    async def answer(self, help_id: str, staff_id: str, name: str) -> bool:
        """Keep who is with them. True for the first, of several at once."""
        waiting = update(calls).where(calls.c.help_id == help_id, calls.c.staff_id == "")
        return bool((await self._tx.execute(waiting.values(staff_id=staff_id, name=name))).rowcount)

    async def report(self, one: Told) -> bool:
        """Keep a report. True where this person had not told us of this message."""
        return await insert_once(self._tx, reports, vars(one))

    async def reported(self, session_id: str) -> list[Told]:
        """All that was reported in an evening, in the order of the messages."""
        mine = select(reports).where(reports.c.session_id == session_id)
        found: Any = await self._tx.execute(mine.order_by(reports.c.number, reports.c.member_id))
        return [Told(**row._mapping) for row in found]
