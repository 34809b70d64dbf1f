"""What is chased after one working day is chased on a day when somebody is there to answer."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from services.safeguard.workdays import one_working_day_after

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("asked", "chased"),
    [
        ((2026, 11, 24, 10, 15), (2026, 11, 25, 10, 15)),  # Tuesday
        ((2026, 11, 24, 21, 0), (2026, 11, 25, 17, 0)),  # after hours
        ((2026, 11, 25, 6, 30), (2026, 11, 26, 9, 0)),  # before hours
        ((2026, 11, 27, 18, 0), (2026, 11, 30, 17, 0)),  # Friday evening
        ((2026, 11, 28, 12, 0), (2026, 11, 30, 12, 0)),  # Saturday
        ((2026, 12, 24, 11, 0), (2026, 12, 29, 11, 0)),  # Christmas Day, a weekend, Boxing Day on Monday
        ((2027, 3, 25, 11, 0), (2027, 3, 30, 11, 0)),  # Easter
        ((2026, 12, 31, 11, 0), (2027, 1, 4, 11, 0)),  # New Year's Day
        ((2027, 3, 26, 11, 0), (2027, 3, 30, 11, 0)),  # asked on Good Friday
        ((2026, 10, 23, 10, 0), (2026, 10, 26, 10, 0)),  # over the change of the clocks
        ((2027, 8, 27, 10, 0), (2027, 8, 31, 10, 0)),  # the bank holiday of August
    ],
)
def test_it_is_chased_on_the_next_working_day_in_office_hours(asked: tuple[int, ...], chased: tuple[int, ...]) -> None:
    at = datetime(*asked, tzinfo=LONDON)  # type: ignore[misc, arg-type]
    assert one_working_day_after(at) == datetime(*chased, tzinfo=LONDON)  # type: ignore[misc, arg-type]
