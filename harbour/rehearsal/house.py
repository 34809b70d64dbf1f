"""A stack of its own for a rehearsal, in a folder that is gone afterwards."""

import asyncio
import json
import os
import socket
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harbour.rehearsal import Trouble

_START_SECONDS = 120.0
_STOP_SECONDS = 15.0
RATES = {
    "CHAT_PACE_MESSAGES": "20",
    "CHAT_PACE_SECONDS": "10",
    "GATEWAY_STAFF_TRIES_PER_IP_QUARTER_HOUR": "200",
    "GATEWAY_JOINS_PER_IP_HOUR": "400",
    "GATEWAY_CODES_PER_IP_HOUR": "400",
}
"""A rehearsal speaks a little faster than people type, and all of it comes from one machine."""


@dataclass(frozen=True)
class House:
    """Where a stack listens."""

    url: str
    bus: str
    state: Path | None
    """The state folder of a stack of our own, which may be hurt; None for somebody else's."""


@asynccontextmanager
async def own_house(state: Path | None) -> AsyncIterator[House]:
    """Start a stack with nobody in it, on free ports; stopped at the end, and its folder gone unless it was given."""
    with tempfile.TemporaryDirectory(prefix="harbour-rehearsal-", ignore_cleanup_errors=True) as spare:
        folder = state or Path(spare) / "var"
        ready, log = Path(spare) / "ready.json", Path(spare) / "stack.log"
        process = await _start(folder, ready, log)
        try:
            facts = await _facts(process, ready, log)
            yield House(facts["url"], facts["bus"], folder)
        finally:
            await _stop(process)


async def _start(folder: Path, ready: Path, log: Path) -> asyncio.subprocess.Process:
    words = ["run", "--no-demo", "--port", str(_free_port()), "--state", str(folder), "--ready-file", str(ready)]
    with log.open("wb") as out:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "harbour.cli", *words,
            stdin=asyncio.subprocess.DEVNULL, stdout=out, stderr=out,
            env={**os.environ, **RATES}, start_new_session=True,
        )  # fmt: skip


async def _facts(process: asyncio.subprocess.Process, ready: Path, log: Path) -> dict[str, str]:
    with suppress(TimeoutError):
        async with asyncio.timeout(_START_SECONDS):
            while process.returncode is None:
                if facts := _read(ready):
                    return {"url": facts["url"], "bus": facts["env"]["NATS_URL"]}
                await asyncio.sleep(0.1)
    raise Trouble(_last_words(log))


def _read(ready: Path) -> dict[str, Any] | None:
    return dict(json.loads(ready.read_text())) if ready.exists() else None


def _last_words(log: Path) -> str:
    return "\n".join(["The stack could not start:", *log.read_text("utf-8", "replace").splitlines()[-8:]])


async def _stop(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), _STOP_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])
