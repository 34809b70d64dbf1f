"""One rehearsal from the first sign-up to the reckoning."""

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random

from rich.console import Console
from rich.live import Live
from rich.text import Text

from harbour.rehearsal import Trouble, lines
from harbour.rehearsal.house import House, own_house
from harbour.rehearsal.interrupt import Interrupt
from harbour.rehearsal.kills import Kill, Killer
from harbour.rehearsal.ledger import Ledger, Reckoning, as_json, reckon, still_missing
from harbour.rehearsal.people import Facilitator, Officer, Screen, YoungPerson
from harbour.rehearsal.record import operator, read_record, screened
from harbour.rehearsal.script import read_texts, write_script
from harbour.rehearsal.table import progress, table
from harbour.rehearsal.town import Mayor, Town
from harbour.runtime.asking import Asker

_GAP_SECONDS = 0.55
"""Between two things one person says: just under what the room allows a rehearsal."""
_SETTLE_SECONDS = 60.0


@dataclass(frozen=True)
class Options:
    """How somebody wants the rehearsal."""

    texts: Path | None = None
    kill: bool = False
    courses: int = 3
    members: int = 8
    minutes: float = 15.0
    """After so long nothing new is said."""
    seed: int = 1
    url: str = ""
    bus: str = ""
    state: Path | None = None
    json_out: Path | None = None


@dataclass(frozen=True)
class Outcome:
    """What came of it."""

    reckoning: Reckoning
    kills: tuple[Kill, ...]
    seconds: float
    planned: int
    """How much was to be said; more than was sent where the evening ended early."""


async def rehearse(options: Options, console: Console) -> Outcome:
    """Live through the evening and print the table. Raises Trouble where it cannot take place.

    Ctrl-C ends the talking, and the table tells what was said until then; pressed again it stops at once.
    """
    _check(options)
    texts = read_texts(options.texts) if options.texts else list(lines.EVERYDAY)
    interrupt = Interrupt()
    try:
        with interrupt.heard():
            outcome = await _hold(options, console, interrupt, texts)
    except asyncio.CancelledError:
        if interrupt.is_over:
            raise Trouble("Stopped; there is nothing to count.") from None
        raise
    console.print(table(outcome.reckoning, outcome.kills, outcome.seconds, outcome.planned))
    if options.json_out:
        options.json_out.write_text(json.dumps(_as_json(outcome), indent=2) + "\n")
    return outcome


async def _hold(options: Options, console: Console, interrupt: Interrupt, texts: list[str]) -> Outcome:
    async with AsyncExitStack() as stack:
        if options.url:
            house = House(options.url, options.bus, None)
        else:
            console.print("Starting a stack for the rehearsal …")
            house = await stack.enter_async_context(own_house(options.state))
        return await Evening(options, house, console, interrupt).hold(texts)


def _check(options: Options) -> None:
    if options.kill and options.url:
        raise Trouble("--kill hurts only a stack that the rehearsal started itself; leave out --url.")
    if not 1 <= options.members <= len(lines.NAMES):
        raise Trouble(f"A course has 1 to {len(lines.NAMES)} young people.")
    if options.courses < 1:
        raise Trouble("There must be at least one course.")


def _as_json(outcome: Outcome) -> dict[str, object]:
    kills = [{"part": kill.part, "seconds": kill.seconds} for kill in outcome.kills]
    numbers = {"planned": outcome.planned, "seconds": round(outcome.seconds, 1), "kills": kills}
    return {**as_json(outcome.reckoning), **numbers}


