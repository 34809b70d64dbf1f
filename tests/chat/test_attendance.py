"""Who came: what the gateways saw and what people said at the door, counted once when an evening is over."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from harbour.contracts.chat import (
    Alone,
    AttendanceDue,
    AttendanceTaken,
    Attended,
    Came,
    CheckIn,
    EndSession,
    RecordStays,
    RoomState,
    Stay,
    StaysRecorded,
)
from services.chat import rules
from services.chat.rules import Span
from tests.chat.copies import Copy
from tests.chat.people import EVENING, gathering

END = EVENING + timedelta(minutes=90)


def at(minute: float) -> datetime:
    """So many minutes into the evening."""
    return EVENING + timedelta(minutes=minute)


def spans(*minutes: tuple[float, float]) -> list[Span]:
    """Times somebody had the room open."""
    return [Span(at(began), at(until)) for began, until in minutes]


def robin(*stays: tuple[float, float], ended: datetime = END) -> Attended:
    """Robin's line, where these are the times they had the room open."""
    evening = gathering(RoomState.ENDED, opened_at=at(-15))
    over = replace(evening, room=replace(evening.room, changed_at=ended))
    [line] = [one for one in rules.seats(over, {"robin": spans(*stays)}, []) if one.member_id == "robin"]
    return line


# ── what it comes to ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("stays", "came", "minutes"),
    [
        ([(0, 90)], Came.STAYED, 90),
        ([(0, 86)], Came.STAYED, 86),
        ([(0, 84)], Came.LEFT_EARLY, 84),
        ([(0, 20), (30, 90)], Came.STAYED, 80),
        ([(0, 50), (40, 90)], Came.STAYED, 90),
        ([(-60, -20)], Came.NEVER_CAME, 0),
        ([(-60, 90)], Came.STAYED, 105),
        ([(95, 100)], Came.NEVER_CAME, 0),
        ([(10, 10)], Came.LEFT_EARLY, 0),
        ([], Came.NEVER_CAME, 0),
    ],
)
def test_who_is_there_near_the_end_has_stayed(stays: list[tuple[float, float]], came: Came, minutes: int) -> None:
    line = robin(*stays)
    assert (line.came, line.minutes) == (came, minutes)


def test_who_goes_when_it_was_to_end_has_not_left_early_though_nobody_ended_it() -> None:
    assert robin((0, 90), ended=at(105)).came is Came.STAYED


def test_who_stays_to_an_early_end_has_stayed() -> None:
    line = robin((0, 60), ended=at(60))
    assert (line.came, line.first_at, line.last_at) == (Came.STAYED, at(0), at(60))


def test_who_was_asked_to_step_out_has_not_left() -> None:
    evening = replace(gathering(RoomState.ENDED, opened_at=at(-15)), out=frozenset({"robin"}))
    assert [one.came for one in rules.seats(evening, {"robin": spans((0, 40))}, [])] == [
        Came.STEPPED_OUT,
        Came.NEVER_CAME,
    ]


# ── an evening ────────────────────────────────────────────────────────────────────────────────────────────────


async def tells(chat: Copy, person: str, began: float, until: float) -> None:
    """A gateway tells of somebody."""
    stay = Stay(session_id="s1", person_id=person, began_at=at(began), until=at(until))
    assert isinstance(await chat.asks(RecordStays(stays=(stay,))), StaysRecorded)


async def comes(chat: Copy, person: str, *, joins: bool, text: str = "") -> None:
    """Somebody says how they come."""
    wish = CheckIn(session_id="s1", member_id=person, feeling=2, alone=Alone.NO, text=text, joins=joins)
    await chat.asks(wish)


async def ends(chat: Copy) -> AttendanceDue:
    """The evening ends, and its clock is set."""
    chat.now = END
    await chat.asks(EndSession(id="end", session_id="s1", staff_id="sam"))
    [due] = [one for one in chat.said if isinstance(one, AttendanceDue)]
    return due


async def test_attendance_is_one_line_for_each_seat_from_what_happened(chat: Copy) -> None:
    await chat.begin()
    await comes(chat, "robin", joins=True, text="a hard week")
    await comes(chat, "wren", joins=False)
    await tells(chat, "robin", 0, 1)
    await tells(chat, "robin", 0, 40)
    await tells(chat, "robin", 0, 30)  # an older word that comes late
    await tells(chat, "sam", 0, 90)
    due = await ends(chat)
    assert due.due == END + rules.COUNTED_AFTER
    chat.said.clear()
    await chat.asks(due)
    await chat.asks(due)
    first, again = chat.said
    assert isinstance(first, AttendanceTaken)
    assert first.id == again.id
    assert [(one.nickname, one.came) for one in first.seats] == [
        ("Robin", Came.LEFT_EARLY),
        ("Wren", Came.NOT_TONIGHT),
    ]
    line = first.seats[0]
    assert (line.first_at, line.last_at, line.feeling, line.alone, line.told_us) == (at(0), at(40), 2, Alone.NO, True)
    assert "a hard week" not in first.model_dump_json()


async def test_nobody_is_counted_while_an_evening_goes_on(chat: Copy) -> None:
    await chat.begin()
    await chat.asks(AttendanceDue(session_id="s1", due=END))
    await chat.asks(AttendanceDue(session_id="nowhere", due=END))
    assert chat.said == []
