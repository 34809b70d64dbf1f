"""What notify says gives nothing away."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from harbour.contracts.notify import NoticeKind
from services.notify.rules import Notice
from services.notify.words import TEMPLATES, Words, compose, evening_words, since_words

NOW = datetime(2026, 11, 23, 19, 43, tzinfo=UTC)

NEVER = (
    "harm", "self", "suicid", "safeguard", "counsel", "therap", "mental", "health", "support", "recover", "crisis",
    "risk", "alert", "urgent", "emergency", "young", "youth", "teen", "child", "group", "course", "session", "help",
    "abuse", "disorder", "wellbeing", "nickname", "worried", "danger", "immediate", "message", "flag", "charity",
)  # fmt: skip
"""What must never stand on a screen that somebody else may see."""


def a_notice(kind: NoticeKind, about: str = "") -> Notice:
    return Notice("n1", kind, "p1", NOW, about=about, expires_at=NOW + timedelta(minutes=10))


def everything_said() -> list[Words]:
    """Each notice there is, in each of its forms."""
    evening = datetime(2026, 12, 1, 19, 0, tzinfo=UTC)
    plain = [compose(a_notice(kind, "a1"), NOW, code="123456", public_url="https://h.example") for kind in NoticeKind]
    return [*plain, compose(a_notice(NoticeKind.SEAT_CONFIRMED), NOW, evening=evening)]


@pytest.mark.parametrize("words", everything_said(), ids=lambda words: words.text[:20])
def test_no_notice_gives_the_service_away(words: Words) -> None:
    said = f"{words.subject} {words.text}".lower()
    assert [word for word in NEVER if word in said] == []


def test_every_template_is_among_the_words_that_are_checked() -> None:
    fixed = [[part for part in re.split(r"\{\w+\}", text) if part] for _, text in TEMPLATES.values()]
    said = [words.text for words in everything_said()]
    assert all(any(all(part in text for part in parts) for text in said) for parts in fixed)


@pytest.mark.parametrize("words", everything_said(), ids=lambda words: words.text[:20])
def test_every_notice_fits_the_plain_alphabet_of_a_text_message(words: Words) -> None:
    assert f"{words.subject}{words.text}".isascii()


@pytest.mark.parametrize("words", everything_said(), ids=lambda words: words.text[:20])
def test_a_notice_has_no_blank_left_open(words: Words) -> None:
    assert "{" not in words.text
    assert "}" not in words.text


def test_a_code_is_said_with_the_time_it_really_has() -> None:
    notice = a_notice(NoticeKind.SIGN_IN_CODE)
    fresh = compose(notice, NOW + timedelta(seconds=5), code="123456")
    late = compose(notice, NOW + timedelta(minutes=9), code="123456")
    assert fresh.subject == "Your code"
    assert fresh.text == (
        "Your Harbour code is 123456. It works for 10 minutes. If you did not ask for it, you can leave this."
    )
    assert "It works for 1 minute." in late.text


def test_a_seat_is_confirmed_with_the_first_evening_in_london_time() -> None:
    winter = compose(a_notice(NoticeKind.SEAT_CONFIRMED), NOW, evening=datetime(2026, 12, 1, 19, 0, tzinfo=UTC))
    assert winter.text == "You have a place. Your first evening is Tuesday 1 December at 7 pm."
    assert winter.subject == "Harbour"


def test_summer_time_is_london_time() -> None:
    assert evening_words(datetime(2026, 7, 7, 18, 30, tzinfo=UTC)) == "Tuesday 7 July at 7:30 pm"


def test_a_seat_without_known_dates_is_still_confirmed() -> None:
    words = compose(a_notice(NoticeKind.SEAT_CONFIRMED), NOW)
    assert words.text == "You have a place. Sign in to Harbour to see your first evening."


def test_a_page_says_since_when_and_leads_to_a_button_and_says_nothing_else() -> None:
    words = compose(
        a_notice(NoticeKind.ALERT_PAGE, "a1"),
        NOW,
        since=datetime(2026, 11, 23, 19, 42, tzinfo=UTC),
        public_url="https://harbour.example/",
        token="AbCdEfGhIjKlMnOpQrStUv",
    )
    assert words.text == (
        "Harbour: something on the queue needs a person now. Waiting since 19:42. "
        "Say that you have it: https://harbour.example/got/AbCdEfGhIjKlMnOpQrStUv"
    )
    assert len(words.text) <= 160


@pytest.mark.parametrize(("kind", "path"), [(NoticeKind.SIGN_OFF_PAGE, "queue"), (NoticeKind.CASE_PAGE, "cases")])
def test_what_waits_on_the_desk_is_told_with_the_way_there(kind: NoticeKind, path: str) -> None:
    words = compose(a_notice(kind, "a1"), NOW, public_url="https://harbour.example/")
    assert words.text == f"Harbour: something on the desk waits for you. Sign in: https://harbour.example/{path}/a1"


def test_a_wait_since_another_day_names_the_day() -> None:
    assert since_words(NOW - timedelta(days=1), NOW) == "19:43 on Sunday"


def test_words_do_not_show_themselves() -> None:
    assert "123456" not in repr(compose(a_notice(NoticeKind.SIGN_IN_CODE), NOW, code="123456"))
