"""Which envelopes are open, and for whom. Every write may be repeated."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, String, Table, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from harbour.runtime.database import Moment, insert_once
from services.enrolment.envelope.rules import Grant
from services.enrolment.tables import metadata

grants = Table(
    "envelope_grants",
    metadata,
    Column("grant_id", String(64), primary_key=True),
    Column("member_id", String(64), nullable=False),
    Column("staff", JSON, nullable=False),
    Column("until", Moment, nullable=False),
    Index("envelope_grants_until", "until"),
)
"""Grants that were heard of; those that are over go as new ones come."""


class Grants:
    """The book of open envelopes."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def keep(self, grant: Grant) -> None:
        """Keep who may look, once."""
        await insert_once(self._tx, grants, {**vars(grant), "staff": list(grant.staff)})

    async def find(self, grant_id: str) -> Grant | None:
        """One grant, over or not."""
        row = (await self._tx.execute(select(grants).where(grants.c.grant_id == grant_id))).mappings().first()
        return Grant(row["grant_id"], row["member_id"], tuple(row["staff"]), row["until"]) if row else None

    async def close(self, grant_id: str, member_id: str, at: datetime) -> None:
        """Nobody may look any more, even where that it was granted is heard only later."""
        nobody: dict[str, Any] = {"staff": [], "until": at}
        if not await insert_once(self._tx, grants, {"grant_id": grant_id, "member_id": member_id, **nobody}):
            await self._tx.execute(update(grants).where(grants.c.grant_id == grant_id).values(nobody))

    async def forget(self, until: datetime) -> None:
        """Forget what was over before this moment."""
        await self._tx.execute(delete(grants).where(grants.c.until < until))
