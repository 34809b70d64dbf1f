"""The book of notes: what the adults of a room told one another."""

from typing import Any

from sqlalchemy import Boolean, Column, String, Table, Text, select
from sqlalchemy.ext.asyncio import AsyncConnection

from harbour.contracts.chat import StaffNote
from harbour.runtime.database import Moment, insert_once
from services.chat.store.tables import metadata

staff_notes = Table(
    "staff_notes",
    metadata,
    Column("note_id", String(64), primary_key=True),
    Column("session_id", String(64), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("staff_id", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("handover", Boolean, nullable=False),
)


class Notes:
    """What the adults of a room told one another."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def keep(self, session_id: str, note: StaffNote) -> bool:
        """Keep a note; True when it is new."""
        return await insert_once(self._tx, staff_notes, {"session_id": session_id, **note.model_dump()})

    async def of(self, session_id: str) -> tuple[StaffNote, ...]:
        """The notes of a session, in order."""
        here = select(staff_notes).where(staff_notes.c.session_id == session_id)
        found = await self._tx.execute(here.order_by(staff_notes.c.at, staff_notes.c.note_id))
        return tuple(_note(row) for row in found)


def _note(row: Any) -> StaffNote:
    return StaffNote.model_validate({name: value for name, value in row._mapping.items() if name != "session_id"})
