"""Who is writing just now, where the adults have turned that on: a sign from one gateway to all of them, over the bus
itself and no stream, which is forgotten a few seconds later and never logged.
"""

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from nats.aio.client import Client
from nats.errors import Error as NatsError

from harbour.contracts.chat import RoomState, Ways
from harbour.runtime.straight import Heard
from services.gateway import frames
from services.gateway.seats import Seat

if TYPE_CHECKING:
    from services.gateway.rooms import Room

LASTS_SECONDS = 6.0
"""So long after its last sign nobody is shown as writing any more."""
_SPEAKING = frozenset({RoomState.LIVE, RoomState.CLOSING})


def subject(session_id: str) -> str:
    """Where gateways tell one another who is writing in this room."""
    return f"gateway.writing.{session_id}"


def may_show(ways: Ways, seat: Seat) -> bool:
    """Whether the others may see that this person is writing: it is on, and they could send what they write."""
    if seat.observes or not ways.show_writing:
        return False
    waits = seat.person_id in ways.muted or (ways.round is not None and ways.round.turn != seat.person_id)
    return seat.facilitator or not waits


class Signs:
    """Tells every gateway that somebody is writing. What is not heard at once need not be heard at all."""

    def __init__(self, nc: Client) -> None:
        self._nc = nc

    async def tell(self, session_id: str, seat: Seat) -> None:
        """This person is writing, if the room shows that; otherwise nothing is told to anybody."""
        if may_show(seat.ways, seat) and not seat.closing.is_set() and self._nc.is_connected:
            with suppress(NatsError):
                await self._nc.publish(subject(session_id), seat.person_id.encode())


class Writing:
    """Who is writing in one room, as this gateway's screens see it."""

    def __init__(self, room: "Room", lasts_seconds: float = LASTS_SECONDS) -> None:
        self._room, self._lasts_seconds = room, lasts_seconds
        self._fading: dict[str, asyncio.TimerHandle] = {}
        self._told: WeakKeyDictionary[Seat, tuple[str, ...]] = WeakKeyDictionary()

    def hear(self, msg: Heard) -> None:
        """A sign of somebody, from whichever gateway their browser is at."""
        person_id = msg.data.decode()
        if (before := self._fading.pop(person_id, None)) is not None:
            before.cancel()
        loop = asyncio.get_running_loop()
        self._fading[person_id] = loop.call_later(self._lasts_seconds, self.stop, person_id)
        self.show()

    def stop(self, person_id: str) -> None:
        """This person has said it, or has written nothing for a while."""
        if (fading := self._fading.pop(person_id, None)) is not None:
            fading.cancel()
            self.show()

    def show(self) -> None:
        """Tell each seat who of the others is writing, where that is news, and nobody while it is off."""
        speaking = self._room.state in _SPEAKING
        for seat in self._room.seats:
            shown = speaking and seat.ways.show_writing
            others = tuple(one for one in self._fading if one != seat.person_id) if shown else ()
            if seat.greeted and set(others) != set(self._told.get(seat, ())):
                self._told[seat] = others
                seat.give(frames.WritingFrame(people=others).wire())
