"""Who may take over an evening, what that makes of its adults, and what is said of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from harbour.contracts.chat import RoomPerson, SessionTakenOver, Speaker, StaffNote, TakeOver
from harbour.contracts.enrolment import FACILITATES, Role
from harbour.contracts.messages import Refused, derived_id
from services.chat.rules.evening import Gathering
from services.chat.rules.moves import OVER
from services.chat.rules.observing import LOOKS_AHEAD, Colleague


@dataclass(frozen=True)
class StandIn:
    """That an adult leads this one evening, or does not, whatever was planned."""

    session_id: str
    staff_id: str
    name: str
    role: str
    leads: bool
    since: datetime


def adults_of(gathering: Gathering) -> tuple[RoomPerson, ...]:
    """Who leads the evening."""
    return tuple(one for one in gathering.people.values() if one.speaker is Speaker.FACILITATOR)


def with_stand_ins(people: Mapping[str, RoomPerson], changes: Iterable[StandIn]) -> dict[str, RoomPerson]:
    """Who belongs in the room, once those who came in are there and those who stepped back are not."""
    now = dict(people)
    for one in changes:
        now.pop(one.staff_id, None)
        if one.leads:
            now[one.staff_id] = _person(one)
    return now


def _person(one: StandIn) -> RoomPerson:
    return RoomPerson(person_id=one.staff_id, nickname=one.name, speaker=Speaker.FACILITATOR, role=one.role)


def why_not_take_over(
    gathering: Gathering | None, who: Colleague | None, wish: TakeOver, now: datetime
) -> Refused | None:
    """Why this member of staff may not lead this evening; None where they may."""
    if gathering is None:
        return Refused(reason="no-such-session")
    if wish.staff_id in gathering.people:
        return Refused(reason="leads")
    if who is None or not may_take_over(gathering, who, now):
        over, early = gathering.room.state in OVER, now < gathering.room.starts_at - LOOKS_AHEAD
        return Refused(reason="ended" if over else "too-early" if early and who and who.facilitates else "not-yours")
    before = adults_of(gathering)
    if wish.instead_of and wish.instead_of not in {one.person_id for one in before}:
        return Refused(reason="no-such-person")
    after = {one.role for one in before if one.person_id != wish.instead_of} | {who.leads_as}
    had_one = any(one.role == Role.COUNSELLOR for one in before)
    return Refused(reason="counsellor-needed") if had_one and Role.COUNSELLOR not in after else None


def may_take_over(gathering: Gathering, who: Colleague, now: datetime) -> bool:
    """Whether somebody may come in and lead an evening that is not theirs: tonight's, until it is over."""
    room = gathering.room
    return bool(who.roles & FACILITATES) and room.state not in OVER and now >= room.starts_at - LOOKS_AHEAD


def changes_of(gathering: Gathering, who: Colleague, wish: TakeOver, now: datetime) -> list[StandIn]:
    """What is kept of it: they lead from now on, and the other one, if there is one, does not."""
    session_id = gathering.room.session_id
    came = StandIn(session_id, who.staff_id, who.name, who.leads_as, True, now)
    other = gathering.people.get(wish.instead_of)
    if other is None:
        return [came]
    return [came, StandIn(session_id, other.person_id, other.nickname, other.role, False, now)]


def taken_over(gathering: Gathering, changes: list[StandIn], wish: TakeOver) -> SessionTakenOver:
    """What is said of it."""
    after = replace(gathering, people=with_stand_ins(gathering.people, changes))
    return SessionTakenOver.after(
        wish,
        at=changes[0].since,
        course_id=gathering.room.course_id,
        name=changes[0].name,
        adults=adults_of(after),
    )


def note_of_take_over(wish: TakeOver, changes: list[StandIn]) -> StaffNote:
    """Their word to the others, which says in whose place they are here."""
    came, *stepped_back = changes
    place = f"I lead here in place of {stepped_back[0].name} now." if stepped_back else "I lead here as well now."
    return StaffNote(
        note_id=derived_id("note", "take-over", wish.id),
        at=came.since,
        staff_id=came.staff_id,
        name=came.name,
        text=f"{place} {wish.words}"[:2000],
    )
