"""Ways to lead: muted, slowed, held, in turn; kept in SQL, known by heart, said to every copy."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from nats.aio.client import Client

from harbour.contracts.chat import (
    EndSession,
    HoldEverything,
    LeadRound,
    MutePerson,
    PassTurn,
    ReadRoom,
    RoomRuled,
    RoomView,
    Round,
    ShowWriting,
    SlowRoom,
    Ways,
)
from harbour.contracts.messages import Refused
from harbour.runtime.database import Database
from services.chat import rules
from services.chat.app import forget_what_changes
from services.chat.jetstream import JetStreamTranscript
from services.chat.rules import Seat
from services.chat.transcript import MemoryTranscript, Transcript
from tests.chat.copies import Copy, reason
from tests.chat.people import A_NUMBER, ASH, ROBIN, SAM, WREN, gathering

MUTE = MutePerson(session_id="s1", staff_id="sam", person_id="robin", muted=True)
SLOW = SlowRoom(session_id="s1", staff_id="sam", seconds=30)
HOLD = HoldEverything(session_id="s1", staff_id="sam", on=True)
SHOW = ShowWriting(session_id="s1", staff_id="sam", on=True)
BEGIN = LeadRound(session_id="s1", staff_id="sam", step="begin")


def place(person: Any = ROBIN, **ways: Any) -> Seat:
    """Somebody's place in a room that is led in this way."""
    found = rules.seat(replace(gathering(), ways=Ways(**ways)), person.person_id)
    assert isinstance(found, Seat)
    return found


def step(step: str, turn: str = "", order: tuple[str, ...] = ()) -> LeadRound:
    """A step of a round."""
    return BEGIN.model_copy(update={"step": step, "turn": turn, "order": order})


async def ways_of(chat: Copy, person: str = "sam") -> Ways:
    """How the room is led, as this person sees it."""
    return (await chat.view(person)).ways


# ── muted ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_somebody_muted_reads_and_does_not_write_until_they_may_again(chat: Copy) -> None:
    await chat.begin()
    await chat.asks(MUTE)
    assert reason(await chat.tries("hello")) == "muted"
    await chat.posts("good evening", "wren")
    assert await chat.texts("robin") == ["good evening"]
    await chat.asks(MUTE.model_copy(update={"muted": False, "id": "later"}))
    assert (await chat.posts("hello")).state == "sent"


async def test_that_another_is_muted_is_nobodys_business(chat: Copy) -> None:
    await chat.begin()
    await chat.asks(MUTE)
    assert (await ways_of(chat, "wren")).muted == ()
    assert (await ways_of(chat, "robin")).muted == ("robin",)
    assert (await ways_of(chat, "ash")).muted == ("robin",)


async def test_only_a_young_person_of_the_room_can_be_muted(chat: Copy) -> None:
    await chat.begin()
    for stranger in ("sam", "ash", "stranger"):
        assert reason(await chat.asks(MUTE.model_copy(update={"person_id": stranger}))) == "no-such-person"
    assert chat.said == []


async def test_promise_4_what_was_sent_before_somebody_was_muted_is_told_as_sent(chat: Copy) -> None:
    await chat.begin()
    first = await chat.posts("hello")
    await chat.asks(MUTE)
    assert (await chat.posts("hello")).model_dump() == first.model_dump()
    assert await chat.texts() == ["hello"]


# ── slow ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_in_slow_mode_somebody_rests_between_two_messages(database: Database, transcript: Transcript) -> None:
    chat, other = Copy(database, transcript), Copy(database, transcript)
    await chat.begin()
    await chat.asks(SLOW)
    other.now = chat.now
    first = await chat.posts("one", client_id="k1")
    other.now += timedelta(seconds=29)
    assert reason(await other.tries("two", client_id="k2")) == "slow"
    assert (await other.posts("one", client_id="k1")).model_dump() == first.model_dump()
    await other.posts("me too", "wren")
    for n in range(3):
        await other.posts("take your time", "sam", client_id=f"s{n}")
    other.now += timedelta(seconds=2)
    await other.posts("two", client_id="k2")
    assert await chat.texts() == ["one", "me too", *["take your time"] * 3, "two"]


async def test_a_message_that_waits_for_an_adult_counts_as_said_in_slow_mode(
    database: Database, transcript: Transcript
) -> None:
    chat = Copy(database, transcript)
    await chat.begin()
    await chat.asks(SLOW)
    assert (await chat.posts(A_NUMBER)).state == "held"
    assert reason(await chat.tries("hello", client_id="k2")) == "slow"


