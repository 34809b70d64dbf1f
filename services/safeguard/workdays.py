"""Working days in England: what is chased after one does not fall on a weekend or a bank holiday. Pure."""

from datetime import date, datetime, time, timedelta
from functools import cache

from holidays import HolidayBase, country_holidays

from services.safeguard.rules import LONDON

BEGINS, ENDS = time(9), time(17)
"""The office hours of those who are asked."""


@cache
def _holidays() -> HolidayBase:
    """The bank holidays of England; years are worked out as they are asked for."""
    return country_holidays("GB", subdiv="ENG")


def is_working(day: date) -> bool:
    """Whether those who were asked are at work on this day."""
    return day.weekday() < 5 and day not in _holidays()


def one_working_day_after(at: datetime) -> datetime:
    """The same time on the next working day in London, within office hours."""
    local = at.astimezone(LONDON)
    day = local.date() + timedelta(days=1)
    while not is_working(day):
        day += timedelta(days=1)
    return datetime.combine(day, min(max(local.time(), BEGINS), ENDS), LONDON).astimezone(at.tzinfo)
