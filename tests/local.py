"""Servers from programs on this machine, each in a folder of its own that is gone afterwards."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

Address = tuple[str, int]

_TRIES = 4
"""A port that was free may be taken before the server has it: then another one."""
UNSAFE_AND_QUICK = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=300"
"""Of PostgreSQL: nothing of a test has to outlive its server."""


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def postgres_programs() -> Path | None:
    """The folder of `initdb` and `pg_ctl`; None where PostgreSQL is not on this machine."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    newest = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return newest[-1].parent if newest else None


@contextmanager
def local_postgres(programs: Path) -> Iterator[Address]:
    """A PostgreSQL that lets everybody in; root starts it as the user `postgres`, since it refuses root."""
    with tempfile.TemporaryDirectory(prefix="harbour-postgres-", dir="/tmp", ignore_cleanup_errors=True) as name:
        as_whom: list[str] = []
        if os.geteuid() == 0:
            as_whom = ["runuser", "-u", "postgres", "--"]
            shutil.chown(name, "postgres")
        _run([*as_whom, str(programs / "initdb"), "-D", f"{name}/data", "-A", "trust", "-U", "postgres", "--no-sync"])
        control = [*as_whom, str(programs / "pg_ctl"), "-D", f"{name}/data", "-w", "-l", f"{name}/log"]
        for left in reversed(range(_TRIES)):
            port = free_port()
            where = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
            try:
                _run([*control, "-o", f"{where} {UNSAFE_AND_QUICK}", "start"])
                break
            except subprocess.CalledProcessError:
                if not left:
                    raise
        try:
            yield "127.0.0.1", port
        finally:
            _run([*control, "-m", "immediate", "stop"])


@contextmanager
def local_redis(program: str, is_ready: Callable[[Address], bool]) -> Iterator[Address]:
    """A Redis that keeps nothing."""
    with tempfile.TemporaryDirectory(prefix="harbour-redis-", dir="/tmp", ignore_cleanup_errors=True) as name:
        for left in reversed(range(_TRIES)):
            address = ("127.0.0.1", free_port())
            command = [program, "--port", str(address[1]), "--bind", address[0], "--save", "", "--dir", name]
            with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
                try:
                    if _comes_up(server, address, is_ready):
                        yield address
                        return
                finally:
                    server.terminate()
            assert left, "redis-server did not start"


def _comes_up(server: "subprocess.Popen[bytes]", address: Address, is_ready: Callable[[Address], bool]) -> bool:
    deadline = time.monotonic() + 10
    while server.poll() is None and time.monotonic() < deadline:
        if is_ready(address):
            return True
        time.sleep(0.02)
    return False


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
