""" "I need help now", and a quiet report: the adults hear, and nobody else does."""

import asyncio

import pytest

from harbour.contracts.chat import (
    AnswerHelp,
    AskForHelp,
    EndSession,
    HelpAnswered,
    HelpAsked,
    MessageReported,
    ReleaseMessage,
    ReportMessage,
)
from harbour.runtime.database import Database
from services.chat.transcript import MemoryTranscript
from tests.chat.copies import Copy, reason
from tests.chat.people import A_NUMBER


def ask(person: str = "robin") -> AskForHelp:
    return AskForHelp(session_id="s1", person_id=person)


def come(help_id: str, staff: str = "sam") -> AnswerHelp:
    return AnswerHelp(session_id="s1", help_id=help_id, staff_id=staff)


def report(number: int, person: str = "wren", about: str = "worried") -> ReportMessage:
    return ReportMessage.model_validate({"session_id": "s1", "person_id": person, "number": number, "about": about})


# ── I need help now ───────────────────────────────────────────────────────────────────────────────────────────


async def test_pressing_again_while_nobody_has_come_is_the_same_call(database: Database) -> None:
    copies = [Copy(database, MemoryTranscript()) for _ in range(2)]
    await copies[0].begin()
    answers = await asyncio.gather(*(copies[n % 2].asks(ask()) for n in range(6)))
    assert len({answer.help_id for answer in answers}) == 1
    said = [event for copy in copies for event in copy.said]
    assert [(type(event), event.nickname) for event in said if isinstance(event, HelpAsked)] == [(HelpAsked, "Robin")]


async def test_after_an_adult_came_pressing_again_is_a_new_call(chat: Copy) -> None:
    await chat.begin()
    first = await chat.asks(ask())
    for staff in ("sam", "ash"):
        await chat.asks(come(first.help_id, staff))
    second = await chat.asks(ask())
    assert second.help_id != first.help_id
    assert [event.fact for event in chat.said] == ["chat.help-asked", "chat.help-answered", "chat.help-asked"]
    assert [one.name for one in chat.said if isinstance(one, HelpAnswered)] == ["Sam"]


async def test_two_people_who_call_are_two_calls_that_adults_see_and_peers_do_not(chat: Copy) -> None:
    await chat.begin()
    mine, theirs = await chat.asks(ask()), await chat.asks(ask("wren"))
    await chat.asks(come(theirs.help_id))
    assert [(one.help_id, one.answered_by) for one in (await chat.view("robin")).calls] == [(mine.help_id, "")]
    seen = {(one.help_id, one.nickname, one.answered_by) for one in (await chat.view("ash")).calls}
    assert seen == {(mine.help_id, "Robin", ""), (theirs.help_id, "Wren", "Sam")}


async def test_a_call_is_taken_before_the_evening_begins_and_after_it_has_ended(chat: Copy) -> None:
    await chat.begin("scheduled")
    assert (await chat.asks(ask())).help_id
    await chat.begin()
    await chat.asks(EndSession(session_id="s1", staff_id="sam"))
    assert (await chat.asks(ask("wren"))).help_id


async def test_only_those_who_belong_call_and_only_adults_come(chat: Copy) -> None:
    await chat.begin()
    taken = await chat.asks(ask())
    assert reason(await chat.asks(ask("stranger"))) == "not-yours"
    assert reason(await chat.asks(ask("sam"))) == "not-yours"
    assert reason(await chat.asks(come(taken.help_id, "wren"))) == "not-yours"
    assert reason(await chat.asks(come("another"))) == "no-such-call"
    assert [one.answered_by for one in (await chat.view("sam")).calls] == [""]


# ── quietly ───────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_report_is_said_once_without_words_and_kept_from_its_author_and_every_peer(chat: Copy) -> None:
    await chat.begin()
    taken = await chat.posts("something unkind")
    for _ in range(2):
        assert (await chat.asks(report(taken.number))).number == taken.number
    [said] = chat.said
    assert isinstance(said, MessageReported)
    assert (said.member_id, said.author_id, said.message_id, said.about) == (
        "wren", "robin", taken.message_id, "worried",
    )  # fmt: skip
    assert "something unkind" not in said.model_dump_json()
    for person in ("robin", "wren"):
        assert (await chat.view(person)).reports == ()
    [seen] = (await chat.view("sam")).reports
    assert (seen.number, seen.nickname, seen.author) == (taken.number, "Wren", "Robin")


async def test_a_report_of_a_released_message_names_where_it_was_held(chat: Copy) -> None:
    await chat.begin()
    held = await chat.posts(A_NUMBER)
    released = await chat.asks(ReleaseMessage(session_id="s1", held_id=held.message_id, staff_id="sam"))
    await chat.asks(report(released.number))
    assert [event.held_id for event in chat.said if isinstance(event, MessageReported)] == [held.message_id]


async def test_a_report_about_an_adult_goes_to_the_desk_and_not_to_the_console(chat: Copy) -> None:
    await chat.begin()
    taken = await chat.posts("hello", "sam")
    await chat.asks(report(taken.number))
    assert [event.by_adult for event in chat.said if isinstance(event, MessageReported)] == [True]
    for staff in ("sam", "ash"):
        assert (await chat.view(staff)).reports == ()


@pytest.mark.parametrize(
    ("number", "person", "why"),
    [(1, "robin", "own-message"), (2, "wren", "no-such-message"), (99, "wren", "no-such-message"),
     (1, "sam", "not-yours"), (1, "stranger", "not-yours")],
)  # fmt: skip
async def test_what_cannot_be_reported_is_refused(chat: Copy, number: int, person: str, why: str) -> None:
    await chat.begin()
    await chat.posts("hello")
    await chat.posts(A_NUMBER, client_id="k2")
    assert reason(await chat.asks(report(number, person))) == why
    assert chat.said == []
