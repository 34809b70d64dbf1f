"""A bus, a PostgreSQL and copies of one service, each a process that can be killed and started again as it was."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from tests.chat.servers import NatsServer
from tests.local import UNSAFE_AND_QUICK, free_port

_SETTLED_SECONDS = 30.0


class Postgres:
    """A PostgreSQL that can be killed, with all its children, and started again over the same data."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs, self._data, self.port = programs, folder / "data", free_port()
        self._as_whom: list[str] = []
        if os.geteuid() == 0:
            self._as_whom = ["runuser", "-u", "postgres", "--"]
            shutil.chown(folder, "postgres")
        self._run("initdb", "-D", str(self._data), "-A", "trust", "-U", "postgres", "--no-sync")
        self.url = f"postgresql+asyncpg://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        where = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' {UNSAFE_AND_QUICK}"
        log = str(self._data / "log")
        self._run("pg_ctl", "-D", str(self._data), "-w", "-t", "30", "-l", log, "-o", where, "start")

    def kill(self) -> None:
        """Kill it where it stands."""
        pid = int((self._data / "postmaster.pid").read_text().split()[0])
        everybody = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
        for one in everybody:
            one.kill()
        psutil.wait_procs(everybody, timeout=10)

    def _run(self, program: str, *words: str) -> None:
        command = [*self._as_whom, str(self._programs / program), *words]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")


class Copies:
    """Copies of a service; one that is killed, or ends by itself, is started again when asked to be up."""

    def __init__(self, service: str, count: int, env: dict[str, str], folder: Path) -> None:
        self._service, self._env, self._folder = service, {**os.environ, **env}, folder
        self.command = ["-m", "harbour.cli", "serve", service, "--port"]
        self._running: dict[int, subprocess.Popen[bytes]] = {}
        self.count = count

    def up(self) -> None:
        """Start every copy that does not run."""
        for number in range(self.count):
            if number not in self._running or self._running[number].poll() is not None:
                self._running[number] = self._start(number)

    def kill(self, *numbers: int) -> None:
        """Kill these copies where they stand; all of them where none is named."""
        for number in numbers or range(self.count):
            self._running[number].kill()
            self._running[number].wait()

    def stop(self) -> None:
        """Have every copy end."""
        for one in self._running.values():
            if one.poll() is None:
                one.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + _SETTLED_SECONDS
        for one in self._running.values():
            try:
                one.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                one.kill()

    def _start(self, number: int) -> "subprocess.Popen[bytes]":
        command = [sys.executable, *self.command, str(free_port())]
        with (self._folder / f"{self._service}-{number}.log").open("ab") as log:
            return subprocess.Popen(command, env=self._env, stdout=log, stderr=log)


@contextmanager
def postgres(programs: Path) -> Iterator[Postgres]:
    """A PostgreSQL for the length of a block."""
    with tempfile.TemporaryDirectory(prefix="harbour-postgres-", dir="/tmp", ignore_cleanup_errors=True) as name:
        server = Postgres(programs, Path(name))
        server.start()
        try:
            yield server
        finally:
            server.kill()


@contextmanager
def copies(service: str, count: int, bus: NatsServer, database: Postgres, folder: Path) -> Iterator[Copies]:
    """Copies of a service for the length of a block."""
    env = {"NATS_URL": bus.url, f"{service.upper()}_DATABASE_URL": database.url}
    running = Copies(service, count, env, folder)
    running.up()
    try:
        yield running
    finally:
        running.stop()
