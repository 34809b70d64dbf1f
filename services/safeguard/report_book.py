"""What reports are made of: when somebody was first answered, and facts about alerts. Writes may be repeated."""

from datetime import datetime

from sqlalchemy import Column, String, Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from harbour.contracts.closing import Outcome
from harbour.contracts.concerns import Category, Urgency
from harbour.contracts.safeguard import AlertState
from harbour.runtime.database import Moment, insert_once
from services.safeguard.closings import closings
from services.safeguard.reports import MOST, REPLY_WITHIN, Done, Told
from services.safeguard.tables import alerts, deeds, metadata

replies = Table(
    "replies",
    metadata,
    Column("alert_id", String(64), primary_key=True),
    Column("at", Moment, nullable=False),
)
"""When an adult first answered the young person after an alert; no words."""

COUNTED = ("claimed", "resolved", "closing", "signed-off")


class Reports:
    """The book of reports."""

    def __init__(self, tx: AsyncConnection) -> None:
        self.tx = tx

    async def answered(self, member_id: str, at: datetime) -> None:
        """Keep that an adult answered a young person: the first time after each alert of theirs counts."""
        theirs = (alerts.c.member_id == member_id) & (alerts.c.raised_at <= at)
        recent = alerts.c.raised_at > at - REPLY_WITHIN
        for row in await self.tx.execute(select(alerts.c.alert_id).where(theirs, recent).order_by(alerts.c.alert_id)):
            await insert_once(self.tx, replies, {"alert_id": row.alert_id, "at": at})

    async def alerts(self, begins: datetime, ends: datetime) -> tuple[list[Told], bool]:
        """The alerts raised in this time, the latest first, and whether there were more than are counted."""
        first = select(deeds.c.alert_id, func.min(deeds.c.at).label("at")).where(deeds.c.what == "claimed")
        claims = first.where(deeds.c.at >= begins).group_by(deeds.c.alert_id).subquery()
        joined = (
            alerts.outerjoin(claims, claims.c.alert_id == alerts.c.alert_id)
            .outerjoin(replies, replies.c.alert_id == alerts.c.alert_id)
            .outerjoin(closings, closings.c.closing_id == alerts.c.resolved_with)
        )
        names = ("alert_id", "urgency", "categories", "raised_at", "state", "merged_into")
        known = [alerts.c[name] for name in names]
        more = (claims.c.at.label("claimed"), replies.c.at.label("replied"), closings.c.outcome)
        within = (alerts.c.raised_at >= begins) & (alerts.c.raised_at < ends)
        query = select(*known, *more).select_from(joined).where(within).order_by(alerts.c.raised_at.desc())
        rows = (await self.tx.execute(query.limit(MOST + 1))).all()
        return [_told(row) for row in rows[:MOST]], len(rows) > MOST

    async def deeds(self, begins: datetime, ends: datetime) -> list[Done]:
        """How often each member of the desk did what, in this time."""
        query = select(deeds.c.name, deeds.c.what, func.count()).where(
            deeds.c.at >= begins, deeds.c.at < ends, deeds.c.what.in_(COUNTED), deeds.c.staff_id != ""
        )
        return [Done(*row) for row in await self.tx.execute(query.group_by(deeds.c.name, deeds.c.what))]


def _told(row: object) -> Told:
    known = row._mapping  # type: ignore[attr-defined]
    is_closed = known["state"] == AlertState.RESOLVED and known["outcome"]
    return Told(
        alert_id=known["alert_id"],
        urgency=Urgency(known["urgency"]),
        categories=tuple(Category(one) for one in known["categories"]),
        raised_at=known["raised_at"],
        claimed_at=known["claimed"],
        replied_at=known["replied"],
        outcome=Outcome(known["outcome"]) if is_closed else None,
        merged_into=known["merged_into"],
    )
