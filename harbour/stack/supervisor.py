"""Keeps processes running: starts them together, starts again what dies, and stops all of them in order."""

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from harbour.stack import Trouble, leash

What = Literal["starting", "ready", "died", "stopping", "stopped", "killed"]

_LOOK_EVERY = 0.05
_LOG_BYTES = 20_000_000
"""A log longer than this is put aside as `….1` before the part starts."""


@dataclass(frozen=True)
class Part:
    """One process of the stack: what to run, and how to tell that it is ready."""

    name: str
    argv: tuple[str, ...]
    log: Path
    ready: Callable[[], Awaitable[bool]]
    stage: int = 0
    """Parts of a higher stage are stopped first."""
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path | None = None
    patience: float = 90.0
    """Seconds it may take to become ready."""
    grace: float = 3.0
    """Seconds it may take to stop when asked to; then it is killed."""


@dataclass(frozen=True)
class Notice:
    """Something that happened to a part, for the screen."""

    part: Part
    what: What
    seconds: float = 0.0
    """How long it took to be ready; for `died`, how long until it is started again."""
    code: int | None = None


Tell = Callable[[Notice], None]


class Supervisor:
    """Runs parts until told to stop. Nothing it started outlives it, even if it is killed itself."""

    def __init__(
        self, tell: Tell, *, pauses: tuple[float, ...] = (0.2, 1, 2, 5), steady: float = 1.0, by: str = ""
    ) -> None:
        """`pauses`: seconds before each further start of a part that dies before it is ready or within `steady`
        seconds of it; one that dies later starts again at once, however often."""
        self._tell, self._pauses, self._steady, self._by = tell, pauses, steady, by
        self._kept: list[_Kept] = []

    async def start(self, parts: Iterable[Part]) -> None:
        """Start these together and wait until each is ready. Raises Trouble for the first that will not be."""
        fresh = [_Kept(part, self._tell, self._by) for part in parts]
        self._kept += fresh
        begun = [asyncio.ensure_future(kept.begin()) for kept in fresh]
        try:
            await asyncio.gather(*begun)
        finally:
            for one in begun:
                one.cancel()
            await asyncio.gather(*begun, return_exceptions=True)
        for kept in fresh:
            kept.keeper = asyncio.create_task(kept.keep(self._pauses, self._steady))

    def pids(self) -> dict[str, int]:
        """The process id of each part that runs now."""
        return {kept.part.name: pid for kept in self._kept if (pid := kept.pid)}

    async def stop(self, at_once: asyncio.Event | None = None) -> None:
        """Stop every part, the highest stage first. What outstays its grace, or `at_once`, is killed."""
        hurry = at_once or asyncio.Event()
        for kept in self._kept:
            kept.let_go()
        for stage in sorted({kept.part.stage for kept in self._kept}, reverse=True):
            await asyncio.gather(*(kept.end(hurry) for kept in self._kept if kept.part.stage == stage))
        self._kept.clear()


class _Kept:
    """One part and the process that plays it now."""

    def __init__(self, part: Part, tell: Tell, by: str) -> None:
        self.part = part
        self.keeper: asyncio.Task[None] | None = None
        self._tell = tell
        self._by = by or leash.way()
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int | None:
        """Its process id, or None while none runs."""
        return self._process.pid if self._process and self._process.returncode is None else None

    async def begin(self) -> None:
        """Start it and wait until it is ready. Raises Trouble where it ends or is too slow."""
        began = time.monotonic()
        process = await self._spawn()
        while time.monotonic() - began < self.part.patience:
            if process.returncode is not None:
                raise Trouble(self._last_words(f"{self.part.name} could not start (exit {process.returncode})."))
            if await self.part.ready():
                self._tell(Notice(self.part, "ready", time.monotonic() - began))
                return
            await asyncio.sleep(_LOOK_EVERY)
        raise Trouble(self._last_words(f"{self.part.name} was not ready within {self.part.patience:.0f} s."))

    async def keep(self, pauses: tuple[float, ...], steady: float) -> None:
        """Start it again whenever it dies, after a pause that grows while it hardly gets to work."""
        deaths = 0
        ready_at: float | None = time.monotonic()
        while process := self._process:
            code = await process.wait()
            worked = ready_at is not None and time.monotonic() - ready_at > steady
            deaths = 0 if worked else deaths + 1
            pause = pauses[min(deaths, len(pauses)) - 1] if deaths else 0.0
            self._signal(signal.SIGKILL)  # whatever it left behind in its group
            self._tell(Notice(self.part, "died", pause, code))
            await asyncio.sleep(pause)
            ready_at = None
            with suppress(Trouble):
                await self.begin()
                ready_at = time.monotonic()

    def let_go(self) -> None:
        """From now on it is not started again."""
        if self.keeper:
            self.keeper.cancel()

    async def end(self, hurry: asyncio.Event) -> None:
        """Ask it to stop, and kill it where it does not go in its grace."""
        if self._process is None or self.pid is None:
            return
        self._tell(Notice(self.part, "stopping"))
        self._signal(signal.SIGTERM)
        gone = asyncio.ensure_future(self._process.wait())
        rush = asyncio.ensure_future(hurry.wait())
        await asyncio.wait({gone, rush}, timeout=self.part.grace, return_when=asyncio.FIRST_COMPLETED)
        rush.cancel()
        went = gone.done()
        self._signal(signal.SIGKILL)
        await gone
        self._tell(Notice(self.part, "stopped" if went else "killed", code=self._process.returncode))

    async def _spawn(self) -> asyncio.subprocess.Process:
        """Start the process in a session of its own, so that Ctrl-C reaches only the supervisor."""
        self._tell(Notice(self.part, "starting"))
        if self.part.log.exists() and self.part.log.stat().st_size > _LOG_BYTES:
            self.part.log.replace(self.part.log.with_suffix(".log.1"))
        with self.part.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *leash.command(self.part.argv, by=self._by),
                stdin=asyncio.subprocess.PIPE if self._by == "pipe" else asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, **self.part.env},
                cwd=self.part.cwd,
                start_new_session=True,
            )
        return self._process

    def _signal(self, sign: signal.Signals) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, sign)

    def _last_words(self, sentence: str, lines: int = 6) -> str:
        """The sentence, and the end of the log beneath it."""
        said = self.part.log.read_text("utf-8", "replace").splitlines()[-lines:] if self.part.log.exists() else []
        return "\n".join([sentence, f"The end of {self.part.log}:", *(f"  {line[:300]}" for line in said)])
