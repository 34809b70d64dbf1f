"""What happens when a course is scheduled, a young person applies, or somebody wants to know who somebody is."""

from typing import Annotated

import pyotp

from harbour.contracts.enrolment import (
    AddStaff,
    Applied,
    Apply,
    CheckCode,
    CheckPassword,
    ContactGiven,
    CourseMade,
    Courses,
    CourseScheduled,
    CourseView,
    Enrolled,
    FindMember,
    ListCourses,
    MemberView,
    ReadMember,
    ReadStaff,
    ScheduleCourse,
    StaffAdded,
    StaffMade,
    StaffView,
    Waitlisted,
)
from harbour.contracts.messages import Refused
from harbour.runtime.context import Context
from harbour.runtime.database import Database, book
from harbour.runtime.rooms import Says
from services.enrolment import rules
from services.enrolment.attendance import handlers as attendance_handlers
from services.enrolment.book import handlers as book_handlers
from services.enrolment.doorway import CalendarBook, Now, RegisterBook, Shelf, router
from services.enrolment.envelope import handlers as envelope_handlers
from services.enrolment.keyring import Keyring
from services.enrolment.passwords import Passwords
from services.enrolment.records import Application, Place, StaffRecord
from services.enrolment.settings import EnrolmentSettings
from services.enrolment.store import Calendar, StaffBook, Vault

__all__ = ["attendance_handlers", "book_handlers", "envelope_handlers", "router"]

VaultBook = Annotated[Vault, book(Vault)]
PeopleBook = Annotated[StaffBook, book(StaffBook)]
Keys = Annotated[Keyring, Context("keyring")]
Hashes = Annotated[Passwords, Context("passwords")]
Settled = Annotated[EnrolmentSettings, Context("settings")]
Base = Annotated[Database, Context("database")]

# ── courses ───────────────────────────────────────────────────────────────────────────────────────────────────


@router.answers(ScheduleCourse)
async def schedule_course(wish: ScheduleCourse, shelf: Shelf, calendar: CalendarBook, people: PeopleBook) -> Says:
    """Put a course on the calendar, once."""
    if (before := await calendar.read(wish.course_id)) is not None:
        return _made(before)
    if (programme := shelf.get(wish.programme)) is None:
        return Refused(reason="no-such-programme")
    if (adults := rules.cast_adults(wish.staff, await people.these(wish.staff))) is None:
        return Refused(reason="no-such-staff")
    course = rules.plan_course(wish, programme)
    if not await calendar.put(course, adults):
        return _made(await calendar.read(wish.course_id) or course)
    sessions = rules.with_run_sheets(course.sessions, programme)
    scheduled = CourseScheduled.after(
        wish, title=course.title, sessions=sessions, staff=adults, wordings=programme.prepared
    )
    return [_made(course), scheduled]


@router.answers(ListCourses)
async def list_courses(wish: ListCourses, calendar: CalendarBook, settings: Settled, now: Now) -> Courses:
    """Show the courses somebody new may join."""
    every = await calendar.every()
    return Courses(courses=tuple(c for c in every if rules.may_join(c, now, settings.join_until_week)))


def _made(course: CourseView) -> CourseMade:
    return CourseMade(course_id=course.course_id, session_ids=tuple(plan.session_id for plan in course.sessions))


# ── young people ──────────────────────────────────────────────────────────────────────────────────────────────


@router.answers(Apply)
async def apply(
    wish: Apply,
    calendar: CalendarBook,
    places: RegisterBook,
    vault: VaultBook,
    keyring: Keys,
    settings: Settled,
    now: Now,
) -> Says:
    """Give a young person a seat, or a place on the waitlist once all are taken."""
    wanted = rules.read_application(wish)
    if isinstance(wanted, Refused):
        return wanted
    arrival = await calendar.queue_up(wish.course_id)
    if (before := await places.made_by(wish.id)) is not None:
        return await _told(wish, before, vault, keyring)
    course = await calendar.read(wish.course_id)
    if arrival is None or course is None or not rules.may_join(course, now, settings.join_until_week):
        return Refused(reason="no-such-course")
    marks, company = keyring.marks(wanted.address), await places.company(wish.course_id)
    refusal = rules.why_not_join(wanted, company, here_already=await places.has_mark(wish.course_id, marks))
    if refusal is not None:
        return refusal
    place: Place = "seat" if await calendar.take_seat(wish.course_id) else "waitlist"
    application = rules.enrol(wish, wanted, company, place, arrival, now)
    await places.keep(application, marks)
    await vault.keep(application.member_id, keyring.lock_up(wanted.address, application.member_id))
    return await _told(wish, application, vault, keyring)