class Evening:
    """Everybody of a rehearsal, and how far it has come."""

    def __init__(self, options: Options, house: House, console: Console, interrupt: Interrupt) -> None:
        self._options, self._house, self._console, self._interrupt = options, house, console, interrupt
        self._random = Random(options.seed)  # noqa: S311 - a rehearsal that can be repeated, not a secret
        self._ledger = Ledger()
        self._young: list[YoungPerson] = []
        self._adults: list[Facilitator] = []
        self._killer = Killer(house.state, options.seed) if options.kill and house.state else None
        self._total = 0
        self._began = 0.0

    async def hold(self, texts: list[str]) -> Outcome:
        """Set out, say everything, catch up, reckon."""
        self._console.print("Signing everybody up and in …")
        async with Asker(self._house.bus) as ask:
            town = await Mayor(ask, self._house.url, self._random).build(self._options.courses, self._options.members)
        try:
            return await self._go_on(town, texts)
        finally:
            await town.close()

    async def _go_on(self, town: Town, texts: list[str]) -> Outcome:
        self._seat(town, texts)
        self._interrupt.gently = self._end_early
        officer = Officer(town.officer, self._ledger, self._random)
        self._began = time.monotonic()
        screens: list[Screen] = [*self._young, *self._adults]
        background = [asyncio.create_task(one.live()) for one in (*screens, officer)]
        background += [asyncio.create_task(one.lead()) for one in self._adults]
        background += [asyncio.create_task(officer.work()), asyncio.create_task(self._show_progress())]
        try:
            kills = await self._talk(background)
            reckoning = await self._settle(officer, screens)
        finally:
            for task in background:
                task.cancel()
            await asyncio.gather(*background, return_exceptions=True)
        return Outcome(reckoning, kills, time.monotonic() - self._began, self._total)

    def _seat(self, town: Town, texts: list[str]) -> None:
        """Give everybody their screen, and the young people their lines."""
        people = sum(len(course.members) for course in town.courses)
        script = iter(write_script(texts, people, self._options.seed))
        for course in town.courses:
            for browser in course.members:
                said = next(script)
                self._total += len(said)
                known = (browser, course.session_id, "", self._ledger, self._random)
                self._young.append(YoungPerson(*known, lines=said, gap=_GAP_SECONDS))
            for number, (staff_id, browser) in enumerate(course.facilitators):
                known = (browser, course.session_id, staff_id, self._ledger, self._random)
                self._adults.append(Facilitator(*known, leads=number == 0))

    async def _talk(self, background: list["asyncio.Task[None]"]) -> tuple[Kill, ...]:
        """Until everything is said and answered; with `--kill`, parts die meanwhile."""
        stop = asyncio.Event()
        await _until(lambda: all(young.state == "live" for young in self._young), _SETTLE_SECONDS, background)
        killing = asyncio.create_task(self._killer.go_on(stop)) if self._killer else None
        talking = asyncio.gather(*(young.talk() for young in self._young))
        try:
            await self._hear_out(talking, background)
        finally:
            talking.cancel()
            stop.set()
            await asyncio.gather(talking, *([killing] if killing else []), return_exceptions=True)
        if killing:
            killing.result()  # a killer that failed has proved nothing
        return tuple(self._killer.kills) if self._killer else ()

    async def _hear_out(self, talking: "asyncio.Future[list[None]]", background: list["asyncio.Task[None]"]) -> None:
        deadline = time.monotonic() + self._options.minutes * 60
        await _until(talking.done, deadline - time.monotonic(), background)
        if not talking.done():
            self._say_nothing_new()
            await _until(talking.done, _SETTLE_SECONDS, background)
        if talking.done():
            talking.result()

    def _say_nothing_new(self) -> None:
        for young in self._young:
            young.stop()

    def _end_early(self) -> None:
        self._console.print("Nothing new is said; waiting for what is under way. Ctrl-C again stops at once.")
        self._say_nothing_new()

    async def _settle(self, officer: Officer, screens: list[Screen]) -> Reckoning:
        """Wait until all is judged, decided and seen; those who still miss something reconnect once and catch up."""
        rooms: dict[str, list[str]] = {}
        for screen in screens:
            rooms.setdefault(screen.session_id, []).append(screen.person_id)
        nc = await operator(self._house.bus)
        try:
            await _until(lambda: all(adult.has_decided for adult in self._adults), _SETTLE_SECONDS, [])
            await screened(nc, _SETTLE_SECONDS)
            await _until(lambda: officer.has_finished, _SETTLE_SECONDS, [])
            record = await read_record(nc, set(rooms))
            await _until(lambda: not still_missing(self._ledger, record, rooms), 20, [])
            if still_missing(self._ledger, record, rooms):
                await asyncio.gather(*(screen.hang_up() for screen in screens))
                await _until(lambda: not still_missing(self._ledger, record, rooms), 20, [])
            return reckon(self._ledger, await read_record(nc, set(rooms)), rooms)
        finally:
            await nc.close()

    async def _show_progress(self) -> None:
        """A line that moves on a terminal; anywhere else a line now and then."""
        with Live(console=self._console, refresh_per_second=4, transient=True) as live:
            while True:
                kills = self._killer.kills if self._killer else []
                line = progress(self._ledger, self._total, kills, time.monotonic() - self._began)
                if self._console.is_terminal:
                    live.update(Text(line))
                else:
                    self._console.print(Text(line), soft_wrap=True)
                await asyncio.sleep(0.5 if self._console.is_terminal else 10)


async def _until(fact: Callable[[], bool], seconds: float, background: list["asyncio.Task[None]"]) -> bool:
    """Wait until something is true; whether it was in time. What ended in the background with an error is raised."""
    deadline = time.monotonic() + seconds
    while not fact():
        for task in background:
            if task.done() and not task.cancelled() and (error := task.exception()):
                raise error
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(0.1)
    return True
