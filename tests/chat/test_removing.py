"""Asked to step out for tonight: out at once and everywhere, by whom and why for the adults alone, and back again."""

import asyncio
from typing import Any

import pytest
from nats.aio.client import Client

from harbour.contracts.chat import (
    AskForHelp,
    CheckIn,
    EndSession,
    HelpAsked,
    LeadRound,
    LetPersonBack,
    PersonLetBack,
    PersonRemoved,
    RemovePerson,
    RoomRuled,
    Round,
    SendPrivateWord,
    SetReaction,
)
from harbour.contracts.messages import Refused
from harbour.runtime.database import Database
from services.chat.app import forget_what_changes
from services.chat.jetstream import JetStreamTranscript
from services.chat.transcript import MemoryTranscript
from tests.chat.copies import Copy, reason

WHY = "They need somebody to themselves."
REMOVE = RemovePerson(session_id="s1", staff_id="sam", person_id="robin", reason=WHY)
BACK = LetPersonBack(session_id="s1", staff_id="ash", person_id="robin")


def again(wish: Any, **fields: Any) -> Any:
    """The same wish, wished anew."""
    return wish.model_copy(update={"id": f"again-{fields}", **fields})


async def test_somebody_asked_to_step_out_neither_writes_nor_reads_until_they_are_let_back(chat: Copy) -> None:
    await chat.begin()
    await chat.posts("good evening", "wren")
    await chat.asks(REMOVE)
    for wish in (
        SendPrivateWord(session_id="s1", person_id="robin", client_id="p1", text="hello"),
        SetReaction(session_id="s1", person_id="robin", number=1, reaction=None),
        CheckIn(session_id="s1", member_id="robin", feeling=3, alone="yes", joins=True),
    ):
        assert reason(await chat.asks(wish)) == "stepped-out"
    assert reason(await chat.tries("hello")) == "stepped-out"
    view = await chat.view("robin")
    assert (view.stepped_out, view.messages, view.latest) == (True, (), 0)
    assert {one.person_id for one in view.people} == {"sam", "ash"}
    await chat.asks(BACK)
    assert (await chat.posts("hello again")).state == "sent"
    assert await chat.texts("robin") == ["good evening", "hello again"]


async def test_who_asked_and_why_is_for_the_adults_and_peers_see_nothing(chat: Copy) -> None:
    await chat.begin()
    before = (await chat.view("wren")).model_dump_json()
    await chat.asks(REMOVE)
    assert (await chat.view("wren")).model_dump_json() == before
    assert WHY not in (await chat.view("robin")).model_dump_json()
    [seen] = (await chat.view("ash")).removals
    assert (seen.nickname, seen.name, seen.reason, seen.let_back_by) == ("Robin", "Sam", WHY, "")
    await chat.asks(BACK)
    assert [one.let_back_by for one in (await chat.view("sam")).removals] == ["Ash"]


async def test_two_adults_at_once_are_one_removal_and_once_back_another_is_new(database: Database) -> None:
    copies = [Copy(database, MemoryTranscript()) for _ in range(2)]
    await copies[0].begin()
    wishes = [again(REMOVE, staff_id=("sam", "ash")[n % 2], reason=f"{n}") for n in range(4)]
    taken = await asyncio.gather(*(copies[n % 2].asks(wish) for n, wish in enumerate(wishes)))
    assert len({answer.removal_id for answer in taken}) == 1
    await asyncio.gather(*(copies[n % 2].asks(again(BACK, turn=n)) for n in range(4)))
    second = await copies[0].asks(again(REMOVE))
    assert second.removal_id != taken[0].removal_id
    said = sorted(event.fact for copy in copies for event in copy.said)
    assert said == ["chat.person-let-back", "chat.person-removed", "chat.person-removed"]


async def test_it_survives_a_restart(database: Database) -> None:
    await (chat := Copy(database, MemoryTranscript())).begin()
    await chat.asks(REMOVE)
    [removed] = chat.said
    assert isinstance(removed, PersonRemoved)
    assert (removed.member_id, removed.name, removed.reason) == ("robin", "Sam", WHY)
    assert reason(await Copy(database, chat.transcript).tries("hello")) == "stepped-out"


async def test_no_turn_waits_for_somebody_who_stepped_out(chat: Copy) -> None:
    await chat.begin()
    begin = LeadRound(session_id="s1", staff_id="sam", step="begin")
    await chat.asks(begin)
    await chat.asks(REMOVE)
    assert isinstance(chat.said[-1], RoomRuled)
    assert chat.said[-1].ways.round == Round(order=("wren",))
    await chat.asks(begin.model_copy(update={"step": "end", "id": "end"}))
    await chat.asks(begin.model_copy(update={"id": "anew"}))
    assert (await chat.view("sam")).ways.round == Round(order=("wren",))


async def test_whoever_stepped_out_can_still_call_for_help(chat: Copy) -> None:
    await chat.begin()
    await chat.asks(REMOVE)
    taken = await chat.asks(AskForHelp(session_id="s1", person_id="robin"))
    assert isinstance(chat.said[-1], HelpAsked)
    assert [one.help_id for one in (await chat.view("robin")).calls] == [taken.help_id]


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        (again(REMOVE, staff_id="wren"), "not-yours"),
        (again(REMOVE, staff_id="stranger"), "not-yours"),
        (again(REMOVE, person_id="ash"), "no-such-person"),
        (again(REMOVE, person_id="stranger"), "no-such-person"),
        (again(REMOVE, session_id="nowhere"), "no-such-session"),
        (again(BACK, staff_id="robin"), "not-yours"),
        (BACK, "not-out"),
    ],
)
async def test_what_cannot_be_asked_is_refused(chat: Copy, wish: Any, why: str) -> None:
    await chat.begin()
    assert reason(await chat.asks(wish)) == why
    assert chat.said == []


async def test_after_the_evening_nobody_is_asked_to_step_out(chat: Copy) -> None:
    await chat.begin()
    await chat.asks(EndSession(session_id="s1", staff_id="sam"))
    assert reason(await chat.asks(REMOVE)) == "ended"


async def test_next_week_their_place_is_theirs(chat: Copy) -> None:
    await chat.begin()
    await chat.asks(REMOVE)
    wish = CheckIn(session_id="s2", member_id="robin", feeling=3, alone="yes", joins=True)
    assert (await chat.asks(wish)).joins


async def test_a_copy_that_knows_the_room_by_heart_hears_at_once_who_is_out_and_who_is_back(
    database: Database, nc: Client, jetstream: JetStreamTranscript
) -> None:
    chat, other = (Copy(database, jetstream, room_kept_seconds=2, pace_messages=1000) for _ in range(2))
    heard = await forget_what_changes(nc, other.things["doorkeeper"])
    await chat.begin()
    await other.posts("known by heart from now on")
    for wish, kind, refused in ((REMOVE, PersonRemoved, True), (BACK, PersonLetBack, False)):
        await chat.asks(wish)
        [event] = [one for one in chat.said if isinstance(one, kind)]
        await nc.publish(event.subject, event.body(), headers=event.headers("chat"))
        deadline = asyncio.get_running_loop().time() + 1
        n = 0
        while isinstance(await other.tries("still?", client_id=f"{kind.__name__}-{n}"), Refused) is not refused:
            assert asyncio.get_running_loop().time() < deadline, "it goes by what it knew"
            await asyncio.sleep(0.005)
            n += 1
        assert (other.things["doorkeeper"].known("s1", "robin") is None) is refused  # the quick way knows it too
    for subscription in heard:
        await subscription.unsubscribe()
