"""The book of stand-ins: who leads one evening, or does not, whatever was planned."""

from collections.abc import Collection

from sqlalchemy import Boolean, Column, String, Table, Text, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from harbour.runtime.database import Moment, insert_once
from services.chat.rules import StandIn
from services.chat.store.tables import metadata

stand_ins = Table(
    "stand_ins",
    metadata,
    Column("session_id", String(64), primary_key=True),
    Column("staff_id", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", String(16), nullable=False),
    Column("leads", Boolean, nullable=False),
    Column("since", Moment, nullable=False),
)


class StandIns:
    """Who came in to lead an evening, and who stepped back."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def of(self, session_ids: Collection[str]) -> dict[str, tuple[StandIn, ...]]:
        """What differs from the plan of these evenings, by evening."""
        mine = select(stand_ins).where(stand_ins.c.session_id.in_(session_ids))
        found: dict[str, tuple[StandIn, ...]] = {}
        for row in await self._tx.execute(mine.order_by(stand_ins.c.since, stand_ins.c.staff_id)):
            found[row.session_id] = (*found.get(row.session_id, ()), StandIn(**row._mapping))
        return found

    async def keep(self, *changes: StandIn) -> None:
        """Keep who leads from now on and who does not; what was last said of somebody counts."""
        for one in changes:
            if not await insert_once(self._tx, stand_ins, vars(one)):
                here = (stand_ins.c.session_id == one.session_id) & (stand_ins.c.staff_id == one.staff_id)
                await self._tx.execute(update(stand_ins).where(here).values(vars(one)))
