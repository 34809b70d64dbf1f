"""One evening: given what was heard, when this is asked, then this is answered and said."""

import asyncio
from datetime import timedelta

import pytest

from harbour.contracts.chat import (
    EndSession,
    OpenSession,
    ReadRoom,
    RoomChanged,
    RoomState,
    SessionEnded,
    SessionOpened,
    SessionStarted,
    StartSession,
)
from harbour.contracts.enrolment import Enrolled
from harbour.contracts.messages import Timer
from harbour.runtime.database import Database
from services.chat.store import Rooms
from services.chat.transcript import MemoryTranscript
from tests.chat.copies import Copy, reason
from tests.chat.people import A_NUMBER, COURSE, EVENING

OPEN = OpenSession(session_id="s1", staff_id="sam")
START = StartSession(session_id="s1", staff_id="sam")
END = EndSession(session_id="s1", staff_id="sam")


# ── the evening ───────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_evening_opens_starts_and_ends_and_says_so_once(chat: Copy) -> None:
    await chat.begin("scheduled")
    await chat.make_ready()
    for wish, state, fact in (
        (OPEN, RoomState.DOORS, SessionOpened),
        (START, RoomState.LIVE, SessionStarted),
        (END, RoomState.ENDED, SessionEnded),
    ):
        for _ in range(2):
            answer = await chat.asks(wish)
            assert isinstance(answer, RoomChanged)
            assert answer.state is state
        [event] = [one for one in chat.said if not isinstance(one, Timer)]
        assert isinstance(event, fact)
        assert event.model_dump() == {"session_id": "s1", "course_id": "c1", "staff_id": "sam"}
        chat.said.clear()


async def test_an_evening_does_not_start_behind_closed_doors(chat: Copy) -> None:
    await chat.begin("scheduled")
    assert reason(await chat.asks(START)) == "not-open"
    assert reason(await chat.asks(END)) == "not-live"
    assert chat.said == []


async def test_an_ended_evening_stays_ended(chat: Copy) -> None:
    await chat.begin()
    await chat.asks(END)
    assert reason(await chat.asks(OPEN)) == "ended"
    assert reason(await chat.asks(START)) == "ended"


@pytest.mark.parametrize("wish", [OPEN, START, END], ids=lambda wish: type(wish).__name__)
async def test_only_adults_of_the_course_move_its_evenings(chat: Copy, wish: OpenSession) -> None:
    await chat.begin("scheduled")
    assert reason(await chat.asks(wish.model_copy(update={"staff_id": "robin"}))) == "not-yours"
    assert reason(await chat.asks(wish.model_copy(update={"staff_id": "stranger"}))) == "not-yours"
    assert reason(await chat.asks(wish.model_copy(update={"session_id": "nowhere"}))) == "no-such-session"


async def test_two_adults_who_start_at_the_same_moment_start_it_once(database: Database) -> None:
    copies = [Copy(database, MemoryTranscript()) for _ in range(4)]
    await copies[0].begin("doors")
    wishes = [START.model_copy(update={"id": f"w{n}", "staff_id": ("sam", "ash")[n % 2]}) for n in range(4)]
    answers = await asyncio.gather(*(copy.asks(wish) for copy, wish in zip(copies, wishes, strict=True)))
    assert [answer.state for answer in answers] == [RoomState.LIVE] * 4
    assert len([event for copy in copies for event in copy.said if isinstance(event, SessionStarted)]) == 1


# ── the plan ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_plan_heard_twice_or_late_changes_nothing(chat: Copy) -> None:
    await chat.begin("doors")
    older = COURSE.model_copy(update={"title": "Old title", "staff": (), "at": COURSE.at - timedelta(days=1)})
    await chat.asks(COURSE)
    await chat.asks(older)
    view = await chat.view("sam")
    assert (view.title, view.state) == ("Tuesday group", RoomState.DOORS)


async def test_a_new_plan_moves_evenings_and_changes_adults(chat: Copy) -> None:
    await chat.begin("scheduled")
    evening = COURSE.sessions[0].model_copy(update={"starts_at": EVENING + timedelta(hours=1), "topic": "Tides"})
    newer = COURSE.model_copy(update={"sessions": (evening,), "staff": COURSE.staff[:1], "at": EVENING})
    await chat.asks(newer)
    view = await chat.view("sam")
    assert (view.starts_at, view.topic) == (EVENING + timedelta(hours=1), "Tides")
    assert reason(await chat.asks(ReadRoom(session_id="s1", person_id="ash"))) == "not-yours"
    assert reason(await chat.asks(ReadRoom(session_id="s2", person_id="sam"))) == "no-such-session"