async def test_where_the_room_is_not_slow_nobody_looks_when_one_spoke_last(chat: Copy) -> None:
    await chat.begin()

    async def looks(*_: str) -> None:
        raise AssertionError("the hot path asked the transcript")

    chat.transcript.spoke_last = looks  # type: ignore[method-assign, assignment]
    await chat.posts("hello")


# ── everything waits ──────────────────────────────────────────────────────────────────────────────────────────


async def test_while_everything_is_held_young_peoples_words_wait_and_adults_speak(chat: Copy) -> None:
    await chat.begin()
    await chat.asks(HOLD)
    assert (await chat.posts("hello")).state == "held"
    assert (await chat.posts("we read along for a while", "sam")).state == "sent"
    assert await chat.texts("wren") == ["we read along for a while"]
    assert (await chat.view("sam")).held[0].why == ("Every message waits for you just now.",)
    await chat.asks(HOLD.model_copy(update={"on": False, "id": "later"}))
    assert (await chat.posts("hello again", client_id="k2")).state == "sent"


async def test_what_would_be_held_anyway_says_why(chat: Copy) -> None:
    await chat.begin()
    await chat.asks(HOLD)
    await chat.posts(A_NUMBER)
    [held] = (await chat.view("sam")).held
    assert held.categories
    assert "Every message" not in "".join(held.why)


# ── in turn ───────────────────────────────────────────────────────────────────────────────────────────────────


async def test_in_a_round_one_speaks_after_the_other_and_adults_whenever(chat: Copy) -> None:
    await chat.begin()
    await chat.asks(BEGIN)
    assert (await ways_of(chat, "wren")).round == Round(order=("robin", "wren"))
    assert reason(await chat.tries("me first", "wren")) == "not-your-turn"
    await chat.posts("hello", "robin")
    await chat.posts("thank you", "sam")
    await chat.asks(PassTurn(session_id="s1", person_id="robin"))
    assert reason(await chat.tries("and another thing", "robin", client_id="k2")) == "not-your-turn"
    await chat.posts("now me", "wren")
    await chat.asks(PassTurn(session_id="s1", person_id="wren"))
    assert (await ways_of(chat)).round is None
    await chat.posts("and another thing", "robin", client_id="k2")


async def test_nobody_passes_anothers_turn_on(chat: Copy) -> None:
    await chat.begin()
    await chat.asks(BEGIN)
    await chat.asks(PassTurn(session_id="s1", person_id="wren"))
    assert (await ways_of(chat)).round == Round(order=("robin", "wren"))


async def test_two_adults_who_press_next_at_once_pass_one_turn_on(database: Database) -> None:
    copies = [Copy(database, MemoryTranscript()) for _ in range(4)]
    await copies[0].begin()
    await copies[0].asks(step("begin", order=("robin", "wren")))
    wishes = [
        step("next", "robin").model_copy(update={"id": f"n{n}", "staff_id": ("sam", "ash")[n % 2]}) for n in range(4)
    ]
    answers = await asyncio.gather(*(copy.asks(wish) for copy, wish in zip(copies, wishes, strict=True)))
    assert {answer.ways.round for answer in answers} == {Round(order=("wren",))}
    assert len([event for copy in copies for event in copy.said if event.id]) == 2  # the beginning, and one turn


async def test_a_round_needs_somebody_to_take_a_turn(chat: Copy) -> None:
    await chat.begin()
    assert reason(await chat.asks(step("begin", order=("sam", "stranger")))) == "nobody-here"


@given(some.lists(some.sampled_from(["next", "later", "passes", "stale"]), max_size=40))
def test_a_round_loses_nobody_and_ends(steps: list[str]) -> None:
    """Whatever is pressed: those still to come are people of the room, each once, and fewer after each turn."""
    people = (ROBIN, WREN, SAM, ASH)
    ways = rules.in_round(Ways(), BEGIN, people)
    for one in steps:
        if ways.round is None:
            return
        before = ways.round.order
        if one == "stale":
            assert rules.in_round(ways, step("next", "nobody"), people) == ways
            continue
        turn = before[0]
        after = rules.passed_on(ways, turn) if one == "passes" else rules.in_round(ways, step(one, turn), people)
        left = after.round.order if after.round else ()
        assert left == (before[1:] if one != "later" else (*before[1:], turn))
        assert after.revision == ways.revision + (1 if left != before else 0)
        ways = after


