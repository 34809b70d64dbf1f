"""What safeguard remembers of an evening once it is over: who left early, and whom the desk looks after.

Every write may be repeated.
"""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from harbour.contracts.tasks import Task
from harbour.runtime.database import insert_once
from services.safeguard.calls import CALL
from services.safeguard.following import Concern, Departure
from services.safeguard.tables import alerts, departures, follow_ups, heard

DONE_MOST = 50


class FollowUps:
    """The book of what the desk follows up."""

    def __init__(self, tx: AsyncConnection) -> None:
        self.tx = tx

    async def concerns(self, session_id: str) -> dict[str, list[Concern]]:
        """What came up or was held of each young person in a session."""
        found: dict[str, list[Concern]] = defaultdict(list)
        mine = (alerts.c.session_id == session_id) & (alerts.c.speaker == "member")
        raised = select(alerts.c.member_id, alerts.c.said_at, alerts.c.version).where(mine)
        for row in await self.tx.execute(raised):
            found[row.member_id].append(Concern(row.said_at, help=row.version == CALL))
        held = select(heard.c.member_id, heard.c.at).where(heard.c.session_id == session_id, heard.c.held)
        for line in await self.tx.execute(held):
            found[line.member_id].append(Concern(line.at))
        return found

    async def gone(self, one: Departure) -> None:
        """Keep that somebody left early."""
        await insert_once(self.tx, departures, vars(one))

    async def departure(self, session_id: str, member_id: str) -> Departure | None:
        """Whether somebody left a session early, where it is known by now."""
        theirs = (departures.c.session_id == session_id) & (departures.c.member_id == member_id)
        row = (await self.tx.execute(select(departures).where(theirs))).one_or_none()
        return Departure(**row._mapping) if row else None

    async def open(self, one: Task) -> bool:
        """Put a task on the list. True where it is new."""
        return await insert_once(self.tx, follow_ups, {**one.model_dump(), "why": list(one.why)})

    async def hold(self, task_id: str) -> tuple[Task | None, str]:
        """A task, held until this transaction ends, and the id of the wish that finished it."""
        query = select(follow_ups).where(follow_ups.c.task_id == task_id).with_for_update()
        row = (await self.tx.execute(query)).one_or_none()
        return (None, "") if row is None else (Task.model_validate(row._mapping), row.done_with)

    async def finish(self, task_id: str, at: datetime, by: str, note: str, done_with: str) -> None:
        """Keep that it is done."""
        done = {"done_at": at, "done_by": by, "note": note, "done_with": done_with}
        await self.tx.execute(update(follow_ups).where(follow_ups.c.task_id == task_id).values(done))

    async def listed(self, since: datetime) -> list[Task]:
        """What is open, oldest first; then what was done since this moment, newest first."""
        waiting = select(follow_ups).where(follow_ups.c.done_at.is_(None))
        done = select(follow_ups).where(follow_ups.c.done_at >= since)
        rows = [
            *await self.tx.execute(waiting.order_by(follow_ups.c.opened_at, follow_ups.c.task_id)),
            *await self.tx.execute(done.order_by(follow_ups.c.done_at.desc(), follow_ups.c.task_id).limit(DONE_MOST)),
        ]
        return [Task.model_validate(row._mapping) for row in rows]
