"""Why somebody gets a place, when a course meets, and what proves that a member of staff is who they say."""

import hashlib
import hmac
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pyotp

from harbour.contracts.enrolment import (
    BADGES,
    FACILITATES,
    AddStaff,
    Apply,
    CourseStaff,
    CourseView,
    Role,
    ScheduleCourse,
    SessionPlan,
)
from harbour.contracts.messages import Refused, derived_id
from services.enrolment.addresses import Address, Unreadable, read_address, read_email, read_phone
from services.enrolment.names import alike, tidy, why_not_called
from services.enrolment.programmes import Programme
from services.enrolment.records import Application, Company, Place, StaffRecord

LONDON = ZoneInfo("Europe/London")
YOUNGEST, OLDEST = 14, 18
PASSWORD_MIN_CHARS = 12
STEP_SECONDS = 30
"""How long one authenticator code lasts (RFC 6238)."""

_SECRET = re.compile(r"^[A-Z2-7]{16,128}$")
_SESSION_ID_MAX_CHARS = 64


# ── when a course meets ───────────────────────────────────────────────────────────────────────────────────────


def plan_evenings(course_id: str, programme: Programme, starts_at: datetime) -> tuple[SessionPlan, ...]:
    """Every evening of the course: week by week at the same time of day in London, whatever the clocks do."""
    first = starts_at.astimezone(LONDON)
    return tuple(
        SessionPlan(
            session_id=session_id(course_id, week),
            week=week,
            topic=plan.topic,
            starts_at=(first + timedelta(weeks=week - 1)).astimezone(UTC),
            minutes=programme.minutes,
            aim=plan.aim,
        )
        for week, plan in enumerate(programme.weeks, start=1)
    )


def plan_course(wish: ScheduleCourse, programme: Programme) -> CourseView:
    """The course as it stands on the calendar, with every seat free."""
    return CourseView(
        course_id=wish.course_id,
        programme=programme.id,
        title=wish.title or programme.title,
        seats=wish.seats,
        free=wish.seats,
        waiting=0,
        sessions=plan_evenings(wish.course_id, programme, wish.starts_at),
    )


def with_run_sheets(evenings: tuple[SessionPlan, ...], programme: Programme) -> tuple[SessionPlan, ...]:
    """The evenings as the adults who lead them need them, with every step. Never for a page that others see."""
    sheets = {week: plan.run_sheet for week, plan in enumerate(programme.weeks, start=1)}
    return tuple(plan.model_copy(update={"steps": sheets[plan.week]}) for plan in evenings)


def session_id(course_id: str, week: int) -> str:
    """The one id of this evening: `<course>-w<week>`, shortened where it would be too long for a subject."""
    plain = f"{course_id}-w{week}"
    return plain if len(plain) <= _SESSION_ID_MAX_CHARS else f"{derived_id('course', course_id)}-w{week}"


def may_join(course: CourseView, now: datetime, until_week: int) -> bool:
    """Whether somebody new may still come: until the evening of `until_week` is over."""
    return any(plan.week <= until_week and now < end_of(plan) for plan in course.sessions)


def end_of(plan: SessionPlan) -> datetime:
    """When this evening is over."""
    return plan.starts_at + timedelta(minutes=plan.minutes)


def cast_adults(wanted: Iterable[str], known: Iterable[StaffRecord]) -> tuple[CourseStaff, ...] | None:
    """The adults who lead a course, each in their leading role; None where one is missing or does not lead."""
    by_id = {person.staff_id: person for person in known}
    cast = []
    for staff_id in dict.fromkeys(wanted):
        person = by_id.get(staff_id)
        role = leading_role(person.roles) if person else None
        if person is None or role is None:
            return None
        cast.append(CourseStaff(staff_id=staff_id, name=person.name, role=role))
    return tuple(cast) or None


def leading_role(roles: Iterable[Role]) -> Role | None:
    """What somebody with these roles is in a room they lead: a counsellor before a youth worker, or nothing."""
    return next((role for role in (Role.COUNSELLOR, Role.YOUTH_WORKER) if role in FACILITATES & set(roles)), None)


