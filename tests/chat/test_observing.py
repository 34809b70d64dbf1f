"""A supervisor watches: reads along while it is on record, decides nothing, and is never the adult in the room."""

from datetime import timedelta
from typing import Any

import pytest

from harbour.contracts.chat import (
    CancelSession,
    DeclineMessage,
    EveningStands,
    KeepObserving,
    KeepWatch,
    ListEvenings,
    MutePerson,
    ObserverDue,
    ObserverHeard,
    ObservingBegun,
    ObservingEnded,
    PostMessage,
    PushActivity,
    ReadCheckIns,
    ReadRoom,
    ReadSheet,
    ReleaseMessage,
    RemovePerson,
    SendPrivateWord,
    SendStaffNote,
    Sheet,
    WithdrawMessage,
)
from harbour.contracts.enrolment import Role, StaffAdded
from harbour.runtime.database import Database
from services.chat.transcript import MemoryTranscript
from tests.chat.copies import Copy, reason
from tests.chat.people import A_NUMBER, EVENING

RUTH = StaffAdded(staff_id="ruth", name="Ruth", roles=(Role.LEAD,), sealed="", at=EVENING)
OLU = StaffAdded(staff_id="olu", name="Olu", roles=(Role.OFFICER, Role.COORDINATOR), sealed="", at=EVENING)
HERE = KeepObserving(session_id="s1", staff_id="ruth")
LOOK = ReadRoom(session_id="s1", person_id="ruth")


async def begun(chat: Copy) -> None:
    """The evening is live, and Ruth may watch."""
    await chat.begin()
    await chat.asks(RUTH)
    await chat.asks(OLU)


async def test_a_supervisor_reads_along_while_it_is_on_record_and_not_otherwise(chat: Copy) -> None:
    await begun(chat)
    await chat.posts("good evening")
    assert reason(await chat.asks(LOOK)) == "not-yours"
    assert isinstance(await chat.asks(HERE), ObserverHeard)
    view = await chat.asks(LOOK)
    assert (view.observing, [one.text for one in view.messages]) == (True, ["good evening"])
    chat.now += timedelta(seconds=15)
    assert reason(await chat.asks(LOOK)) == "not-yours"


async def test_who_watched_when_is_said_once_at_either_end(database: Database) -> None:
    copies = [Copy(database, MemoryTranscript()) for _ in range(2)]
    await begun(copies[0])
    copies[1].now = copies[0].now
    for turn in range(4):
        for copy in copies:
            copy.now = EVENING + timedelta(seconds=5 * turn)
        await copies[turn % 2].asks(HERE.model_copy(update={"id": f"h{turn}"}))
    chat = copies[0]
    chat.now = EVENING + timedelta(seconds=20)
    due = ObserverDue(session_id="s1", staff_id="ruth", due=chat.now)
    await chat.asks(due)
    chat.now = EVENING + timedelta(seconds=30)
    for n in range(2):
        await chat.asks(due.model_copy(update={"id": f"due-{n}"}))
    said = [event for copy in copies for event in copy.said]
    [began] = [one for one in said if isinstance(one, ObservingBegun)]
    [ended] = [one for one in said if isinstance(one, ObservingEnded)]
    assert (began.name, began.at, ended.since, ended.at) == ("Ruth", EVENING, EVENING, EVENING + timedelta(seconds=15))
    clocks = [one.due - EVENING for one in said if isinstance(one, ObserverDue)]
    assert clocks == [timedelta(seconds=15), timedelta(seconds=30)]
    await chat.asks(HERE.model_copy(update={"id": "again"}))
    assert isinstance(chat.said[-2], ObservingBegun)


async def test_the_adults_see_who_watches_and_young_people_do_not(chat: Copy) -> None:
    await begun(chat)
    before = (await chat.view("robin")).model_dump_json()
    await chat.asks(HERE)
    [seen] = (await chat.view("sam")).observers
    assert (seen.name, seen.since, seen.until) == ("Ruth", EVENING, None)
    assert (await chat.view("robin")).model_dump_json() == before


