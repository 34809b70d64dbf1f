"""The load generator: many sockets and much to say, in a process of its own, as cheap as Python allows.

Told what to do by lines of JSON on its input, it answers each with one on its output. It speaks just enough WebSocket:
it reads of each frame where it ends, whether it is a message, and which one. Latency is from the moment a message
is written to its socket to the moment the last socket of the room has it; both moments are read off one clock.
"""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Any

import psutil

from harbour.rehearsal.load_socket import Socket, refusal
from harbour.rehearsal.load_tally import Tally

_QUIET_SECONDS = 8.0
"""When nothing has come for so long, nothing more will."""
_PING_SECONDS = 25.0
_AT_ONCE = 32
_PAUSES = (0.5, 1.0, 2.0, 4.0, 0.0)
"""Seconds after each try to come in that failed: a busy gateway says to come back, and browsers do."""


class Crowd:
    """Every socket of this process, and what they say."""

    def __init__(self) -> None:
        self._rooms: dict[str, list[Socket]] = {}
        self._speakers: list[Socket] = []
        self._tally = Tally()
        self._window = 0
        self._pinging = asyncio.create_task(self._ping())

    # ── coming and going ──────────────────────────────────────────────────────────────────────────────────────

    async def connect(self, places: list[dict[str, Any]]) -> dict[str, Any]:
        """Open a socket for each place, some at a time; how many were let in, and how the others ended."""
        limit = asyncio.Semaphore(_AT_ONCE)
        failures: dict[str, int] = {}

        async def come_in(place: dict[str, Any]) -> None:
            async with limit:
                for pause in _PAUSES:
                    socket = Socket(place, self._heard)
                    try:
                        await socket.open()
                    except (OSError, TimeoutError) as error:
                        why = str(error) or type(error).__name__
                    else:
                        self._rooms.setdefault(socket.room, []).append(socket)
                        return
                    await asyncio.sleep(pause)
            failures[why] = failures.get(why, 0) + 1

        await asyncio.gather(*map(come_in, places))
        self._order_speakers()
        return {"open": sum(map(len, self._rooms.values())), "failures": failures}

    def _order_speakers(self) -> None:
        """One of each room in turn, so that what follows each other goes to different rooms."""
        talkers = [[socket for socket in sockets if socket.speaks] for sockets in self._rooms.values()]
        longest = max(map(len, talkers), default=0)
        self._speakers = [room[turn] for turn in range(longest) for room in talkers if turn < len(room)]

    async def hang_up(self) -> dict[str, Any]:
        """Close every socket."""
        for sockets in self._rooms.values():
            for socket in sockets:
                socket.leave()
        self._rooms, self._speakers = {}, []
        await asyncio.sleep(0.2)
        return {}

    async def _ping(self) -> None:
        """As a browser does, so that nobody is taken for gone."""
        while True:
            await asyncio.sleep(_PING_SECONDS)
            for number, socket in enumerate([one for room in self._rooms.values() for one in room]):
                socket.say('{"type":"ping"}')
                if number % 50 == 49:
                    await asyncio.sleep(0.05)

    # ── talking ───────────────────────────────────────────────────────────────────────────────────────────────

    async def at_rate(
        self, rate: float, seconds: float, warm: float, texts: list[str], pids: dict[str, int]
    ) -> dict[str, Any]:
        """Say so many messages a second, evenly, whatever becomes of them; what was measured after the warm-up."""
        self._begin(texts)
        await self._say_evenly(rate, warm)
        began = self._mark(pids)
        late = await self._say_evenly(rate, seconds)
        took = perf_counter() - began["at"]
        await self._settle()
        return self._measured(began, took, pids, late)

    async def flood(
        self, window: int, seconds: float, warm: float, texts: list[str], pids: dict[str, int]
    ) -> dict[str, Any]:
        """Everybody says the next thing once the last reached everybody, `window` at a time; as fast as it goes."""
        self._begin(texts)
        self._window = window
        for _ in range(window):
            for speaker in self._speakers:
                self._say(speaker)
        await asyncio.sleep(warm)
        began = self._mark(pids)
        await asyncio.sleep(seconds)
        took, self._window = perf_counter() - began["at"], 0
        found = self._measured(began, took, pids, [])
        await self._settle()
        return {**found, **self._tally.faults(self._sockets())}

    def _begin(self, texts: list[str]) -> None:
        self._texts = [json.dumps(text) for text in texts]
        self._tally.begin(self._sockets())

    def _mark(self, pids: dict[str, int]) -> dict[str, Any]:
        return {"at": perf_counter(), "cpu": cpu(pids), "machine": machine(), **self._tally.mark()}

    def _measured(self, began: dict[str, Any], took: float, pids: dict[str, int], late: list[float]) -> dict[str, Any]:
        after = cpu(pids)
        return {
            "seconds": took,
            "elapsed": perf_counter() - began["at"],
            "cpu": {name: after[name] - began["cpu"][name] for name in after},
            "machine": machine() - began["machine"],
            "late_ms": sorted(late)[len(late) * 99 // 100] * 1000 if late else 0.0,
            **self._tally.since(began),
            "why": Counter(socket.why for socket in self._sockets() if socket.closed),
            **self._tally.faults(self._sockets()),
        }

    async def _say_evenly(self, rate: float, seconds: float) -> list[float]:
        """Each message at its own moment; how late each was, in seconds."""
        began, late = perf_counter(), []
        for number in range(round(rate * seconds)):
            due = began + number / rate
            if (left := due - perf_counter()) > 0:
                await asyncio.sleep(left)
            late.append(max(0.0, perf_counter() - due))
            self._say(self._speakers[self._tally.said % len(self._speakers)])
        return late

    def _say(self, speaker: Socket) -> None:
        number = self._tally.say(speaker, len(self._rooms[speaker.room]), perf_counter())
        text = self._texts[number % len(self._texts)]
        speaker.say(f'{{"type":"say","client_id":"{self._tally.name(number)}","text":{text}}}')

    def _heard(self, socket: Socket, payload: bytes) -> None:
        """One frame on one socket."""
        kind = payload[:26]
        if b'"message' in kind:
            for number in self._tally.hear(socket, payload, perf_counter()):
                if self._window:
                    self._say(self._tally.writer(number))
        elif refusal(kind):
            self._tally.refuse(payload)

    async def _settle(self) -> None:
        """Until everybody has everything, or it will not come any more."""
        known, heard_at = self._tally.heard, perf_counter()
        while self._tally.waits and perf_counter() < heard_at + _QUIET_SECONDS:
            await asyncio.sleep(0.01)
            if self._tally.heard != known:
                known, heard_at = self._tally.heard, perf_counter()

    def _sockets(self) -> list[Socket]:
        return [socket for room in self._rooms.values() for socket in room]


def cpu(pids: dict[str, int]) -> dict[str, float]:
    """Seconds of processor each of these processes has used, as the operating system counts, and this one."""
    times = {name: psutil.Process(pid).cpu_times() for name, pid in pids.items()}
    own = psutil.Process().cpu_times()
    return {name: one.user + one.system for name, one in times.items()} | {"load generator": own.user + own.system}


def machine() -> float:
    """Seconds of processor that everything on this machine has used, and what was taken away from it."""
    times = psutil.cpu_times()
    return float(sum(getattr(times, name, 0.0) for name in ("user", "nice", "system", "irq", "softirq", "steal")))


async def obey() -> None:
    """Do what the lines on standard input say, until there are no more."""
    crowd = Crowd()
    deeds: dict[str, Callable[..., Awaitable[dict[str, Any]]]] = {
        "connect": crowd.connect,
        "at_rate": crowd.at_rate,
        "flood": crowd.flood,
        "hang_up": crowd.hang_up,
    }
    lines = asyncio.StreamReader(limit=64 * 1024 * 1024)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        order = json.loads(line)
        answer = await deeds[order.pop("do")](**order)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    import uvloop

    uvloop.run(obey())
