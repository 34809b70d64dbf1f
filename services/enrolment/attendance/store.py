"""The book of attendance, and the tasks that come of it. Every write may be repeated."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import RowMapping, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from harbour.contracts.chat import AttendanceTaken, Attended, Came
from harbour.contracts.tasks import EveningCounted, SeatCounted, Task
from harbour.runtime.database import insert_once
from services.enrolment.tables import applications, attendance, courses, evenings, tasks

DONE_MOST = 50
SEATS_MOST = 240
"""As many as thirty evenings of eight."""


class Attendances:
    """Who came to which evening, and whom to ask after."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def keep(self, event: AttendanceTaken, seat: Attended) -> None:
        """Keep what became of a seat, once."""
        row = seat.model_dump(include={"member_id", "first_at", "last_at", "minutes"})
        own = {"session_id": event.session_id, "course_id": event.course_id, "came": seat.came.value}
        await insert_once(self._tx, attendance, {**row, **own})

    async def missed(self, course_id: str, member_id: str) -> int:
        """How many evenings of a course somebody has missed without a word."""
        theirs = (attendance.c.course_id == course_id) & (attendance.c.member_id == member_id)
        absent = attendance.c.came == Came.NEVER_CAME.value
        found = await self._tx.execute(select(func.count()).select_from(attendance).where(theirs, absent))
        return int(found.scalar_one())

    async def counted(self) -> list[EveningCounted]:
        """Who came to the evenings of late, the latest first."""
        who = attendance.join(applications, applications.c.member_id == attendance.c.member_id)
        where = who.join(evenings, evenings.c.session_id == attendance.c.session_id)
        titled = where.join(courses, courses.c.course_id == attendance.c.course_id)
        query = (
            select(attendance, applications.c.nickname, applications.c.badge)
            .add_columns(evenings.c.week, evenings.c.starts_at, courses.c.title)
            .select_from(titled)
            .order_by(evenings.c.starts_at.desc(), attendance.c.session_id, applications.c.nickname)
            .limit(SEATS_MOST)
        )
        rows = [row._mapping for row in await self._tx.execute(query)]
        return [_evening(list(seats)) for _, seats in groupby(rows, key=lambda row: row["session_id"])]

    async def open(self, one: Task) -> bool:
        """Put a task on the list. True where it is new."""
        return await insert_once(self._tx, tasks, {**one.model_dump(mode="python"), "why": list(one.why)})

    async def hold(self, task_id: str) -> tuple[Task | None, str]:
        """A task, held until this transaction ends, and the id of the wish that finished it."""
        row = (await self._tx.execute(select(tasks).where(tasks.c.task_id == task_id).with_for_update())).one_or_none()
        return (None, "") if row is None else (Task.model_validate(row._mapping), row.done_with)

    async def finish(self, task_id: str, at: datetime, by: str, note: str, done_with: str) -> None:
        """Keep that it is done."""
        done = {"done_at": at, "done_by": by, "note": note, "done_with": done_with}
        await self._tx.execute(update(tasks).where(tasks.c.task_id == task_id).values(done))

    async def listed(self, since: datetime) -> list[Task]:
        """What is open, oldest first; then what was done since this moment, newest first."""
        waiting = select(tasks).where(tasks.c.done_at.is_(None)).order_by(tasks.c.opened_at, tasks.c.task_id)
        done = select(tasks).where(tasks.c.done_at >= since).order_by(tasks.c.done_at.desc(), tasks.c.task_id)
        rows = [*await self._tx.execute(waiting), *await self._tx.execute(done.limit(DONE_MOST))]
        return [Task.model_validate(row._mapping) for row in rows]


def _evening(seats: Sequence[RowMapping]) -> EveningCounted:
    return EveningCounted.model_validate({**seats[0], "seats": [SeatCounted.model_validate(seat) for seat in seats]})
