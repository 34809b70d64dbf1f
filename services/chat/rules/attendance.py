"""Who came to an evening: what the gateways saw, what people said at the door, and nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from harbour.contracts.chat import (
    AttendanceDue,
    AttendanceTaken,
    Attended,
    Came,
    CheckInNote,
    LeavingDue,
    MemberLeft,
    RecordStays,
    RoomPerson,
    RoomState,
    Speaker,
)
from harbour.contracts.messages import derived_id
from services.chat.rules.evening import Gathering, Room

COUNTED_AFTER = timedelta(seconds=90)
"""How long after its end who came is counted: gateways tell of those who have gone within half of that."""
ASKED_AFTER = timedelta(seconds=70)
"""How long after somebody was last seen it counts that nobody sees them: gateways tell once a minute who is there."""
EARLY = timedelta(minutes=5)
"""Whoever leaves less than this before the end has stayed."""


@dataclass(frozen=True)
class Span:
    """A time somebody had the room open."""

    began_at: datetime
    until: datetime


def attendance(
    cause: AttendanceDue, gathering: Gathering, stays: Mapping[str, Sequence[Span]], notes: Iterable[CheckInNote]
) -> AttendanceTaken:
    """What is said of an evening that has ended: one line for each seat, in the order of the nicknames."""
    room = gathering.room
    return AttendanceTaken.after(
        cause,
        course_id=room.course_id,
        title=room.title,
        week=room.week,
        starts_at=room.starts_at,
        ended_at=ended(room),
        seats=seats(gathering, stays, notes),
    )


def leavings(wish: RecordStays) -> list[LeavingDue]:
    """The clocks that look whether those whom a gateway no longer sees are still seen by another."""
    return [
        LeavingDue.after(
            wish, session_id=one.session_id, member_id=one.person_id, last_at=one.until, due=one.until + ASKED_AFTER
        )
        for one in wish.stays
        if one.gone
    ]


def left(cause: LeavingDue, gathering: Gathering | None, stays: Sequence[Span]) -> MemberLeft | None:
    """What is said of somebody who has gone from a room that goes on; nothing where they are there, or sent out."""
    if gathering is None or gathering.room.state not in (RoomState.LIVE, RoomState.PAUSED):
        return None
    person = gathering.people.get(cause.member_id)
    if person is None or person.speaker is not Speaker.MEMBER or cause.member_id in gathering.out:
        return None
    last = max((one.until for one in stays), default=cause.last_at)
    if last > cause.last_at:
        return None
    left_id = derived_id("left", cause.session_id, cause.member_id, last.isoformat())
    return MemberLeft.after(cause, id=left_id, last_at=last)


def seats(
    gathering: Gathering, stays: Mapping[str, Sequence[Span]], notes: Iterable[CheckInNote]
) -> tuple[Attended, ...]:
    """What became of each seat."""
    said = {note.member_id: note for note in notes}
    young = [one for one in gathering.people.values() if one.speaker is Speaker.MEMBER]
    return tuple(
        _seat(gathering, one, stays.get(one.person_id, ()), said.get(one.person_id))
        for one in sorted(young, key=lambda one: (one.nickname.casefold(), one.person_id))
    )


def ended(room: Room) -> datetime:
    """When an evening that has ended was over for young people: by an adult, or at its time, whichever was sooner."""
    planned = room.starts_at + timedelta(minutes=room.minutes)
    return min(room.changed_at or planned, planned)


def _seat(gathering: Gathering, person: RoomPerson, stays: Sequence[Span], note: CheckInNote | None) -> Attended:
    room, out = gathering.room, person.person_id in gathering.out
    there = together(_within(stays, room.opened_at or room.starts_at, room.changed_at or ended(room)))
    last = there[-1].until if there else None
    return Attended(
        member_id=person.person_id,
        nickname=person.nickname,
        badge=person.badge,
        came=Came.STEPPED_OUT if out else _came(last, ended(room), note),
        first_at=there[0].began_at if there else None,
        last_at=last,
        minutes=round(sum((one.until - one.began_at).total_seconds() for one in there) / 60),
        feeling=note.feeling if note else None,
        alone=note.alone if note else None,
        told_us=bool(note and note.text),
    )


def _came(last: datetime | None, over: datetime, note: CheckInNote | None) -> Came:
    if last is None:
        return Came.NOT_TONIGHT if note is not None and not note.joins else Came.NEVER_CAME
    return Came.LEFT_EARLY if over - last > EARLY else Came.STAYED


def _within(stays: Iterable[Span], opened: datetime, over: datetime) -> list[Span]:
    """As much of each as fell into the evening: who waits at a shut door, or leaves a page open, is not there."""
    inside = (Span(max(one.began_at, opened), min(one.until, over)) for one in stays)
    return [one for one in inside if one.began_at <= one.until]


def together(stays: Iterable[Span]) -> list[Span]:
    """The same times, where those of several screens and gateways that overlap are one; in order."""
    found: list[Span] = []
    for one in sorted(stays, key=lambda each: each.began_at):
        if found and one.began_at <= found[-1].until:
            found[-1] = Span(found[-1].began_at, max(found[-1].until, one.until))
        else:
            found.append(one)
    return found
