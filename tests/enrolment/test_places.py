"""Applying: a seat while there is one, else the waitlist, and never a ninth seat."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from harbour.contracts.enrolment import Applied, Courses, ListCourses
from tests.enrolment.evenings import told, why, with_a_course
from tests.enrolment.people import application
from tests.rooms import rehearsed


async def test_promise_9_never_more_than_eight_seats(database_url: str) -> None:
    """Two hundred young people at once, at three copies of the service, each with connections of its own."""
    async with AsyncExitStack() as house:
        copies = [await house.enter_async_context(rehearsed("enrolment", database_url)) for _ in range(3)]
        await with_a_course(copies[0])
        asked = [copies[number % 3].asks(application(number)) for number in range(200)]
        answers = [answer for answer in await asyncio.gather(*asked) if isinstance(answer, Applied)]
        view = await copies[1].asks(ListCourses())
    assert Counter(answer.place for answer in answers) == {"seat": 8, "waitlist": 192}
    assert len({answer.badge for answer in answers if answer.place == "seat"}) == 8
    assert isinstance(view, Courses)
    assert [(course.free, course.waiting) for course in view.courses] == [(0, 192)]
    said = Counter(type(event).__name__ for copy in copies for event in copy.said)
    assert said == {"Enrolled": 8, "Waitlisted": 192, "ContactGiven": 200}


async def test_the_same_wish_at_several_copies_at_once_is_one_place(database_url: str) -> None:
    async with AsyncExitStack() as house:
        copies = [await house.enter_async_context(rehearsed("enrolment", database_url)) for _ in range(3)]
        await with_a_course(copies[0])
        wish = application()
        answers = await asyncio.gather(*(copies[number % 3].asks(wish) for number in range(12)))
        view = await copies[0].asks(ListCourses())
        said = {pair for copy in copies for pair in told(copy)}
    assert all(isinstance(answer, Applied) for answer in answers)
    assert len({(answer.member_id, answer.place, answer.badge, answer.nickname) for answer in answers}) == 1
    assert sorted(kind for kind, _ in said) == ["ContactGiven", "Enrolled"]
    assert [course.free for course in view.courses] == [7]


async def test_two_at_once_with_one_nickname_or_one_address_are_one_place(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room, rehearsed("enrolment", database_url) as other:
        await with_a_course(room)
        named = [application(number, nickname=name) for number, name in enumerate(["Mia", "M1A"])]
        answers = await asyncio.gather(room.asks(named[0]), other.asks(named[1]))
        assert sorted(type(answer).__name__ for answer in answers) == ["Applied", "Refused"]
        reached = [application(number, email="", phone="07700 900123") for number in (5, 6)]
        answers = await asyncio.gather(room.asks(reached[0]), other.asks(reached[1]))
        assert sorted(type(answer).__name__ for answer in answers) == ["Applied", "Refused"]
        view = await room.asks(ListCourses())
        assert [course.free for course in view.courses] == [6]


async def test_the_same_wish_again_gets_the_same_answer_and_says_the_same(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        await with_a_course(room)
        wish = application(nickname="Mia")
        first, once = await room.asks(wish), told(room)
        again, twice = await room.asks(wish), told(room)
    assert isinstance(first, Applied)
    assert first.model_dump() == again.model_dump()
    assert once == twice
    assert sorted(kind for kind, _ in once) == ["ContactGiven", "Enrolled"]


async def test_who_comes_after_the_last_seat_waits(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        await with_a_course(room, seats=1)
        first = await room.asks(application(1))
        room.said.clear()
        second = await room.asks(application(2))
    assert (first.place, second.place) == ("seat", "waitlist")
    assert {type(event).__name__ for event in room.said} == {"Waitlisted", "ContactGiven"}


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"course_id": "another"}, "no-such-course"),
        ({"age": 12}, "too-young"),
        ({"age": 40}, "too-old"),
        ({"email": ""}, "no-address"),
        ({"email": "mia"}, "address-unreadable"),
        ({"nickname": "mia@example.org"}, "nickname-tells"),
        ({"nickname": "Counsellor"}, "nickname-taken"),
        ({"nickname": "Sam"}, "nickname-taken"),
        ({"nickname": "R0bin"}, "nickname-taken"),
        ({"email": "ROBIN@example.org"}, "already-here"),
    ],
)
async def test_a_refusal_takes_no_seat_and_says_nothing(database_url: str, fields: dict[str, Any], reason: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        await with_a_course(room)
        await room.asks(application(1, nickname="Robin", email="robin@example.org"))
        room.said.clear()
        assert why(await room.asks(application(2, **fields))) == reason
        assert told(room) == []
        view = await room.asks(ListCourses())
        assert [(course.free, course.waiting) for course in view.courses] == [(7, 0)]


async def test_a_name_and_an_address_may_be_used_again_in_another_course(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        await with_a_course(room, "tuesdays")
        await with_a_course(room, "thursdays")
        first = await room.asks(application(1, "tuesdays", nickname="Robin", email="robin@example.org"))
        second = await room.asks(application(2, "thursdays", nickname="Robin", email="robin@example.org"))
    assert (first.place, second.place) == ("seat", "seat")
    assert first.member_id != second.member_id


async def test_nobody_joins_once_the_first_evening_is_over(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        await with_a_course(room, starts_at=datetime.now(UTC) - timedelta(minutes=91))
        assert (await room.asks(ListCourses())).courses == ()
        assert why(await room.asks(application())) == "no-such-course"


async def test_a_setting_lets_people_join_later(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENROLMENT_JOIN_UNTIL_WEEK", "2")
    async with rehearsed("enrolment", database_url) as room:
        await with_a_course(room, starts_at=datetime.now(UTC) - timedelta(minutes=91))
        assert (await room.asks(application())).place == "seat"
