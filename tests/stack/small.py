"""Small real processes to keep running, and a way to wait for what is to come."""

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import psutil

from harbour.stack.supervisor import Notice, Part

GOOD = """
import os, signal, sys, time
name, folder = sys.argv[1], sys.argv[2]
def leave(*_):
    open(folder + "/order", "a").write(name + "\\n")
    sys.exit(0)
signal.signal(signal.SIGTERM, leave)
open(f"{folder}/{name}.up", "w").write(str(os.getpid()))
while True:
    time.sleep(0.05)
"""
"""Says that it is up, and writes its name down when it is asked to leave."""

DEAF = GOOD.replace("signal.signal(signal.SIGTERM, leave)", "signal.signal(signal.SIGTERM, signal.SIG_IGN)")
"""Does not leave when asked."""

FRAIL = "import os, sys\nif os.path.exists(sys.argv[2] + '/frail'): sys.exit(3)\n" + GOOD
"""Ends before it is up while a file `frail` lies beside it."""

FAILING = "import sys; print('the roof leaks', file=sys.stderr); sys.exit(3)"


def part(
    folder: Path, name: str, program: str = GOOD, *, stage: int = 0, patience: float = 20, grace: float = 20
) -> Part:
    """A part that plays this program."""
    up = folder / f"{name}.up"

    async def ready() -> bool:
        return up.exists() and bool(up.read_text())

    return Part(
        name=name,
        argv=(sys.executable, "-c", program, name, str(folder)),
        log=folder / f"{name}.log",
        ready=ready,
        stage=stage,
        patience=patience,
        grace=grace,
    )


class Notices(list[Notice]):
    """What the supervisor told."""

    def of(self, what: str) -> list[str]:
        """The names of the parts this was told of, in order."""
        return [notice.part.name for notice in self if notice.what == what]


async def until(true: Callable[[], bool | Awaitable[bool]], seconds: float = 20) -> None:
    """Wait until this is true; fail after so many seconds."""
    end = time.monotonic() + seconds
    while True:
        now = true()
        if now if isinstance(now, bool) else await now:
            return
        assert time.monotonic() < end, f"still not so after {seconds} s"
        await asyncio.sleep(0.05)


def alive(pid: int) -> bool:
    """Whether a process of this id runs, rather than being gone or a zombie that waits for its parent."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def kill(pid: int, sign: int) -> None:
    """Send a signal to one process."""
    os.kill(pid, sign)
