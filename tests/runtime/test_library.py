"""What FastStream and structlog do by themselves, and that we do otherwise; each test fails when a library changes."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import structlog
from faststream import AckPolicy
from faststream.nats import JStream, NatsBroker, PullSub
from nats.js.api import ConsumerConfig, StreamConfig
from nats.js.errors import NoStreamResponseError
from pydantic import BaseModel

from harbour import doors
from harbour.runtime import logs, streams
from harbour.runtime.database import Database
from harbour.runtime.outbox import Outbox, Postbox
from harbour.runtime.rooms import Router
from harbour.runtime.settings import BusSettings
from tests.chat.servers import NatsServer
from tests.runtime.old_server import old_server
from tests.runtime.test_delivery import settled
from tests.runtime.trial import Asked, Bus, Echoed, on_trial, tables, until

MARKED = "the-heron-stood-in-the-rain"
STREAM = JStream("PLAIN", declare=False)
ONE = PullSub(batch_size=1)


class Slip(BaseModel):
    """A form that does not fit."""

    number: int


@pytest.fixture
async def plain(bus: Bus, server: NatsServer) -> Callable[..., NatsBroker]:
    """FastStream as it comes, on a stream of its own."""
    await bus.js.add_stream(StreamConfig(name="PLAIN", subjects=["plain.>"]))
    return lambda logger=None: NatsBroker(server.url, logger=logger)


@asynccontextmanager
async def started(broker: NatsBroker) -> AsyncIterator[None]:
    """A broker at work."""
    async with broker:
        await broker.start()
        yield


# ── no policy: the first crash is the last ────────────────────────────────────────────────────────────────────


async def test_the_library_terminates_a_message_at_its_first_crash(bus: Bus, plain: Callable[..., NatsBroker]) -> None:
    broker, calls = plain(), []

    @broker.subscriber("plain.one", stream=STREAM, durable="crash", pull_sub=ONE)
    async def crash(word: str) -> None:
        calls.append(word)
        raise ValueError

    ended = await bus.nc.subscribe("$JS.EVENT.ADVISORY.CONSUMER.MSG_TERMINATED.PLAIN.crash")
    async with started(broker):
        await bus.js.publish("plain.one", b"one")
        await ended.next_msg(timeout=5)
        assert await bus.unsettled("crash", "PLAIN") == 0
    assert calls == ["one"]


@pytest.mark.parametrize("room", doors.ROOMS)
def test_every_door_of_ours_leaves_settling_to_us_and_fetches_one_at_a_time(room: str) -> None:
    router = doors.routers()[room]
    assert router.subscribers
    for subscriber in router.subscribers:
        assert subscriber.ack_policy is AckPolicy.MANUAL
        if pull := getattr(subscriber, "pull_sub", None):
            assert pull.batch_size == 1
    assert sum(hasattr(one, "pull_sub") for one in router.subscribers) == sum(one.at_once for one in router.hearings)


# ── NACK_ON_ERROR: no delay at all ────────────────────────────────────────────────────────────────────────────


async def test_the_library_naks_without_delay_and_a_consumers_back_off_does_not_govern_naks(
    bus: Bus, plain: Callable[..., NatsBroker]
) -> None:
    broker, calls = plain(), []
    slow = ConsumerConfig(durable_name="crash", filter_subject="plain.one", backoff=[5.0, 10.0], max_deliver=1000)
    await bus.js.add_consumer("PLAIN", slow)

    @broker.subscriber("plain.one", stream=STREAM, durable="crash", pull_sub=ONE, ack_policy=AckPolicy.NACK_ON_ERROR)
    async def crash(word: str) -> None:
        calls.append(word)
        raise ValueError

    async with started(broker):
        await bus.js.publish("plain.one", b"one")
        await until(lambda: len(calls) >= 50, seconds=4)


# ── publish: unconfirmed unless the stream is named ───────────────────────────────────────────────────────────


async def test_the_library_publishes_into_the_void_unless_a_stream_is_named(
    bus: Bus, plain: Callable[..., NatsBroker]
) -> None:
    broker: Any = plain()
    async with started(broker):
        assert await broker.publish("one", "nobody.listens.here") is None
        assert await broker.publish("one", "plain.one") is None
        acknowledged = await broker.publish("two", "plain.two", stream="PLAIN")
        assert (acknowledged.stream, acknowledged.seq) == ("PLAIN", 2)
        with pytest.raises(NoStreamResponseError):
            await broker.publish("one", "nobody.listens.here", stream="PLAIN")


async def test_what_no_stream_confirms_stays_in_our_outbox_until_one_does(bus: Bus, tried_database: str) -> None:
    await tables("tried", tried_database)
    database = Database(tried_database)
    postbox = Postbox(database, bus.js)
    event = Echoed(word="one")
    try:
        async with database.begin() as tx:
            kept = await Outbox(tx).add(event)
        assert kept is not None
        await bus.js.delete_stream("TRIED")
        await postbox.send([kept])
        assert await postbox.sweep(0) == 1
        await bus.js.add_stream(StreamConfig(name="TRIED", subjects=["tried.>"]))
        assert await postbox.sweep(0) == 1
        assert await postbox.sweep(0) == 0
    finally:
        await database.close()
    assert await bus.echoes() == ["one"]


# ── a pull batch above one: side by side and out of order ─────────────────────────────────────────────────────


async def test_the_library_runs_a_batch_side_by_side_and_out_of_order(
    bus: Bus, plain: Callable[..., NatsBroker]
) -> None:
    broker, done = plain(), []
    for number in range(1, 6):
        await bus.js.publish("plain.one", str(number).encode())

    @broker.subscriber("plain.one", stream=STREAM, durable="batch", pull_sub=PullSub(batch_size=5))
    async def take(number: int) -> None:
        await asyncio.sleep(0.4 / number)
        done.append(number)

    async with started(broker):
        await until(lambda: len(done) == 5)
    assert done == [5, 4, 3, 2, 1]


async def test_we_take_one_after_another_in_order(bus: Bus, lite: str) -> None:
    router, done = Router("tried"), []

    @router.hears(Asked, transaction=False)
    async def take(event: Asked) -> None:
        await asyncio.sleep(0.2 / int(event.word))
        done.append(event.word)

    await bus.say(*(Asked(word=str(number)) for number in range(1, 6)))
    async with on_trial(bus, router):
        await until(lambda: settled(bus, "tried-take"))
    assert done == ["1", "2", "3", "4", "5"]


# ── flush: its PING overtakes subscriptions ───────────────────────────────────────────────────────────────────


async def test_a_flush_of_the_library_overtakes_what_was_subscribed_to_and_ours_does_not() -> None:
    told: list[bytes] = []
    async with old_server("2.15.0", told) as url:
        nc = await streams.connect(BusSettings(url=url))
        told.clear()
        await nc.subscribe("one")
        await nc.flush()
        assert told[0] == b"PING"
        await until(lambda: b"SUB" in told)
        told.clear()
        await nc.subscribe("two")
        await streams.until_subscribed(nc)
        assert told == [b"PING", b"SUB", b"PING"]
        await nc.close()


# ── errors that quote people ──────────────────────────────────────────────────────────────────────────────────


class Lines(logging.Handler):
    """What a library logs, with its tracebacks."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        self.lines.append(self.format(record))


