"""A database that is away is waited for; a query that is wrong is not."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Annotated

import pytest
from faststream import Context
from nats.js.errors import KeyNotFoundError
from nats.js.kv import KeyValue
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from harbour.runtime.database import Database, is_away
from harbour.runtime.rooms import Router
from tests.runtime.trial import Asked, Bus, Keeper, on_trial, until


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_connection_that_is_cut_in_the_middle_of_a_query_is_waited_for_and_no_failure(
    bus: Bus, postgres: str, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIED_DATABASE_URL", database_url)
    router, calls = Router("tried"), []

    @router.hears(Asked)
    async def ask_at_length(event: Asked, tx: Annotated[AsyncConnection, Context("transaction")]) -> None:
        calls.append(event.word)
        await tx.execute(text("SELECT pg_sleep(30)"))

    async with on_trial(bus, router):
        await bus.say(Asked(word="one"))
        await until(lambda: calls)
        await asyncio.sleep(0.1)
        await Keeper(postgres).hangs_up(database_url.rpartition("/")[2])
        notes = await bus.js.key_value("delivery")
        noted = await until(lambda: note(notes, "tried-ask_at_length.1"))
        assert noted == {"waiting": 1}
    assert await bus.unsettled("tried-ask_at_length") == 1
    assert await bus.dead() == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_connection_that_is_cut_between_two_queries_is_away(postgres: str, database_url: str) -> None:
    async def cut(tx: AsyncConnection) -> None:
        await tx.execute(text("SELECT 1"))
        await Keeper(postgres).hangs_up(database_url.rpartition("/")[2])

    assert is_away(await error_of(database_url, "SELECT 1", before=cut))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_server_out_of_connections_is_away(postgres: str, database_url: str) -> None:
    guest = f"guest_{database_url.rpartition('/')[2]}"
    await Keeper(postgres).tells(f"CREATE ROLE {guest} LOGIN CONNECTION LIMIT 0")
    assert is_away(await error_of(database_url.replace("postgres@", f"{guest}@"), "SELECT 1"))


async def test_a_wrong_query_is_not_taken_for_a_database_that_is_away(database_url: str) -> None:
    async def make(tx: AsyncConnection) -> None:
        await tx.execute(text("CREATE TABLE t (n integer PRIMARY KEY)"))

    assert not is_away(await error_of(database_url, "INSERT INTO t VALUES (1), (1)", before=make))
    assert not is_away(ValueError("the database is away"))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_writers_of_one_sqlite_file_take_turns_in_the_order_they_came(database_url: str) -> None:
    database, order = Database(database_url), list[int]()

    async def write(number: int) -> None:
        async with database.begin() as tx:
            await tx.execute(text("INSERT INTO t VALUES (:n)"), {"n": number})
            order.append(number)

    try:
        async with database.begin() as tx:
            await tx.execute(text("CREATE TABLE t (n integer PRIMARY KEY)"))
        writers = []
        for number in range(30):
            writers.append(asyncio.create_task(write(number)))
            await asyncio.sleep(0)
        writers[7].cancel()
        await asyncio.gather(*writers, return_exceptions=True)
        async with database.reading() as tx:
            kept = list((await tx.execute(text("SELECT n FROM t ORDER BY n"))).scalars())
    finally:
        await database.close()
    assert order == kept == [number for number in range(30) if number != 7]


async def note(notes: KeyValue, key: str) -> dict[str, int] | None:
    """What delivery wrote down about a message."""
    try:
        found: dict[str, int] = json.loads((await notes.get(key)).value or b"{}")
    except KeyNotFoundError:
        return None
    return found


async def error_of(
    url: str, query: str, before: Callable[[AsyncConnection], Awaitable[None]] | None = None
) -> DBAPIError:
    """How a query fails."""
    database = Database(url)
    try:
        async with database.begin() as tx:
            if before:
                await before(tx)
            await tx.execute(text(query))
    except DBAPIError as error:
        return error
    finally:
        await database.close()
    raise AssertionError("it did not fail")
