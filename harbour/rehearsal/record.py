"""Reads, as the operator, what the streams themselves hold."""

import asyncio
import time
from collections.abc import AsyncIterator

from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js import JetStreamContext

from harbour.contracts.chat import MessageDeclined, MessageHeld, MessagePosted
from harbour.contracts.messages import Event, read_event
from harbour.contracts.safeguard import AlertRaised, MessageFlagged
from harbour.rehearsal.ledger import Kept, Record
from harbour.runtime.settings import BusSettings
from harbour.runtime.streams import connect

SCREENING = "safeguard-screen_message"
"""The consumer through which safeguard hears what was said."""
_QUIET_SECONDS = 3.0
_KINDS: tuple[type[Event], ...] = (MessagePosted, MessageHeld, MessageDeclined, MessageFlagged, AlertRaised)
_LOOKED_AT = tuple(f"{kind.fact}." for kind in _KINDS)
"""How the subjects begin that a reckoning looks at."""


async def operator(bus: str) -> Client:
    """A connection to the bus of this stack."""
    return await connect(BusSettings(url=bus), connect_timeout=3)


async def read_record(nc: Client, sessions: set[str]) -> Record:
    """What the streams hold about these sessions now."""
    js = nc.jetstream()
    lines = [kept async for number, event in _stream(js, "CHAT") if (kept := _kept(number, event, sessions))]
    flagged, raised = [], []
    async for _, event in _stream(js, "SAFEGUARD"):
        if isinstance(event, MessageFlagged) and event.session_id in sessions:
            flagged.append((event.message_id, event.alert_id))
        elif isinstance(event, AlertRaised):
            raised.append(event.alert_id)
    return Record(tuple(lines), tuple(flagged), tuple(raised))


async def screened(nc: Client, patience: float) -> bool:
    """Wait until safeguard has looked at everything and is quiet; whether it was in time (seconds)."""
    deadline, quiet, known = time.monotonic() + patience, time.monotonic(), -1
    while time.monotonic() < deadline:
        try:
            js = nc.jetstream()
            info = await js.consumer_info("CHAT", SCREENING)
            said = (await js.stream_info("SAFEGUARD")).state.last_seq
        except (NatsError, TimeoutError):
            said, info = -1, None
        if info is None or info.num_pending or info.num_ack_pending or said != known:
            quiet, known = time.monotonic(), said
        elif time.monotonic() - quiet > _QUIET_SECONDS:
            return True
        await asyncio.sleep(0.3)
    return False


async def _stream(js: JetStreamContext, name: str) -> AsyncIterator[tuple[int, Event]]:
    """Every event a reckoning looks at that a stream holds up to its end as it is now; what else is there is passed
    over unread."""
    last = (await js.stream_info(name)).state.last_seq
    if not last:
        return
    sub = await js.subscribe(f"{name.lower()}.>", stream=name, ordered_consumer=True)
    try:
        while True:
            message = await sub.next_msg(timeout=10)
            number, left = message.metadata.sequence.stream, message.metadata.num_pending
            if message.subject.startswith(_LOOKED_AT):
                yield number, read_event(message.headers, message.data)
            if number >= last or not left:
                return
    finally:
        await sub.unsubscribe()


def _kept(number: int, event: Event, sessions: set[str]) -> Kept | None:
    match event:
        case MessagePosted() if event.session_id in sessions:
            return Kept(number, event.id, event.session_id, event.client_id, "posted", event.held_id)
        case MessageHeld() if event.session_id in sessions:
            return Kept(number, event.id, event.session_id, event.client_id, "held")
        case MessageDeclined() if event.session_id in sessions:
            return Kept(number, event.id, event.session_id, event.client_id, "declined", event.held_id)
    return None
