"""Who had a message on their screen, and what each person is told of one that was taken back."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from harbour.contracts.chat import (
    ExposureFound,
    MessagePosted,
    MessageWithdrawn,
    ShownRun,
    Speaker,
    WithdrawMessage,
    WithdrawnMessage,
)
from harbour.contracts.messages import derived_id
from services.chat.rules.evening import Seat


@dataclass(frozen=True)
class Withdrawal:
    """A message that was taken back, by whom and when."""

    session_id: str
    number: int
    message_id: str
    member_id: str
    nickname: str
    staff_id: str
    name: str
    at: datetime
    shown_to: tuple[str, ...] = ()


def withdrawal(place: Seat, number: int, message: MessagePosted, now: datetime) -> Withdrawal:
    """What is kept when this adult takes this message back."""
    return Withdrawal(
        session_id=message.session_id,
        number=number,
        message_id=message.id,
        member_id=message.member_id,
        nickname=message.nickname,
        staff_id=place.person.person_id,
        name=place.person.nickname,
        at=now,
    )


def to_check_in_with(place: Seat, author_id: str, seen_by: Collection[str]) -> tuple[str, ...]:
    """The young people of the room on whose screens it was, its author aside."""
    young = (person.person_id for person in place.people if person.speaker is Speaker.MEMBER)
    return tuple(person_id for person_id in young if person_id in seen_by and person_id != author_id)


def message_withdrawn(wish: WithdrawMessage, withdrawn: Withdrawal) -> MessageWithdrawn:
    """What is said when a message is taken back; the same every time it is said."""
    return MessageWithdrawn.after(
        wish,
        id=derived_id("withdrawn", withdrawn.message_id),
        at=withdrawn.at,
        member_id=withdrawn.member_id,
        message_id=withdrawn.message_id,
        nickname=withdrawn.nickname,
        name=withdrawn.name,
        shown_to=withdrawn.shown_to,
    )


def seen_after_all(runs: Iterable[ShownRun], withdrawn: Sequence[Withdrawal]) -> list[tuple[Withdrawal, str]]:
    """Who says now that they had a message on their screen that has been taken back meanwhile."""
    return [
        (one, run.person_id)
        for run in runs
        for one in withdrawn
        if one.session_id == run.session_id and run.first <= one.number <= run.upto and one.member_id != run.person_id
    ]


def exposure_found(withdrawn: Withdrawal, person_id: str, now: datetime) -> ExposureFound:
    """What is said of somebody who had it on their screen, once for each."""
    return ExposureFound(
        id=derived_id("exposure", withdrawn.message_id, person_id),
        at=now,
        session_id=withdrawn.session_id,
        member_id=person_id,
        message_id=withdrawn.message_id,
        number=withdrawn.number,
    )


def withdrawn_for(place: Seat, withdrawn: Iterable[Withdrawal]) -> tuple[WithdrawnMessage, ...]:
    """What this person is told of what was taken back: a young person where it stood, an adult also who saw it."""
    if place.sees_all:
        return tuple(
            WithdrawnMessage(
                number=one.number, name=one.name, at=one.at, nickname=one.nickname, shown_to=one.shown_to
            )
            for one in withdrawn
        )  # fmt: skip
    return tuple(WithdrawnMessage(number=one.number, name=one.name, at=one.at) for one in withdrawn)
