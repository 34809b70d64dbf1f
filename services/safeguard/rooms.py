"""What safeguard remembers of each room: where its evening stands, as chat last said. Every write may be repeated."""

from datetime import datetime

from sqlalchemy import Column, String, Table, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from harbour.contracts.chat import RoomState
from harbour.runtime.database import Moment, insert_once
from services.safeguard.tables import metadata

rooms = Table(
    "rooms",
    metadata,
    Column("session_id", String(64), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("known_at", Moment, nullable=False),
)
"""Where each evening stands."""


class Rooms:
    """The book of rooms."""

    def __init__(self, tx: AsyncConnection) -> None:
        self.tx = tx

    async def stand(self, session_id: str, state: RoomState, at: datetime) -> None:
        """Keep where an evening stands; older news never undoes newer."""
        values = {"state": str(state), "known_at": at}
        if not await insert_once(self.tx, rooms, {"session_id": session_id, **values}):
            newer = (rooms.c.session_id == session_id) & (rooms.c.known_at <= at)
            await self.tx.execute(update(rooms).where(newer).values(values))

    async def state(self, session_id: str) -> RoomState | None:
        """Where an evening stands, or None where that was not heard yet."""
        found = select(rooms.c.state).where(rooms.c.session_id == session_id)
        state = (await self.tx.execute(found)).scalar_one_or_none()
        return RoomState(state) if state else None
