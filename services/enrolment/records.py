"""What rules and store both know: an application, the company in a course, a member of staff."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from harbour.contracts.enrolment import Role

Place = Literal["seat", "waitlist"]


@dataclass(frozen=True)
class Application:
    """One young person's place in one course."""

    application_id: str
    member_id: str
    course_id: str
    nickname: str
    nickname_key: str
    badge: str
    place: Place
    arrival: int
    """Which application to this course it was, counted from 1; it orders the waitlist."""
    applied_at: datetime


@dataclass(frozen=True)
class Company:
    """Who is in a course already, and the adults who lead it."""

    nickname_keys: frozenset[str]
    badges: tuple[str, ...]
    adults: tuple[str, ...]


@dataclass(frozen=True)
class Locked:
    """An address sealed with a key of its person, and that key wrapped with the master key."""

    wrapped_key: str = field(repr=False)
    sealed: str = field(repr=False)


@dataclass(frozen=True)
class StaffRecord:
    """A member of staff and what proves that it is them."""

    staff_id: str
    name: str
    roles: tuple[Role, ...]
    password_hash: str = field(repr=False)
    totp_sealed: str = field(repr=False)
    made_by: str
    """The id of the wish that made the account."""
