"""When may an evening move on, and what do its doors still need?

scheduled → doors → live ⇄ paused
                    live → closing ⇄ paused
                    live, closing, paused → ended
scheduled, doors → cancelled
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from harbour.contracts.chat import CanaryState, EveningStands, Lack, RoomState
from harbour.contracts.enrolment import Role
from harbour.contracts.messages import Refused
from services.chat.rules.evening import SPEAKING, Gathering, Room, leading_seat


class Move(StrEnum):
    """What can be done with an evening."""

    OPEN = "open"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    CLOSE = "close"
    END = "end"
    CANCEL = "cancel"


FROM: Mapping[Move, frozenset[RoomState]] = {
    Move.OPEN: frozenset({RoomState.SCHEDULED}),
    Move.START: frozenset({RoomState.DOORS}),
    Move.PAUSE: SPEAKING,
    Move.RESUME: frozenset({RoomState.PAUSED}),
    Move.CLOSE: frozenset({RoomState.LIVE}),
    Move.END: SPEAKING | {RoomState.PAUSED},
    Move.CANCEL: frozenset({RoomState.SCHEDULED, RoomState.DOORS}),
}
"""Where an evening must stand for each move."""

TO: Mapping[Move, RoomState] = {
    Move.OPEN: RoomState.DOORS,
    Move.START: RoomState.LIVE,
    Move.PAUSE: RoomState.PAUSED,
    Move.CLOSE: RoomState.CLOSING,
    Move.END: RoomState.ENDED,
    Move.CANCEL: RoomState.CANCELLED,
}
"""Where each leads; resuming leads back to where the pause began."""

OVER = frozenset({RoomState.ENDED, RoomState.CANCELLED})


def why_not(move: Move, state: RoomState) -> str | None:
    """Why an evening that stands here cannot be moved so; None where it can, or where it is there already."""
    if state in FROM[move] or state is TO.get(move) or (move is Move.RESUME and state in SPEAKING):
        return None
    if move in (Move.OPEN, Move.START) and state in (*SPEAKING, RoomState.PAUSED, RoomState.DOORS):
        return None
    if move is Move.CLOSE and state is RoomState.CLOSING:
        return None
    if state in OVER:
        return "not-live" if move in (Move.PAUSE, Move.RESUME, Move.CLOSE) else state.value
    if move is Move.START:
        return "not-open"
    return "begun" if move is Move.CANCEL else "not-live"


@dataclass(frozen=True)
class Terms:
    """How an evening goes, in time."""

    doors: timedelta = timedelta(minutes=15)
    """How long before it begins its doors may open."""
    away: timedelta = timedelta(seconds=15)
    """How long an adult's page may be silent before nobody is thought to be there."""
    canary: timedelta = timedelta(seconds=120)
    """How long the practice alert may take."""
    closing: timedelta = timedelta(minutes=5)
    """The last few minutes."""
    overrun: timedelta = timedelta(minutes=15)
    """How long after its time an evening ends by itself."""

    def doors_at(self, starts_at: datetime) -> datetime:
        """From when the doors may open."""
        return starts_at - self.doors

    def closing_at(self, starts_at: datetime, minutes: int) -> datetime:
        """When the last few minutes begin."""
        return starts_at + timedelta(minutes=minutes) - self.closing

    def over_at(self, starts_at: datetime, minutes: int) -> datetime:
        """When an evening that nobody has ended is over."""
        return starts_at + timedelta(minutes=minutes) + self.overrun


@dataclass(frozen=True)
class Canary:
    """Tonight's practice alert."""

    canary_id: str
    due_at: datetime
    seen_at: datetime | None = None

    def state(self, now: datetime) -> CanaryState:
        """Where it is; what was seen too late does not count."""
        if self.seen_at is not None:
            return CanaryState.SEEN if self.seen_at <= self.due_at else CanaryState.LATE
        return CanaryState.SENT if now <= self.due_at else CanaryState.LATE


@dataclass(frozen=True)
class Watch:
    """Who looks after a room tonight."""

    gathering: Gathering
    heard: Mapping[str, datetime]
    """When each adult's page was last heard."""
    on_call: Mapping[str, str]
    """The officers on call now, by id: their names."""
    canary: Canary | None = None

    @property
    def room(self) -> Room:
        """The room they look after."""
        return self.gathering.room

    @property
    def last_heard(self) -> datetime | None:
        """When any adult's page was last heard."""
        return max(self.heard.values(), default=None)

    def here(self, now: datetime, terms: Terms) -> list[str]:
        """The adults of this room whose page was heard a moment ago."""
        return [who for who, at in sorted(self.heard.items()) if who in self.gathering.people and now - at < terms.away]


NO_SUCH_SESSION = Refused(reason="no-such-session")


def why_not_lead(watch: Watch, staff_id: str) -> Refused | None:
    """Why this person may not lead here; None where they may."""
    place = leading_seat(watch.gathering, staff_id)
    return place if isinstance(place, Refused) else None


def lacks(watch: Watch, now: datetime, terms: Terms) -> tuple[Lack, ...]:
    """What the doors still need: a counsellor, a second adult, an officer on call, a practice alert that was seen."""
    here = watch.here(now, terms)
    counsellors = [who for who in here if watch.gathering.people[who].role == Role.COUNSELLOR]
    canary = watch.canary.state(now) if watch.canary else CanaryState.NOT_SENT
    found = {
        Lack.TOO_EARLY: now < terms.doors_at(watch.room.starts_at),
        Lack.COUNSELLOR: not counsellors,
        Lack.SECOND_ADULT: len(here) < 2,
        Lack.ON_CALL: not watch.on_call,
        Lack.CANARY: canary is not CanaryState.SEEN,
    }
    return tuple(lack for lack, is_so in found.items() if is_so)


def needs_canary(watch: Watch, now: datetime) -> bool:
    """Whether a practice alert is to be sent: none is on its way, and none was seen in time."""
    return watch.canary is None or watch.canary.state(now) is CanaryState.LATE


def heard_now(watch: Watch, staff_id: str, now: datetime) -> Watch:
    """The watch with an adult whose page was heard this moment."""
    return replace(watch, heard={**watch.heard, staff_id: now})


def are_adults_away(watch: Watch, now: datetime, terms: Terms) -> bool:
    """Whether no adult's page has been heard for so long that the room must not go on alone."""
    return not watch.here(now, terms)


def how_it_stands(watch: Watch, state: RoomState, now: datetime, terms: Terms) -> EveningStands:
    """Where the evening stands, for an adult who leads it."""
    return EveningStands(
        session_id=watch.room.session_id,
        state=state,
        lacks=lacks(watch, now, terms),
        canary=watch.canary.state(now) if watch.canary else CanaryState.NOT_SENT,
        adults=tuple(watch.gathering.people[who].nickname for who in watch.here(now, terms)),
        on_call=tuple(watch.on_call.values()),
        doors_at=terms.doors_at(watch.room.starts_at),
    )
