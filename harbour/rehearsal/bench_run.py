"""One measurement from an empty folder to the table: rooms, sockets, idle people, each rate, as much as goes."""

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

import psutil
from nats.aio.client import Client
from nats.errors import Error as NatsError
from rich.console import Console

from harbour.rehearsal import Trouble, bench_table
from harbour.rehearsal.bench_house import House, own_house
from harbour.rehearsal.bench_table import Idle, Line, Sample
from harbour.rehearsal.bench_town import Place, make_rooms
from harbour.rehearsal.lines import EVERYDAY
from harbour.rehearsal.record import SCREENING, operator

TEXT_BYTES = 80
_CATCH_UP_SECONDS = 60.0
"""Longer is not waited for; what is still left then burdens the next run, as it would an evening."""
_AT_REST = 0.6
"""Processors that all parts together use at most when nothing is said."""
_LINE_LIMIT = 64 * 1024 * 1024


@dataclass(frozen=True)
class Options:
    """How somebody wants the measurement."""

    rooms: int = 50
    members: int = 10
    rates: tuple[float | None, ...] = (100, 500, 1000, None)
    """Messages a second over all rooms; None for as many as possible."""
    seconds: float = 10.0
    warm: float = 2.0
    runs: int = 3
    idle: int = 1000
    idle_seconds: float = 10.0
    """For so long their memory and processor time are watched."""
    window: int = 1
    """Messages each person has on the way at once, where as many as possible are said."""
    sync: str = "always"
    passes: tuple[str, ...] = ("live", "whole")


PASSES = {
    "live": ("The live path", "enrolment,chat,gateway"),
    "whole": ("With everything that hears of it afterwards, too", ""),
}
"""What is measured: its title, and the services that run; all of them where none are named."""


@dataclass(frozen=True)
class Pass:
    """What was measured on one stack."""

    name: str
    lines: tuple[Line, ...]
    idle: Idle | None

    @property
    def title(self) -> str:
        """What it is about."""
        return PASSES[self.name][0]


@dataclass(frozen=True)
class Outcome:
    """What was measured."""

    passes: tuple[Pass, ...]
    load: float
    """How busy the machine was when it began: processes that wanted a processor, over one minute."""

    @property
    def is_sound(self) -> bool:
        """Whether every message reached everybody, once."""
        return not any(line.faults for one in self.passes for line in one.lines)


def texts() -> list[str]:
    """Everyday texts of exactly 80 bytes."""
    found = []
    for number, first in enumerate(EVERYDAY):
        words = " ".join([first, *EVERYDAY[number + 1 :], *EVERYDAY[:number]])
        found.append(words[:TEXT_BYTES].rsplit(" ", 1)[0].ljust(TEXT_BYTES, "."))
    return found


async def measure(options: Options, console: Console) -> Outcome:
    """Start a stack, measure, print the table. Raises Trouble."""
    if options.rooms < 1 or options.members < 1:
        raise Trouble("There must be at least one room with one person in it.")
    busy = os.getloadavg()[0]
    return Outcome(tuple([await _pass(name, options, console) for name in options.passes]), busy)


async def _pass(name: str, options: Options, console: Console) -> Pass:
    title, services = PASSES[name]
    console.print(f"{title}: starting a stack …")
    if name != options.passes[0]:
        options = replace(options, idle=0, runs=1)
    async with own_house(options.sync, services) as house, generator() as load:
        found = await Bench(name, options, house, load, console).go_on()
    console.print(bench_table.shown(found.lines, f"{title}: {options.rooms} rooms of {options.members} sockets"))
    return found


def say_rate(rate: float | None) -> str:
    """What was asked for, in words."""
    return "as many as possible" if rate is None else f"{rate:,.0f} msg/s"


def say_idle(idle: Idle) -> str:
    """What idle people cost, in a sentence."""
    return (
        f"{idle.sockets:,} idle sockets in {idle.rooms:,} rooms: the gateway grew from {idle.mb_before:.0f} to "
        f"{idle.mb_after:.0f} MB, {idle.kb_each:.1f} KB a connection; all parts together used {idle.cpu_cores:.2f} "
        "processors meanwhile."
    )


# ── the load generator, in a process of its own ───────────────────────────────────────────────────────────────


class Generator:
    """Tells the process what to do, and reads what came of it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def __call__(self, do: str, **words: Any) -> dict[str, Any]:
        """The answer to one order. Raises Trouble where the process has died."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"do": do, **words}).encode() + b"\n")
        with suppress(ConnectionError):
            await self._process.stdin.drain()
        if not (line := await self._process.stdout.readline()):
            raise Trouble("The load generator has stopped; what it said is above.")
        return dict(json.loads(line))


