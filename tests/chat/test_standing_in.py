"""Somebody who was not planned for the evening takes over: with a word to the others, everywhere at once, and back."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from harbour.contracts.chat import (
    EndSession,
    KeepWatch,
    ListEvenings,
    MutePerson,
    OpenSession,
    SessionTakenOver,
    StaffNoteSent,
    TakeOver,
)
from harbour.contracts.enrolment import Role, StaffAdded
from harbour.runtime.database import Database
from services.chat.transcript import MemoryTranscript
from tests.chat.copies import Copy, reason
from tests.chat.people import EVENING

STAFF = tuple(
    StaffAdded(staff_id=name.lower(), name=name, roles=roles, sealed="", at=EVENING)
    for name, roles in (
        ("Nell", (Role.COUNSELLOR, Role.OFFICER)),
        ("Yan", (Role.YOUTH_WORKER,)),
        ("Olu", (Role.OFFICER, Role.LEAD)),
        ("Sam", (Role.COUNSELLOR,)),
        ("Ash", (Role.YOUTH_WORKER,)),
    )
)
OVER = TakeOver(session_id="s1", staff_id="nell", instead_of="sam", words="Sam’s train is late.")
MUTE = MutePerson(session_id="s1", staff_id="nell", person_id="robin", muted=True)


def again(wish: Any, **fields: Any) -> Any:
    """The same wish, wished anew."""
    return wish.model_copy(update={"id": f"again-{fields}", **fields})


async def begun(chat: Copy, until: str = "live") -> None:
    """The evening stands here, and its colleagues are known."""
    await chat.begin(until)
    for one in STAFF:
        await chat.asks(one)


async def test_a_counsellor_who_takes_over_leads_and_the_other_one_does_not(chat: Copy) -> None:
    await begun(chat)
    assert reason(await chat.asks(MUTE)) == "not-yours"
    await chat.asks(OVER)
    assert (await chat.asks(MUTE)).ways.muted == ("robin",)
    assert (await chat.posts("good evening from me", "nell")).state == "sent"
    assert reason(await chat.asks(again(MUTE, staff_id="sam"))) == "not-yours"
    view = await chat.view("wren")
    assert {one.nickname for one in view.people if one.role} == {"Nell", "Ash"}
    assert (view.adults_at, view.messages[-1].speaker) == (chat.now, "facilitator")


async def test_everybody_hears_who_leads_now_and_the_adults_why(chat: Copy) -> None:
    await begun(chat)
    await chat.asks(OVER)
    taken, told = chat.said
    assert isinstance(taken, SessionTakenOver)
    assert (taken.name, taken.instead_of, {one.nickname for one in taken.adults}) == ("Nell", "sam", {"Nell", "Ash"})
    assert "train" not in taken.model_dump_json()
    assert isinstance(told, StaffNoteSent)
    [note] = (await chat.view("ash")).notes
    assert note.text == "I lead here in place of Sam now. Sam’s train is late."


async def test_who_stepped_back_takes_over_again(chat: Copy) -> None:
    await begun(chat)
    await chat.asks(OVER)
    chat.now += timedelta(minutes=10)
    await chat.asks(again(OVER, staff_id="sam", instead_of="nell"))
    assert {one.nickname for one in (await chat.view("sam")).people if one.role} == {"Sam", "Ash"}
    assert reason(await chat.asks(MUTE)) == "not-yours"


async def test_somebody_comes_in_beside_those_who_lead(chat: Copy) -> None:
    await begun(chat)
    await chat.asks(again(OVER, staff_id="yan", instead_of=""))
    assert {one.nickname for one in (await chat.view("yan")).people if one.role} == {"Yan", "Sam", "Ash"}
    assert (await chat.view("sam")).notes[0].text.startswith("I lead here as well now.")


async def test_of_two_who_take_over_from_the_same_adult_one_does(database: Database) -> None:
    copies = [Copy(database, MemoryTranscript()) for _ in range(2)]
    await begun(copies[0])
    zoe = STAFF[0].model_copy(update={"staff_id": "zoe", "name": "Zoe"})
    await copies[0].asks(zoe)
    wishes = [again(OVER, staff_id=who) for who in ("nell", "zoe")]
    answers = await asyncio.gather(*(copy.asks(wish) for copy, wish in zip(copies, wishes, strict=True)))
    assert sorted(getattr(answer, "reason", "") for answer in answers) == ["", "no-such-person"]
    assert sum(isinstance(event, SessionTakenOver) for copy in copies for event in copy.said) == 1


async def test_promise_7_a_substitute_counts_as_the_adult_in_the_room(chat: Copy) -> None:
    await begun(chat, "scheduled")
    await chat.make_ready()
    await chat.asks(OVER)
    assert reason(await chat.asks(OpenSession(session_id="s1", staff_id="nell"))) == "not-ready"  # Sam counts no more
    stands = await chat.asks(KeepWatch(session_id="s1", staff_id="nell"))
    assert (set(stands.adults), stands.lacks) == ({"Nell", "Ash"}, ())
    assert (await chat.asks(OpenSession(session_id="s1", staff_id="nell"))).state == "doors"


async def test_another_evening_of_the_course_stays_as_planned(chat: Copy) -> None:
    await begun(chat)
    await chat.asks(OVER)
    assert reason(await chat.asks(again(MUTE, session_id="s2"))) == "not-yours"
    assert (await chat.asks(again(MUTE, session_id="s2", staff_id="sam"))).ways.muted == ("robin",)


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        (again(OVER, staff_id="olu"), "not-yours"),
        (again(OVER, staff_id="stranger"), "not-yours"),
        (again(OVER, staff_id="robin"), "leads"),
        (again(OVER, staff_id="ash"), "leads"),
        (again(OVER, staff_id="yan"), "counsellor-needed"),
        (again(OVER, instead_of="robin"), "no-such-person"),
        (again(OVER, instead_of="olu"), "no-such-person"),
        (again(OVER, session_id="nowhere"), "no-such-session"),
        (again(OVER, session_id="s2"), "too-early"),
    ],
)
async def test_what_cannot_be_taken_over_is_refused(chat: Copy, wish: Any, why: str) -> None:
    await begun(chat)
    assert reason(await chat.asks(wish)) == why
    assert chat.said == []


async def test_after_the_evening_there_is_nothing_to_take_over(chat: Copy) -> None:
    await begun(chat)
    await chat.asks(EndSession(session_id="s1", staff_id="sam"))
    assert reason(await chat.asks(OVER)) == "ended"


async def test_a_counsellor_finds_tonights_evenings_of_others(chat: Copy) -> None:
    await begun(chat)
    [one] = (await chat.asks(ListEvenings(staff_id="nell"))).evenings
    assert (one.may_watch, one.may_take_over, {who.person_id for who in one.led_by}) == (False, True, {"sam", "ash"})
    await chat.asks(OVER)
    assert (await chat.asks(ListEvenings(staff_id="nell"))).evenings == ()
    [one] = (await chat.asks(ListEvenings(staff_id="sam"))).evenings
    assert set(one.adults) == {"Nell", "Ash"}