async def test_a_young_person_enrolled_before_the_plan_is_known_belongs_all_the_same(chat: Copy) -> None:
    await chat.asks(Enrolled(course_id="c1", member_id="finch", nickname="Finch", badge="sun-sand"))
    await chat.begin()
    assert (await chat.view("finch")).you.nickname == "Finch"


# ── speaking ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_what_one_says_everybody_reads_with_name_badge_and_number(chat: Copy) -> None:
    await chat.begin()
    taken = await chat.posts("  hello everybody ")
    for person in ("robin", "wren", "sam"):
        message = (await chat.view(person)).messages[0]
        assert (message.text, message.nickname, message.badge) == ("hello everybody", "Robin", "leaf-teal")
        assert (message.number, message.id, message.at) == (taken.number, taken.message_id, taken.at)
        assert (message.client_id, taken.state) == ("k1", "sent")


async def test_people_without_a_place_neither_speak_nor_read(chat: Copy) -> None:
    await chat.begin()
    assert reason(await chat.tries("hello", "stranger")) == "not-yours"
    assert reason(await chat.asks(ReadRoom(session_id="s1", person_id="stranger"))) == "not-yours"
    assert reason(await chat.asks(ReadRoom(session_id="nowhere", person_id="robin"))) == "no-such-session"


async def test_words_are_refused_for_a_reason_and_not_kept(chat: Copy) -> None:
    await chat.begin("doors")
    assert reason(await chat.tries("hello")) == "not-live"
    await chat.posts("good evening", "sam", "k0")
    await chat.asks(START)
    assert reason(await chat.tries(" \n ")) == "empty"
    assert reason(await chat.tries("a" * 2001)) == "too-long"
    assert await chat.texts() == ["good evening"]


async def test_a_ninth_message_in_one_breath_is_too_fast_and_later_it_is_not(chat: Copy) -> None:
    await chat.begin()
    for n in range(8):
        await chat.posts(f"line {n}", client_id=f"k{n}")
    assert reason(await chat.tries("line 8", client_id="k8")) == "too-fast"
    chat.now += timedelta(seconds=2)
    await chat.posts("line 8", client_id="k8")
    assert await chat.texts() == [f"line {n}" for n in range(9)]


async def test_speaking_in_a_live_room_asks_no_database(chat: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    chat.things = Copy(chat.database, chat.transcript, room_kept_seconds=2).things
    await chat.begin()
    await chat.posts("one", client_id="k1")

    async def read(self: Rooms, session_id: str) -> None:
        raise AssertionError("the database was asked")

    monkeypatch.setattr(Rooms, "gathering", read)
    await chat.posts("two", client_id="k2")
    await chat.posts("three", "wren")


# ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────


async def test_resuming_by_number_has_no_gaps_and_no_doubles(chat: Copy) -> None:
    await chat.begin()
    texts = []
    for n in range(17):
        chat.now += timedelta(seconds=2)
        await chat.posts(f"line {n}", ("robin", "wren", "sam")[n % 3], f"k{n}")
        await chat.posts(A_NUMBER, "wren", f"held{n}")
    after, more = 0, True
    while more:
        view = await chat.view(after=after, limit=4)
        texts += [message.text for message in view.messages]
        after, more = view.messages[-1].number, view.more
        assert view.latest >= after
    assert texts == [f"line {n}" for n in range(17)]
    assert (await chat.view(after=after)).latest == after
    assert not (await chat.view(after=after)).messages


async def test_the_room_says_who_belongs_where_it_stands_and_who_you_are(chat: Copy) -> None:
    await chat.begin()
    view = await chat.view("wren")
    assert {one.person_id for one in view.people} == {"robin", "wren", "sam", "ash"}
    assert (view.you.nickname, view.week, view.topic, view.minutes) == ("Wren", 1, "Hello", 90)
    assert (view.state, view.course_id, view.latest, view.more) == (RoomState.LIVE, "c1", 0, False)
