"""The book of ways: how each room is led."""

from collections.abc import Collection

from sqlalchemy import JSON, Boolean, Column, Integer, String, Table, false, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from harbour.contracts.chat import Ways
from harbour.runtime.database import insert_once
from services.chat.store.tables import metadata

ways = Table(
    "ways",
    metadata,
    Column("session_id", String(64), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("slow_seconds", Integer, nullable=False),
    Column("hold_all", Boolean, nullable=False),
    Column("muted", JSON, nullable=False),
    Column("round", JSON),
    Column("show_writing", Boolean, nullable=False, server_default=false()),
)


class WaysBook:
    """How rooms are led."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def of(self, session_ids: Collection[str]) -> dict[str, Ways]:
        """How these rooms are led now; those of which nothing was ever said are not named."""
        found = await self._tx.execute(select(ways).where(ways.c.session_id.in_(session_ids)))
        return {row.session_id: Ways.model_validate(dict(row._mapping)) for row in found}

    async def to_change(self, session_id: str) -> Ways:
        """How this room is led now; whoever else wants to change it waits until this transaction is over."""
        await insert_once(self._tx, ways, {"session_id": session_id, **_row(Ways())})
        row = (await self._tx.execute(select(ways).where(ways.c.session_id == session_id).with_for_update())).one()
        return Ways.model_validate(dict(row._mapping))

    async def keep(self, session_id: str, now: Ways) -> None:
        """Keep how this room is led from now on."""
        await self._tx.execute(update(ways).where(ways.c.session_id == session_id).values(_row(now)))


def _row(now: Ways) -> dict[str, object]:
    return now.model_dump(mode="json")
