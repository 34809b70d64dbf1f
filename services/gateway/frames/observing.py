"""The frames about a supervisor who watches."""

from typing import Literal

from pydantic import AwareDatetime

from harbour.contracts.chat import ObservingBegun, ObservingEnded, Watching
from services.gateway.frames.frame import Frame


class ObserverFrame(Frame):
    """To adults alone: a supervisor watches, or does no more."""

    example = {
        "type": "observer", "person_id": "ruth", "name": "Ruth", "since": "2026-03-03T19:10:00Z", "until": None,
    }  # fmt: skip
    type: Literal["observer"] = "observer"
    person_id: str
    name: str
    since: AwareDatetime
    until: AwareDatetime | None = None
    """When their page was heard last; null while they watch."""


SAID: tuple[type[Frame], ...] = (ObserverFrame,)
HEARD: tuple[type[Frame], ...] = ()


# ── from the contracts ────────────────────────────────────────────────────────────────────────────────────────


def observing_now(event: ObservingBegun | ObservingEnded) -> ObserverFrame:
    """Somebody has just begun to watch, or has ended."""
    since, until = (event.since, event.at) if isinstance(event, ObservingEnded) else (event.at, None)
    return ObserverFrame(person_id=event.staff_id, name=event.name, since=since, until=until)


def observer(one: Watching) -> ObserverFrame:
    """Who watched before this reading."""
    return ObserverFrame(person_id=one.staff_id, name=one.name, since=one.since, until=one.until)
