"""The short way beside nats-py: nothing lost, nothing twice, and what nats-py does itself goes on as before."""

import asyncio

import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import ConnectionClosedError, MaxPayloadError

from harbour.runtime.requests import Requests, is_unheard
from harbour.runtime.straight import Heard, straight, written
from tests.chat.servers import NatsServer, connected
from tests.runtime.trial import Bus, until

HEAD = written({"one": "first", "two": "a: b"})


async def test_what_is_said_the_short_way_is_heard_by_anybody(bus: Bus) -> None:
    heard: list[Msg] = []

    async def hear(msg: Msg) -> None:
        heard.append(msg)

    await bus.nc.subscribe("word.*", cb=hear)
    await bus.nc.flush()
    line = straight(bus.nc)
    line.say("word.one", b"hello", HEAD, "answers.here")
    line.say("word.two", b"")
    await bus.nc.publish("word.three", b"as ever")
    await until(lambda: len(heard) == 3)
    assert [(msg.subject, msg.reply, msg.data) for msg in heard] == [
        ("word.one", "answers.here", b"hello"), ("word.two", "", b""), ("word.three", "", b"as ever"),
    ]  # fmt: skip
    assert heard[0].headers == {"one": "first", "two": "a: b"}
    assert heard[1].headers is None


async def test_what_anybody_says_is_heard_the_short_way_in_its_order(bus: Bus) -> None:
    heard: list[Heard] = []
    await straight(bus.nc).hear("word.*", heard.append)
    await bus.nc.publish("word.one", b"hello", reply="answers.here", headers={"one": "first", "two": "a: b"})
    for number in range(500):
        await bus.nc.publish("word.two", str(number).encode())
    await until(lambda: len(heard) == 501)
    first, *others = heard
    assert (first.subject, first.reply, first.data) == ("word.one", "answers.here", b"hello")
    assert first.headers == {"one": "first", "two": "a: b"}
    assert [int(one.data) for one in others] == list(range(500))
    assert others[0].headers == {}


async def test_of_several_who_share_a_queue_one_hears_it(bus: Bus, server: NatsServer) -> None:
    heard: list[Heard] = []
    async with connected(server.url) as other:
        for nc in (bus.nc, other):
            await straight(nc).hear("word", heard.append, "sharers")
            await nc.flush()
        for _ in range(40):
            await bus.nc.publish("word", b"")
        await bus.nc.flush()
        await until(lambda: len(heard) == 40)


async def test_whoever_hears_nothing_any_more_is_told_nothing(bus: Bus) -> None:
    heard: list[Heard] = []
    subscription = await straight(bus.nc).hear("word", heard.append)
    await bus.nc.publish("word", b"one")
    await until(lambda: len(heard) == 1)
    await subscription.drain()  # type: ignore[no-untyped-call]
    await bus.nc.publish("word", b"two")
    await bus.nc.flush()
    await asyncio.sleep(0.05)
    assert len(heard) == 1


async def test_a_listener_that_breaks_is_told_of_and_the_line_goes_on(bus: Bus, server: NatsServer) -> None:
    told: list[Exception] = []
    heard: list[Heard] = []

    async def tell(error: Exception) -> None:
        told.append(error)

    def hear(one: Heard) -> None:
        if one.data == b"bad":
            raise ValueError
        heard.append(one)

    async with connected(server.url) as nc:
        nc._error_cb = tell
        await straight(nc).hear("word", hear)
        await nc.publish("word", b"bad")
        await nc.publish("word", b"good")
        await until(lambda: bool(heard))
    assert [type(error) for error in told] == [ValueError]


async def test_what_is_said_while_the_line_is_away_is_heard_once_it_is_back(server: NatsServer) -> None:
    heard: list[Heard] = []
    async with connected(server.url) as nc:
        line = straight(nc)
        await line.hear("word", heard.append)
        await nc.flush()
        server.kill()
        await until(lambda: not nc.is_connected)
        line.say("word", b"hello")
        server.start()
        await until(lambda: [one.data for one in heard] == [b"hello"])


async def test_what_cannot_go_out_is_refused_as_nats_py_does(bus: Bus, server: NatsServer) -> None:
    with pytest.raises(MaxPayloadError):
        straight(bus.nc).say("word", b"x" * (bus.nc.max_payload + 1))
    async with connected(server.url) as nc:
        line = straight(nc)
    with pytest.raises(ConnectionClosedError):
        line.say("word", b"")


@pytest.mark.parametrize("value", ["two\r\nlines", "one\nmore", "half\rone"])
def test_a_header_is_one_line(value: str) -> None:
    with pytest.raises(ValueError, match="line break"):
        written({"name": value})


async def test_a_request_that_nobody_hears_is_told_at_once_and_one_that_nobody_answers_in_time(nc: Client) -> None:
    answers: list[Heard | None] = []
    requests = Requests(nc)
    await requests.open()
    requests.ask("nobody.there", b"", b"", 5, answers.append)
    await until(lambda: len(answers) == 1)
    assert answers[0] is not None
    assert is_unheard(answers[0])
    assert answers[0].headers["Status"] == "503"
    await straight(nc).hear("silence", lambda _: None)
    requests.ask("silence", b"", b"", 0.2, answers.append)
    await until(lambda: len(answers) == 2)
    assert answers[1] is None


@pytest.fixture
def nc(bus: Bus) -> Client:
    """A line to the bus."""
    return bus.nc
