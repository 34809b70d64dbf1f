"""Why a notice is made, sent, put off or let go: pure, with time as an argument."""

import json
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from harbour.contracts.chat import DoorsKeptShut
from harbour.contracts.enrolment import CourseScheduled, Enrolled, Waitlisted
from harbour.contracts.messages import derived_id
from harbour.contracts.notify import Channel, NoticeKind, SendCode
from harbour.contracts.reminders import ReminderWhy, StaffReminded
from harbour.contracts.safeguard import AlertOverdue

MAX_ADDRESS_CHARS = 254
_EMAIL = re.compile(r"^[^\s@<>(),;:\"\\\[\]]+@[^\s@<>(),;:\"\\\[\]]+$")
_PHONE = re.compile(r"^\+?\d{5,15}$")

PRESSING = frozenset(
    {
        NoticeKind.SIGN_IN_CODE,
        NoticeKind.ALERT_PAGE,
        NoticeKind.DOORS_PAGE,
        NoticeKind.SIGN_OFF_PAGE,
        NoticeKind.CASE_PAGE,
    }
)
"""Somebody is waiting for these right now, so they are tried again soon."""

GIVE_UP_AFTER = {
    NoticeKind.SEAT_CONFIRMED: timedelta(days=3),
    NoticeKind.WAITLISTED: timedelta(days=3),
    NoticeKind.ALERT_PAGE: timedelta(hours=12),
    NoticeKind.DOORS_PAGE: timedelta(hours=1),
    NoticeKind.SIGN_OFF_PAGE: timedelta(hours=12),
    NoticeKind.CASE_PAGE: timedelta(hours=12),
    NoticeKind.DEBRIEF_PAGE: timedelta(hours=12),
    NoticeKind.CARE_PAGE: timedelta(hours=12),
}
"""After this long without success a notice is put before the operator. A code simply runs out."""

COURSE_PATIENCE = timedelta(minutes=5)
"""How long a confirmation waits to learn the first evening before it goes out without it."""

OVERTAKEN_FOR = timedelta(minutes=1)
"""How long an event that another overtook is expected at any moment."""


class State(StrEnum):
    """Where a notice stands."""

    QUEUED = "queued"
    SENT = "sent"
    EXPIRED = "expired"
    FAILED = "failed"


class Step(StrEnum):
    """What to do with a notice now."""

    NOTHING = "nothing"
    EXPIRE = "expire"
    SEND = "send"


@dataclass(frozen=True)
class Notice:
    """One thing to be said to one person."""

    notice_id: str
    kind: NoticeKind
    person_id: str
    queued_at: datetime
    about: str = ""
    """The course of a confirmation, the alert or the case of a page."""
    expires_at: datetime | None = None
    sealed: str = field(default="", repr=False)
    """The code, sealed about `notice_id`; empty once it is spent, and for every other kind."""
    state: State = State.QUEUED


@dataclass(frozen=True)
class Contact:
    """Where a person can be reached; never shown, not even to a programmer."""

    email: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)


UNKNOWN_YET = Contact(email="unknown", phone="unknown")
"""Stands for an address that is still on its way: it may turn out to be of either kind."""


@dataclass(frozen=True)
class Evening:
    """When one evening of a course is."""

    starts_at: datetime
    minutes: int

    @property
    def ends_at(self) -> datetime:
        """When it is over."""
        return self.starts_at + timedelta(minutes=self.minutes)


# ── what is to be said ────────────────────────────────────────────────────────────────────────────────────────


def code_notice_id(wish: SendCode) -> str:
    """The id of the notice that carries this code; the same wish again is the same notice."""
    return derived_id("notice", wish.id, wish.member_id)


def code_notice(wish: SendCode, sealed: str, now: datetime) -> Notice:
    """The notice that carries a sign-in code for as long as it counts."""
    return Notice(
        notice_id=code_notice_id(wish),
        kind=NoticeKind.SIGN_IN_CODE,
        person_id=wish.member_id,
        queued_at=now,
        expires_at=now + timedelta(minutes=wish.minutes),
        sealed=sealed,
    )


def seat_notice(event: Enrolled, now: datetime) -> Notice:
    """The notice that confirms a seat."""
    return Notice(
        derived_id("notice", event.id, event.member_id),
        NoticeKind.SEAT_CONFIRMED,
        event.member_id,
        now,
        about=event.course_id,
    )


def waitlist_notice(event: Waitlisted, now: datetime) -> Notice:
    """The notice that says somebody is on the waiting list."""
    return Notice(
        derived_id("notice", event.id, event.member_id),
        NoticeKind.WAITLISTED,
        event.member_id,
        now,
        about=event.course_id,
    )


def page_notices(event: AlertOverdue, now: datetime) -> tuple[Notice, ...]:
    """One page for each person named, once per step of the alert."""
    return tuple(
        Notice(
            derived_id("page", event.alert_id, event.step, staff_id),
            NoticeKind.ALERT_PAGE,
            staff_id,
            now,
            about=event.alert_id,
        )
        for staff_id in dict.fromkeys(event.page)
    )


