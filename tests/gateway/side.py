"""A browser behind a network that lets no WebSocket through: a stream of events, and POSTs to whichever copy."""

import asyncio
import contextlib
import json
import secrets
from typing import Any

import httpx

from harbour.contracts.chat import RoomPerson
from services.gateway.auth import cookie_name
from tests.gateway.quay import SESSION, Quay, Screen, until

ROOM = f"/live/{SESSION}"


class SideScreen(Screen):
    """What one browser's stream, and its POSTs, have been given."""

    def __init__(
        self, here: Quay, token: str, path: str = ROOM, *, after: object = 0, says_to: Quay | None = None
    ) -> None:
        self.frames: list[dict[str, Any]] = []
        self.raw: list[str] = []
        self.code: int | None = None
        self.comments = 0
        self.headers: httpx.Headers = httpx.Headers()
        self._path, self._after, self._line = path, after, secrets.token_hex(8)
        self._reads, self._says = browser(here, token), browser(says_to or here, token)
        self._task = asyncio.create_task(self._read())
        here.screens.append(self)

    async def _read(self) -> None:
        address, query = f"{self._path}/events", {"after": str(self._after), "line": self._line}
        with contextlib.suppress(httpx.HTTPError):
            async with self._reads.stream("GET", address, params=query) as answer:
                self.headers = answer.headers
                assert answer.status_code == 200
                await self._take(answer)

    async def _take(self, answer: httpx.Response) -> None:
        event = ""
        async for text in answer.aiter_lines():
            name, _, value = text.partition(": ")
            if name == "event":
                event = value
            elif name == "data" and event == "close":
                self.code = int(value)
            elif name == "data":
                self.raw.append(value)
                self.frames.append(json.loads(value))
            elif text.startswith(":"):
                self.comments += 1

    async def posts(self, body: bytes | str, **headers: str) -> httpx.Response:
        """Say these bytes."""
        return await self._says.post(f"{self._path}/say", params={"line": self._line}, content=body, headers=headers)

    async def send(self, **frame: Any) -> None:
        """Say something; what it is answered with counts as seen."""
        await self.says(frame)

    async def says(self, *frames: dict[str, Any]) -> dict[str, Any]:
        """Say these, one after another, in one POST."""
        answer: dict[str, Any] = (await self.posts("\n".join(map(json.dumps, frames)))).json()
        self.raw += map(json.dumps, answer["frames"])
        self.frames += answer["frames"]
        return answer

    async def leave(self) -> None:
        """Go."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self._reads.aclose()
        await self._says.aclose()

    async def ended(self) -> None:
        """Wait until the stream is over."""
        await until(self._task.done)


def browser(here: Quay, token: str, **options: Any) -> httpx.AsyncClient:
    """Somebody's browser, with a page of ours open."""
    address = f"http://127.0.0.1:{here.port}"
    cookies = {cookie_name(here.app.state.settings): token}
    return httpx.AsyncClient(base_url=address, cookies=cookies, headers={"Origin": address}, timeout=10, **options)


async def comes_by_the_side(
    here: Quay, who: RoomPerson, *, after: object = 0, says_to: Quay | None = None
) -> SideScreen:
    """Somebody opens the room; hello and history have come."""
    screen = SideScreen(here, await here.token(who), after=after, says_to=says_to)
    await screen.sees("messages", more=False)
    return screen
