"""Asking somebody to step out for tonight: what is kept and said of it, and who sees it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from harbour.contracts.chat import PersonLetBack, PersonRemoved, Removal, RemovePerson, RoomPerson
from harbour.contracts.messages import derived_id
from services.chat.rules.evening import Gathering, Seat


@dataclass(frozen=True)
class Removed:
    """A young person who was asked to step out, and whether they were let back in."""

    session_id: str
    member_id: str
    turn: int
    """0 for their first of the evening; another one only counts once they were let back in."""
    removal_id: str
    nickname: str
    badge: str
    at: datetime
    staff_id: str
    name: str
    reason: str = field(repr=False)
    back_by: str = ""
    back_name: str = ""

    @property
    def out(self) -> bool:
        """Whether they are out now."""
        return not self.back_by


def is_out(gathering: Gathering | None, person_id: str) -> bool:
    """Whether this young person was asked to step out for tonight."""
    return gathering is not None and person_id in gathering.out and person_id in gathering.people


def out_now(removals: Iterable[Removed], person_id: str) -> Removed | None:
    """Why this person is out now; None where they are not."""
    return next((one for one in removals if one.member_id == person_id and one.out), None)


def removal(place: Seat, who: RoomPerson, wish: RemovePerson, before: Iterable[Removed], now: datetime) -> Removed:
    """The removal as it is kept: the one that stands, or a new one."""
    mine = [one for one in before if one.member_id == who.person_id]
    if standing := out_now(mine, who.person_id):
        return standing
    return Removed(
        session_id=wish.session_id,
        member_id=who.person_id,
        turn=len(mine),
        removal_id=derived_id("removal", wish.session_id, who.person_id, len(mine)),
        nickname=who.nickname,
        badge=who.badge,
        at=now,
        staff_id=place.person.person_id,
        name=place.person.nickname,
        reason=wish.reason,
    )


def person_removed(one: Removed) -> PersonRemoved:
    """What is said of a removal, the same every time it is said."""
    return PersonRemoved(
        id=derived_id("person-removed", one.removal_id),
        at=one.at,
        session_id=one.session_id,
        member_id=one.member_id,
        removal_id=one.removal_id,
        nickname=one.nickname,
        badge=one.badge,
        staff_id=one.staff_id,
        name=one.name,
        reason=one.reason,
    )


def person_let_back(one: Removed, place: Seat, now: datetime) -> PersonLetBack:
    """What is said when an adult lets them back in."""
    return PersonLetBack(
        id=derived_id("person-let-back", one.removal_id),
        at=now,
        session_id=one.session_id,
        member_id=one.member_id,
        removal_id=one.removal_id,
        staff_id=place.person.person_id,
        name=place.person.nickname,
    )


def removals_for(place: Seat, removals: Iterable[Removed]) -> tuple[Removal, ...]:
    """What this person sees of it: an adult all of them with who and why, a young person none."""
    if not place.sees_all:
        return ()
    return tuple(
        Removal(
            removal_id=one.removal_id,
            person_id=one.member_id,
            nickname=one.nickname,
            badge=one.badge,
            at=one.at,
            name=one.name,
            reason=one.reason,
            let_back_by=one.back_name,
        )
        for one in removals
    )
