"""One screen of the evening: everything it was ever shown, and what its person does with it."""

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from random import Random
from secrets import token_hex
from typing import Any

import httpx

from harbour.rehearsal.browser import Browser
from harbour.rehearsal.sockets import LiveSocket

BEAT_SECONDS = 1.0
"""So often an adult's page says that it is there."""
PATIENCE = 30.0
_PASSES = frozenset({"unavailable", "not-live"})


async def until(true: Callable[[], Any], what: str) -> Any:
    """What this gives, as soon as it gives something; a failure that says what was waited for where it does not."""
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while not (found := true()):
        assert asyncio.get_running_loop().time() < deadline, f"in vain: {what}"
        await asyncio.sleep(0.02)
    return found


class Page(LiveSocket):
    """A room in front of somebody, which keeps all it is told; an adult's also says that it is there."""

    def __init__(self, name: str, browser: Browser, path: str, *, beats: bool = False) -> None:
        super().__init__(browser, Random(1))
        self.name, self.browser = name, browser
        self.frames: list[Mapping[str, Any]] = []
        self.messages: dict[int, Mapping[str, Any]] = {}
        self.lines: list[list[int]] = []
        """The numbers each connection gave, in the order in which it gave them."""
        self.person_id = self.state = ""
        self._path, self._beats, self._upto, self._said = path, beats, 0, 0
        self._greeted = False
        self._tasks: list[asyncio.Task[None]] = []

    def path(self) -> str:
        """The room, from the number up to which nothing is missing here."""
        return f"{self._path}?after={self._upto}" if "queue" not in self._path else self._path

    def begin(self) -> None:
        """A new connection."""
        self.lines.append([])
        self._greeted = False

    def hear(self, frame: Mapping[str, Any]) -> None:
        """Keep it, and put messages where their numbers belong."""
        self.frames.append(frame)
        match frame["type"]:
            case "hello":
                self.person_id, self.state, self._greeted = frame["you"]["person_id"], frame["state"], True
            case "state":
                self.state = frame["state"]
            case "message":
                self._put(frame)
            case "messages":
                for message in frame["list"]:
                    self._put(message)
                self._upto = max(self._upto, frame["upto"])
            case "withdrawn" if frame["number"] in self.messages:
                self.messages[frame["number"]] = {**self.messages[frame["number"]], "text": ""}

    def _put(self, message: Mapping[str, Any]) -> None:
        self.lines[-1].append(message["number"])
        self.messages.setdefault(message["number"], message)

    @property
    def is_open(self) -> bool:
        """Whether it is open, on a line that is up."""
        return bool(self._tasks) and self.is_up

    @property
    def is_up(self) -> bool:
        """Whether what is sent now goes out."""
        return self._line is not None

    # ── coming and going ──────────────────────────────────────────────────────────────────────────────────────

    async def come(self) -> Mapping[str, Any]:
        """Open it; what it is greeted with."""
        before, self.closed_for_good = len(self.frames), None
        self._tasks.append(asyncio.create_task(self.live()))
        if self._beats:
            self._tasks.append(asyncio.create_task(self._beat()))
        greetings: list[Mapping[str, Any]] = await until(
            lambda: [frame for frame in self.frames[before:] if frame["type"] in ("hello", "queue")],
            f"a greeting for {self.name}",
        )
        assert greetings[0] is self.frames[before], f"{self.name} is told something before a greeting"
        return greetings[0]

    async def leave(self) -> None:
        """Close it."""
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def lose_the_line(self) -> None:
        """The line dies in the middle, without a word to either side."""
        if self._line is not None:
            self._line.transport.abort()
        await self.leave()

    async def _beat(self) -> None:
        while True:
            if self._greeted:
                await self.send({"type": "here"})
            await asyncio.sleep(BEAT_SECONDS if self._greeted else 0.05)

    # ── what it shows ─────────────────────────────────────────────────────────────────────────────────────────

    def all(self, kind: str, **fields: Any) -> list[Mapping[str, Any]]:
        """Every frame of this kind whose fields are these."""
        return [
            frame
            for frame in self.frames
            if frame["type"] == kind and all(frame.get(name) == value for name, value in fields.items())
        ]

    async def shown(self, kind: str, **fields: Any) -> Mapping[str, Any]:
        """The last frame of this kind whose fields are these, as soon as there is one."""
        found: list[Mapping[str, Any]] = await until(
            lambda: self.all(kind, **fields), f"{self.name} is shown {kind} {fields}"
        )
        return found[-1]

    async def stands(self, state: str) -> None:
        """Wait until the evening stands there."""
        await until(lambda: self.state == state, f"{self.name} is told that the evening is {state}")

    def has_read(self, words: str) -> bool:
        """Whether these words ever stood in anything that came here."""
        return words in json.dumps(self.frames, ensure_ascii=False)

    @property
    def queue(self) -> Mapping[str, Any]:
        """The desk as it stands here."""
        return self.all("queue")[-1]

    @property
    def doing(self) -> Mapping[str, Any]:
        """The activity as it stands here."""
        shown = [frame["activity"] for frame in self.all("activity")]
        return max(shown, key=lambda one: (one["opened_at"], one["revision"]), default={"step_id": ""})

    @property
    def chosen(self) -> int | None:
        """What this person chose, as far as they were told."""
        mine = [frame["mine"] for frame in self.all("activity") if frame["mine"] is not None]
        return mine[-1] if mine else None

    # ── what its person does ──────────────────────────────────────────────────────────────────────────────────

    async def do(self, kind: str, **fields: Any) -> None:
        """Send a frame."""
        await until(lambda: self.is_up, f"a line for {self.name}")
        assert await self.send({"type": kind, **fields})

    def name_it(self) -> str:
        """A new name for something said."""
        self._said += 1
        return f"{self.name}-{self._said}".replace(" ", "-")

    async def say(self, text: str, *, reply: int = 0, client_id: str = "") -> int:
        """Say something that is posted, trying again under the same name where that passes; its number."""
        client_id = client_id or self.name_it()
        while True:
            refused = len(self.all("refused", client_id=client_id))
            await self.do("say", client_id=client_id, text=text, in_reply_to=reply)
            await self._is_answered(client_id, refused)
            if number := self._mine(client_id):
                return number
            assert self.all("refused", client_id=client_id)[-1]["reason"] in _PASSES
            await asyncio.sleep(0.3)

    async def _is_answered(self, client_id: str, refused: int) -> None:
        await until(
            lambda: self._mine(client_id) or len(self.all("refused", client_id=client_id)) > refused,
            f"{self.name} hears what became of their words",
        )

    async def is_heard(self) -> None:
        """Wait until everything this page has sent was answered."""
        pongs = len(self.all("pong"))
        await self.do("ping")
        await until(lambda: len(self.all("pong")) > pongs, f"{self.name} is heard")

    async def is_refused(self, text: str, client_id: str = "") -> str:
        """Say something that cannot be said now; why not."""
        client_id = client_id or self.name_it()
        while True:
            refused = len(self.all("refused", client_id=client_id))
            await self.do("say", client_id=client_id, text=text)
            await self._is_answered(client_id, refused)
            assert not self._mine(client_id), "it was said"
            if (reason := str(self.all("refused", client_id=client_id)[-1]["reason"])) != "unavailable":
                return reason

    def _mine(self, client_id: str) -> int:
        own = (n for n, one in self.messages.items() if one["client_id"] == client_id)
        return next(own, 0)


