"""What becomes of a message after it was said: told to everybody it concerns, and to nobody else."""

from collections.abc import Iterable

from harbour.contracts.chat import (
    ExposureFound,
    HelpAnswered,
    MessageReported,
    MessageWithdrawn,
    PersonLetBack,
    PersonRemoved,
    ReactionSet,
    RoomView,
    SessionTakenOver,
    Speaker,
    WithdrawnMessage,
)
from services.gateway import frames
from services.gateway.frames import Close
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


def show_beside(seats: Iterable[Seat], reader: Seat, view: RoomView) -> None:
    """What a reading tells beside the messages: what was taken back for everybody, the rest for its reader."""
    _show_withdrawn(seats, reader, view.withdrawn)
    adults = tuple(one for one in view.people if one.speaker is Speaker.FACILITATOR)
    for seat in seats:
        seat.tell_adults(view.adults_at, adults)
    reader.tell_waited(view.waited)
    for word in view.private:
        reader.tell_private(frames.private_word(word))
    for call in view.calls:
        reader.tell_call(frames.help_call(call))
    for report in view.reports:
        reader.tell_report(frames.report(report))
    for one in view.reactions:
        reader.tell_reactions(frames.reacted(one))
    for note in view.notes:
        reader.tell_note(note)
    for one_who_watches in view.observers:
        reader.tell_observer(frames.observer(one_who_watches))
    for removal in view.removals:
        reader.tell_removal(frames.removal(removal))
    _close_for(seats, {one.person_id for one in view.removals if not one.let_back_by})


def call_made(seats: Iterable[Seat], frame: frames.Help) -> None:
    """Somebody needs help now: every adult of the room hears it, and the one who called; no peer does."""
    for seat in seats:
        if not seat.ready:
            seat.again = True
        elif seat.facilitator or seat.person_id == frame.person_id:
            seat.tell_call(frame)


def call_answered(seats: Iterable[Seat], event: HelpAnswered) -> None:
    """An adult is with them."""
    call_made(seats, frames.Help(help_id=event.help_id, person_id=event.member_id, at=event.at, answered_by=event.name))


def reported(seats: Iterable[Seat], event: MessageReported) -> None:
    """A quiet report is heard by the adults of the room, unless it is about one of them: then by the desk alone."""
    if event.by_adult:
        return
    for seat in seats:
        if not seat.ready:
            seat.again = True
        elif seat.facilitator:
            seat.tell_report(frames.reported(event))


def private_word(seats: Iterable[Seat], frame: frames.PrivateFrame) -> None:
    """A private word is heard by the adults of the room and the one young person whose thread it is."""
    for seat in seats:
        if not seat.ready:
            seat.again = True
        elif seat.leads or seat.person_id == frame.member_id:
            seat.tell_private(frame)


def stepped_out(seats: Iterable[Seat], event: PersonRemoved) -> None:
    """Every screen of whoever was asked to step out is closed kindly; the adults hear who asked and why, no peer
    anything."""
    _close_for(seats, {event.member_id})
    _tell_removal(seats, frames.stepped_out(event))


def taken_over(seats: Iterable[Seat], event: SessionTakenOver) -> None:
    """Everybody learns who leads from now on; the screens of whoever stepped back close."""
    for seat in seats:
        seat.tell_adults(event.at, event.adults)
        if seat.person_id == event.instead_of:
            seat.close(Close.NOT_YOURS)


def let_back(seats: Iterable[Seat], event: PersonLetBack) -> None:
    """The adults hear that somebody may come in again."""
    _tell_removal(seats, frames.let_back(event))


def _tell_removal(seats: Iterable[Seat], frame: frames.SteppedOut) -> None:
    for seat in seats:
        if not seat.ready:
            seat.again = True
        elif seat.facilitator:
            seat.tell_removal(frame)


def _close_for(seats: Iterable[Seat], out: set[str]) -> None:
    for seat in seats:
        if seat.person_id in out and not seat.may_lead:
            seat.close(Close.STEPPED_OUT)


def reaction_set(seats: Iterable[Seat], event: ReactionSet) -> None:
    """Everybody sees how many there are of each; who it was, only an adult and whoever it was."""
    for seat in seats:
        if not seat.ready:
            seat.again = True
        else:
            own = seat.person_id == event.member_id
            seat.tell_reactions(frames.reaction_set(event, own=own, leads=seat.facilitator))


def _show_withdrawn(seats: Iterable[Seat], reader: Seat, messages: Iterable[WithdrawnMessage]) -> None:
    """What one reading says was taken back is so for everybody; a facilitator also reads who had seen it."""
    for one in messages:
        for seat in seats:
            seat.take_back(one.number, one.name)
        reader.take_back(one.number, one.name)
        if reader.facilitator:
            reader.tell_shown(frames.shown(one))