async def test_who_watches_reads_no_private_words_and_no_check_ins(chat: Copy) -> None:
    await begun(chat)
    await chat.asks(SendPrivateWord(session_id="s1", person_id="robin", client_id="p1", text="just for Sam"))
    await chat.posts(A_NUMBER)
    await chat.asks(HERE)
    view = await chat.asks(LOOK)
    assert "just for Sam" not in view.model_dump_json()
    assert [one.text for one in view.held] == [A_NUMBER]
    assert reason(await chat.asks(ReadCheckIns(session_id="s1", staff_id="ruth"))) == "not-yours"


async def test_promise_7_who_watches_is_not_the_adult_in_the_room(chat: Copy) -> None:
    await chat.begin("scheduled")
    await chat.asks(RUTH)
    await chat.asks(HERE)
    assert reason(await chat.asks(KeepWatch(session_id="s1", staff_id="ruth"))) == "not-yours"
    stands = await chat.asks(KeepWatch(session_id="s1", staff_id="sam"))
    assert isinstance(stands, EveningStands)
    assert (stands.adults, "second-adult" in stands.lacks) == (("Sam",), True)


@pytest.mark.parametrize(
    "wish",
    [
        PostMessage(session_id="s1", person_id="ruth", client_id="k", text="hello"),
        SendPrivateWord(session_id="s1", person_id="ruth", member_id="robin", client_id="k", text="hello"),
        ReleaseMessage(session_id="s1", held_id="h", staff_id="ruth"),
        DeclineMessage(session_id="s1", held_id="h", staff_id="ruth"),
        WithdrawMessage(session_id="s1", number=1, staff_id="ruth"),
        MutePerson(session_id="s1", staff_id="ruth", person_id="robin", muted=True),
        RemovePerson(session_id="s1", staff_id="ruth", person_id="robin", reason="because"),
        PushActivity(session_id="s1", staff_id="ruth", step_id="s-poll"),
        CancelSession(session_id="s1", staff_id="ruth"),
    ],
    ids=lambda wish: type(wish).__name__,
)
async def test_who_watches_neither_speaks_nor_decides_nor_leads(chat: Copy, wish: Any) -> None:
    await begun(chat)
    await chat.asks(HERE)
    chat.said.clear()
    assert reason(await chat.asks(wish)) == "not-yours"
    assert chat.said == []


async def test_who_watches_has_the_run_sheet_and_a_word_with_the_adults(chat: Copy) -> None:
    await begun(chat)
    note = SendStaffNote(session_id="s1", staff_id="ruth", client_id="n1", text="You are doing well.")
    assert reason(await chat.asks(note)) == "not-yours"
    await chat.asks(HERE)
    await chat.asks(note)
    assert [(one.name, one.text) for one in (await chat.view("sam")).notes] == [("Ruth", "You are doing well.")]
    assert isinstance(await chat.asks(ReadSheet(session_id="s1", staff_id="ruth")), Sheet)


async def test_only_supervisors_watch_and_who_leads_does_not(chat: Copy) -> None:
    await begun(chat)
    for who, why in (("olu", "not-yours"), ("robin", "leads"), ("sam", "leads"), ("stranger", "not-yours")):
        assert reason(await chat.asks(HERE.model_copy(update={"staff_id": who}))) == why
    assert reason(await chat.asks(HERE.model_copy(update={"session_id": "nowhere"}))) == "no-such-session"
    assert chat.said == []


async def test_a_role_that_was_taken_away_counts_no_more(chat: Copy) -> None:
    await begun(chat)
    await chat.asks(RUTH.model_copy(update={"roles": (Role.COORDINATOR,), "at": EVENING + timedelta(days=1)}))
    await chat.asks(RUTH)  # heard again, and older
    assert reason(await chat.asks(HERE)) == "not-yours"


async def test_tonights_evenings_of_others_are_listed_for_those_who_may_come(chat: Copy) -> None:
    await begun(chat)
    [one] = (await chat.asks(ListEvenings(staff_id="ruth"))).evenings
    assert (one.session_id, one.adults, one.may_watch) == ("s1", ("Ash", "Sam"), True)
    for nobody in ("olu", "sam", "stranger"):
        assert (await chat.asks(ListEvenings(staff_id=nobody))).evenings == ()