def doors_notices(event: DoorsKeptShut, now: datetime) -> tuple[Notice, ...]:
    """One page for each person who can help the doors to open."""
    return tuple(
        Notice(derived_id("doors", event.id, staff_id), NoticeKind.DOORS_PAGE, staff_id, now, about=event.session_id)
        for staff_id in dict.fromkeys(event.page)
    )


ABOUT_ALERTS = frozenset(
    {
        ReminderWhy.ALERT_SIGN_OFF,
        ReminderWhy.OFFERED,
        ReminderWhy.OPINION,
        ReminderWhy.ENVELOPE,
        ReminderWhy.ENVELOPE_OPEN,
        ReminderWhy.COUNTERSIGN,
        ReminderWhy.ENVELOPE_BREACH,
    }
)
_DESK_KINDS = {
    **dict.fromkeys(ReminderWhy, NoticeKind.CASE_PAGE),
    **dict.fromkeys(ABOUT_ALERTS, NoticeKind.SIGN_OFF_PAGE),
    ReminderWhy.DEBRIEF: NoticeKind.DEBRIEF_PAGE,
    ReminderWhy.TALK: NoticeKind.CARE_PAGE,
}


def desk_notices(event: StaffReminded, now: datetime) -> tuple[Notice, ...]:
    """One page for each person for whom something on the desk waits."""
    return tuple(
        Notice(derived_id("desk", event.id, staff_id), _DESK_KINDS[event.why], staff_id, now, about=event.about_id)
        for staff_id in dict.fromkeys(event.page)
    )


def evenings_of(event: CourseScheduled) -> tuple[Evening, ...]:
    """When the evenings of a course are; nothing else of the course is kept."""
    return tuple(Evening(plan.starts_at, plan.minutes) for plan in event.sessions)


# ── how to reach a person ─────────────────────────────────────────────────────────────────────────────────────


def read_contact(opened: str) -> Contact | None:
    """The contact in an opened envelope, or None where it cannot be read or holds nothing that is an address."""
    try:
        fields = json.loads(opened)
    except ValueError:
        return None
    if not isinstance(fields, dict):
        return None
    email = str(fields.get("email") or "").strip()
    phone = re.sub(r"[\s().-]", "", str(fields.get("phone") or ""))
    contact = Contact(
        email=email if len(email) <= MAX_ADDRESS_CHARS and _EMAIL.match(email) else "",
        phone=phone if _PHONE.match(phone) else "",
    )
    return contact if contact.email or contact.phone else None


def channel_for(contact: Contact, possible: Collection[Channel]) -> Channel | None:
    """E-mail where they gave an address, else a text; None where neither can be sent here."""
    if contact.email and Channel.EMAIL in possible:
        return Channel.EMAIL
    if contact.phone and Channel.SMS in possible:
        return Channel.SMS
    return None


def is_unreachable(contact: Contact | None, possible: Collection[Channel]) -> bool:
    """Whether nothing can be sent to this person from here; a contact of None could not be read."""
    return contact is None or channel_for(contact, possible) is None


# ── when to send, wait or let go ──────────────────────────────────────────────────────────────────────────────


def next_step(notice: Notice, now: datetime) -> Step:
    """Send it, let a code that no longer counts expire, or leave alone what is done.

    A notice that failed is tried again: it only comes back when an operator replays it.
    """
    if notice.state in (State.SENT, State.EXPIRED):
        return Step.NOTHING
    if notice.expires_at is not None and now >= notice.expires_at:
        return Step.EXPIRE
    if notice.kind is NoticeKind.SIGN_IN_CODE and not notice.sealed:
        return Step.EXPIRE
    return Step.SEND


def awaits_its_course(notice: Notice, evenings: Collection[Evening], now: datetime) -> bool:
    """Whether a confirmation should wait a little to learn when the first evening is."""
    return notice.kind is NoticeKind.SEAT_CONFIRMED and not evenings and now - notice.queued_at < COURSE_PATIENCE


def first_evening(evenings: Collection[Evening], now: datetime) -> datetime | None:
    """When the next evening that is not over yet begins: the first one for somebody who joins now."""
    return min((evening.starts_at for evening in evenings if evening.ends_at > now), default=None)


def wait_before_retry(notice: Notice, now: datetime, on_its_way: bool = False) -> timedelta:
    """How long to leave a notice that cannot be sent now: seconds where somebody waits for it, then longer.

    A moment, at first, where only what it needs to know is still `on_its_way` here.
    """
    if on_its_way and now - notice.queued_at < OVERTAKEN_FOR:
        return timedelta(seconds=1)
    new = now - notice.queued_at < timedelta(minutes=10)
    if notice.kind in PRESSING:
        return timedelta(seconds=5 if new else 60)
    return timedelta(seconds=15 if new else 300)


def is_hopeless(notice: Notice, now: datetime) -> bool:
    """Whether a notice that still cannot be sent has been tried for long enough."""
    patience = GIVE_UP_AFTER.get(notice.kind)
    return patience is not None and now - notice.queued_at >= patience


def minutes_left(expires_at: datetime, now: datetime) -> int:
    """For how many minutes a code still works, to the nearest, never less than one."""
    return max(1, round((expires_at - now).total_seconds() / 60))
