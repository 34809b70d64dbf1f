"""A stack of its own for a measurement: as `make run` starts it, with room for more words than anybody can type."""

import asyncio
import json
import os
import resource
import shutil
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harbour.rehearsal import Trouble

_START_SECONDS = 120.0
_STOP_SECONDS = 20.0
RATES = {
    "CHAT_PACE_MESSAGES": "1000000",
    "CHAT_PACE_SECONDS": "1",
    "GATEWAY_SOCKET_BURST_FRAMES": "1000000",
    "GATEWAY_SOCKET_FRAMES_PER_SECOND": "1000000",
    "GATEWAY_PERSON_FRAMES_PER_MINUTE": "1000000000",
    "CHAT_AWAY_SECONDS": "86400",
}
"""Nobody is told that they speak too fast; that it is looked at for each message stays. And no room pauses because
the adults of a bench have no pages."""
_WITHOUT_SYNC = """#!/bin/sh
[ -f nats.conf ] && sed -i '/sync_interval/d' nats.conf
exec "{program}" "$@"
"""
"""Stands on the path before the real server: the stack itself has no way to be told to keep things less surely."""


@dataclass(frozen=True)
class House:
    """A stack that runs."""

    url: str
    env: Mapping[str, str] = field(repr=False)
    """What its services are told: where the bus and the cache are."""
    pids: Mapping[str, int]
    """Its parts by name, and the supervisor of all."""


@asynccontextmanager
async def own_house(sync: str = "always", services: str = "") -> AsyncIterator[House]:
    """Start a stack with nobody in it; stopped at the end, and everything it kept is gone. `sync`: always, default."""
    _raise_the_ceiling()
    with tempfile.TemporaryDirectory(prefix="harbour-bench-", ignore_cleanup_errors=True) as spare:
        process = await _start(Path(spare), sync, services)
        try:
            yield await _facts(process, Path(spare))
        finally:
            await _stop(process)


def standing_house(state: Path, url: str = "") -> House:
    """The stack that runs on this state folder, or the one the environment tells of. Raises Trouble."""
    facts: dict[str, Any] = {}
    with suppress(OSError, ValueError):
        facts = json.loads((state / "running.json").read_text())
    env = {
        **facts.get("env", {}),
        **{name: os.environ[name] for name in ("NATS_URL", "REDIS_URL") if name in os.environ},
    }
    url = url or facts.get("url", "")
    if not url or "NATS_URL" not in env:
        raise Trouble(
            f"No stack runs on {state}. Start one with `make run`, or name its state folder with --state, or "
            "its address with --url and its servers with NATS_URL and REDIS_URL."
        )
    return House(url, env, {})


def _raise_the_ceiling() -> None:
    """As many open files as the system lets us have: each socket is one, here and in the gateway."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


async def _start(folder: Path, sync: str, services: str) -> asyncio.subprocess.Process:
    ready = folder / "ready.json"
    words = [
        "run",
        "--no-demo",
        "--port",
        str(_free_port()),
        "--state",
        str(folder / "var"),
        "--ready-file",
        str(ready),
    ]
    words += ["--services", services] if services else []
    env = {**os.environ, **RATES}
    if sync != "always":
        env["PATH"] = f"{less_sure(folder)}{os.pathsep}{env.get('PATH', '')}"
    with (folder / "stack.log").open("wb") as out:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "harbour.cli", *words,
            stdin=asyncio.subprocess.DEVNULL, stdout=out, stderr=out, env=env, start_new_session=True,
        )  # fmt: skip


def nats_program() -> str:
    """The server of the bus that the stack finds: from the path, else beside this Python."""
    return shutil.which("nats-server") or str(Path(sys.executable).parent / "nats-server")


def less_sure(folder: Path) -> Path:
    """A folder to put first on the path: its server of the bus syncs to disk when NATS by itself would."""
    home = folder / "bin"
    home.mkdir()
    script = home / "nats-server"
    script.write_text(_WITHOUT_SYNC.format(program=nats_program()))
    script.chmod(0o700)
    return home


async def _facts(process: asyncio.subprocess.Process, folder: Path) -> House:
    ready = folder / "ready.json"
    with suppress(TimeoutError):
        async with asyncio.timeout(_START_SECONDS):
            while process.returncode is None:
                if ready.exists():
                    facts = json.loads(ready.read_text())
                    pids = {name: part["pid"] for name, part in facts["parts"].items()}
                    return House(facts["url"], facts["env"], {**pids, "supervisor": facts["pid"]})
                await asyncio.sleep(0.1)
    last = (folder / "stack.log").read_text("utf-8", "replace").splitlines()[-8:]
    raise Trouble("\n".join(["The stack could not start:", *last]))


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
