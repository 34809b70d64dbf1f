"""The simulated people: young people who speak, adults who lead, and an officer at the queue."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx

from harbour.rehearsal import Trouble
from harbour.rehearsal.browser import Browser
from harbour.rehearsal.ledger import Ledger
from harbour.rehearsal.script import Utterance
from harbour.rehearsal.sockets import LiveSocket

_TRY_AGAIN_SECONDS = 8.0
"""Something said that nobody answered is said again under the same name."""
_HERE_SECONDS = 4.0
"""A room without an adult's page pauses itself after fifteen."""
_PASSES = frozenset({"too-fast", "unavailable", "not-live"})
_DECIDED = frozenset({"declined", "released", "no-such-message"})
_NOTE = "Looked at together in a rehearsal; nothing further to do."


class Screen(LiveSocket):
    """A room on somebody's screen."""

    def __init__(self, browser: Browser, session_id: str, person_id: str, ledger: Ledger, random: Random) -> None:
        super().__init__(browser, random)
        self.session_id, self.person_id, self._ledger = session_id, person_id, ledger
        self.state = ""
        self._upto = 0
        self._given: set[int] = set()

    def path(self) -> str:
        """The room, from the number up to which nothing is missing here."""
        return f"/live/{self.session_id}?after={self._upto}"

    def begin(self) -> None:
        """A new connection may give again what the last one gave."""
        self._given.clear()

    def hear(self, frame: Mapping[str, Any]) -> None:
        """Put on the screen what the room says."""
        match frame["type"]:
            case "hello":
                self.person_id = frame["you"]["person_id"]
                self.state = frame["state"]
            case "state":
                self.state = frame["state"]
            case "message":
                self._show(frame)
            case "messages":
                for message in frame["list"]:
                    self._show(message)
                self._upto = max(self._upto, frame["upto"])
            case "pong":
                self._upto = max(self._upto, frame["upto"])

    def _show(self, message: Mapping[str, Any]) -> None:
        number = message["number"]
        if number in self._given:
            self._ledger.repeat(self.person_id)
        self._given.add(number)
        self._ledger.show(self.person_id, message["client_id"], number, time.monotonic())


@dataclass
class _Tried:
    """Something in the outbox: when to say it again."""

    words: Utterance
    again: float = 0.0
    tries: int = 0


class YoungPerson(Screen):
    """Says their lines in order, keeps what is unanswered in an outbox, and tries it again under the same name."""

    def __init__(self, *known: Any, lines: Sequence[Utterance], gap: float) -> None:
        super().__init__(*known)
        self._lines, self._gap = list(reversed(lines)), gap
        self._outbox: dict[str, _Tried] = {}
        self._window = 3

    @property
    def has_finished(self) -> bool:
        """Whether everything was said and answered."""
        return not self._lines and not self._outbox

    def begin(self) -> None:
        """On a new connection, whatever is unanswered is said again."""
        super().begin()
        for tried in self._outbox.values():
            tried.again = min(tried.again, time.monotonic() + 0.5)

    def stop(self) -> None:
        """Say nothing new."""
        self._lines.clear()

    async def talk(self) -> None:
        """Speak while there is something left to say."""
        await asyncio.sleep(self._random.uniform(0, self._gap))
        while not self.has_finished:
            if self.closed_for_good:
                raise Trouble(f"A young person was shown out of the room ({self.closed_for_good}).")
            if self.state in ("live", "closing"):
                await self._speak()
            await asyncio.sleep(self._gap * self._random.uniform(0.8, 1.2))

    async def _speak(self) -> None:
        now = time.monotonic()
        due = [tried for tried in self._outbox.values() if tried.again <= now]
        if not due and self._lines and len(self._outbox) < self._window:
            words = self._lines.pop()
            due = [self._outbox.setdefault(words.client_id, _Tried(words))]
        for tried in due[:1]:
            tried.again, tried.tries = now + _TRY_AGAIN_SECONDS, tried.tries + 1
            self._ledger.say(tried.words.client_id, self.person_id, self.session_id, now)
            await self.send({"type": "say", "client_id": tried.words.client_id, "text": tried.words.text})

    def hear(self, frame: Mapping[str, Any]) -> None:
        """Take an answer out of the outbox; a refusal that passes is waited out."""
        super().hear(frame)
        client_id = frame.get("client_id", "")
        match frame["type"]:
            case "message" if frame["person_id"] == self.person_id and client_id in self._outbox:
                self._ledger.confirm(client_id, "sent")
                del self._outbox[client_id]
            case "sent" | "held" as state:
                self._ledger.confirm(client_id, state)
                self._outbox.pop(client_id, None)
            case "refused" if client_id in self._outbox and frame["reason"] in _PASSES:
                tried = self._outbox[client_id]
                tried.again = time.monotonic() + min(4.0, 0.6 * 1.5**tried.tries) * self._random.uniform(0.7, 1.3)
            case "refused" if client_id in self._outbox:
                self._ledger.refuse(client_id, frame["reason"])
                self._outbox.pop(client_id)


