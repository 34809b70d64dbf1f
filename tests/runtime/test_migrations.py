"""The tables of each room: made by migrations, the same as the room knows them, once, and wholly or not at all."""

import asyncio
import importlib
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text
from typer.testing import CliRunner

from harbour import doors
from harbour.cli import app
from harbour.runtime.database import Database, migrate, migrated


async def looked(url: str, look: Callable[[Connection], Any]) -> Any:
    """What somebody sees who looks into this database."""
    database = Database(url)
    try:
        async with database.reading() as tx:
            return await tx.run_sync(look)
    finally:
        await database.close()


def tables(connection: Connection) -> set[str]:
    """The tables there are."""
    return set(inspect(connection).get_table_names())


def version(connection: Connection) -> list[str]:
    """How far the migrations have come."""
    return list(connection.execute(text("SELECT version_num FROM alembic_version")).scalars())


@pytest.mark.parametrize("room", doors.ROOMS)
async def test_migrations_make_the_tables_that_the_room_knows(room: str, database_url: str) -> None:
    importlib.import_module(f"services.{room}.app")  # with it come all its books, each with tables of its own
    metadata = importlib.import_module(f"services.{room}.store").metadata
    await migrated(room, database_url)

    def differences(connection: Connection) -> list[Any]:
        return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata))

    assert await looked(database_url, differences) == []
    assert await looked(database_url, tables) == {*metadata.tables, "alembic_version"}


async def test_migrating_again_changes_nothing_and_keeps_what_is_there(database_url: str) -> None:
    await migrated("chat", database_url)
    database = Database(database_url)
    try:
        async with database.begin() as tx:
            await tx.execute(text("CREATE TABLE kept (word text)"))
    finally:
        await database.close()
    before = await looked(database_url, version)
    await migrated("chat", database_url)
    assert await looked(database_url, version) == before
    assert "kept" in await looked(database_url, tables)


async def test_copies_that_start_at_once_migrate_once(database_url: str) -> None:
    await asyncio.gather(*(asyncio.to_thread(migrate, "safeguard", database_url) for _ in range(5)))
    assert len(await looked(database_url, version)) == 1


async def test_a_migration_that_breaks_off_leaves_nothing_behind_and_works_the_next_time(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = tmp_path / "tried" / "migrations" / "versions"
    versions.mkdir(parents=True)
    (versions / "0001_begin.py").write_text(BREAKS_OFF)
    module = SimpleNamespace(__file__=str(tmp_path / "tried" / "__init__.py"))
    really = importlib.import_module
    monkeypatch.setattr(importlib, "import_module", lambda name: module if name == "services.tried" else really(name))
    monkeypatch.setenv("TRIED_BREAKS", "yes")
    with pytest.raises(RuntimeError, match="the power is gone"):
        await migrated("tried", database_url)
    assert await looked(database_url, tables) == set()
    monkeypatch.delenv("TRIED_BREAKS")
    await migrated("tried", database_url)
    assert await looked(database_url, tables) == {"first", "second", "alembic_version"}
    assert await looked(database_url, version) == ["tried_0001"]


BREAKS_OFF = """
import os
import sqlalchemy as sa
from alembic import op

revision, down_revision = "tried_0001", None


def upgrade():
    op.create_table("first", sa.Column("word", sa.String(8), primary_key=True))
    op.execute("INSERT INTO first VALUES ('one')")
    if os.environ.get("TRIED_BREAKS"):
        raise RuntimeError("the power is gone")
    op.create_table("second", sa.Column("word", sa.String(8), primary_key=True))
"""


async def test_a_new_file_is_made_with_the_folders_above_it(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'a' / 'b' / 'chat.db'}"
    await migrated("chat", url)
    assert await looked(url, version)


def test_an_operator_migrates_by_hand_and_may_do_so_again(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHAT_DATABASE_URL", database_url)
    for _ in range(2):
        done = CliRunner().invoke(app, ["migrate", "chat", "--state", str(tmp_path / "var")])
        assert (done.exit_code, done.stdout) == (0, "chat: up to date\n")
    assert "courses" in asyncio.run(looked(database_url, tables))
