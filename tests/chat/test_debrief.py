"""The debrief: kept to go on with, finished once, owed until then, read by leads, and passed on to the next leaders."""

from datetime import timedelta
from typing import Any

import pytest

from harbour.contracts.chat import (
    Debrief,
    DebriefForm,
    Debriefs,
    DebriefSaved,
    DebriefWritten,
    EndSession,
    HowItWent,
    KeepWatch,
    OwedDebriefs,
    PassedOn,
    ReadDebrief,
    ReadDebriefs,
    ReadOwedDebriefs,
    ReadPassedOn,
    SaveDebrief,
)
from harbour.contracts.enrolment import Role, StaffAdded
from services.chat.rules import StandIn
from services.chat.store import Evenings, StandIns
from tests.chat.copies import Copy, reason
from tests.chat.people import EVENING

SAID = Debrief(
    went=HowItWent.WELL, worried_about=("robin", "stranger", "ash"), worry="So quiet.", tell_next="Go slowly."
)


async def over(chat: Copy) -> None:
    """An evening that both adults led is over."""
    await chat.begin()
    chat.now = EVENING + timedelta(minutes=90)
    await chat.asks(EndSession(session_id="s1", staff_id="sam"))
    chat.said.clear()


async def saves(chat: Copy, debrief: Debrief = SAID, *, done: bool, staff_id: str = "sam", id: str = "d1") -> Any:
    """An adult keeps their debrief."""
    return await chat.asks(SaveDebrief(id=id, session_id="s1", staff_id=staff_id, debrief=debrief, done=done))


async def form(chat: Copy, staff_id: str = "sam") -> DebriefForm:
    """The form as an adult finds it."""
    found = await chat.asks(ReadDebrief(session_id="s1", staff_id=staff_id))
    assert isinstance(found, DebriefForm), found
    return found


async def owed(chat: Copy, staff_id: str = "sam") -> list[tuple[str, bool]]:
    """The evenings somebody is reminded of, and whether they have begun."""
    found = await chat.asks(ReadOwedDebriefs(staff_id=staff_id))
    assert isinstance(found, OwedDebriefs)
    return [(one.session_id, one.begun) for one in found.owed]


async def test_a_debrief_is_kept_to_go_on_with_and_finished_once(chat: Copy) -> None:
    await over(chat)
    assert (await form(chat)).debrief == Debrief()
    assert await owed(chat) == [("s1", False)]
    await saves(chat, Debrief(words="half a word"), done=False)
    assert ((await form(chat)).debrief.words, await owed(chat)) == ("half a word", [("s1", True)])
    assert chat.said == []
    for _ in range(2):
        assert isinstance(await saves(chat, done=True, id="d2"), DebriefSaved)
    [said] = chat.said
    assert isinstance(said, DebriefWritten)
    assert (said.name, said.title, said.week, said.debrief.worry) == ("Sam", "Tuesday group", 1, "So quiet.")
    assert [(one.member_id, one.nickname) for one in said.worries] == [("robin", "Robin")]
    assert await owed(chat) == []
    assert reason(await saves(chat, Debrief(words="too late"), done=False, id="d3")) == "done"
    assert (await form(chat)).done
    assert (await form(chat)).debrief.worried_about == ("robin",)


async def test_each_adult_writes_their_own(chat: Copy) -> None:
    await over(chat)
    await saves(chat, done=True)
    assert await owed(chat, "ash") == [("s1", False)]
    assert (await form(chat, "ash")).debrief == Debrief()
    await saves(chat, Debrief(), done=True, staff_id="ash", id="d2")
    assert [one.name for one in chat.said if isinstance(one, DebriefWritten)] == ["Sam", "Ash"]


async def test_nobody_is_reminded_of_an_evening_they_did_not_come_to_or_that_is_long_ago(chat: Copy) -> None:
    await over(chat)
    chat.now += timedelta(days=15)
    assert await owed(chat) == []
    assert await owed(chat, "robin") == []


async def test_whoever_came_in_to_lead_is_reminded_and_whoever_stepped_back_is_not(chat: Copy) -> None:
    await over(chat)
    async with chat.database.begin() as tx:
        for who, leads in (("ash", False), ("kit", True)):
            await StandIns(tx).keep(StandIn("s1", who, who.title(), "counsellor", leads, EVENING))
        await Evenings(tx).hear_from("s1", "kit", EVENING)
    assert (await owed(chat, "ash"), await owed(chat, "kit")) == ([], [("s1", False)])
    assert (await form(chat, "kit")).name == "Kit"


async def test_a_worry_is_about_somebody_before_it_is_finished(chat: Copy) -> None:
    await over(chat)
    about_nobody = SAID.model_copy(update={"worried_about": ("stranger",)})
    assert reason(await saves(chat, about_nobody, done=True)) == "who-is-it"
    assert isinstance(await saves(chat, about_nobody, done=False, id="d2"), DebriefSaved)


@pytest.mark.parametrize(("staff_id", "why"), [("robin", "not-yours"), ("stranger", "not-yours"), ("sam", "not-over")])
async def test_only_adults_of_an_evening_that_is_over_write_one(chat: Copy, staff_id: str, why: str) -> None:
    await chat.begin()
    assert reason(await saves(chat, done=False, staff_id=staff_id)) == why
    assert reason(await chat.asks(ReadDebrief(session_id="s1", staff_id=staff_id))) == why


async def test_leads_alone_read_what_was_finished(chat: Copy) -> None:
    await over(chat)
    for staff_id, role in (("lou", Role.LEAD), ("ade", Role.OFFICER)):
        await chat.asks(StaffAdded(staff_id=staff_id, name=staff_id, roles=(role,), sealed="", at=EVENING))
    await saves(chat, Debrief(words="not finished"), done=False, staff_id="ash")
    await saves(chat, done=True, id="d2")
    found = await chat.asks(ReadDebriefs(staff_id="lou"))
    assert isinstance(found, Debriefs)
    assert [(one.name, one.debrief.tell_next, one.worries[0].nickname) for one in found.written] == [
        ("Sam", "Go slowly.", "Robin")
    ]
    for staff_id in ("ade", "sam", "stranger"):
        assert reason(await chat.asks(ReadDebriefs(staff_id=staff_id))) == "not-allowed"


async def test_what_is_to_be_told_reaches_the_leaders_of_the_next_evening_and_nobody_else(chat: Copy) -> None:
    await over(chat)
    await saves(chat, done=True)
    await saves(chat, Debrief(words="nothing to pass on"), done=True, staff_id="ash", id="d2")
    for session, words in (("s1", []), ("s2", ["Go slowly."])):
        found = await chat.asks(ReadPassedOn(session_id=session, staff_id="ash"))
        assert isinstance(found, PassedOn)
        assert [one.words for one in found.notes] == words
    assert reason(await chat.asks(ReadPassedOn(session_id="s2", staff_id="robin"))) == "not-yours"
    await chat.asks(KeepWatch(session_id="s2", staff_id="sam"))
    assert await owed(chat) == []