async def _told(wish: Apply, application: Application, vault: Vault, keyring: Keyring) -> Says:
    """What is said of an application, the same however often it is asked."""
    member_id, nickname, badge = application.member_id, application.nickname, application.badge
    kind = Enrolled if application.place == "seat" else Waitlisted
    place = kind.after(wish, course_id=application.course_id, member_id=member_id, nickname=nickname, badge=badge)
    applied = Applied(
        member_id=member_id, course_id=application.course_id, place=application.place, nickname=nickname, badge=badge
    )
    if (locked := await vault.read(member_id)) is None:
        return [applied, place]
    sealed = keyring.seal_contact(keyring.unlock(locked, member_id), member_id)
    return [applied, ContactGiven.after(wish, member_id=member_id, sealed=sealed), place]


@router.answers(FindMember)
async def find_member(
    wish: FindMember, places: RegisterBook, calendar: CalendarBook, keyring: Keys
) -> MemberView | Refused:
    """Say who was last signed up from this address."""
    if (address := rules.read_contact(wish.contact)) is None:
        return Refused(reason="address-unreadable")
    return await _seen(await places.marked(keyring.marks(address)), calendar)


@router.answers(ReadMember)
async def read_member(wish: ReadMember, places: RegisterBook, calendar: CalendarBook) -> MemberView | Refused:
    """Say who this young person is, and where they belong."""
    return await _seen(await places.of_member(wish.member_id), calendar)


async def _seen(application: Application | None, calendar: Calendar) -> MemberView | Refused:
    course = await calendar.read(application.course_id) if application else None
    if application is None or course is None:
        return Refused(reason="unknown")
    return MemberView(
        member_id=application.member_id,
        nickname=application.nickname,
        badge=application.badge,
        place=application.place,
        course=course,
    )


# ── staff ─────────────────────────────────────────────────────────────────────────────────────────────────────


@router.answers(AddStaff)
async def add_staff(wish: AddStaff, people: PeopleBook, keyring: Keys, passwords: Hashes) -> Says:
    """Give a member of staff an account, once."""
    email = rules.read_new_staff(wish)
    if isinstance(email, Refused):
        return email
    staff_id = rules.staff_id_of(email)
    before = await people.read(staff_id)
    if before is None:
        secret = rules.plain_secret(wish.totp_secret) or pyotp.random_base32()
        before = StaffRecord(
            staff_id=staff_id,
            name=wish.name,
            roles=rules.in_order(wish.roles),
            password_hash=await passwords.hash(wish.password),
            totp_sealed=keyring.seal_secret(secret, staff_id),
            made_by=wish.id,
        )
        before = before if await people.keep(before) else await people.read(staff_id) or before
    if before.made_by != wish.id:
        return Refused(reason="already-here")
    return [
        StaffMade(staff_id=staff_id, totp_secret=keyring.open_secret(before.totp_sealed, staff_id)),
        StaffAdded.after(wish, staff_id=staff_id, roles=before.roles, sealed=keyring.seal_staff_mail(email, staff_id)),
    ]


@router.answers(CheckPassword, transaction=False)
async def check_password(wish: CheckPassword, passwords: Hashes, database: Base) -> StaffView | Refused:
    """Let a member of staff in as far as their authenticator, and renew a hash whose cost is out of date."""
    staff_id = rules.staff_id_or_nobody(wish.email)
    async with database.reading() as tx:
        person = await StaffBook(tx).read(staff_id)
    kept = person.password_hash if person else None
    if not await passwords.fits(wish.password, kept) or person is None or kept is None:
        return Refused(reason="wrong")
    if passwords.is_dated(kept):
        fresh = await passwords.hash(wish.password)
        async with database.begin() as tx:
            await StaffBook(tx).rehash(staff_id, before=kept, after=fresh)
    async with database.reading() as tx:
        return await _at_work(person, Calendar(tx))


@router.answers(CheckCode)
async def check_code(
    wish: CheckCode, people: PeopleBook, calendar: CalendarBook, keyring: Keys, now: Now
) -> StaffView | Refused:
    """Let a member of staff in with the code on their authenticator, each code once."""
    if (person := await people.read(wish.staff_id)) is None:
        return Refused(reason="wrong")
    step = rules.step_of(wish.code, keyring.open_secret(person.totp_sealed, person.staff_id), now)
    if step is None:
        return Refused(reason="wrong")
    if not await people.spend_step(person.staff_id, step, by=wish.id):
        return Refused(reason="used")
    return await _at_work(person, calendar)


@router.answers(ReadStaff)
async def read_staff(wish: ReadStaff, people: PeopleBook, calendar: CalendarBook) -> StaffView | Refused:
    """Say who this member of staff is now, and what they lead."""
    if (person := await people.read(wish.staff_id)) is None:
        return Refused(reason="unknown")
    return await _at_work(person, calendar)


async def _at_work(person: StaffRecord, calendar: Calendar) -> StaffView:
    courses = await calendar.led_by(person.staff_id)
    return StaffView(staff_id=person.staff_id, name=person.name, roles=person.roles, courses=courses)
