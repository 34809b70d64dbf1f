"""Lines that break at random while everybody talks: afterwards all have every number once, and all was said once."""

import asyncio
import contextlib
from collections import deque
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest
import websockets
from redis.asyncio import Redis

from harbour.contracts.chat import RoomPerson
from services.gateway.frames import Close
from services.gateway.limits import Pace
from tests.gateway.quay import HERON, JUNIPER, SAM, SESSION, WREN, Quay, Screen, another_copy, quay, until
from tests.gateway.side import SideScreen

PACE = Pace(person_frames=100_000, burst_frames=10_000, beat_seconds=0.1)


class Phone:
    """A browser in short: it comes back to where it misses nothing, and says again what nobody confirmed."""

    def __init__(self, here: Quay, there: Quay, who: RoomPerson, token: str, *, by_the_side: bool) -> None:
        self._here, self._there, self.who, self._token, self._by_the_side = here, there, who, token, by_the_side
        self.log: dict[int, str] = {}
        self.unsaid: deque[str] = deque()
        self.said: list[str] = []
        self.lines = 0
        self._upto, self._in_hand = 0, ""
        self.screen: Screen | None = None

    def say(self, text: str) -> None:
        """Put words in the outbox; they are their own name here."""
        self.unsaid.append(text)
        self.said.append(text)

    async def live(self) -> None:
        """Until it is put away."""
        while True:
            with contextlib.suppress(OSError, websockets.InvalidHandshake):
                self.screen = await self._open()
                self.lines += 1
                await self._use(self.screen)
            await asyncio.sleep(0.01)

    async def _open(self) -> Screen:
        if self._by_the_side:
            return SideScreen(self._here, self._token, after=self._upto, says_to=self._there)
        return await self._here.looks(self._token, after=self._upto)

    async def _use(self, screen: Screen) -> None:
        heard, self._in_hand = 0, ""
        while not screen._task.done():
            for frame in screen.frames[heard:]:
                heard += 1
                self._hear(frame)
            if heard and self.unsaid and not self._in_hand:
                self._in_hand = self.unsaid[0]
                with contextlib.suppress(websockets.ConnectionClosed, httpx.HTTPError, RuntimeError, ValueError):
                    await screen.send(type="say", client_id=self._in_hand, text=self._in_hand)
            await asyncio.sleep(0.005)
        assert len(set(screen.numbers)) == len(screen.numbers), "a number came twice on one line"

    def _hear(self, frame: dict[str, Any]) -> None:
        match frame["type"]:
            case "messages":
                for message in frame["list"]:
                    self._put(message)
                self._upto = max(self._upto, frame["upto"])
            case "message":
                self._put(frame)
            case "sent":
                self._done(frame["client_id"])
            case "pong":
                self._upto = max(self._upto, frame["upto"])

    def _put(self, message: dict[str, Any]) -> None:
        self.log[message["number"]] = message["text"]
        if message["person_id"] == self.who.person_id:
            self._done(message["client_id"])

    def _done(self, client_id: str) -> None:
        if self.unsaid and self.unsaid[0] == client_id:
            self.unsaid.popleft()
            self._in_hand = ""

    async def cut(self) -> None:
        """The network goes, with no word to anybody."""
        if isinstance(self.screen, SideScreen):
            self.screen._task.cancel()
        elif self.screen is not None:
            self.screen.link.transport.abort()


def _cut_something(random: Random, phones: list[Phone], gateway: Quay) -> Any:
    """Break the line of somebody, or have the gateway close it, or break the gateway's own line to the bus."""
    what = random.random()
    if what < 0.6:
        return random.choice(phones).cut()
    if what < 0.95:
        seats = sorted(gateway.hub._rooms[SESSION].seats, key=id) if SESSION in gateway.hub._rooms else []
        for seat in random.sample(seats, min(1, len(seats))):
            seat.close(random.choice([Close.RESTARTING, Close.TRY_AGAIN, Close.TOO_SLOW]))
    elif gateway.line._transport is not None:
        gateway.line._transport.close()  # type: ignore[no-untyped-call]
    return asyncio.sleep(0)


@pytest.mark.parametrize("seed", [1, 2])
async def test_after_lines_were_cut_at_random_everybody_has_everything_once(
    tmp_path: Path, redis: Redis, seed: int
) -> None:
    random = Random(seed)
    async with quay(tmp_path, redis, pace=PACE, beat_seconds=0.5) as here, another_copy(here) as there:
        people = [(JUNIPER, False), (WREN, True), (HERON, False), (SAM, True)]
        phones = [
            Phone(here, random.choice([here, there]), who, await here.token(who), by_the_side=side)
            for who, side in people
        ]
        living = [asyncio.create_task(phone.live()) for phone in phones]
        for n in range(120):
            random.choice(phones).say(f"words-{n}")
            if random.random() < 0.4:
                await _cut_something(random, phones, here)
            await asyncio.sleep(random.random() * 0.03)
        await until(lambda: not any(phone.unsaid for phone in phones) and len(here.house.messages) >= 120, 20)
        everything = {message.number: message.text for message in here.house.messages}
        await until(lambda: all(len(phone.log) >= len(everything) for phone in phones), 20)
        for task in living:
            task.cancel()
        ends = await asyncio.gather(*living, return_exceptions=True)
    assert all(isinstance(end, asyncio.CancelledError) for end in ends), ends
    assert len(everything) == 120
    assert sum(phone.lines for phone in phones) > 20
    for phone in phones:
        assert phone.log == everything
        own = [one.text for one in here.house.messages if one.person_id == phone.who.person_id]
        assert own == phone.said
