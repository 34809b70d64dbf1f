"""The demo evening: when it is, and who is there. That it is set out once is shown by a whole start and restart."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from harbour.contracts.enrolment import CourseView, SessionPlan
from harbour.screening import look_at_door
from harbour.stack import Trouble
from harbour.stack.demo import LONDON, PEOPLE, SAID, STAFF, authenticator_secrets, is_late, next_week, quarter

NOW = datetime(2026, 11, 23, 18, 52, 30, tzinfo=UTC)


def evening(starts_at: datetime, minutes: int = 90) -> CourseView:
    """A course whose first evening begins then."""
    plan = SessionPlan(session_id="s", week=1, topic="Who am I?", starts_at=starts_at, minutes=minutes)
    return CourseView(course_id="c", programme="p", title="t", seats=8, free=5, waiting=0, sessions=(plan,))


def test_tonight_began_within_the_last_quarter_of_an_hour() -> None:
    assert quarter(NOW) == datetime(2026, 11, 23, 18, 45, tzinfo=UTC)
    assert quarter(NOW.replace(minute=0)) == NOW.replace(minute=0, second=0)


def test_next_week_is_at_seven_in_london_whatever_the_clocks_do() -> None:
    before_clocks_go_back = datetime(2026, 10, 22, 9, 0, tzinfo=UTC)
    assert next_week(before_clocks_go_back).isoformat() == "2026-10-29T19:00:00+00:00"
    assert next_week(datetime(2026, 6, 1, 23, 30, tzinfo=UTC)).isoformat() == "2026-06-09T19:00:00+01:00"
    assert next_week(NOW).tzinfo is LONDON


def test_an_evening_with_little_left_is_too_late_for_a_newcomer() -> None:
    course = evening(NOW)
    assert not is_late(course, NOW + timedelta(minutes=59))
    assert is_late(course, NOW + timedelta(minutes=61))
    assert is_late(course, NOW + timedelta(days=1))


def test_the_secrets_of_authenticators_are_kept_and_private(tmp_path: Path) -> None:
    file = tmp_path / "secrets" / "demo.json"
    first = authenticator_secrets(file)
    assert first == authenticator_secrets(file)
    assert set(first) == {adult.email for adult in STAFF}
    assert len(set(first.values())) == len(STAFF)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("damage", ["{", "[1]", "null"])
def test_damaged_secrets_get_a_sentence(tmp_path: Path, damage: str) -> None:
    (tmp_path / "demo.json").write_text(damage)
    with pytest.raises(Trouble, match="is damaged"):
        authenticator_secrets(tmp_path / "demo.json")


def test_what_the_demo_says_passes_the_door_and_is_said_by_people_it_knows() -> None:
    known = {adult.name for adult in STAFF} | {person.nickname for person in PEOPLE}
    for name, text in SAID:
        assert name in known
        assert not look_at_door(text).hold, text