# ── who gets a place ──────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Wanted:
    """An application that can be read."""

    nickname: str
    address: Address


def read_application(wish: Apply) -> Wanted | Refused:
    """What the person wants, or why it cannot be: their age or their address."""
    if not YOUNGEST <= wish.age <= OLDEST:
        return Refused(reason="too-young" if wish.age < YOUNGEST else "too-old")
    if not (wish.email or wish.phone):
        return Refused(reason="no-address")
    try:
        return Wanted(tidy(wish.nickname), read_address(wish.email, wish.phone))
    except Unreadable:
        return Refused(reason="address-unreadable")


def read_contact(contact: str) -> Address | None:
    """The address somebody typed: mail where it has an @, else a phone number; None where it is neither."""
    try:
        return Address(email=read_email(contact)) if "@" in contact else Address(phone=read_phone(contact))
    except Unreadable:
        return None


def why_not_join(wanted: Wanted, company: Company, here_already: bool) -> Refused | None:
    """Why this person cannot have a place among this company, or None."""
    if here_already:
        return Refused(reason="already-here")
    return why_not_called(wanted.nickname, company.nickname_keys, company.adults)


def enrol(wish: Apply, wanted: Wanted, company: Company, place: Place, arrival: int, now: datetime) -> Application:
    """The place this person has now, under an id that derives from their wish alone."""
    member_id = derived_id("member", wish.id)
    return Application(
        application_id=wish.id,
        member_id=member_id,
        course_id=wish.course_id,
        nickname=wanted.nickname,
        nickname_key=alike(wanted.nickname),
        badge=choose_badge(member_id, company.badges),
        place=place,
        arrival=arrival,
        applied_at=now,
    )


def choose_badge(member_id: str, used: Sequence[str]) -> str:
    """A badge nobody in the course has, always the same for the same person; the least used once all twelve are."""
    worn = Counter(used)
    fewest = min(worn[badge] for badge in BADGES)
    free = [badge for badge in BADGES if worn[badge] == fewest]
    return free[int(hashlib.sha256(member_id.encode()).hexdigest(), 16) % len(free)]


# ── who is a member of staff ──────────────────────────────────────────────────────────────────────────────────


def staff_id_of(email: str) -> str:
    """The one id of the member of staff at this (readable) address, however it is cased."""
    return derived_id("staff", email.casefold())


def staff_id_or_nobody(email: str) -> str:
    """The same for an address as typed; an id that nobody has where it cannot be read."""
    try:
        return staff_id_of(read_email(email))
    except Unreadable:
        return "nobody"


def read_new_staff(wish: AddStaff) -> str | Refused:
    """The address of the account to be made, or why none can be made."""
    if len(wish.password) < PASSWORD_MIN_CHARS:
        return Refused(reason="password-weak")
    if wish.totp_secret and not _SECRET.match(plain_secret(wish.totp_secret)):
        return Refused(reason="secret-unreadable")
    try:
        return read_email(wish.email)
    except Unreadable:
        return Refused(reason="address-unreadable")


def in_order(roles: Iterable[Role]) -> tuple[Role, ...]:
    """These roles once each, in the order staff know them."""
    given = set(roles)
    return tuple(role for role in Role if role in given)


def plain_secret(totp_secret: str) -> str:
    """An authenticator's secret as base32 without the spaces people copy along."""
    return "".join(totp_secret.split()).rstrip("=").upper()


def step_of(code: str, secret: str, now: datetime) -> int | None:
    """The time step this code is of, the present one or one either side (a phone's clock drifts); None if of none."""
    totp = pyotp.TOTP(secret, interval=STEP_SECONDS)
    present = int(now.timestamp()) // STEP_SECONDS
    given = code.replace(" ", "").encode()
    steps = (present - 1, present, present + 1)
    matching = [step for step in steps if hmac.compare_digest(totp.generate_otp(step).encode(), given)]
    return max(matching, default=None)
