"""The room book: courses and their evenings, who belongs in them, and what was decided about held messages."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Integer,
    String,
    Table,
    Text,
    delete,
    false,
    select,
    true,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from harbour.contracts.chat import RoomPerson, RoomState, Speaker, Ways
from harbour.contracts.enrolment import CourseScheduled, CourseStaff, Enrolled, SessionPlan
from harbour.runtime.database import Moment, insert_once
from services.chat.rules import Decision, Gathering, Outcome, Room, with_stand_ins
from services.chat.store.leading import WaysBook
from services.chat.store.removing import Removals
from services.chat.store.standing_in import StandIns
from services.chat.store.tables import metadata

courses = Table(
    "courses",
    metadata,
    Column("course_id", String(64), primary_key=True),
    Column("title", Text, nullable=False),
    Column("planned_at", Moment, nullable=False),
)
sessions = Table(
    "sessions",
    metadata,
    Column("session_id", String(64), primary_key=True),
    Column("course_id", String(64), nullable=False, index=True),
    Column("week", Integer, nullable=False),
    Column("topic", Text, nullable=False),
    Column("starts_at", Moment, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("opened_at", Moment),
    Column("started_at", Moment),
    Column("ended_at", Moment),
    Column("changed_at", Moment),
    Column("words", Text, nullable=False, server_default=""),
    Column("paused_by_itself", Boolean, nullable=False, server_default=false()),
    Column("resumes_to", String(16), nullable=False, server_default=RoomState.LIVE.value),
    Column("canary_id", String(64)),
    Column("canary_due_at", Moment),
    Column("canary_seen_at", Moment),
)
people = Table(
    "people",
    metadata,
    Column("course_id", String(64), primary_key=True),
    Column("person_id", String(64), primary_key=True),
    Column("speaker", String(16), nullable=False),
    Column("nickname", Text, nullable=False),
    Column("badge", Text, nullable=False),
    Column("role", String(16), nullable=False, server_default=""),
)
decisions = Table(
    "decisions",
    metadata,
    Column("held_id", String(64), primary_key=True),
    Column("session_id", String(64), nullable=False, index=True),
    Column("held_number", BigInteger, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("staff_id", String(64), nullable=False),
    Column("decided_at", Moment, nullable=False),
    Column("number", BigInteger, index=True),
    Column("words", Text, nullable=False, server_default=""),
    Column("rephrase", Boolean, nullable=False, server_default=true()),
    Column("name", Text, nullable=False, server_default=""),
)

_MOVED_AT = {RoomState.DOORS: "opened_at", RoomState.LIVE: "started_at", RoomState.ENDED: "ended_at"}


class Rooms:
    """The book of rooms and who belongs in them."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def plan(self, course: CourseScheduled) -> list[str] | None:
        """Keep a course's dates and adults; the evenings that are on it no more. An older plan that comes late
        changes nothing, and gives None."""
        row = {"course_id": course.course_id, "title": course.title, "planned_at": course.at}
        newer = update(courses).where(courses.c.course_id == course.course_id, courses.c.planned_at <= course.at)
        if not await insert_once(self._tx, courses, row):
            changed = await self._tx.execute(newer.values(title=course.title, planned_at=course.at))
            if not changed.rowcount:
                return None
        await self._plan_adults(course.course_id, course.staff)
        return await self._plan_evenings(course.course_id, course.sessions)

    async def admit(self, member: Enrolled) -> None:
        """Keep that a young person may come to every evening of a course."""
        await self._keep_person(member.course_id, member.member_id, Speaker.MEMBER, member.nickname, member.badge)

    async def gathering(self, session_id: str) -> Gathering | None:
        """A room and everybody who belongs in it, or None where there is no such evening."""
        return (await self.gatherings([session_id])).get(session_id)

    async def gatherings(self, session_ids: Collection[str]) -> dict[str, Gathering]:
        """The same for several, by their evening; as many questions to the database as for one."""
        found = await self._tx.execute(
            select(sessions, courses.c.title).join(courses, courses.c.course_id == sessions.c.course_id)
            .where(sessions.c.session_id.in_(session_ids))
        )  # fmt: skip
        rows = found.all()
        belonging = await self._belonging({row.course_id for row in rows})
        ways, out = await WaysBook(self._tx).of(session_ids), await Removals(self._tx).out(session_ids)
        changes = await StandIns(self._tx).of(session_ids)
        return {
            (name := row.session_id): Gathering(
                _room(row),
                with_stand_ins(belonging.get(row.course_id, {}), changes.get(name, ())),
                ways.get(name, Ways()),
                out.get(name, frozenset()),
                max((one.since for one in changes.get(name, ())), default=None),
            )
            for row in rows
        }

    async def _belonging(self, course_ids: Collection[str]) -> dict[str, dict[str, RoomPerson]]:
        """Everybody who belongs in these courses, by course and person."""
        mine = select(people).where(people.c.course_id.in_(course_ids))
        found: dict[str, dict[str, RoomPerson]] = {}
        for row in await self._tx.execute(mine.order_by(people.c.speaker, people.c.person_id)):
            found.setdefault(row.course_id, {})[row.person_id] = _person(row)
        return found

    async def between(self, first: datetime, last: datetime) -> list[Gathering]:
        """The evenings that begin between two moments, soonest first."""
        about = select(sessions.c.session_id).where(sessions.c.starts_at.between(first, last))
        found = await self._tx.execute(about.order_by(sessions.c.starts_at, sessions.c.session_id))
        names = [row.session_id for row in found]
        there = await self.gatherings(names)
        return [there[name] for name in names if name in there]

    async def move(self, session_id: str, before: RoomState, after: RoomState, at: datetime, **more: Any) -> bool:
        """Move an evening on from exactly `before`; of several at once, one alone is told True."""
        here = update(sessions).where(sessions.c.session_id == session_id, sessions.c.state == before.value)
        stamp = {_MOVED_AT[after]: at} if after in _MOVED_AT else {}
        moved = await self._tx.execute(here.values({"state": after.value, "changed_at": at, **stamp, **more}))
        return bool(moved.rowcount)

    async def state(self, session_id: str) -> RoomState:
        """Where an evening stands now."""
        found = await self._tx.execute(select(sessions.c.state).where(sessions.c.session_id == session_id))
        return RoomState(found.scalar_one())

    async def decided(self, session_id: str) -> dict[str, Decision]:
        """What was decided in a session, by the id of the held message."""
        found = await self._tx.execute(select(decisions).where(decisions.c.session_id == session_id))
        return {row.held_id: _decision(row) for row in found}

    async def _plan_evenings(self, course_id: str, plans: Sequence[SessionPlan]) -> list[str]:
        kept = [plan.session_id for plan in plans]
        unopened = sessions.c.state == RoomState.SCHEDULED.value
        dropped = (sessions.c.course_id == course_id) & unopened & sessions.c.session_id.not_in(kept)
        gone = [row.session_id for row in await self._tx.execute(select(sessions.c.session_id).where(dropped))]
        await self._tx.execute(delete(sessions).where(dropped))
        for plan in plans:
            values: dict[str, Any] = plan.model_dump(include={"week", "topic", "starts_at", "minutes"})
            row = {"session_id": plan.session_id, "course_id": course_id, "state": RoomState.SCHEDULED.value, **values}
            if not await insert_once(self._tx, sessions, row):
                await self._tx.execute(
                    update(sessions).where(sessions.c.session_id == plan.session_id).values(values)
                )  # fmt: skip
        return gone

    async def _plan_adults(self, course_id: str, adults: Sequence[CourseStaff]) -> None:
        kept = [adult.staff_id for adult in adults]
        leads = people.c.speaker == Speaker.FACILITATOR.value
        gone = delete(people).where(people.c.course_id == course_id, leads, people.c.person_id.not_in(kept))
        await self._tx.execute(gone)
        for adult in adults:
            await self._keep_person(course_id, adult.staff_id, Speaker.FACILITATOR, adult.name, "", adult.role)

    async def _keep_person(
        self, course_id: str, person_id: str, speaker: Speaker, nickname: str, badge: str, role: str = ""
    ) -> None:
        values = {"speaker": speaker.value, "nickname": nickname, "badge": badge, "role": role}
        if not await insert_once(self._tx, people, {"course_id": course_id, "person_id": person_id, **values}):
            here = (people.c.course_id == course_id) & (people.c.person_id == person_id)
            await self._tx.execute(update(people).where(here).values(values))


