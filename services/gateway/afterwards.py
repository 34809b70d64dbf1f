"""What becomes of a message after it was said: told to everybody it concerns, and to nobody else."""

from collections.abc import Iterable

from harbour.contracts.chat import ExposureFound, MessageWithdrawn, WithdrawnMessage
from services.gateway import frames
from services.gateway.seats import Seat


def withdrawn(seats: Iterable[Seat], event: MessageWithdrawn) -> None:
    """It goes from every screen; facilitators also learn on whose it was."""
    seen = frames.Shown(
        number=event.number, nickname=event.nickname, name=event.name, at=event.at, people=event.shown_to
    )  # fmt: skip
    for seat in seats:
        seat.take_back(event.number, event.name)
        if not seat.ready:
            seat.again = True
        elif seat.facilitator:
            seat.tell_shown(seen)


def exposure_found(seats: Iterable[Seat], event: ExposureFound) -> None:
    """Facilitators learn that one more had it on their screen."""
    seen = frames.Shown(number=event.number, at=event.at, people=(event.member_id,))
    for seat in seats:
        if not seat.ready:
            seat.again = True
        elif seat.facilitator:
            seat.tell_shown(seen)


def show_withdrawn(seats: Iterable[Seat], reader: Seat, messages: Iterable[WithdrawnMessage]) -> None:
    """What one reading says was taken back is so for everybody; a facilitator also reads who had seen it."""
    for one in messages:
        for seat in seats:
            seat.take_back(one.number, one.name)
        reader.take_back(one.number, one.name)
        if reader.facilitator:
            reader.tell_shown(frames.shown(one))
