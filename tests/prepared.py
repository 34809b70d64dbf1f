"""Databases with the tables of a room: migrated once in each process, and copied from then on."""

import asyncio
import atexit
import secrets
import shutil
import tempfile
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy import make_url

from harbour.runtime.database import migrated

_prepared: dict[str, str] = {}
"""The room of every database that has its tables from here, by its address."""


def new_sqlite(file: Path, room: str = "") -> str:
    """The address of a new database in `file`; with the tables of `room`, or with none."""
    url = f"sqlite+aiosqlite:///{file}"
    if room:
        shutil.copyfile(_sqlite_model(room), file)
        _prepared[url] = room
    return url


def new_postgres(server: str, room: str = "") -> str:
    """The address of a new database on `server`; with the tables of `room`, or with none."""
    name = f"t{secrets.token_hex(8)}"
    tell(server, f"CREATE DATABASE {name}" + (f" TEMPLATE {_postgres_model(server, room)}" if room else ""))
    url = f"{server}/{name}"
    if room:
        _prepared[url] = room
    return url


async def with_tables(url: str, room: str) -> None:
    """Give a database the tables of `room`, unless it has them from here."""
    place = make_url(url)
    if _prepared.get(url) == room:
        return
    if place.get_backend_name() == "sqlite" and not Path(place.database or "").exists():
        new_sqlite(Path(place.database or ""), room)
    else:
        await migrated(room, url)


@cache
def _sqlite_model(room: str) -> Path:
    folder = tempfile.mkdtemp(prefix="harbour-tables-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = Path(folder) / f"{room}.db"
    in_a_loop_of_its_own(migrated(room, f"sqlite+aiosqlite:///{file}"))
    return file


@cache
def _postgres_model(server: str, room: str) -> str:
    name = f"{room}_{secrets.token_hex(4)}"
    tell(server, f"CREATE DATABASE {name}")
    in_a_loop_of_its_own(migrated(room, f"{server}/{name}"))
    return name


def tell(server: str, statement: str) -> None:
    """Have a PostgreSQL server do something."""

    async def telling() -> None:
        connection = await asyncpg.connect(f"{server.replace('+asyncpg', '')}/postgres", timeout=10)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    in_a_loop_of_its_own(telling())


def in_a_loop_of_its_own(work: Coroutine[Any, Any, None]) -> None:
    """Run it in a thread, so that the loop of the tests is left as it is."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()