@asynccontextmanager
async def generator() -> AsyncIterator[Generator]:
    """A load generator, gone at the end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "harbour.rehearsal.load",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=_LINE_LIMIT,
    )  # fmt: skip
    try:
        yield Generator(process)
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def connect(load: Generator, places: Sequence[Place]) -> int:
    """Open a socket for each place; how many. Raises Trouble where one is not let in."""
    came = await load("connect", places=[place.as_json() for place in places])
    if came["failures"]:
        raise Trouble(f"Some sockets were not let in: {came['failures']}")
    return int(came["open"])


# ── what is measured ──────────────────────────────────────────────────────────────────────────────────────────


class Bench:
    """A stack, a load generator, and what they are put through."""

    def __init__(self, name: str, options: Options, house: House, load: Generator, console: Console) -> None:
        self._name = name
        self._options, self._house, self._load, self._console = options, house, load, console
        self._texts = texts()

    async def go_on(self) -> Pass:
        """Everything that was asked for, in turn."""
        wanted = self._options
        idle_rooms = -(-wanted.idle // wanted.members)
        places = await self._places(max(wanted.rooms, idle_rooms))
        nc = await operator(self._house.env["NATS_URL"])
        try:
            await self._caught_up(nc)
            idle = await self._idle(places[: wanted.idle], idle_rooms) if wanted.idle else None
            await connect(self._load, places[: wanted.rooms * wanted.members])
            found = await self._all_rates(nc)
        finally:
            await nc.close()
        return Pass(self._name, tuple(found), idle)

    async def _places(self, rooms: int) -> list[Place]:
        with self._console.status("") as status:

            def tell(made: int) -> None:
                status.update(f"Rooms with signed-in people: {made} of {rooms}")

            places = await make_rooms(self._house, rooms, self._options.members, tell)
        self._console.print(f"{rooms} rooms are live, {len(places)} people are signed in.")
        return places

    async def _idle(self, places: Sequence[Place], rooms: int) -> Idle:
        """People who sit there and say nothing: memory of the gateway, processors of all."""
        before = self._gateway_mb()
        with self._console.status(f"{len(places)} idle sockets"):
            sockets = await connect(self._load, places)
            await asyncio.sleep(3)
            began, spent = time.perf_counter(), self._spent()
            await asyncio.sleep(self._options.idle_seconds)
            cores = (self._spent() - spent) / (time.perf_counter() - began)
            after = self._gateway_mb()
            await self._load("hang_up")
        idle = Idle(sockets, rooms, before, after, cores)
        self._console.print(say_idle(idle))
        return idle

    async def _all_rates(self, nc: Client) -> list[Line]:
        """Each rate in turn; once one could not be held, higher ones would show nothing but a queue."""
        found: list[Line] = []
        for rate in self._options.rates:
            if rate is not None and any(not line.kept_up for line in found):
                self._console.print(f"{say_rate(rate)}: left out, as less could not be held.")
            else:
                found += bench_table.lines(await self._runs(nc, rate))
        return found

    async def _runs(self, nc: Client, rate: float | None) -> list[Sample]:
        samples: list[Sample] = []
        for run in range(self._options.runs):
            with self._console.status(f"{say_rate(rate)}, run {run + 1} of {self._options.runs}") as status:
                answer = await self._one(rate)
                samples.append(Sample.read(rate, answer, await _behind(nc) if self._name != "live" else 0))
                status.update(f"{say_rate(rate)}: done; {samples[-1].behind} messages still to be screened in depth")
                await self._caught_up(nc)
            [line] = bench_table.lines(samples[-1:])
            closed = f", sockets {answer['why']}" if answer["why"] else ""
            self._console.print(
                f"{say_rate(rate)}, run {run + 1}: {line.rate:,.0f} msg/s, p50 {line.p50:.1f}, p99 {line.p99:.1f} ms, "
                f"CPU {line.cpu:.3f}, missing {line.missing}, other faults {line.faults - line.missing}{closed}"
            )
            if not line.kept_up:
                break
        return samples

    async def _one(self, rate: float | None) -> dict[str, Any]:
        wanted = self._options
        common = {"seconds": wanted.seconds, "warm": wanted.warm, "texts": self._texts, "pids": dict(self._house.pids)}
        if rate is None:
            return await self._load("flood", window=wanted.window, **common)
        return await self._load("at_rate", rate=rate, **common)

    async def _caught_up(self, nc: Client) -> None:
        """Until what runs behind the room has looked at everything, so that one run does not burden the next."""
        deadline = time.monotonic() + _CATCH_UP_SECONDS
        while time.monotonic() < deadline:
            spent = self._spent()
            await asyncio.sleep(0.5)
            at_rest = self._spent() - spent < 0.5 * _AT_REST
            if at_rest and (self._name == "live" or not await _behind(nc)):
                return

    def _spent(self) -> float:
        times = [psutil.Process(pid).cpu_times() for pid in self._house.pids.values()]
        return sum(one.user + one.system for one in times)

    def _gateway_mb(self) -> float:
        gates: Mapping[str, int] = {name: pid for name, pid in self._house.pids.items() if name.startswith("gateway")}
        return sum(psutil.Process(pid).memory_info().rss for pid in gates.values()) / 1e6


async def _behind(nc: Client) -> int:
    """Messages that safeguard has not looked at yet."""
    try:
        info = await nc.jetstream().consumer_info("CHAT", SCREENING)
    except (NatsError, TimeoutError):
        return 0
    return int(info.num_pending or 0) + int(info.num_ack_pending or 0)
