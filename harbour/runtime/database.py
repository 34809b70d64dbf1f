"""One async engine per service, SQLite or PostgreSQL, and its migrations, run once under a lock."""

import asyncio
import contextlib
import fcntl
import functools
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from faststream import Depends
from sqlalchemy import DateTime, Dialect, Insert, MetaData, Table, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.types import TypeDecorator

from harbour.runtime.context import Context

T = TypeVar("T")


class Moment(TypeDecorator[datetime]):
    """A point in time, in UTC, on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC goes in."""
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC comes out; SQLite forgets the zone, which is always this one."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Database:
    """The database of one service. Writers on SQLite wait their turn (`BEGIN IMMEDIATE`, WAL, `synchronous=FULL`)."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._turn = asyncio.Lock()
        self._lite = make_url(url).get_backend_name() == "sqlite"
        self.engine: AsyncEngine = create_async_engine(url, **({} if self._lite else {"pool_pre_ping": True}))
        if self._lite:
            event.listen(self.engine.sync_engine, "connect", _prepare)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that may write; committed at the end, rolled back where something raises.

        On SQLite the writers of this process stand in a queue: those who meet in the file itself sleep and try again.
        """
        async with self._turn if self._lite else contextlib.nullcontext(), self.engine.connect() as tx:
            if self._lite:
                await tx.exec_driver_sql("BEGIN IMMEDIATE")
            async with tx.begin() if not tx.in_transaction() else _carried(tx):
                yield tx

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that only reads."""
        async with self.engine.connect() as tx:
            await tx.exec_driver_sql("BEGIN" if self._lite else "SET TRANSACTION READ ONLY")
            yield tx
            await tx.rollback()

    async def answers(self) -> bool:
        """Whether the database can be asked now."""
        async with self.engine.connect() as tx:
            await tx.execute(text("SELECT 1"))
        return True

    async def close(self) -> None:
        """Let go of every connection."""
        await self.engine.dispose()


def is_away(error: BaseException) -> bool:
    """Whether the database cannot be reached or used now; otherwise a query of ours is at fault.

    A PostgreSQL that stops, starts or is out of connections is told by its SQLSTATE; SQLAlchemy has no class for it.
    """
    if isinstance(error, OperationalError | InterfaceError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    state = getattr(error.orig, "sqlstate", None) or ""
    return error.connection_invalidated or state.startswith(("08", "53", "57P"))


def is_out_of_reach(error: BaseException) -> bool:
    """Whether the database could not be reached, entered or opened, which whoever looks after it can mend."""
    orig = error.orig if isinstance(error, DBAPIError) else error
    state = getattr(orig, "sqlstate", None) or ""
    of_the_file = getattr(orig, "sqlite_errorname", "SQLITE_ERROR") != "SQLITE_ERROR"
    return isinstance(orig, OSError) or of_the_file or state.startswith(("08", "28", "3D", "53", "57P"))


@asynccontextmanager
async def _carried(tx: AsyncConnection) -> AsyncIterator[None]:
    try:
        yield
    except BaseException:
        await tx.rollback()
        raise
    await tx.commit()


def _prepare(connection: Any, record: Any) -> None:
    """Hand transactions to us (no implicit BEGIN), keep what is committed through a power cut, and overwrite what is
    deleted."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=15000", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def book(store: type[T]) -> Any:
    """A store on the transaction of the message that is handled now, as a FastStream dependency."""

    async def opened(transaction: Any = Context("transaction")) -> T:  # noqa: B008 (FastStream reads defaults)
        return store(transaction)  # type: ignore[call-arg]

    return Depends(opened, use_cache=False)


async def insert_once(tx: AsyncConnection, table: Table, values: Mapping[str, Any]) -> bool:
    """Insert a row unless its key is there. True when it is new."""
    result = await tx.execute(_insertion(tx.dialect.name, table), dict(values))
    return bool(result.rowcount == 1)


@functools.cache
def _insertion(dialect: str, table: Table) -> Insert:
    """Built once: building a query costs more than running it."""
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return insert(table).on_conflict_do_nothing()


# ── migrations ────────────────────────────────────────────────────────────────────────────────────────────────


def migrate(service: str, url: str = "") -> None:
    """Bring the tables of a service up to date; several copies at once do it once."""
    asyncio.run(migrated(service, url))


async def migrated(service: str, url: str = "") -> None:
    """The same from within a loop."""
    from harbour.runtime.settings import database_url

    url = url or database_url(service)
    place = make_url(url)
    database = Database(url)
    try:
        if place.get_backend_name() == "sqlite":
            if place.database and place.database != ":memory:":
                Path(place.database).parent.mkdir(parents=True, exist_ok=True)
            with _file_lock(place.database or ""):
                async with database.begin() as connection:
                    await connection.run_sync(_upgrade, service)
        else:
            async with database.engine.begin() as connection:
                await connection.execute(text("SELECT pg_advisory_xact_lock(726172)"))
                await connection.run_sync(_upgrade, service)
    finally:
        await database.close()


@contextmanager
def _file_lock(path: str) -> Any:
    if not path or path == ":memory:":
        yield
        return
    with open(f"{path}.migrating", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _upgrade(connection: Any, service: str) -> None:
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    config, script = _script(service)
    assert isinstance(script, ScriptDirectory)
    with EnvironmentContext(config, script, fn=lambda rev, _: script._upgrade_revs("head", rev)) as environment:
        environment.configure(connection=connection, target_metadata=MetaData())
        with environment.begin_transaction():
            environment.run_migrations()


def _script(service: str) -> tuple[Any, Any]:
    import importlib

    from alembic.config import Config
    from alembic.script import ScriptDirectory

    folder = Path(importlib.import_module(f"services.{service}").__file__ or "").parent / "migrations"
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "os")
    return config, ScriptDirectory.from_config(config)
