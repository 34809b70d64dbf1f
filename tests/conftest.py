"""What every test may stand on: servers of this run, in containers or local, and an empty database of each kind."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import pytest

from harbour.stack import Trouble
from harbour.stack.servers import find_redis
from tests.chat.servers import nats_server_path, running_server
from tests.containers import Address, contained
from tests.local import UNSAFE_AND_QUICK, free_port, local_postgres, local_redis, postgres_programs
from tests.prepared import new_postgres, new_sqlite, tell
from tests.workers import OnePlace, in_order

__all__ = ["free_port", "missing"]

KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
for _name in ("VAULT", "CONTACT", "LOOKUP", "BOOK"):
    os.environ.setdefault(f"ENROLMENT_{_name}_KEY", KEY)
os.environ.setdefault("NOTIFY_CONTACT_KEY", KEY)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One more than there are processors, up to four: nearly half of the time a test waits for a server or a page."""
    return min((os.cpu_count() or 1) + 1, 4)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> OnePlace:
    """Whoever runs tests in several processes has them shared out our way."""
    return OnePlace(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest."""
    in_order(items)


def missing(what: str) -> None:
    """A missing server is a skip on a laptop and a failure in CI."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is missing, and CI may not do without it")
    pytest.skip(f"{what} is not on this machine")


# ── the servers, once for each process of the run ────────────────────────────────────────────────────────────────


@pytest.fixture(scope="session")
def postgres(pytestconfig: pytest.Config) -> Iterator[str]:
    """A PostgreSQL server of this run; its address without a database."""
    command, trust = f"postgres {UNSAFE_AND_QUICK}", {"POSTGRES_HOST_AUTH_METHOD": "trust"}
    with contained(pytestconfig, "postgres", 5432, _postgres_answers, command=command, env=trust) as address:
        if address:
            yield _postgres_url(address)
    if address:
        return
    if programs := postgres_programs():
        with local_postgres(programs) as address:
            yield _postgres_url(address)
    else:
        missing("PostgreSQL")


@pytest.fixture(scope="session")
def nats_url(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A NATS server with streams; a test that kills its server starts one of its own instead."""
    with contained(pytestconfig, "nats", 4222, _nats_answers, command="-js") as address:
        if address:
            yield f"nats://{address[0]}:{address[1]}"
    if address:
        return
    if nats_server_path() is None:
        missing("nats-server")
    with running_server(tmp_path_factory.mktemp("nats")) as server:
        yield server.url


@pytest.fixture(scope="session")
def redis_address(pytestconfig: pytest.Config) -> Iterator[Address]:
    """A Redis server: its host and port."""
    with contained(pytestconfig, "redis", 6379, _redis_answers) as address:
        if address:
            yield address
    if address:
        return
    try:
        program = str(find_redis())
    except Trouble:
        missing("redis-server")
    with local_redis(program, _redis_answers) as address:
        yield address


def _postgres_url(address: Address) -> str:
    return f"postgresql+asyncpg://postgres@{address[0]}:{address[1]}"


def _postgres_answers(address: Address) -> bool:
    try:
        tell(_postgres_url(address), "SELECT 1")
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False
    return True


def _nats_answers(address: Address) -> bool:
    return _greets(address, b"", b"INFO")


def _redis_answers(address: Address) -> bool:
    return _greets(address, b"PING\r\n", b"+PONG")


def _greets(address: Address, word: bytes, answer: bytes) -> bool:
    try:
        with socket.create_connection(address, timeout=2) as line:
            line.sendall(word)
            return line.recv(64).startswith(answer)
    except OSError:
        return False


# ── databases ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def tables_of() -> str:
    """The room whose tables a database has from the start; "" for none. The folder of a room's tests says which."""
    return ""


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path, tables_of: str) -> Iterator[str]:
    """The address of a database with nothing in it, of each kind in turn."""
    if request.param == "sqlite":
        yield new_sqlite(tmp_path / "test.db", tables_of)
        return
    server: str = request.getfixturevalue("postgres")
    url = new_postgres(server, tables_of)
    yield url
    tell(server, f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")