class Facilitator(Screen):
    """Opens the room where it is theirs to open, and decides about what waits; the second one only after a while."""

    def __init__(self, *known: Any, leads: bool) -> None:
        super().__init__(*known)
        self._leads = leads
        self._waiting: dict[str, float] = {}

    @property
    def has_decided(self) -> bool:
        """Whether nothing waits."""
        return not self._waiting

    def hear(self, frame: Mapping[str, Any]) -> None:
        """Note what waits and what no longer does."""
        super().hear(frame)
        match frame["type"]:
            case "waiting":
                self._waiting.setdefault(frame["held_id"], time.monotonic() + (0.5 if self._leads else 6.0))
            case "decided":
                self._waiting.pop(frame["held_id"], None)
            case "refused" if frame["reason"] in _DECIDED:
                self._waiting.pop(frame["held_id"], None)

    async def lead(self) -> None:
        """Open, start, and decide about what waits, as long as the evening goes on."""
        here = 0.0
        while True:
            if self.closed_for_good:
                raise Trouble(f"A facilitator was shown out of the room ({self.closed_for_good}).")
            now = time.monotonic()
            if now >= here and await self.send({"type": "here"}):
                here = now + _HERE_SECONDS
            step = {"scheduled": "open", "doors": "start"}.get(self.state)
            if step and self._leads:
                await self.send({"type": step})
            for held_id in [held_id for held_id, due in self._waiting.items() if due <= now][:3]:
                self._waiting[held_id] = now + 5.0
                await self.send({"type": _decision(held_id), "held_id": held_id})
            await asyncio.sleep(0.5)


def _decision(held_id: str) -> str:
    """Release or decline: the same for everybody who is asked about the same message."""
    return "release" if sum(held_id.encode()) % 2 else "decline"


@dataclass
class _Queue:
    """What the officer's screen shows: alerts that are not done, practice alerts, and whether somebody is on call."""

    alerts: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    canaries: list[str] = field(default_factory=list)
    on_call: bool = False


class Officer(LiveSocket):
    """Sits at the queue, reads each alert, takes it on and closes it with a note, by the forms of the pages; what was
    high or immediate then waits for a second person, who is not played here."""

    def __init__(self, browser: Browser, ledger: Ledger, random: Random) -> None:
        super().__init__(browser, random)
        self._ledger, self._shown = ledger, _Queue()
        self.has_seen = False
        self.done: set[str] = set()

    @property
    def has_finished(self) -> bool:
        """Whether the queue is empty, on the screen itself, but for what waits for a second person's word."""
        return self.has_seen and all(alert["closing"] for alert in self._shown.alerts.values())

    def path(self) -> str:
        """The queue."""
        return "/live/queue"

    def hear(self, frame: Mapping[str, Any]) -> None:
        """The whole queue, as it is now."""
        if frame["type"] != "queue":
            return
        self.has_seen = True
        for alert in frame["alerts"]:
            self._ledger.alert(alert["alert_id"], time.monotonic())
        self._shown.alerts = {alert["alert_id"]: alert for alert in frame["alerts"]}
        self._shown.canaries = [canary["canary_id"] for canary in frame["canaries"]]
        self._shown.on_call = bool(frame["on_call"])

    async def work(self) -> None:
        """Be on call, see the practice alerts, and take what stands on the queue, one after the other; what fails is
        tried again."""
        while True:
            try:
                await self._be_there()
            except (httpx.HTTPError, Trouble):
                await asyncio.sleep(0.5)
            for alert_id in [name for name in self._shown.alerts if name not in self.done]:
                try:
                    if await self._settle(alert_id):
                        self.done.add(alert_id)
                except (httpx.HTTPError, Trouble):  # a page that is away comes back
                    await asyncio.sleep(0.5)
            await asyncio.sleep(0.2)

    async def _be_there(self) -> None:
        if self.has_seen and not self._shown.on_call:
            await self._browser.fill_in("/queue", "/queue/on-call")
        for canary_id in self._shown.canaries[:1]:
            await self._browser.fill_in("/queue", f"/queue/canary/{canary_id}")

    async def _settle(self, alert_id: str) -> bool:
        """Whether it is closed now."""
        page = f"/queue/{alert_id}"
        shown = await self._browser.see(page)
        if f'action="{page}/claim"' in shown.text:
            await self._browser.fill_in(page, f"{page}/claim")
        await self._browser.fill_in(page, f"{page}/open")
        closed = await self._browser.fill_in(page, f"{page}/resolve", note=_NOTE)
        return closed.status_code == 200 and closed.url.path == "/queue"
