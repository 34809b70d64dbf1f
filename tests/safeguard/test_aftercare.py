"""When a message is taken back, exactly those who had it on their screen are asked after, once each."""

from datetime import timedelta

import pytest

from harbour.contracts.chat import ExposureFound, MessageWithdrawn
from harbour.contracts.enrolment import Enrolled
from harbour.contracts.follow_ups import FollowUpOpened
from harbour.contracts.messages import Message, now
from harbour.contracts.tasks import TaskWhy
from harbour.runtime.delivery import NotYet
from services.safeguard.aftercare import SOMEBODY
from tests.rooms import rehearsed
from tests.safeguard.copies import Copies
from tests.safeguard.people import EVENING, TEAM, posted, scheduled
from tests.safeguard.test_following import listed

GROUP = tuple(f"m{n}" for n in range(1, 9))
"""Eight young people; the first one wrote it."""


def seated(*people: str) -> list[Enrolled]:
    """They have seats in the group."""
    at = EVENING - timedelta(days=20)
    return [
        Enrolled(course_id="c1", member_id=one, nickname=one.capitalize(), badge="leaf-sage", at=at) for one in people
    ]


def withdrawn(*shown: str, message_id: str = "posted-m1-9", number: int = 9) -> MessageWithdrawn:
    """An adult takes back what m1 wrote."""
    return MessageWithdrawn(
        id=f"withdrawn-{message_id}", at=EVENING, session_id="s1", member_id="m1", message_id=message_id,
        number=number, staff_id="sam", name="Sam", shown_to=shown,
    )  # fmt: skip


def found(member: str, message_id: str = "posted-m1-9") -> ExposureFound:
    """A browser says later that it had shown it."""
    return ExposureFound(
        id=f"found-{message_id}-{member}", at=EVENING, session_id="s1", member_id=member,
        message_id=message_id, number=9,
    )  # fmt: skip


async def asked_after(copies: Copies) -> list[str]:
    """Who is on the desk's list for it."""
    return sorted(one.member_id for one in await listed(copies) if TaskWhy.SHOWN in one.why)


async def test_everybody_who_was_shown_it_and_nobody_else_is_asked_after(copies: Copies) -> None:
    await copies.hears(*TEAM, scheduled(), *seated(*GROUP), posted("hello", 9))
    await copies.hears(withdrawn("m2", "m3", "m4", "m5", "m6"))
    assert await asked_after(copies) == ["m2", "m3", "m4", "m5", "m6"]
    first = min(await listed(copies), key=lambda one: one.member_id)
    assert (first.nickname, first.badge, first.title, first.evening) == (
        "M2", "leaf-sage", "Next steps, week 2", EVENING,
    )  # fmt: skip
    assert sorted(one.member_id for one in copies.heard_of(FollowUpOpened)) == ["m2", "m3", "m4", "m5", "m6"]


async def test_the_author_is_never_asked_after(copies: Copies) -> None:
    await copies.hears(*TEAM, scheduled(), *seated(*GROUP), posted("hello", 9))
    await copies.hears(withdrawn("m1", "m2"), found("m1"))
    assert await asked_after(copies) == ["m2"]


async def test_a_message_that_nobody_was_shown_asks_after_nobody(copies: Copies) -> None:
    await copies.hears(*TEAM, scheduled(), *seated(*GROUP), withdrawn())
    assert await asked_after(copies) == []


async def test_whoever_was_shown_it_twice_is_asked_after_once_however_often_that_is_heard(copies: Copies) -> None:
    await copies.hears(*TEAM, scheduled(), *seated(*GROUP))
    await copies.hears(withdrawn("m2", "m3", "m2"), found("m3"), found("m4"))
    twice: list[Message] = [withdrawn("m2", "m3", "m2"), found("m3"), found("m4")]
    await copies.hears_at_once([*twice, *twice], seed=3)
    assert await asked_after(copies) == ["m2", "m3", "m4"]
    assert len(copies.heard_of(FollowUpOpened)) == 3


async def test_two_messages_are_two_tasks_for_the_same_person(copies: Copies) -> None:
    await copies.hears(*TEAM, scheduled(), *seated(*GROUP))
    await copies.hears(withdrawn("m2"), withdrawn("m2", "m3", message_id="posted-m1-12", number=12))
    assert await asked_after(copies) == ["m2", "m2", "m3"]


async def test_three_copies_that_hear_a_whole_evening_of_it_open_each_task_once(copies: Copies) -> None:
    await copies.hears(*TEAM, scheduled(), *seated(*GROUP))
    events: list[Message] = []
    for n in range(6):
        message_id = f"posted-m1-{n}"
        events.append(withdrawn(*GROUP[1:5], message_id=message_id, number=n + 1))
        events += [found(one, message_id) for one in GROUP[3:]]
    await copies.hears_at_once(events, seed=11)
    assert await asked_after(copies) == sorted([*GROUP[1:]] * 6)


async def test_a_task_waits_a_while_to_learn_who_somebody_is_and_is_opened_all_the_same(copies: Copies) -> None:
    await copies.hears(*TEAM, scheduled())
    with pytest.raises(NotYet):
        await copies.hears(withdrawn("m2"))
    copies.now += timedelta(minutes=11)
    await copies.hears(withdrawn("m2"))
    [task] = await listed(copies)
    assert task.nickname == SOMEBODY


async def test_the_groups_are_heard_through_the_doors(database_url: str) -> None:
    async with rehearsed("safeguard", database_url) as room:
        for event in (*TEAM, scheduled(), *seated("m1", "m2")):
            await room.hears(event)
        gone = withdrawn("m2").model_copy(update={"at": now()})
        await room.hears(gone)
        assert [one.member_id for one in room.said if isinstance(one, FollowUpOpened)] == ["m2"]
