"""What safeguard remembers of how alerts were closed. Every write may be repeated."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from harbour.contracts.closing import Outcome
from harbour.contracts.safeguard import AlertState
from harbour.runtime.database import Moment, insert_once
from services.safeguard.closing import Closing
from services.safeguard.model import Alert
from services.safeguard.tables import alerts, metadata

closings = Table(
    "closings",
    metadata,
    Column("closing_id", String(128), primary_key=True),
    Column("alert_id", String(64), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("staff_id", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("reminders", Integer, nullable=False),
    Column("signed_by", String(64), nullable=False),
    Column("signed_name", Text, nullable=False),
    Column("signed_at", Moment, nullable=True),
    Column("signed_with", String(128), nullable=False),
    Column("agreed", Boolean, nullable=False),
    Index("closings_of_alert", "alert_id", "at"),
)
"""Every closing that was asked for, handed back or not. The one an alert stands on is that of its `resolved_with`."""


class Closings:
    """The book of closings."""

    def __init__(self, tx: AsyncConnection) -> None:
        self.tx = tx

    async def put(self, closing: Closing) -> None:
        """Keep that somebody asks to close an alert, once."""
        await insert_once(self.tx, closings, vars(closing))

    async def find(self, closing_id: str) -> Closing | None:
        """One closing; none where nobody has asked."""
        row = (await self.tx.execute(select(closings).where(closings.c.closing_id == closing_id))).mappings().first()
        return as_closing(row) if row else None

    async def outcome_of(self, alert: Alert) -> str:
        """What became of an alert, once it is closed."""
        closing = await self.find(alert.resolved_with) if alert.resolved_at and alert.resolved_with else None
        return closing.outcome.value if closing else ""

    async def signed_with(self, wish_id: str) -> Closing | None:
        """The closing this wish has signed off or handed back, if it has."""
        row = (await self.tx.execute(select(closings).where(closings.c.signed_with == wish_id))).mappings().first()
        return as_closing(row) if row else None

    async def change(self, closing: Closing) -> None:
        """Keep how a closing stands now. Its alert is to be held."""
        values = {**vars(closing)}
        await self.tx.execute(update(closings).where(closings.c.closing_id == values.pop("closing_id")).values(values))

    async def waiting_past(self, moment: datetime) -> list[Closing]:
        """Those that wait for a second person although their clock ran out before this moment."""
        waiting = closings.join(alerts, alerts.c.resolved_with == closings.c.closing_id)
        late = (alerts.c.state == AlertState.CLOSING) & (closings.c.due_at < moment)
        rows = await self.tx.execute(select(closings).select_from(waiting).where(late).order_by(closings.c.due_at))
        return [as_closing(row) for row in rows.mappings()]


def as_closing(row: Mapping[Any, Any], before: str = "") -> Closing:
    """A row of the table, whose columns may have names that begin with `before`."""
    values = {column.name: row[before + column.name] for column in closings.c}
    return Closing(**{**values, "outcome": Outcome(values["outcome"])})
