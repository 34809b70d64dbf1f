"""What is held stays aside until an adult decides, and the first decision stands."""

import asyncio
from datetime import timedelta

import pytest

from harbour.contracts.chat import (
    Declined,
    DeclineMessage,
    EndSession,
    MessageDeclined,
    MessageHeld,
    MessagePosted,
    MessageTaken,
    OpenSession,
    ReleaseMessage,
    StartSession,
)
from harbour.runtime.database import Database
from harbour.screening import Verdict
from services.chat import door
from services.chat.holds import Holds
from services.chat.rules import Outcome, outcome_event
from services.chat.transcript import Transcript, read_all
from tests.chat.copies import Copy, Forgetful, reason
from tests.chat.people import A_NUMBER

OPEN = OpenSession(session_id="s1", staff_id="sam")
START = StartSession(session_id="s1", staff_id="sam")
END = EndSession(session_id="s1", staff_id="sam")


# ── promises 2 and 3: judged before it is seen; a held message reaches no other young person ──────────────────


async def test_promise_2_if_judging_fails_the_message_is_held(chat: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    def look(text: str) -> Verdict:
        raise ZeroDivisionError

    await chat.begin()
    monkeypatch.setattr(door, "look_at_door", look)
    taken = await chat.posts("hello")
    assert taken.state == "held"
    assert await chat.texts("wren") == []
    waiting = (await chat.view("sam")).held
    assert [(one.text, one.categories) for one in waiting] == [("hello", ())]


async def test_promise_3_a_held_message_reaches_no_other_young_person(chat: Copy) -> None:
    await chat.begin()
    taken = await chat.posts(A_NUMBER)
    assert taken.state == "held"
    view = await chat.view("wren")
    assert A_NUMBER not in view.model_dump_json()
    assert (view.messages, view.held, view.latest) == ((), (), 0)


async def test_promise_3_a_declined_message_reaches_no_other_young_person(chat: Copy) -> None:
    await chat.begin()
    taken = await chat.posts(A_NUMBER)
    await chat.asks(DeclineMessage(session_id="s1", held_id=taken.message_id, staff_id="sam"))
    assert A_NUMBER not in (await chat.view("wren")).model_dump_json()


async def test_a_second_try_of_a_held_message_does_not_slip_through_when_the_rules_change(
    chat: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    await chat.begin()
    first = await chat.posts(A_NUMBER)
    monkeypatch.setattr(door, "look_at_door", lambda text: Verdict(hold=False, reasons=(), version="2"))
    again = await chat.posts(A_NUMBER)
    assert (again.state, again.number) == ("held", first.number)
    assert await chat.texts("wren") == []


async def test_the_writer_sees_their_own_and_the_adults_see_all_that_waits(chat: Copy) -> None:
    await chat.begin()
    mine = await chat.posts(A_NUMBER)
    theirs = await chat.posts(A_NUMBER, "wren")
    assert [one.held_id for one in (await chat.view("robin")).held] == [mine.message_id]
    waiting = (await chat.view("ash")).held
    assert [one.held_id for one in waiting] == [mine.message_id, theirs.message_id]
    assert all(one.why and one.categories for one in waiting)


# ── what an adult decides ─────────────────────────────────────────────────────────────────────────────────────


def release(held_id: str, staff: str = "sam") -> ReleaseMessage:
    return ReleaseMessage(session_id="s1", held_id=held_id, staff_id=staff)


def decline(held_id: str, staff: str = "sam") -> DeclineMessage:
    return DeclineMessage(session_id="s1", held_id=held_id, staff_id=staff)


async def test_a_released_message_is_read_by_everybody_once(chat: Copy) -> None:
    await chat.begin()
    held = await chat.posts(A_NUMBER)
    answers = [await chat.asks(release(held.message_id, staff)) for staff in ("sam", "sam", "ash")]
    assert {(one.state, one.number) for one in answers} == {("sent", answers[0].number)}
    assert answers[0].number > held.number
    assert await chat.texts("wren") == [A_NUMBER]
    assert (await chat.view("robin")).held == ()
    assert (await chat.view("sam")).held == ()
    lines = await read_all(chat.transcript, "s1", (MessagePosted,))
    assert [(line.event.held_id, line.event.released_by) for line in lines] == [(held.message_id, "sam")]


async def test_a_declined_message_stays_with_its_writer_who_is_told(chat: Copy) -> None:
    await chat.begin()
    held = await chat.posts(A_NUMBER)
    for _ in range(2):
        assert isinstance(await chat.asks(decline(held.message_id)), Declined)
    assert [one.state for one in (await chat.view("robin")).held] == ["declined"]
    assert (await chat.view("sam")).held == ()
    said = await read_all(chat.transcript, "s1", (MessageDeclined,))
    assert [(line.event.held_id, line.event.client_id, line.event.staff_id) for line in said] == [
        (held.message_id, "k1", "sam")
    ]


async def test_an_adult_gives_a_message_back_with_words_that_only_its_writer_sees(chat: Copy) -> None:
    await chat.begin()
    held = await chat.posts(A_NUMBER)
    kind = {"words": " Could you say how it felt? ", "rephrase": False}
    await chat.asks(decline(held.message_id).model_copy(update=kind))
    await chat.asks(decline(held.message_id, "ash").model_copy(update={"words": "another"}))
    [mine] = (await chat.view("robin")).held
    assert (mine.name, mine.words, mine.rephrase) == ("Sam", "Could you say how it felt?", False)
    [said] = await read_all(chat.transcript, "s1", (MessageDeclined,))
    assert (said.event.name, said.event.words, said.event.rephrase) == ("Sam", "Could you say how it felt?", False)
    assert "how it felt" not in (await chat.view("wren")).model_dump_json()


async def test_adults_see_how_long_decided_messages_waited_and_nobody_else_does(chat: Copy) -> None:
    await chat.begin()
    held = [await chat.posts(A_NUMBER, client_id=f"k{n}") for n in range(3)]
    for one, seconds in zip(held[:2], (40, 50), strict=True):
        chat.now += timedelta(seconds=seconds)
        await chat.asks(release(one.message_id))
    assert (await chat.view("ash")).waited == (40, 90)
    assert (await chat.view("robin")).waited == ()


async def test_the_first_decision_stands(chat: Copy) -> None:
    await chat.begin()
    one, two = await chat.posts(A_NUMBER), await chat.posts(A_NUMBER, client_id="k2")
    await chat.asks(release(one.message_id))
    await chat.asks(decline(two.message_id))
    assert reason(await chat.asks(decline(one.message_id))) == "released"
    assert reason(await chat.asks(release(two.message_id))) == "declined"


async def test_only_adults_of_the_room_decide_about_what_was_held(chat: Copy) -> None:
    await chat.begin()
    held = await chat.posts(A_NUMBER)
    for wish in (release(held.message_id), decline(held.message_id)):
        assert reason(await chat.asks(wish.model_copy(update={"staff_id": "robin"}))) == "not-yours"
        assert reason(await chat.asks(wish.model_copy(update={"session_id": "nowhere"}))) == "no-such-session"
        assert reason(await chat.asks(wish.model_copy(update={"held_id": "nothing"}))) == "no-such-message"
        assert reason(await chat.asks(wish.model_copy(update={"session_id": "s2"}))) == "no-such-message"
    assert await chat.texts("wren") == []


async def test_a_message_that_was_never_held_cannot_be_declined(chat: Copy) -> None:
    await chat.begin()
    taken = await chat.posts("hello")
    assert reason(await chat.asks(decline(taken.message_id))) == "no-such-message"


async def test_releasing_and_declining_at_the_same_moment_on_two_copies_does_one_of_the_two(
    database: Database, transcript: Transcript
) -> None:
    one, two = Copy(database, transcript), Copy(database, transcript)
    await one.begin()
    for n in range(6):
        one.now += timedelta(seconds=5)
        held = await one.posts(A_NUMBER, client_id=f"k{n}")
        answers = await asyncio.gather(
            one.asks(release(held.message_id)),
            two.asks(decline(held.message_id, "ash")),
            two.asks(release(held.message_id, "ash")),
            one.asks(decline(held.message_id)),
        )
        released = isinstance(answers[0], MessageTaken)
        assert isinstance(answers[2], MessageTaken) == released
        assert [isinstance(answer, Declined) for answer in answers[1::2]] == [not released] * 2
        lines = await read_all(transcript, "s1", (MessagePosted, MessageDeclined), after=held.number)
        assert [type(line.event) for line in lines] == [MessagePosted if released else MessageDeclined]


async def test_a_decision_whose_copy_died_before_it_was_said_is_mended_once(
    database: Database, transcript: Transcript
) -> None:
    chat = Copy(database, transcript)
    await chat.begin()
    held = [await chat.posts(A_NUMBER, client_id=f"k{n}") for n in range(3)]
    holds: Holds = chat.things["holds"]
    for taken, outcome in zip(held, (Outcome.RELEASED, Outcome.DECLINED, Outcome.RELEASED), strict=True):
        ruling = await holds.decide("s1", taken.message_id, outcome, "sam", chat.now)
        assert ruling is not None
    assert ruling is not None
    # The third was said, and its copy died before it kept where.
    await transcript.append(outcome_event(ruling.held, ruling.decision))
    other: Holds = Copy(database, transcript).things["holds"]
    assert await other.mend() == 3
    assert await other.mend() == 0
    facts: tuple[type[MessagePosted | MessageDeclined], ...] = (MessagePosted, MessageDeclined)
    lines = await read_all(transcript, "s1", facts)
    assert sorted(line.event.held_id for line in lines) == sorted(one.message_id for one in held)
    again = await chat.asks(release(held[0].message_id, "ash"))
    assert again.state == "sent"
    assert len(await read_all(transcript, "s1", (MessagePosted,))) == 2


async def test_a_decision_mended_long_after_it_was_said_is_not_said_again(database: Database) -> None:
    chat = Copy(database, Forgetful())
    await chat.begin()
    held = await chat.posts(A_NUMBER)
    ruling = await chat.things["holds"].decide("s1", held.message_id, Outcome.RELEASED, "sam", chat.now)
    await chat.transcript.append(outcome_event(ruling.held, ruling.decision))
    assert await chat.things["holds"].mend() == 1
    assert await chat.texts("wren") == [A_NUMBER]


async def test_everything_said_is_a_line_of_the_transcript(chat: Copy) -> None:
    await chat.begin()
    held = await chat.posts(A_NUMBER)
    await chat.posts("hello", "wren")
    await chat.asks(release(held.message_id))
    lines = await read_all(chat.transcript, "s1", (MessagePosted, MessageHeld, MessageDeclined))
    assert [type(line.event) for line in lines] == [MessageHeld, MessagePosted, MessagePosted]
    assert chat.said == []
