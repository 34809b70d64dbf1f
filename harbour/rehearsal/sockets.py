"""A live connection that comes back by itself, as the pages keep theirs."""

import asyncio
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import suppress
from random import Random
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

from harbour.rehearsal.browser import Browser

_PING_SECONDS = 20.0
_GONE = {4400, 4401, 4403, 4404, 4410}
"""Codes after which coming back would not help."""


class LiveSocket(ABC):
    """One screen's connection; subclasses say what its frames mean."""

    def __init__(self, browser: Browser, random: Random) -> None:
        self._browser, self._random = browser, random
        self._line: ClientConnection | None = None
        self.reconnects = 0
        self.closed_for_good: int | None = None

    @abstractmethod
    def path(self) -> str:
        """Where it connects to now."""

    def begin(self) -> None:  # noqa: B027 - a screen that has nothing to do then leaves it so
        """A connection is open."""

    @abstractmethod
    def hear(self, frame: Mapping[str, Any]) -> None:
        """A frame came."""

    async def live(self) -> None:
        """Stay connected until cancelled; what breaks is built up again after a short, uneven pause."""
        pause = 0.2
        while self.closed_for_good is None:
            try:
                async with connect(
                    self._browser.live(self.path()),
                    origin=self._browser.url,  # type: ignore[arg-type]
                    additional_headers={"Cookie": self._browser.cookie},
                    open_timeout=10,
                    close_timeout=1,
                    max_size=None,
                    proxy=None,
                ) as line:
                    self._line, pause = line, 0.2
                    self.begin()
                    await self._listen(line)
            except (OSError, TimeoutError, InvalidHandshake, InvalidMessage, EOFError):
                pause = min(pause * 1.6, 3.0)
            except ConnectionClosed as closed:
                code = closed.rcvd.code if closed.rcvd else 1006
                self.closed_for_good = code if code in _GONE else None
            finally:
                self._line = None
            self.reconnects += 1
            await asyncio.sleep(pause * self._random.uniform(0.5, 1.5))

    async def send(self, frame: Mapping[str, Any]) -> bool:
        """Send a frame, if there is a connection; whether there was."""
        if self._line is None:
            return False
        with suppress(ConnectionClosed):
            await self._line.send(json.dumps(frame))
            return True
        return False

    async def hang_up(self) -> None:
        """Break the connection, so that it comes back and catches up."""
        if self._line is not None:
            await self._line.close()

    async def _listen(self, line: ClientConnection) -> None:
        pinging = asyncio.create_task(self._ping(line))
        try:
            while True:
                self.hear(json.loads(await line.recv()))
        finally:
            pinging.cancel()
            await asyncio.gather(pinging, return_exceptions=True)

    async def _ping(self, line: ClientConnection) -> None:
        while True:
            await asyncio.sleep(_PING_SECONDS)
            await line.send('{"type": "ping"}')
