"""The book of removals: who was asked to step out tonight, by whom and why, and who was let back in."""

from collections.abc import Collection

from sqlalchemy import Column, Integer, String, Table, Text, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from harbour.runtime.database import Moment, insert_once
from services.chat.rules import Removed
from services.chat.store.tables import metadata

removals = Table(
    "removals",
    metadata,
    Column("session_id", String(64), primary_key=True),
    Column("member_id", String(64), primary_key=True),
    Column("turn", Integer, primary_key=True),
    Column("removal_id", String(64), nullable=False, unique=True),
    Column("nickname", Text, nullable=False),
    Column("badge", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("staff_id", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("back_by", String(64), nullable=False),
    Column("back_name", Text, nullable=False),
)


class Removals:
    """Who was asked to step out."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def of(self, session_id: str) -> list[Removed]:
        """All of an evening, in the order it happened."""
        mine = select(removals).where(removals.c.session_id == session_id)
        found = await self._tx.execute(mine.order_by(removals.c.at, removals.c.removal_id))
        return [Removed(**row._mapping) for row in found]

    async def out(self, session_ids: Collection[str]) -> dict[str, frozenset[str]]:
        """Who is out now, by evening."""
        still = removals.c.session_id.in_(session_ids) & (removals.c.back_by == "")
        found: dict[str, frozenset[str]] = {}
        for row in await self._tx.execute(select(removals.c.session_id, removals.c.member_id).where(still)):
            found[row.session_id] = found.get(row.session_id, frozenset()) | {row.member_id}
        return found

    async def keep(self, one: Removed) -> bool:
        """Keep a removal. True where it is new."""
        return await insert_once(self._tx, removals, vars(one))

    async def let_back(self, removal_id: str, staff_id: str, name: str) -> bool:
        """Keep who let them back in. True for the first, of several at once."""
        still = update(removals).where(removals.c.removal_id == removal_id, removals.c.back_by == "")
        return bool((await self._tx.execute(still.values(back_by=staff_id, back_name=name))).rowcount)
