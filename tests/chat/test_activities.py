"""The run-sheet: what is planned and what happened are both kept; answers are counted, once per person."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from harbour.contracts.chat import (
    ActivityAnswered,
    ActivityClosed,
    ActivityPushed,
    ActivityShown,
    AnswerActivity,
    CloseActivity,
    CountAnswer,
    EndSession,
    PushActivity,
    ReadSheet,
    Sheet,
    StartSession,
)
from harbour.contracts.enrolment import Step, StepKind
from harbour.runtime.database import Database
from services.chat import rules
from services.chat.transcript import MemoryTranscript
from tests.chat.copies import Copy, reason
from tests.chat.people import COURSE, EVENING, STEPS

PUSH = PushActivity(session_id="s1", staff_id="sam", step_id="s-poll")


async def pushed(chat: Copy, step_id: str = "s-poll", id: str = "p1", staff_id: str = "sam") -> str:
    """A step is pushed; its activity."""
    shown = await chat.asks(PUSH.model_copy(update={"step_id": step_id, "id": id, "staff_id": staff_id}))
    assert isinstance(shown, ActivityShown), shown
    return shown.activity.activity_id


async def chooses(chat: Copy, activity_id: str, choice: int, person: str = "robin", id: str = "") -> Any:
    """Somebody answers."""
    wish = AnswerActivity(session_id="s1", person_id=person, activity_id=activity_id, choice=choice)
    return await chat.asks(wish.model_copy(update={"id": id or f"{person}-{choice}"}))


async def sheet(chat: Copy, staff_id: str = "sam") -> Sheet:
    """The run-sheet as an adult sees it."""
    found = await chat.asks(ReadSheet(session_id="s1", staff_id=staff_id))
    assert isinstance(found, Sheet), found
    return found


def closing(activity_id: str) -> CloseActivity:
    """A wish to close it."""
    return CloseActivity(session_id="s1", staff_id="ash", activity_id=activity_id)


# ── what is planned, and what happened ────────────────────────────────────────────────────────────────────────


async def test_what_was_planned_and_what_happened_are_both_kept(chat: Copy) -> None:
    await chat.begin()
    chat.now = EVENING + timedelta(minutes=7)
    first = await pushed(chat)
    chat.now += timedelta(minutes=12)
    await chat.asks(closing(first))
    await pushed(chat, "always-breathing", "p2")
    found = await sheet(chat)
    assert (found.aim, found.steps[: len(STEPS)]) == ("To meet.", STEPS)
    assert [one.text for one in found.wordings] == ["No hurry. We are here."]
    assert [(one.step_id, one.minutes) for one in found.happened] == [("s-poll", 10), ("always-breathing", 1)]
    assert found.happened[0].opened_at == EVENING + timedelta(minutes=7)
    assert found.happened[0].closed_at == EVENING + timedelta(minutes=19)


async def test_only_adults_of_the_course_read_its_run_sheet(chat: Copy) -> None:
    await chat.begin()
    for stranger in ("robin", "stranger"):
        assert reason(await chat.asks(ReadSheet(session_id="s1", staff_id=stranger))) == "not-yours"


async def test_an_older_plan_that_comes_late_changes_no_run_sheet(chat: Copy) -> None:
    await chat.begin()
    newer = COURSE.model_copy(update={"at": COURSE.at + timedelta(days=1), "wordings": ()})
    await chat.asks(newer)
    await chat.asks(COURSE)
    assert (await sheet(chat)).wordings == ()


# ── pushing ───────────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_activity_is_shown_to_everybody_who_is_there_or_comes_back(chat: Copy) -> None:
    await chat.begin()
    activity_id = await pushed(chat)
    [said] = chat.said
    assert isinstance(said, ActivityPushed)
    assert said.activity.title == "What helps you most?"
    for person in ("robin", "wren", "sam"):
        shown = (await chat.view(person)).activity
        assert shown is not None
        assert (shown.activity_id, shown.tallies) == (activity_id, (0, 0, 0))
    assert "Leave time" not in said.model_dump_json()


async def test_the_next_activity_closes_the_one_before(chat: Copy) -> None:
    await chat.begin()
    first = await pushed(chat)
    chat.now += timedelta(minutes=1)
    await pushed(chat, "s-scale", "p2")
    assert reason(await chooses(chat, first, 0)) == "closed"
    assert [one.closed_at is None for one in (await sheet(chat)).happened] == [False, True]


async def test_two_adults_who_push_the_same_step_at_once_push_it_once(database: Database) -> None:
    copies = [Copy(database, MemoryTranscript()) for _ in range(4)]
    await copies[0].begin()
    ids = await asyncio.gather(
        *(pushed(copy, id=f"p{n}", staff_id=("sam", "ash")[n % 2]) for n, copy in enumerate(copies))
    )
    assert len(set(ids)) == 1
    assert len([event for copy in copies for event in copy.said]) == 1


async def test_words_are_for_an_adult_to_say_and_unknown_steps_are_refused(chat: Copy) -> None:
    await chat.begin()
    for step_id in ("s-words", "nowhere"):
        assert reason(await chat.asks(PUSH.model_copy(update={"step_id": step_id}))) == "no-such-step"


async def test_nothing_is_pushed_before_an_evening_or_after_it(chat: Copy) -> None:
    await chat.begin("doors")
    assert reason(await chat.asks(PUSH)) == "not-live"
    await chat.asks(StartSession(session_id="s1", staff_id="sam"))
    await chat.asks(EndSession(session_id="s1", staff_id="sam"))
    assert reason(await chat.asks(PUSH)) == "not-live"


@pytest.mark.parametrize("person", ["robin", "stranger"])
async def test_only_adults_of_the_course_push_and_close(chat: Copy, person: str) -> None:
    await chat.begin()
    activity_id = await pushed(chat)
    assert reason(await chat.asks(PUSH.model_copy(update={"staff_id": person}))) == "not-yours"
    assert reason(await chat.asks(closing(activity_id).model_copy(update={"staff_id": person}))) == "not-yours"


# ── answering ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_one_answer_counts_for_each_person_and_may_be_changed_while_it_is_open(chat: Copy) -> None:
    await chat.begin()
    activity_id = await pushed(chat)
    await chooses(chat, activity_id, 0)
    await chooses(chat, activity_id, 2, "wren")
    shown = await chooses(chat, activity_id, 2)
    assert (shown.activity.tallies, shown.mine) == ((0, 0, 2), 2)
    assert ((await chat.view("robin")).my_choice, (await chat.view("sam")).my_choice) == (2, None)
    answered = [event for event in chat.said if isinstance(event, ActivityAnswered)]
    assert [event.activity.tallies for event in answered] == [(1, 0, 0), (1, 0, 1), (0, 0, 2)]
    assert [event.activity.revision for event in answered] == [2, 3, 4]
    await chat.asks(closing(activity_id))
    assert isinstance(chat.said[-1], ActivityClosed)
    assert reason(await chooses(chat, activity_id, 1, id="late")) == "closed"
    closed = (await chat.view("robin")).activity
    assert closed is not None
    assert (closed.tallies, closed.closed_at) == ((0, 0, 2), chat.now)


async def test_what_is_said_of_answers_is_how_many_and_never_who(chat: Copy) -> None:
    await chat.begin()
    await chooses(chat, await pushed(chat), 1)
    for event in chat.said:
        assert "robin" not in event.model_dump_json()
        assert "robin" not in event.subject


async def test_answers_at_the_same_moment_on_several_copies_all_count(database: Database) -> None:
    copies = [Copy(database, MemoryTranscript()) for _ in range(4)]
    await copies[0].begin()
    activity_id = await pushed(copies[0], "s-scale")
    people = ("robin", "wren") * 2
    await asyncio.gather(*(chooses(copy, activity_id, n % 2, people[n], f"a{n}") for n, copy in enumerate(copies)))
    shown = (await copies[1].view("robin")).activity
    assert shown is not None
    assert shown.tallies == (1, 1, 0, 0, 0)


@pytest.mark.parametrize(
    ("person", "choice", "why"), [("robin", 3, "no-such-choice"), ("sam", 0, "not-yours"), ("stranger", 0, "not-yours")]
)
async def test_answers_that_do_not_count_say_why(chat: Copy, person: str, choice: int, why: str) -> None:
    await chat.begin()
    assert reason(await chooses(chat, await pushed(chat), choice, person)) == why
    assert reason(await chooses(chat, "nowhere", 0)) == "no-such-activity"


async def test_a_private_reflection_takes_no_answer_here(chat: Copy) -> None:
    """What somebody writes for themselves belongs in their book and never passes this room."""
    await chat.begin()
    assert reason(await chooses(chat, await pushed(chat, "s-private"), 0)) == "no-such-choice"


async def counts(chat: Copy, activity_id: str, person: str = "robin", id: str = "") -> Any:
    """Somebody has written something for themselves."""
    wish = CountAnswer(session_id="s1", person_id=person, activity_id=activity_id)
    return await chat.asks(wish.model_copy(update={"id": id or f"{person}-wrote"}))


async def test_of_words_for_oneself_only_the_number_of_writers_is_known_and_each_counts_once(chat: Copy) -> None:
    await chat.begin()
    activity_id = await pushed(chat, "s-private")
    for person, id in (("robin", "k1"), ("wren", "k2"), ("robin", "k3")):
        await counts(chat, activity_id, person, id)
    answered = [event for event in chat.said if isinstance(event, ActivityAnswered)]
    assert [event.activity.answered for event in answered] == [1, 2]
    assert "robin" not in "".join(event.model_dump_json() for event in answered)
    assert [one.answered for one in (await sheet(chat)).happened] == [2]
    await chat.asks(closing(activity_id))
    assert reason(await counts(chat, activity_id, id="late")) == "closed"


@pytest.mark.parametrize(
    ("person", "step", "why"), [("sam", "s-private", "not-yours"), ("robin", "s-poll", "not-private")]
)
async def test_only_a_young_persons_private_words_are_counted_so(chat: Copy, person: str, step: str, why: str) -> None:
    await chat.begin()
    assert reason(await counts(chat, await pushed(chat, step), person)) == why


@given(some.lists(some.integers(0, 4), max_size=20))
def test_the_numbers_add_up(chosen: list[int]) -> None:
    step = Step(step_id="s", kind=StepKind.SCALE, title="How is it?", minutes=1)
    activity = rules.counted(rules.opened(step, "cause", EVENING), chosen)
    assert sum(activity.tallies) == len(chosen)
    assert rules.counted(activity, chosen) == activity
