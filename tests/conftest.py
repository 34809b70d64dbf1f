"""What every test may stand on: a database of each kind, new for each test."""

import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
for _name in ("ENROLMENT_VAULT_KEY", "ENROLMENT_CONTACT_KEY", "ENROLMENT_LOOKUP_KEY", "NOTIFY_CONTACT_KEY"):
    os.environ.setdefault(_name, KEY)


def missing(what: str) -> None:
    """A missing server is a skip on a laptop and a failure in CI."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is missing, and CI may not do without it")
    pytest.skip(f"{what} is not on this machine")


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _postgres_programs() -> Path | None:
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    newest = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return newest[-1].parent if newest else None


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server of this run; its address without a database."""
    programs = _postgres_programs()
    if programs is None:
        missing("PostgreSQL")
        return
    folder = tmp_path_factory.mktemp("postgres")
    as_whom: list[str] = []
    if os.geteuid() == 0:
        as_whom = ["runuser", "-u", "postgres", "--"]
        for step in (folder, *list(folder.parents)[:3]):
            if step != Path("/tmp"):
                step.chmod(0o755)
        shutil.chown(folder, "postgres")
    port = free_port()
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/"}
    where = str(folder / "data")
    subprocess.run([*as_whom, str(programs / "initdb"), "-D", where, "-A", "trust", "-U", "postgres"], **quiet)  # type: ignore[call-overload]
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=300"
    start = [*as_whom, str(programs / "pg_ctl"), "-D", where, "-w", "-o", options, "-l", str(folder / "log"), "start"]
    subprocess.run(start, **quiet)  # type: ignore[call-overload]
    try:
        yield f"postgresql+asyncpg://postgres@127.0.0.1:{port}"
    finally:
        stop = [*as_whom, str(programs / "pg_ctl"), "-D", where, "-m", "immediate", "stop"]
        subprocess.run(stop, **quiet)  # type: ignore[call-overload]


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database, of each kind in turn."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"
        return
    server: str = request.getfixturevalue("postgres")
    name = f"t{int(time.time())}{secrets.token_hex(4)}"
    programs = _postgres_programs()
    assert programs
    host = server.rpartition("@")[2]
    address = ["-h", host.split(":")[0], "-p", host.split(":")[1], "-U", "postgres"]
    subprocess.run([str(programs / "createdb"), *address, name], check=True)
    try:
        yield f"{server}/{name}"
    finally:
        subprocess.run([str(programs / "dropdb"), *address, "--force", name], check=False)
