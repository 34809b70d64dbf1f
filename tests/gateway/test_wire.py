"""Below ASGI: the same bytes for every socket, and a pinned inside of uvicorn that is tried here."""

import asyncio
import json

import pytest
from redis.asyncio import Redis
from starlette.websockets import WebSocket
from websockets.frames import Frame, Opcode

from services.gateway.frames import Close
from services.gateway.limits import Tally, TooMany
from services.gateway.seats import OUT_MAX_FRAMES, Line
from services.gateway.wire import Wire, text_frame, wire_of
from tests.gateway.quay import JUNIPER, SESSION, WREN, Quay, until
from tests.gateway.test_socket import harbourside

__all__ = ["harbourside"]


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 4000, 65_535, 65_536, 100_000])
def test_a_frame_is_what_the_websocket_library_makes_of_it(size: int) -> None:
    text = ("é" + "x" * size)[:size]
    assert text_frame(text) == Frame(Opcode.TEXT, text.encode()).serialize(mask=False)


def test_a_server_that_is_not_set_up_for_it_is_told_at_once() -> None:
    socket = WebSocket({"type": "websocket", "headers": []}, None, None)  # type: ignore[arg-type]
    with pytest.raises(LookupError, match="ws=Wire"):
        wire_of(socket)


async def test_frames_that_come_at_once_are_answered_in_their_order(harbourside: Quay) -> None:
    juniper, wren = [await harbourside.comes_in(who) for who in (JUNIPER, WREN)]
    for n in range(30):
        await juniper.send(type="say", client_id=f"c-{n}", text=f"line {n}")
    await wren.has(30)
    await until(lambda: len(juniper.of("sent")) == 30)
    assert [frame["text"] for frame in wren.of("message")] == [f"line {n}" for n in range(30)]
    assert [frame["client_id"] for frame in juniper.of("sent")] == [f"c-{n}" for n in range(30)]


async def test_a_message_in_many_parts_is_one_message(harbourside: Quay) -> None:
    juniper, wren = [await harbourside.comes_in(who) for who in (JUNIPER, WREN)]
    said = json.dumps({"type": "say", "client_id": "c-1", "text": "in parts"})
    await juniper.link.send(said[n : n + 7] for n in range(0, len(said), 7))
    await wren.sees("message", text="in parts")


async def test_what_was_said_before_anybody_listened_is_heard(harbourside: Quay) -> None:
    token = await harbourside.token(JUNIPER)
    link = await harbourside.link(token)
    await link.send('{"type":"ping"}')
    async with asyncio.timeout(5):
        while json.loads(await link.recv())["type"] != "pong":
            pass
    await link.close()


async def test_a_quiet_socket_has_one_task(harbourside: Quay) -> None:
    await harbourside.comes_in(JUNIPER)
    await asyncio.sleep(0.1)
    before = len(asyncio.all_tasks())
    screens = [await harbourside.looks(await harbourside.token(WREN)) for _ in range(5)]
    for screen in screens:
        await screen.sees("messages", more=False)
    ours = "run_asgi"
    await until(lambda: sum(ours in repr(task.get_coro()) for task in asyncio.all_tasks()) == 6)
    theirs = 2 * len(screens)  # each screen of the test reads along, and its library watches the line
    await until(lambda: len(asyncio.all_tasks()) - before <= len(screens) + theirs)


async def test_a_socket_that_goes_leaves_nothing_behind(harbourside: Quay) -> None:
    juniper = await harbourside.comes_in(JUNIPER)
    await juniper.leave()
    rounds = harbourside.app.state.rounds
    await until(lambda: not harbourside.hub._rooms and not rounds._open)


class Stuck:
    """A wire whose other side takes nothing, until it does."""

    has_room = False

    def __init__(self) -> None:
        self.written: list[bytes] = []

    def write(self, data: bytes) -> None:
        """Take some bytes."""
        self.written.append(data)

    def when_there_is_room(self, go_on: object) -> None:
        """Remember whom to tell."""
        self.go_on = go_on


def test_what_a_slow_browser_does_not_take_waits_in_order_and_no_longer_than_allowed() -> None:
    stuck, line = Stuck(), Line("juniper")
    line.lead_to(stuck)
    for n in range(OUT_MAX_FRAMES):
        line.give(str(n))
    assert not stuck.written
    assert not line.closing.is_set()
    stuck.has_room = True
    stuck.go_on()  # type: ignore[operator]
    line.give("last")
    assert stuck.written == [text_frame(str(n)) for n in range(OUT_MAX_FRAMES)] + [text_frame("last")]
    stuck.has_room = False
    for n in range(OUT_MAX_FRAMES + 1):
        line.give(str(n))
    assert line.code is Close.TOO_SLOW


# ── one person's frames, counted here and with the other copies ───────────────────────────────────────────────


async def test_what_one_person_says_on_two_gateways_counts_together(redis: Redis) -> None:
    here, there = (Tally("frames", seconds=60) for _ in range(2))
    for _ in range(6):
        here.count("juniper", at_most=10)
    for _ in range(4):
        there.count("juniper", at_most=10)
    await here.tell(redis)
    await there.tell(redis)
    here.count("juniper", at_most=10)
    await here.tell(redis)
    for one in (here, there):
        with pytest.raises(TooMany):
            one.count("juniper", at_most=10)
        one.count("wren", at_most=10)


async def test_a_person_may_go_on_when_their_minute_is_over(redis: Redis) -> None:
    now = 0.0
    tally = Tally("frames", seconds=60, clock=lambda: now)
    for _ in range(10):
        tally.count("juniper", at_most=10)
    with pytest.raises(TooMany) as told:
        tally.count("juniper", at_most=10)
    assert told.value.seconds == 60
    await tally.tell(redis)
    now = 60.0
    tally.count("juniper", at_most=10)


async def test_what_was_told_is_told_once(redis: Redis) -> None:
    tally = Tally("frames", seconds=60)
    for _ in range(3):
        tally.count("juniper", at_most=100)
        await tally.tell(redis)
    await tally.tell(redis)
    [key] = await redis.keys("gateway:tries:frames:*")
    assert int(await redis.get(key) or 0) == 3
    assert 0 < await redis.ttl(key) <= 60


async def test_what_is_given_in_one_turn_leaves_in_one_write_and_before_the_close(
    harbourside: Quay, monkeypatch: pytest.MonkeyPatch
) -> None:
    wren = await harbourside.comes_in(WREN)
    writes: list[bytes] = []
    flush = Wire.flush

    def flush_and_count(self: Wire) -> None:
        if self._out:
            writes.append(b"".join(self._out))
        flush(self)

    monkeypatch.setattr(Wire, "flush", flush_and_count)
    [line] = harbourside.hub._rooms[SESSION].seats
    for n in range(5):
        line.give(f'{{"type":"pong","upto":{n}}}')
    line.close(Close.IDLE)
    assert await wren.closes() == Close.IDLE
    assert [frame["upto"] for frame in wren.of("pong")] == [0, 1, 2, 3, 4]
    assert len(writes) == 1
