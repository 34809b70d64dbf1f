"""What enrolment remembers: courses and their evenings, who has which place, sealed contacts, staff."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from harbour.contracts.enrolment import CourseStaff, CourseView, Role, SessionPlan
from harbour.runtime.database import insert_once
from services.enrolment.records import Application, Company, Locked, StaffRecord
from services.enrolment.tables import (
    applications,
    contact_keys,
    contacts,
    course_staff,
    courses,
    evenings,
    marks,
    metadata,
    staff,
)

__all__ = ["Calendar", "Register", "StaffBook", "Vault", "metadata"]


class Calendar:
    """Which courses there are, when they meet, who leads them, and how many seats are taken."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def put(self, course: CourseView, adults: Sequence[CourseStaff]) -> bool:
        """Write a course down; False, and nothing changed, where its id is taken."""
        row = course.model_dump(include={"course_id", "programme", "title", "seats"}) | {"taken": 0, "arrivals": 0}
        if not await insert_once(self._tx, courses, row):
            return False
        own = {"course_id": course.course_id}
        plans = [plan.model_dump(exclude={"steps"}) | own for plan in course.sessions]
        await self._tx.execute(evenings.insert(), plans)
        people = [{"staff_id": adult.staff_id, "role": adult.role.value} | own for adult in adults]
        await self._tx.execute(course_staff.insert(), people)
        return True

    async def queue_up(self, course_id: str) -> int | None:
        """The number of this arrival at the course; None where there is no such course.

        Until the transaction ends, nobody else arrives: what follows is decided one application at a time.
        """
        arrive = update(courses).where(courses.c.course_id == course_id).values(arrivals=courses.c.arrivals + 1)
        number: int | None = (await self._tx.execute(arrive.returning(courses.c.arrivals))).scalar_one_or_none()
        return number

    async def take_seat(self, course_id: str) -> bool:
        """Take one seat if one is free: one statement, so that there is never a seat too many."""
        free = and_(courses.c.course_id == course_id, courses.c.taken < courses.c.seats)
        done = await self._tx.execute(update(courses).where(free).values(taken=courses.c.taken + 1))
        return done.rowcount == 1

    async def read(self, course_id: str) -> CourseView | None:
        """One course."""
        return next(iter(await self._views(courses.c.course_id == course_id)), None)

    async def every(self) -> tuple[CourseView, ...]:
        """All courses, soonest first."""
        return await self._views(courses.c.course_id.is_not(None))

    async def led_by(self, staff_id: str) -> tuple[CourseView, ...]:
        """The courses somebody leads, soonest first."""
        theirs = select(course_staff.c.course_id).where(course_staff.c.staff_id == staff_id)
        return await self._views(courses.c.course_id.in_(theirs))

    async def _views(self, which: Any) -> tuple[CourseView, ...]:
        waiting = (
            select(func.count())
            .where(applications.c.course_id == courses.c.course_id, applications.c.place == "waitlist")
            .scalar_subquery()
        )
        rows = (await self._tx.execute(select(courses, waiting.label("waiting")).where(which))).mappings().all()
        plans = select(evenings).join(courses).where(which).order_by(evenings.c.starts_at, evenings.c.week)
        sessions: dict[str, list[SessionPlan]] = {row["course_id"]: [] for row in rows}
        for plan in (await self._tx.execute(plans)).mappings():
            sessions[plan["course_id"]].append(SessionPlan.model_validate(dict(plan)))
        views = [
            CourseView(free=row["seats"] - row["taken"], sessions=tuple(sessions[row["course_id"]]), **row)
            for row in rows
        ]
        return tuple(sorted(views, key=lambda view: (view.sessions[0].starts_at, view.course_id)))