# ── who may lead, and what everybody hears ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("wish", [MUTE, SLOW, HOLD, BEGIN], ids=lambda wish: type(wish).__name__)
async def test_only_adults_of_the_course_lead_its_room_and_until_it_ends(chat: Copy, wish: Any) -> None:
    await chat.begin()
    for stranger in ("robin", "stranger"):
        assert reason(await chat.asks(wish.model_copy(update={"staff_id": stranger}))) == "not-yours"
    assert reason(await chat.asks(wish.model_copy(update={"session_id": "nowhere"}))) == "no-such-session"
    await chat.asks(EndSession(session_id="s1", staff_id="sam"))
    chat.said.clear()
    assert reason(await chat.asks(wish)) == "ended"
    assert chat.said == []


@pytest.mark.parametrize("wish", [MUTE, SLOW, HOLD, BEGIN], ids=lambda wish: type(wish).__name__)
async def test_a_wish_is_said_once_and_wishing_it_again_says_nothing(chat: Copy, wish: Any) -> None:
    await chat.begin()
    for id in ("a", "b"):
        answer = await chat.asks(wish.model_copy(update={"id": id}))
        assert answer.ways.revision == 1
    [ruled] = chat.said
    assert isinstance(ruled, RoomRuled)
    assert (ruled.session_id, ruled.by, ruled.ways) == ("s1", "sam", answer.ways)


async def test_how_a_room_is_led_survives_a_restart(database: Database) -> None:
    await (chat := Copy(database, MemoryTranscript())).begin()
    for wish in (MUTE, SLOW, HOLD, SHOW, BEGIN):
        await chat.asks(wish)
    again = await ways_of(Copy(database, chat.transcript))
    assert again == Ways(
        revision=5,
        slow_seconds=30,
        hold_all=True,
        muted=("robin",),
        round=Round(order=("robin", "wren")),
        show_writing=True,
    )


async def test_nobody_is_seen_writing_until_an_adult_turns_that_on_for_the_evening(chat: Copy) -> None:
    await chat.begin()
    assert not (await ways_of(chat, "wren")).show_writing
    assert reason(await chat.asks(SHOW.model_copy(update={"staff_id": "robin"}))) == "not-yours"
    await chat.asks(SHOW)
    assert (await ways_of(chat, "wren")).show_writing
    await chat.asks(SHOW.model_copy(update={"on": False, "id": "later"}))
    assert [one.ways.show_writing for one in chat.said if isinstance(one, RoomRuled)] == [True, False]
    assert not (await ways_of(chat, "wren")).show_writing


async def test_a_copy_that_knows_the_room_by_heart_hears_at_once_how_it_is_led(
    database: Database, nc: Client, jetstream: JetStreamTranscript
) -> None:
    chat, other = (Copy(database, jetstream, room_kept_seconds=2) for _ in range(2))
    heard = await forget_what_changes(nc, other.things["doorkeeper"])
    await chat.begin()
    await other.posts("known by heart from now on")
    await chat.asks(MUTE)
    [ruled] = [event for event in chat.said if isinstance(event, RoomRuled)]
    await nc.publish(ruled.subject, ruled.body(), headers=ruled.headers("chat"))
    deadline = asyncio.get_running_loop().time() + 1
    answer: Any = None
    n = 0
    while not isinstance(answer, Refused):
        assert asyncio.get_running_loop().time() < deadline, "it goes by what it knew"
        n += 1
        answer = await other.tries("still?", client_id=f"t{n}")
    assert answer.reason == "muted"
    for subscription in heard:
        await subscription.unsubscribe()


def test_adults_are_never_asked_to_wait() -> None:
    every = {"slow_seconds": 30, "hold_all": True, "muted": ("sam", "robin"), "round": Round(order=("wren",))}
    assert rules.why_not_now(place(SAM, **every)) is None
    assert not rules.is_slowed(place(SAM, **every))
    assert rules.why_not_now(place(ROBIN, **every)) == "muted"


async def test_a_room_nobody_leads_otherwise_is_free(chat: Copy) -> None:
    await chat.begin()
    view = await chat.asks(ReadRoom(session_id="s1", person_id="robin"))
    assert isinstance(view, RoomView)
    assert view.ways == Ways()
