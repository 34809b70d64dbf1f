"""What safeguard remembers of tonight: practice alerts, and who is on call. Every write may be repeated."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from harbour.contracts.chat import CanarySent
from harbour.contracts.safeguard import CanaryView, OnCallView
from harbour.contracts.worries import CanaryRun
from harbour.runtime.database import insert_once
from services.safeguard.model import Colleague
from services.safeguard.tables import canaries, on_call, sessions, staff

RUNS_MOST = 60
"""How many practice alerts the history shows."""


class Tonight:
    """The book of tonight."""

    def __init__(self, tx: AsyncConnection) -> None:
        self.tx = tx

    async def put_canary(self, event: CanarySent, at: datetime) -> None:
        """Put a practice alert on the queue, once."""
        row = {"canary_id": event.canary_id, "session_id": event.session_id, "due_at": event.due_at, "seen_by": ""}
        await insert_once(self.tx, canaries, {**row, "sent_at": event.at, "raised_at": at})

    async def was_seen(self, canary_id: str) -> bool:
        """Whether somebody has said that they see it."""
        query = select(canaries.c.seen_at).where(canaries.c.canary_id == canary_id, canaries.c.seen_at.is_not(None))
        return (await self.tx.execute(query)).first() is not None

    async def canary_runs(self) -> list[CanaryRun]:
        """The practice alerts of late, the newest first, with who saw them."""
        titled = canaries.outerjoin(sessions, sessions.c.session_id == canaries.c.session_id)
        named = titled.outerjoin(staff, staff.c.staff_id == canaries.c.seen_by)
        columns = (canaries, sessions.c.title, staff.c.name)
        query = select(*columns).select_from(named).order_by(canaries.c.due_at.desc(), canaries.c.canary_id)
        rows = (await self.tx.execute(query.limit(RUNS_MOST))).mappings()
        return [
            CanaryRun(
                canary_id=row["canary_id"],
                title=row["title"] or "",
                sent_at=row["sent_at"],
                raised_at=row["raised_at"],
                due_at=row["due_at"],
                seen_at=row["seen_at"],
                seen_by=row["name"] or "",
            )
            for row in rows
        ]

    async def canary_seen(self, canary_id: str, staff_id: str, at: datetime) -> str | None:
        """Keep who saw it first; the session it was for, or None where there is no such practice alert."""
        mine = canaries.c.canary_id == canary_id
        first = mine & canaries.c.seen_at.is_(None)
        await self.tx.execute(update(canaries).where(first).values(seen_at=at, seen_by=staff_id))
        found: str | None = (await self.tx.execute(select(canaries.c.session_id).where(mine))).scalar_one_or_none()
        return found

    async def canaries(self, now: datetime) -> list[CanaryView]:
        """The practice alerts that wait to be seen and are still in time, soonest first."""
        titled = canaries.outerjoin(sessions, sessions.c.session_id == canaries.c.session_id)
        waiting = canaries.c.seen_at.is_(None) & (canaries.c.due_at > now)
        query = select(canaries, sessions.c.title).select_from(titled).where(waiting).order_by(canaries.c.due_at)
        rows = (await self.tx.execute(query)).mappings()
        return [CanaryView(canary_id=row["canary_id"], title=row["title"] or "", due_at=row["due_at"]) for row in rows]

    async def set_on_call(self, who: Colleague, until: datetime) -> None:
        """Keep until when somebody is there."""
        values = {"name": who.name, "until": until}
        if not await insert_once(self.tx, on_call, {"staff_id": who.staff_id, **values}):
            await self.tx.execute(update(on_call).where(on_call.c.staff_id == who.staff_id).values(values))

    async def on_call(self, now: datetime) -> list[OnCallView]:
        """Who is there now."""
        rows = await self.tx.execute(select(on_call).where(on_call.c.until > now).order_by(on_call.c.name))
        return [OnCallView(staff_id=row.staff_id, name=row.name, until=row.until) for row in rows]
