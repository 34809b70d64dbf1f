"""Somebody who goes from a room that goes on: said once, when nobody sees them there any more."""

from datetime import datetime, timedelta

import pytest

from harbour.contracts.chat import (
    CloseSession,
    EndSession,
    LeavingDue,
    MemberLeft,
    PauseSession,
    RecordStays,
    RemovePerson,
    Stay,
)
from services.chat import rules
from tests.chat.copies import Copy
from tests.chat.people import EVENING


def at(second: int) -> datetime:
    """So many seconds into the evening."""
    return EVENING + timedelta(seconds=second)


async def tells(chat: Copy, until: int, *, person: str = "robin", began: int = 0, gone: bool = False) -> None:
    """A gateway tells of somebody."""
    stay = Stay(session_id="s1", person_id=person, began_at=at(began), until=at(until), gone=gone)
    await chat.asks(RecordStays(stays=(stay,)))


async def due(chat: Copy, times: int = 1) -> list[MemberLeft]:
    """What is said once the last clock has run out, heard so many times."""
    clock = [one for one in chat.said if isinstance(one, LeavingDue)][-1]
    for _ in range(times):
        await chat.asks(clock)
    return [one for one in chat.said if isinstance(one, MemberLeft)]


async def test_who_is_gone_is_said_to_have_left_once(chat: Copy) -> None:
    await chat.begin()
    await tells(chat, 40)
    assert [one for one in chat.said if isinstance(one, LeavingDue)] == []
    await tells(chat, 60, gone=True)
    left = await due(chat, times=3)
    assert len({one.id for one in left}) == 1
    assert (left[0].session_id, left[0].member_id, left[0].last_at) == ("s1", "robin", at(60))
    assert left[0].subject == "chat.member-left.s1"
    [clock] = [one for one in chat.said if isinstance(one, LeavingDue)]
    assert clock.due == at(60) + rules.ASKED_AFTER


async def test_two_gateways_that_lose_somebody_say_one_leaving(chat: Copy) -> None:
    await chat.begin()
    await tells(chat, 60, gone=True)
    first = await due(chat)
    await tells(chat, 58, began=5, gone=True)
    assert await due(chat) == first


async def test_whoever_is_seen_elsewhere_or_came_back_has_not_left(chat: Copy) -> None:
    await chat.begin()
    await tells(chat, 60, gone=True)
    await tells(chat, 65, began=20)
    assert await due(chat) == []


async def test_whoever_leaves_twice_is_said_to_have_left_twice(chat: Copy) -> None:
    await chat.begin()
    await tells(chat, 60, gone=True)
    await due(chat)
    await tells(chat, 300, began=200, gone=True)
    assert [one.last_at for one in await due(chat)] == [at(60), at(300)]


async def test_nobody_leaves_a_room_that_closes_or_is_over(chat: Copy) -> None:
    await chat.begin()
    await tells(chat, 60, gone=True)
    await chat.asks(CloseSession(session_id="s1", staff_id="sam"))
    assert await due(chat) == []
    await chat.asks(EndSession(session_id="s1", staff_id="sam"))
    assert await due(chat) == []


async def test_a_pause_does_not_hide_that_somebody_went(chat: Copy) -> None:
    await chat.begin()
    await tells(chat, 60, gone=True)
    await chat.asks(PauseSession(session_id="s1", staff_id="sam"))
    assert len(await due(chat)) == 1


@pytest.mark.parametrize("person", ["sam", "nobody"])
async def test_an_adult_or_a_stranger_does_not_leave(chat: Copy, person: str) -> None:
    await chat.begin()
    await tells(chat, 60, person=person, gone=True)
    assert await due(chat) == []


async def test_whoever_was_asked_to_step_out_has_not_left(chat: Copy) -> None:
    await chat.begin()
    wish = RemovePerson(session_id="s1", staff_id="sam", person_id="robin", reason="A break for everybody.")
    await chat.asks(wish)
    await tells(chat, 60, gone=True)
    assert await due(chat) == []
