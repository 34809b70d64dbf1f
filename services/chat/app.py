"""How chat is put together."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Any

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error as NatsError

from harbour.contracts.chat import (
    PersonLetBack,
    PersonRemoved,
    RoomRuled,
    SessionCancelled,
    SessionClosing,
    SessionEnded,
    SessionOpened,
    SessionPaused,
    SessionResumed,
    SessionStarted,
    SessionTakenOver,
)
from harbour.contracts.messages import now
from harbour.contracts.rule_bench import RULES, EditionPublished
from harbour.runtime.copies import SaysOfItself, copy_id, followed
from harbour.runtime.database import Database
from harbour.runtime.newest import Newest
from harbour.runtime.service import Service
from harbour.screening.editions import Shelf
from services.chat.doorkeeper import Doorkeeper
from services.chat.handlers import router
from services.chat.holds import Holds, keep_mending
from services.chat.jetstream import JetStreamTranscript
from services.chat.quick import QuickDoor
from services.chat.rules import Gathering
from services.chat.settings import ChatSettings
from services.chat.store import Rooms, metadata
from services.chat.transcript import Transcript

MOVES = (
    SessionOpened, SessionStarted, SessionPaused, SessionResumed, SessionClosing, SessionEnded, SessionCancelled,
)  # fmt: skip
"""What is said when an evening moves on."""


def furnishings(
    database: Database, transcript: Transcript, settings: ChatSettings, line: Callable[[], int] = lambda: 0
) -> dict[str, Any]:
    """What the handlers find in their context, by name. `line`: another number whenever the bus was away."""

    async def gatherings(session_ids: Collection[str]) -> dict[str, Gathering]:
        async with database.reading() as tx:
            return await Rooms(tx).gatherings(session_ids)

    return {
        "transcript": transcript,
        "doorkeeper": Doorkeeper(gatherings, settings.limits(), settings.room_kept_seconds, line=line),
        "holds": Holds(database, transcript),
        "terms": settings.terms(),
    }


async def forget_what_changes(nc: Client, doorkeeper: Doorkeeper) -> list[Subscription]:
    """Every copy hears where an evening moves on or is led in another way, and reads that room anew."""

    async def forget(said: Msg) -> None:
        doorkeeper.forget(said.subject.split(".")[2])

    changes = (*MOVES, RoomRuled, PersonRemoved, PersonLetBack, SessionTakenOver)
    return [await nc.subscribe(fact.pattern(), cb=forget) for fact in changes]


def follow_rules(service: Service) -> AbstractAsyncContextManager[None]:
    """Go by the newest edition of the rules, and say which that is."""
    shelf = Shelf(service.name, copy_id(), now)
    service.says["rules"] = lambda: shelf.running().version
    newest = Newest(service.nc, EditionPublished, EditionPublished.pattern(book=RULES), shelf.take_published)
    saying = SaysOfItself(service.nc, "rules", service.name, copy_id(), shelf.running)
    return followed(newest, saying)


def build() -> Service:
    """The service, ready to start."""
    settings = ChatSettings()

    @asynccontextmanager
    async def lifespan(service: Service) -> AsyncIterator[None]:
        """Furnish the room, hear what other copies change in it, and mend what a dead copy left half done."""
        transcript = JetStreamTranscript(service.nc, service.js, append_seconds=settings.append_seconds)
        things = furnishings(service.database, transcript, settings, lambda: service.nc.stats["reconnects"])
        for name, thing in things.items():
            service.context.set_global(name, thing)
        service.context.set_global("quick_door", QuickDoor(things["doorkeeper"], await transcript.press()))
        heard = await forget_what_changes(service.nc, things["doorkeeper"])
        mending = asyncio.create_task(keep_mending(things["holds"], settings.mend_seconds))
        try:
            yield
        finally:
            mending.cancel()
            await asyncio.gather(mending, return_exceptions=True)
            with suppress(NatsError):  # the line may be gone already, and the subscriptions with it
                for subscription in heard:
                    await subscription.unsubscribe()

    return Service(
        "chat", routers=[router], metadata=metadata, settings=settings, lifespan=lifespan, beside=[follow_rules]
    )