class Register:
    """Who applied, under which nickname and badge, and what place they have."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def keep(self, application: Application, address_marks: Iterable[str]) -> None:
        """Write an application down with the marks of its address."""
        await self._tx.execute(applications.insert().values(**vars(application)))
        own = {"course_id": application.course_id, "member_id": application.member_id}
        await self._tx.execute(marks.insert(), [own | {"mark": mark} for mark in address_marks])

    async def made_by(self, application_id: str) -> Application | None:
        """What came of this application, if it was made before."""
        return await self._one(applications.c.application_id == application_id)

    async def of_member(self, member_id: str) -> Application | None:
        """The place of this young person."""
        return await self._one(applications.c.member_id == member_id)

    async def marked(self, address_marks: Sequence[str]) -> Application | None:
        """The latest application from an address with one of these marks, in whichever course."""
        theirs = select(marks.c.member_id).where(marks.c.mark.in_(address_marks))
        return await self._one(applications.c.member_id.in_(theirs))

    async def has_mark(self, course_id: str, address_marks: Sequence[str]) -> bool:
        """Whether somebody in this course applied from such an address."""
        same = select(marks.c.mark).where(marks.c.course_id == course_id, marks.c.mark.in_(address_marks)).limit(1)
        return (await self._tx.execute(same)).first() is not None

    async def company(self, course_id: str) -> Company:
        """Who is in the course already, waiting or not, and who leads it."""
        worn = select(applications.c.nickname_key, applications.c.badge).where(applications.c.course_id == course_id)
        rows = (await self._tx.execute(worn)).all()
        names = select(staff.c.name).join(course_staff).where(course_staff.c.course_id == course_id)
        adults = (await self._tx.execute(names)).scalars().all()
        return Company(frozenset(row.nickname_key for row in rows), tuple(row.badge for row in rows), tuple(adults))

    async def _one(self, which: Any) -> Application | None:
        latest = applications.c.applied_at.desc(), applications.c.application_id
        row = (await self._tx.execute(select(applications).where(which).order_by(*latest).limit(1))).mappings().first()
        return Application(**row) if row else None


class Vault:
    """Contacts, each sealed with a key of its person; without the key row there is no reading it."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def keep(self, member_id: str, locked: Locked) -> None:
        """Put a locked address away; the first one stays."""
        if await insert_once(self._tx, contact_keys, {"member_id": member_id, "wrapped_key": locked.wrapped_key}):
            await self._tx.execute(contacts.insert().values(member_id=member_id, sealed=locked.sealed))

    async def read(self, member_id: str) -> Locked | None:
        """The locked address of this person; None once their key is gone."""
        pair = contact_keys.join(contacts, contacts.c.member_id == contact_keys.c.member_id)
        both = select(contact_keys.c.wrapped_key, contacts.c.sealed).select_from(pair)
        both = both.where(contact_keys.c.member_id == member_id)
        row = (await self._tx.execute(both)).first()
        return Locked(wrapped_key=row.wrapped_key, sealed=row.sealed) if row else None


class StaffBook:
    """Members of staff, what they may do, and what proves that it is them."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def keep(self, person: StaffRecord) -> bool:
        """Write an account down; False, and nothing changed, where there is one at this address."""
        row = vars(person) | {"roles": [role.value for role in person.roles], "last_step": 0, "last_step_by": ""}
        return await insert_once(self._tx, staff, row)

    async def read(self, staff_id: str) -> StaffRecord | None:
        """One member of staff."""
        return next(iter(await self.these([staff_id])), None)

    async def these(self, staff_ids: Iterable[str]) -> tuple[StaffRecord, ...]:
        """Those of these ids that exist."""
        wanted = select(*(staff.c[name] for name in StaffRecord.__dataclass_fields__))
        rows = (await self._tx.execute(wanted.where(staff.c.staff_id.in_(list(staff_ids))))).mappings()
        return tuple(StaffRecord(**dict(row) | {"roles": tuple(map(Role, row["roles"]))}) for row in rows)

    async def rehash(self, staff_id: str, before: str, after: str) -> None:
        """Change a password's hash unless it has changed meanwhile."""
        same = and_(staff.c.staff_id == staff_id, staff.c.password_hash == before)
        await self._tx.execute(update(staff).where(same).values(password_hash=after))

    async def spend_step(self, staff_id: str, step: int, by: str) -> bool:
        """Use up the authenticator's codes to this time step; False where they are, except by this same wish."""
        unspent = or_(staff.c.last_step < step, and_(staff.c.last_step == step, staff.c.last_step_by == by))
        spend = update(staff).where(staff.c.staff_id == staff_id, unspent).values(last_step=step, last_step_by=by)
        return (await self._tx.execute(spend)).rowcount == 1
