"""Every stream and consumer of the bus, declared in this one place; services only bind to them."""

from typing import Any

import nats
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, KeyValueConfig, RePublish, StorageType, StreamConfig
from nats.js.errors import APIError, NotFoundError

from harbour.runtime.rooms import Hearing
from harbour.runtime.settings import BusSettings

OLDEST = (2, 12)
"""Message schedules came with NATS 2.12."""
ACK_WAIT_SECONDS = 10.0
"""A handler at work says so every few seconds, so a dead copy's messages come back soon."""
_DAY = 24 * 3600.0
_WINDOW = 2 * 3600.0


class BusTrouble(RuntimeError):
    """The bus is not fit for us; the text says why and what would help."""


def streams(replicas: int = 1) -> list[StreamConfig]:
    """What is kept on the bus. Ages in seconds."""

    def stream(name: str, subjects: list[str], days: float, **more: Any) -> StreamConfig:
        return StreamConfig(
            name=name,
            subjects=subjects,
            storage=StorageType.FILE,
            num_replicas=replicas,
            max_age=days * _DAY,
            duplicate_window=_WINDOW,
            allow_direct=True,
            **more,
        )

    rules = RePublish(src="safeguard.edition-published.*", dest="every.safeguard.edition-published.{{wildcard(1)}}")
    live = RePublish(src="chat.*.*.*", dest="room.{{wildcard(2)}}.{{wildcard(1)}}")
    return [
        stream("ENROLMENT", ["enrolment.>"], 730),
        stream("CHAT", ["chat.>"], 365, republish=live, allow_atomic=True),
        stream("SAFEGUARD", ["safeguard.>"], 730, republish=rules),
        stream("NOTIFY", ["notify.>"], 90),
        stream("TIMERS", ["timers.>"], 365, allow_msg_schedules=True, allow_msg_ttl=True, allow_rollup_hdrs=True),
        stream("DEAD", ["dead.>"], 90),
    ]


async def connect(settings: BusSettings | None = None, name: str = "operator", **more: Any) -> Client:
    """A connection to the bus that never gives up. Raises BusTrouble where the server is too old."""
    settings = settings or BusSettings()
    who: dict[str, Any] = {}
    if settings.user:
        who = {"user": settings.user, "password": settings.password.get_secret_value()}
    more = {"error_cb": _say_nothing, **more}
    nc = await nats.connect(
        settings.url.split(","), name=f"harbour-{name}", inbox_prefix=f"_INBOX_{name}".encode(), **who, **more
    )
    try:
        check_version(nc)
    except BusTrouble:
        await nc.close()
        raise
    return nc


async def until_subscribed(nc: Client) -> None:
    """Wait until the server knows everything that was subscribed to before.

    nats-py's flush sends its PING ahead of what still waits to be sent; only a second one comes after it.
    """
    await nc.flush()
    await nc.flush()


async def _say_nothing(_: Exception) -> None:
    """Whoever asked is told in their own words; the library's would come with a traceback."""


def check_version(nc: Client) -> None:
    """Raises BusTrouble for a server without message schedules."""
    found = nc.connected_server_version
    if (found.major, found.minor) < OLDEST:
        raise BusTrouble(
            f"The NATS server is {found.major}.{found.minor}; Harbour's timers need 2.12 or later. "
            "Upgrade nats-server, or take the one that comes with Harbour off the path's way."
        )


async def declare_all(wanted: list[Hearing], url: str = "", replicas: int = 1) -> None:
    """Declare streams, the delivery notes and these consumers; what is there already stays. Raises BusTrouble."""
    settings = BusSettings(url=url) if url else BusSettings()
    try:
        nc = await connect(settings, max_reconnect_attempts=5)
    except (NatsError, OSError) as error:
        place = settings.url.rpartition("@")[2]
        raise BusTrouble(
            f"The bus at {place} does not let us in ({type(error).__name__}). "
            "Is it running? If it is, look at NATS_URL, NATS_USER and its password."
        ) from None
    try:
        await declare(nc.jetstream(), wanted, replicas)
    finally:
        await nc.close()


async def declare(js: JetStreamContext, wanted: list[Hearing], replicas: int = 1) -> None:
    """Make streams and consumers as they should be: a change of limits is applied, what cannot be changed refused."""
    for config in streams(replicas):
        await _declare_stream(js, config)
    await js.create_key_value(config=KeyValueConfig(bucket="delivery", ttl=7 * _DAY, replicas=replicas))
    for hearing in wanted:
        await js.add_consumer(hearing.stream, consumer(hearing))


async def _declare_stream(js: JetStreamContext, config: StreamConfig) -> None:
    assert config.name
    try:
        standing = (await js.stream_info(config.name)).config
    except NotFoundError:
        standing = None
    if standing and standing.storage != config.storage:
        raise BusTrouble(_refusal(config.name, "it is not kept in files"))
    try:
        await (js.update_stream(config) if standing else js.add_stream(config))
    except APIError as error:
        why = error.description or "the server refused"
        raise BusTrouble(_refusal(config.name, why) if standing else _cannot_be_made(config.name, why)) from None


def _refusal(name: str, why: str) -> str:
    return (
        f"The stream {name} stands in a way that cannot be changed in place: {why}. "
        "Back it up, remove it, and declare again; nothing in it was changed."
    )


def _cannot_be_made(name: str, why: str) -> str:
    return f"The stream {name} cannot be made: {why}. Look at what else this server keeps, then declare again."


def consumer(hearing: Hearing) -> ConsumerConfig:
    """How a durable consumer stands on the server."""
    return ConsumerConfig(
        durable_name=hearing.durable,
        name=hearing.durable,
        filter_subjects=list(hearing.subjects),
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=ACK_WAIT_SECONDS,
        deliver_policy=DeliverPolicy.ALL,
        max_ack_pending=1 if hearing.ordered else 1000,
        max_deliver=-1,
    )
