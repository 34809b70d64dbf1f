"""What safeguard remembers of looks at its record. Every write may be repeated."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, Integer, String, Table, Text, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from harbour.contracts.record import FaultView, VerificationView
from harbour.runtime.database import Moment, insert_once
from services.safeguard.tables import metadata
from services.safeguard.verifying import Check

verifications = Table(
    "verifications",
    metadata,
    Column("verification_id", String(64), primary_key=True),
    Column("staff_id", String(64), nullable=False),
    Column("by", Text, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("ended_at", Moment, nullable=True),
    Column("looked", Integer, nullable=False),
    Column("of", Integer, nullable=False),
    Column("anchors", Integer, nullable=False),
    Column("erased", Integer, nullable=False),
    Column("faults", JSON, nullable=False),
    Column("more_faults", Integer, nullable=False),
    Index("verifications_asked", "asked_at"),
)
"""Every look at the record that somebody of staff asked for, and what it found."""


class Verifications:
    """The book of looks at the record."""

    def __init__(self, tx: AsyncConnection) -> None:
        self.tx = tx

    async def put(self, verification_id: str, staff_id: str, by: str, at: datetime) -> None:
        """Keep that somebody asked, once."""
        begun: dict[str, Any] = {"looked": 0, "of": 0, "anchors": 0, "erased": 0, "faults": [], "more_faults": 0}
        row = {"verification_id": verification_id, "staff_id": staff_id, "by": by, "asked_at": at, **begun}
        await insert_once(self.tx, verifications, row)

    async def last(self) -> VerificationView | None:
        """The latest look; none where nobody has asked."""
        query = select(verifications).order_by(verifications.c.asked_at.desc()).limit(1)
        row = (await self.tx.execute(query)).mappings().first()
        return VerificationView.model_validate(dict(row)) if row else None

    async def go_on(self, verification_id: str, looked: int, of: int) -> None:
        """Keep how far it is."""
        await self._change(verification_id, {"looked": looked, "of": of})

    async def end(self, verification_id: str, check: Check, at: datetime) -> None:
        """Keep what it found."""
        named = [FaultView(**vars(one)).model_dump() for one in check.faults]
        found = {"faults": named, "more_faults": check.unnamed, "erased": check.erased, "anchors": len(check.anchors)}
        number = check.reached.number
        await self._change(verification_id, {**found, "looked": number, "of": number, "ended_at": at})

    async def _change(self, verification_id: str, values: dict[str, Any]) -> None:
        mine = verifications.c.verification_id == verification_id
        await self.tx.execute(update(verifications).where(mine).values(values))
