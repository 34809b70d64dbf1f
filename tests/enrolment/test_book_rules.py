"""What may stand in a book, and how long it stays."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harbour.contracts.book import EntryKind, KeepEntry, Keeping, LetterLine, LetterPart, Went
from harbour.contracts.enrolment import SessionPlan, Step, StepKind
from harbour.contracts.messages import Refused
from services.enrolment.book import rules

NOW = datetime(2026, 11, 24, 19, 0, tzinfo=UTC)
FIRST, SECOND = (
    SessionPlan(session_id=f"e{week}", week=week, topic="t", starts_at=NOW + timedelta(weeks=week - 1), minutes=90)
    for week in (1, 2)
)
LOOK_BACK = Step(step_id="look-back", kind=StepKind.REFLECTION, title="A calm place", minutes=5, text="Where is it?")
OPENING = Step(step_id="open", kind=StepKind.WORDS, title="Hello", minutes=5, notes="For adults alone")


def keep(**fields: Any) -> rules.Draft | Refused:
    """What becomes of this wish in a course of two evenings, the first with a reflection of its own."""
    plans = (FIRST.model_copy(update={"steps": (OPENING, LOOK_BACK)}), SECOND)
    wish = KeepEntry.model_validate({"member_id": "mia", "kind": "diary"} | fields)
    return rules.read_entry(wish, rules.prompts(plans), plans)


def test_an_evening_asks_what_its_own_steps_ask_and_never_shows_the_adults_notes() -> None:
    asked = rules.prompts([FIRST.model_copy(update={"steps": (OPENING, LOOK_BACK)})])
    assert [(one.step_id, one.kind) for one in asked] == [
        ("look-back", EntryKind.REFLECTION),
        ("any-challenge", EntryKind.CHALLENGE),
    ]
    assert asked[0].text == "Where is it?"
    assert "adults alone" not in repr(asked)


def test_an_evening_without_steps_still_asks_something() -> None:
    assert [one.kind for one in rules.prompts([SECOND])] == [EntryKind.REFLECTION, EntryKind.CHALLENGE]


def test_a_reflection_is_kept_with_the_question_it_answers() -> None:
    draft = keep(kind="reflection", session_id="e1", step_id="look-back", text="  the harbour wall \r\nat six ")
    assert isinstance(draft, rules.Draft)
    assert (draft.text, draft.asked) == ("the harbour wall \nat six", "Where is it?")
    assert "harbour wall" not in repr(draft)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"text": " \n "}, "empty"),
        ({"text": "a" * 5001}, "too-long"),
        ({"kind": "reflection", "session_id": "e1", "step_id": "open", "text": "hm"}, "no-such-step"),
        ({"kind": "reflection", "session_id": "e9", "step_id": "look-back", "text": "hm"}, "no-such-step"),
        ({"kind": "challenge", "session_id": "e1", "step_id": "look-back", "went": "done"}, "no-such-step"),
        ({"kind": "challenge", "session_id": "e1", "step_id": "any-challenge"}, "empty"),
        ({"kind": "letter", "session_id": "e1"}, "empty"),
        ({"kind": "letter", "lines": [{"part": "own", "text": f"{n}" * 1000} for n in range(6)]}, "too-long"),
        ({"kind": "letter", "session_id": "e9", "lines": [{"part": "own", "text": "x"}]}, "no-such-step"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_reason(fields: dict[str, Any], reason: str) -> None:
    refused = keep(**fields)
    assert isinstance(refused, Refused)
    assert refused.reason == reason


def test_a_challenge_may_be_no_more_than_a_mark() -> None:
    draft = keep(kind="challenge", session_id="e2", step_id="any-challenge", went="not-this-week")
    assert isinstance(draft, rules.Draft)
    assert draft.went is Went.NOT_THIS_WEEK


def test_letter_lines_stand_once_and_in_the_order_of_the_letter() -> None:
    said = [(LetterPart.ASKING, "b"), (LetterPart.KNOW, "a"), (LetterPart.ASKING, "b"), (LetterPart.TO, "c")]
    ordered = rules.in_order(LetterLine(part=part, text=text) for part, text in said)
    assert [line.text for line in ordered] == ["c", "a", "b"]


def test_the_same_wish_without_an_id_of_its_own_is_the_same_diary_entry() -> None:
    drafts = [keep(text="hm", id="one press") for _ in range(2)]
    assert drafts[0] == drafts[1]


@given(st.text(max_size=200))
def test_tidy_words_stay_tidy_and_lose_no_letter_anybody_types(text: str) -> None:
    tidied = rules.tidy(text)
    assert rules.tidy(tidied) == tidied
    assert "\r" not in tidied
    assert [one for one in tidied if one.isalnum()] == [one for one in text if one.isalnum()]


def test_a_book_stays_so_long_after_the_last_evening_whatever_the_day_it_is_said_on() -> None:
    ends = SECOND.starts_at + timedelta(minutes=90)
    assert rules.stays_until(Keeping.A_YEAR, (FIRST, SECOND), NOW) == ends + timedelta(days=366)
    assert rules.stays_until(Keeping.THREE_MONTHS, (FIRST, SECOND), NOW) == ends + timedelta(days=92)
    assert rules.stays_until(Keeping.UNTIL_I_DELETE, (FIRST, SECOND), NOW) is None


def test_to_choose_a_short_time_long_after_the_course_erases_nothing_at_once() -> None:
    later = NOW + timedelta(days=300)
    assert rules.stays_until(Keeping.THREE_MONTHS, (FIRST, SECOND), later) == later + timedelta(days=92)


@given(st.integers(min_value=0, max_value=5000))
def test_no_clock_is_set_further_ahead_than_the_stream_of_timers_keeps_it(days: int) -> None:
    erase_at = NOW + timedelta(days=days)
    look = rules.next_look(erase_at, NOW)
    assert NOW <= look <= min(erase_at, NOW + timedelta(days=365))
