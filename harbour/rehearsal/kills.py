"""Kills a part of a stack every few seconds, and notes how long it took to be back."""

import asyncio
import json
import os
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import psutil

NATS_EVERY = 6
"""Every so many kills it is the bus itself."""
_BACK_SECONDS = 90.0


@dataclass(frozen=True)
class Kill:
    """A part that was killed; `seconds` until it was ready again, None where it never was."""

    part: str
    seconds: float | None


class Killer:
    """Kills parts of the stack on one state folder, and nothing else: only children of its supervisor."""

    def __init__(self, state: Path, seed: int, *, pause: tuple[float, float] = (3.0, 6.0)) -> None:
        self._running = state / "running.json"
        self._random = Random(seed)  # noqa: S311 - a rehearsal that can be repeated, not a secret
        self._pause = pause
        self.kills: list[Kill] = []

    async def go_on(self, stop: asyncio.Event) -> None:
        """Kill one part, wait until it is back, pause, and again, until told to stop."""
        while not await _told(stop, self._random.uniform(*self._pause)):
            name = choose(self._names(), len(self.kills) + 1, self._random)
            self.kills.append(Kill(name, await self._kill(name)))

    async def _kill(self, name: str) -> float | None:
        old, began = self._pid(name), time.monotonic()
        if old is None:
            return None
        with suppress(ProcessLookupError):
            os.kill(old, signal.SIGKILL)
        while time.monotonic() - began < _BACK_SECONDS:
            if self._pid(name) not in (None, old):
                return time.monotonic() - began
            await asyncio.sleep(0.05)
        return None

    def _names(self) -> list[str]:
        return sorted(self._facts()["parts"])

    def _pid(self, name: str) -> int | None:
        """The process that plays this part, where it is a child of the supervisor indeed."""
        facts = self._facts()
        pid = facts["parts"][name]["pid"]
        try:
            return int(pid) if pid and psutil.Process(pid).ppid() == facts["pid"] else None
        except psutil.Error:
            return None

    def _facts(self) -> dict[str, Any]:
        return dict(json.loads(self._running.read_text()))


def choose(names: Sequence[str], turn: int, random: Random) -> str:
    """Whose turn it is: a copy of a service, and now and then the bus. The cache is left alone."""
    if turn % NATS_EVERY == 0 and "nats" in names:
        return "nats"
    return random.choice([name for name in names if name not in ("nats", "redis")])


async def _told(stop: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return False
    return True
