"""The book of debriefs."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, ColumnElement, FromClause, String, Table, Text, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from harbour.contracts.chat import Debrief, OwedDebrief, PassedOnNote, RoomState, Worry, WrittenDebrief
from harbour.runtime.database import Moment, insert_once
from services.chat.rules import KeptDebrief
from services.chat.store.evenings import watches
from services.chat.store.rooms import courses, people, sessions
from services.chat.store.standing_in import stand_ins
from services.chat.store.tables import metadata

debriefs = Table(
    "debriefs",
    metadata,
    Column("session_id", String(64), primary_key=True),
    Column("staff_id", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("debrief", JSON, nullable=False),
    Column("worries", JSON, nullable=False),
    Column("saved_at", Moment, nullable=False),
    Column("done_at", Moment),
    Column("done_with", String(128), nullable=False),
)


class Debriefs:
    """What the adults who led an evening said of it."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    # ── one's own ─────────────────────────────────────────────────────────────────────────────────────────────

    async def of(self, session_id: str, staff_id: str) -> KeptDebrief | None:
        """One adult's debrief of an evening, finished or not."""
        mine = (debriefs.c.session_id == session_id) & (debriefs.c.staff_id == staff_id)
        row = (await self._tx.execute(select(debriefs).where(mine))).one_or_none()
        return _kept(row) if row else None

    async def keep(self, one: KeptDebrief) -> bool:
        """Keep a debrief as it stands. False, and nothing changed, where it was finished before."""
        written = {"debrief": one.debrief.model_dump(mode="json"), "worries": [w.model_dump() for w in one.worries]}
        row = {**vars(one), **written}
        if await insert_once(self._tx, debriefs, row):
            return True
        mine = and_(debriefs.c.session_id == one.session_id, debriefs.c.staff_id == one.staff_id)
        changed = await self._tx.execute(update(debriefs).where(mine, debriefs.c.done_at.is_(None)).values(row))
        return bool(changed.rowcount)

    async def owed(self, staff_id: str, since: datetime) -> list[OwedDebrief]:
        """The evenings since then that somebody led with their page open and has not said how they went."""
        over = and_(sessions.c.state == RoomState.ENDED.value, sessions.c.ended_at >= since)
        leads = or_(stand_ins.c.leads, and_(stand_ins.c.leads.is_(None), people.c.person_id.is_not(None)))
        query = (
            select(sessions, courses.c.title, debriefs.c.saved_at)
            .select_from(_evenings_of(staff_id))
            .where(over, leads, debriefs.c.done_at.is_(None))
            .order_by(sessions.c.starts_at.desc())
        )
        return [
            OwedDebrief(
                session_id=row.session_id, title=row.title, week=row.week, starts_at=row.starts_at,
                begun=row.saved_at is not None,
            )
            for row in await self._tx.execute(query)
        ]  # fmt: skip

    # ── for others ────────────────────────────────────────────────────────────────────────────────────────────

    async def written(self, limit: int) -> list[WrittenDebrief]:
        """What is finished, of the latest evening first."""
        joined = debriefs.join(sessions, sessions.c.session_id == debriefs.c.session_id)
        titled = joined.join(courses, courses.c.course_id == sessions.c.course_id)
        query = select(debriefs, sessions.c.week, sessions.c.starts_at, courses.c.title).select_from(titled)
        finished = query.where(debriefs.c.done_at.is_not(None)).limit(limit)
        rows = await self._tx.execute(finished.order_by(sessions.c.starts_at.desc(), debriefs.c.done_at))
        return [WrittenDebrief.model_validate(row._mapping) for row in rows]

    async def passed_on(self, session_id: str) -> list[PassedOnNote]:
        """What was passed on at the last evening of the same course that anybody has written of."""
        this = select(sessions.c.course_id, sessions.c.week).where(sessions.c.session_id == session_id).subquery()
        joined = debriefs.join(sessions, sessions.c.session_id == debriefs.c.session_id)
        earlier = and_(
            sessions.c.course_id == this.c.course_id, sessions.c.week < this.c.week, debriefs.c.done_at.is_not(None)
        )
        last = select(func.max(sessions.c.week)).select_from(joined.join(this, earlier)).scalar_subquery()
        query = select(debriefs.c.name, debriefs.c.debrief, sessions.c.week).select_from(joined.join(this, earlier))
        rows = await self._tx.execute(query.where(sessions.c.week == last).order_by(debriefs.c.done_at))
        notes = [(row, Debrief.model_validate(row.debrief).tell_next) for row in rows]
        return [PassedOnNote(name=row.name, week=row.week, words=words) for row, words in notes if words]


def _evenings_of(staff_id: str) -> FromClause:
    """The evenings at which this adult's page was open, with their debrief, and whether they led: planned or not."""

    def theirs(table: Table, whose: ColumnElement[str]) -> ColumnElement[bool]:
        return and_(table.c.session_id == sessions.c.session_id, whose == staff_id)

    return (
        sessions.join(courses, courses.c.course_id == sessions.c.course_id)
        .join(watches, theirs(watches, watches.c.staff_id))
        .outerjoin(people, and_(people.c.course_id == sessions.c.course_id, people.c.person_id == staff_id))
        .outerjoin(stand_ins, theirs(stand_ins, stand_ins.c.staff_id))
        .outerjoin(debriefs, theirs(debriefs, debriefs.c.staff_id))
    )


def _kept(row: Any) -> KeptDebrief:
    known = dict(row._mapping)
    known["debrief"] = Debrief.model_validate(row.debrief)
    known["worries"] = tuple(Worry.model_validate(one) for one in row.worries)
    return KeptDebrief(**known)
