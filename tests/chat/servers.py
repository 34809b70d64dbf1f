"""A nats-server of our own for these tests, with the stream `CHAT` as the runtime declares it."""

import asyncio
import contextlib
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import nats
import pytest
from nats.aio.client import Client
from nats.js.api import RePublish, StreamConfig


def nats_server_path() -> str | None:
    """Where the server's binary is: beside our Python, or on the path."""
    return shutil.which("nats-server", path=str(Path(sys.executable).parent)) or shutil.which("nats-server")


def need_nats_server() -> None:
    """Skip on a machine without a nats-server; fail in CI, where there has to be one."""
    if nats_server_path() is None:
        assert not os.environ.get("CI"), "nats-server is missing"
        pytest.skip("nats-server is missing")


def free_port() -> int:
    """A port nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class NatsServer:
    """A nats-server that can be killed and started again over the same store."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"nats://127.0.0.1:{self.port}"
        self._config = folder / "nats.conf"
        self._config.write_text(
            f"listen: 127.0.0.1:{self.port}\njetstream {{ store_dir: {folder / 'js'}, sync_interval: always }}\n"
        )
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; `connected` waits until it answers."""
        path = nats_server_path()
        assert path is not None
        self._process = subprocess.Popen([path, "-c", str(self._config)], stderr=subprocess.DEVNULL)

    def kill(self) -> None:
        """Kill it where it stands."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@contextlib.contextmanager
def running_server(folder: Path) -> Iterator[NatsServer]:
    """A server for the length of a block."""
    server = NatsServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()


async def _ignore(error: Exception) -> None:
    """Connection errors are part of these tests; nats-py would print them."""


@contextlib.asynccontextmanager
async def connected(url: str) -> AsyncIterator[Client]:
    """A connection, as soon as the server answers."""
    nc = Client()
    deadline = asyncio.get_running_loop().time() + 10
    while True:
        try:
            await nc.connect(
                url,
                error_cb=_ignore,
                reconnect_time_wait=0.05,  # type: ignore[arg-type]  # nats-py sleeps for any number of seconds
                max_reconnect_attempts=-1,
                connect_timeout=1,
            )
            break
        except (OSError, nats.errors.Error):
            assert asyncio.get_running_loop().time() < deadline, "the server does not answer"
            await asyncio.sleep(0.05)
    try:
        yield nc
    finally:
        await nc.close()


async def declare_chat(nc: Client, duplicate_window: float = 7200) -> None:
    """The stream `CHAT`, fresh and empty."""
    js = nc.jetstream()
    with contextlib.suppress(nats.js.errors.NotFoundError):
        await js.delete_stream("CHAT")
    stream = StreamConfig(
        name="CHAT",
        subjects=["chat.>"],
        allow_direct=True,
        duplicate_window=duplicate_window,
        allow_atomic=True,
        republish=RePublish(src="chat.*.*.*", dest="room.{{wildcard(2)}}.{{wildcard(1)}}"),
    )
    async with asyncio.timeout(10):
        while True:
            try:
                made = await js.add_stream(stream)
                if not made.state.last_seq:
                    return
                await js.delete_stream("CHAT")  # on a busy machine it may begin with what the one before held
            except nats.js.errors.ServerError:  # the server still clears away the files of the one before
                pass
            await asyncio.sleep(0.05)