async def test_the_library_logs_what_people_wrote_when_it_does_not_fit(
    bus: Bus, plain: Callable[..., NatsBroker]
) -> None:
    logger, seen = logging.Logger("plain"), Lines()
    logger.addHandler(seen)
    broker = plain(logger)

    @broker.subscriber("plain.one", stream=STREAM, durable="read", pull_sub=ONE)
    async def read(slip: Slip) -> None: ...

    async with started(broker):
        await bus.js.publish("plain.one", b'{"number": "%s"}' % MARKED.encode())
        await until(lambda: any("ValidationError" in line for line in seen.lines))
    assert any(MARKED in line for line in seen.lines)


async def test_the_error_itself_quotes_it_so_its_text_goes_into_no_header_of_ours(
    bus: Bus, lite: str, capsys: pytest.CaptureFixture[str]
) -> None:
    router, quoted = Router("tried"), []

    @router.hears(Asked)
    async def read(event: Asked) -> None:
        try:
            Slip.model_validate({"number": event.text})
        except ValueError as error:
            quoted.append(str(error))
            raise

    logs.start("tried", "DEBUG")
    async with on_trial(bus, router):
        await bus.say(Asked(word="one", text=MARKED))
        await until(bus.dead)
    assert all(MARKED in text for text in quoted)
    assert len(quoted) == 4
    [letter] = await bus.kept("DEAD")
    said = capsys.readouterr()
    assert "ValidationError" in said.out
    assert MARKED not in f"{letter.data!r}{letter.headers}{said.out}{said.err}"


def test_the_libraries_tracebacks_show_local_variables() -> None:
    shown = structlog.processors.dict_tracebacks(None, "error", {"exc_info": crashed()})
    assert MARKED in str(shown)


@pytest.mark.parametrize("by", ["structlog", "a library"])
def test_our_lines_name_an_error_and_its_place_and_show_no_variable(
    by: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", list(root.handlers))
    monkeypatch.setattr(root, "level", root.level)
    logs.start("tried")
    if by == "structlog":
        structlog.get_logger("tried").error("it went wrong", exc_info=crashed())
    else:
        logging.getLogger("somebody").error("it went wrong with %s", MARKED, exc_info=crashed())
    said = capsys.readouterr()
    assert "ValueError" in said.out
    assert MARKED not in said.out + said.err


def crashed() -> BaseException:
    """An error that has a local variable of somebody's on its way, and quotes it."""

    def crash(text: str) -> None:
        raise ValueError(text)

    try:
        crash(MARKED)
    except ValueError as error:
        return error
    raise AssertionError