class Decisions:
    """The book of what was decided about held messages: the first decision stands."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def decide(self, decision: Decision) -> Decision:
        """Keep a decision unless there is one already; the one that stands."""
        row = {
            "held_id": decision.held_id,
            "session_id": decision.session_id,
            "held_number": decision.held_number,
            "outcome": decision.outcome.value,
            "staff_id": decision.staff_id,
            "decided_at": decision.decided_at,
            "words": decision.words,
            "rephrase": decision.rephrase,
            "name": decision.name,
        }
        await insert_once(self._tx, decisions, row)
        found = await self._tx.execute(select(decisions).where(decisions.c.held_id == decision.held_id))
        return _decision(found.one())

    async def recorded(self, held_id: str, number: int) -> None:
        """Keep where a decision's outcome stands in the transcript."""
        await self._tx.execute(update(decisions).where(decisions.c.held_id == held_id).values(number=number))

    async def unrecorded(self) -> list[Decision]:
        """The decisions whose outcome is not known to be in the transcript."""
        found = await self._tx.execute(
            select(decisions).where(decisions.c.number.is_(None)).order_by(decisions.c.decided_at)
        )
        return [_decision(row) for row in found]


def _room(row: Any) -> Room:
    return Room(
        session_id=row.session_id,
        course_id=row.course_id,
        title=row.title,
        week=row.week,
        topic=row.topic,
        starts_at=row.starts_at,
        minutes=row.minutes,
        state=RoomState(row.state),
        opened_at=row.opened_at,
        changed_at=row.changed_at,
        words=row.words,
        paused_by_itself=row.paused_by_itself,
        resumes_to=RoomState(row.resumes_to),
    )


def _person(row: Any) -> RoomPerson:
    return RoomPerson(
        person_id=row.person_id, nickname=row.nickname, badge=row.badge, speaker=Speaker(row.speaker), role=row.role
    )  # fmt: skip


def _decision(row: Any) -> Decision:
    return Decision(
        held_id=row.held_id,
        session_id=row.session_id,
        held_number=row.held_number,
        outcome=Outcome(row.outcome),
        staff_id=row.staff_id,
        decided_at=row.decided_at,
        number=row.number,
        words=row.words,
        rephrase=row.rephrase,
        name=row.name,
    )
