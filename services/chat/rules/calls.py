"""Who may call the adults, and who hears of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from harbour.contracts.chat import (
    About,
    AskForHelp,
    HelpAnswered,
    HelpAsked,
    HelpCall,
    MessagePosted,
    MessageReported,
    Report,
    ReportMessage,
    Speaker,
)
from harbour.contracts.messages import Refused, derived_id
from services.chat.rules.evening import Gathering, Seat, seat


@dataclass(frozen=True)
class Call:
    """A call for help and whether an adult is with them."""

    session_id: str
    member_id: str
    turn: int
    """0 for their first of the evening; another one only counts once an adult came to the one before."""
    help_id: str
    nickname: str
    badge: str
    at: datetime
    staff_id: str = ""
    name: str = ""


@dataclass(frozen=True)
class Told:
    """A quiet report."""

    session_id: str
    number: int
    member_id: str
    nickname: str
    author: str
    by_adult: bool
    about: About
    at: datetime


def young_seat(gathering: Gathering | None, person_id: str, *, out_too: bool = False) -> Seat | Refused:
    """The place of a young person, or why this person has none; `out_too`: also of one who was asked to step out."""
    if out_too and gathering is not None:
        gathering = replace(gathering, out=frozenset())
    place = seat(gathering, person_id)
    return place if isinstance(place, Refused) or not place.leads else Refused(reason="not-yours")


def call(place: Seat, before: Iterable[Call], now: datetime) -> Call:
    """This call: the one that nobody has answered yet, or a new one."""
    mine = sorted((one for one in before if one.member_id == place.person.person_id), key=lambda one: one.turn)
    if mine and not mine[-1].staff_id:
        return mine[-1]
    session_id, member_id, turn = place.room.session_id, place.person.person_id, len(mine)
    help_id = derived_id("help", session_id, member_id, turn)
    return Call(session_id, member_id, turn, help_id, place.person.nickname, place.person.badge, now)


def help_asked(wish: AskForHelp, one: Call) -> HelpAsked:
    """What is said of a call, the same every time it is said."""
    return HelpAsked.after(
        wish,
        id=derived_id("help-asked", one.help_id),
        at=one.at,
        member_id=one.member_id,
        help_id=one.help_id,
        nickname=one.nickname,
        badge=one.badge,
    )


def help_answered(one: Call, place: Seat, now: datetime) -> HelpAnswered:
    """What is said when an adult is with them."""
    return HelpAnswered(
        id=derived_id("help-answered", one.help_id),
        at=now,
        session_id=one.session_id,
        member_id=one.member_id,
        help_id=one.help_id,
        staff_id=place.person.person_id,
        name=place.person.nickname,
    )


def told(place: Seat, wish: ReportMessage, message: MessagePosted, now: datetime) -> Told:
    """A report as it is kept."""
    return Told(
        session_id=wish.session_id,
        number=wish.number,
        member_id=place.person.person_id,
        nickname=place.person.nickname,
        author=message.nickname,
        by_adult=message.speaker is Speaker.FACILITATOR,
        about=wish.about,
        at=now,
    )


def message_reported(wish: ReportMessage, one: Told, message: MessagePosted) -> MessageReported:
    """What is said of a report, the same every time it is said."""
    return MessageReported.after(
        wish,
        id=derived_id("reported", message.id, one.member_id),
        at=one.at,
        member_id=one.member_id,
        nickname=one.nickname,
        message_id=message.id,
        held_id=message.held_id,
        author_id=message.member_id,
        author=one.author,
        by_adult=one.by_adult,
    )


def calls_for(place: Seat, calls: Iterable[Call]) -> tuple[HelpCall, ...]:
    """The calls this person sees: an adult all of them, a young person their own."""
    return tuple(
        HelpCall(
            help_id=one.help_id,
            person_id=one.member_id,
            nickname=one.nickname,
            badge=one.badge,
            at=one.at,
            answered_by=one.name,
        )
        for one in calls
        if place.sees_all or one.member_id == place.person.person_id
    )


def reports_for(place: Seat, reports: Iterable[Told]) -> tuple[Report, ...]:
    """The reports this person sees: an adult those about young people's messages, a young person none."""
    if not place.sees_all:
        return ()
    return tuple(
        Report(
            number=one.number,
            person_id=one.member_id,
            nickname=one.nickname,
            author=one.author,
            about=one.about,
            at=one.at,
        )
        for one in reports
        if not one.by_adult
    )
