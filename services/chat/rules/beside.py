"""What stands beside the messages of an evening, and what each person sees of it."""

from dataclasses import dataclass
from typing import Any

from harbour.contracts.chat import StaffNote, Watching
from services.chat.rules.calls import Call, Told, calls_for, reports_for
from services.chat.rules.evening import Seat
from services.chat.rules.exposure import Withdrawal, withdrawn_for
from services.chat.rules.notes import notes_for
from services.chat.rules.observing import Observer, observers_for
from services.chat.rules.reactions import Standing, reactions_for
from services.chat.rules.removing import Removed, removals_for


@dataclass(frozen=True)
class Beside:
    """Everything beside the messages of an evening."""

    withdrawn: tuple[Withdrawal, ...] = ()
    calls: tuple[Call, ...] = ()
    reports: tuple[Told, ...] = ()
    reactions: tuple[Standing, ...] = ()
    notes: tuple[StaffNote, ...] = ()
    removals: tuple[Removed, ...] = ()
    observers: tuple[Observer, ...] = ()


def beside_for(place: Seat, beside: Beside) -> dict[str, Any]:
    """As this person may see it: the fields of a `RoomView`."""
    return {
        "withdrawn": withdrawn_for(place, beside.withdrawn),
        "calls": calls_for(place, beside.calls),
        "reports": reports_for(place, beside.reports),
        "reactions": reactions_for(place, beside.reactions),
        "notes": notes_for(place, beside.notes),
        "removals": removals_for(place, beside.removals),
        "observers": tuple(
            Watching(staff_id=one.staff_id, name=one.name, since=one.since, until=one.until)
            for one in observers_for(place, beside.observers)
        ),
    }
