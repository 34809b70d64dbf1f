"""What a form or an address gives, read: a name, a day, a moment. What makes no sense is none, and never an error."""

import re
from datetime import date, datetime, time

from services.gateway.evenings import LONDON

_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")
_YEARS = range(2000, 2100)
"""A calendar further than this only helps to break something."""


def some_key(value: str) -> str:
    """A name as a form gave it; one that cannot be a name is nobody's."""
    return value if _KEY.fullmatch(value) else "nobody"


def read_day(value: str) -> date | None:
    """A day, as a date field writes it."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return day if day.year in _YEARS else None


def read_moment(value: str) -> datetime | None:
    """A moment in London, as a field for day and time writes it, or a person: `2026-11-23 19:30`."""
    typed_day, _, typed_clock = value.replace("T", " ").partition(" ")
    day = read_day(typed_day)
    try:
        clock = time.fromisoformat(typed_clock)
    except ValueError:
        return None
    return datetime.combine(day, clock, LONDON) if day and clock.tzinfo is None else None