class SidePage(Page):
    """The same on a network that lets no WebSocket through: frames come as events, and go by POST."""

    _mark = ""

    @property
    def is_up(self) -> bool:
        """Whether there is a stream that a POST belongs to."""
        return bool(self._mark)

    async def live(self) -> None:
        """Read along until cancelled, on one stream after another."""
        while self.closed_for_good is None:
            mark = token_hex(8)
            with suppress(httpx.HTTPError):
                async with self.browser.events(self.path().replace("?", "/events?") + f"&line={mark}") as events:
                    assert events.status_code == 200
                    assert events.headers["content-type"].startswith("text/event-stream")
                    self.begin()
                    await self._read(events, mark)
            self._mark = ""
            await asyncio.sleep(0.2)

    async def _read(self, events: httpx.Response, mark: str) -> None:
        async for line in events.aiter_lines():
            assert not line.startswith("event: close")
            if line.startswith("data: "):
                self.hear(json.loads(line.removeprefix("data: ")))
                self._mark = mark

    async def send(self, frame: Mapping[str, Any]) -> bool:
        """Post a frame, and hear what it is answered with."""
        said = await self.browser.post(f"{self._path}/say?line={self._mark}", json.dumps(frame))
        for one in said.json()["frames"]:
            self.hear(one)
        return said.status_code == 200


async def close_all(pages: "list[Page]") -> None:
    """Close these pages and their browsers."""
    for page in pages:
        with suppress(Exception):
            await page.leave()
    await asyncio.gather(*(page.browser.close() for page in pages))
