"""The debrief: who writes it and when, what is said of it, and who reads what others wrote."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from harbour.contracts.chat import (
    Attended,
    Debrief,
    DebriefForm,
    DebriefWritten,
    RoomState,
    SaveDebrief,
    Speaker,
    Worry,
)
from harbour.contracts.messages import Refused
from services.chat.rules.evening import Gathering, Seat, leading_seat
from services.chat.rules.observing import Colleague

ASKED_FOR = timedelta(days=14)
"""How long after an evening somebody is reminded of its debrief."""


@dataclass(frozen=True)
class KeptDebrief:
    """One adult's debrief of one evening, as it stands."""

    session_id: str
    staff_id: str
    name: str
    debrief: Debrief = field(repr=False)
    saved_at: datetime
    worries: tuple[Worry, ...] = ()
    done_at: datetime | None = None
    done_with: str = ""
    """The id of the wish that finished it."""


def debriefing_seat(gathering: Gathering | None, staff_id: str) -> Seat | Refused:
    """The place of an adult who led an evening that is over."""
    place = leading_seat(gathering, staff_id)
    if isinstance(place, Refused) or place.room.state is RoomState.ENDED:
        return place
    return Refused(reason="not-over")


def why_not_save(kept: KeptDebrief | None, one: KeptDebrief) -> Refused | None:
    """Why a debrief is not kept so: it is finished, or it worries about nobody we could look after."""
    if kept is not None and kept.done_at is not None:
        return Refused(reason="done")
    about_nobody = bool(one.debrief.worry) and not one.worries
    return Refused(reason="who-is-it") if one.done_at is not None and about_nobody else None


def kept_debrief(place: Seat, wish: SaveDebrief, now: datetime) -> KeptDebrief:
    """The debrief as it is kept: whoever it worries about is a young person of this room."""
    worries = tuple(
        Worry(member_id=one.person_id, nickname=one.nickname, badge=one.badge)
        for one in place.people
        if one.speaker is Speaker.MEMBER and one.person_id in wish.debrief.worried_about
    )
    ids = tuple(one.member_id for one in worries)
    return KeptDebrief(
        session_id=wish.session_id,
        staff_id=wish.staff_id,
        name=place.person.nickname,
        debrief=wish.debrief.model_copy(update={"worried_about": ids}),
        saved_at=now,
        worries=worries,
        done_at=now if wish.done else None,
        done_with=wish.id if wish.done else "",
    )


def debrief_written(wish: SaveDebrief, place: Seat, one: KeptDebrief) -> DebriefWritten:
    """What is said of a debrief that is finished."""
    room = place.room
    return DebriefWritten.after(
        wish,
        course_id=room.course_id,
        title=room.title,
        week=room.week,
        starts_at=room.starts_at,
        name=one.name,
        debrief=one.debrief,
        worries=one.worries,
        at=one.saved_at,
    )


def debrief_form(place: Seat, kept: KeptDebrief | None, seats: tuple[Attended, ...]) -> DebriefForm:
    """The form as it stands, for its writer."""
    room = place.room
    return DebriefForm(
        session_id=room.session_id,
        title=room.title,
        week=room.week,
        topic=room.topic,
        starts_at=room.starts_at,
        name=place.person.nickname,
        debrief=kept.debrief if kept else Debrief(),
        done=kept is not None and kept.done_at is not None,
        seats=seats,
    )


def reads_debriefs(who: Colleague | None) -> bool:
    """Whether somebody looks after the adults who lead, and reads how their evenings went."""
    return who is not None and who.supervises
