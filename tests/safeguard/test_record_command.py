"""`harbour record verify`, as an operator runs it: over the database and the stream of a real bus."""

import asyncio
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from harbour.cli import app
from harbour.contracts.record import RecordAnchored
from harbour.runtime.database import Database, migrated
from harbour.runtime.outbox import letter, publish
from harbour.runtime.streams import connect, declare_all
from services.safeguard.chain import Chain
from tests.chat.servers import NatsServer, running_server
from tests.safeguard.people import EVENING


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[NatsServer]:
    """A bus of this test alone, whose stream holds no other anchors."""
    with running_server(tmp_path) as server:
        yield server


async def furnish(url: str, bus_url: str) -> None:
    """A record of three entries, anchored on the bus twice."""
    await migrated("safeguard", url)
    await declare_all([], bus_url)
    database, nc = Database(url), await connect(name="safeguard")
    for day in (1, 2):
        async with database.begin() as tx:
            for note in range(day):
                at = EVENING + timedelta(hours=note)
                await Chain(tx).add("case.noted", f"c{day}", at, "ada", {}, words="We spoke.", cause=f"{day}-{note}")
            head = await Chain(tx).head()
        anchored = RecordAnchored(day=f"2026-11-0{day}", number=head.number, hash=head.hash)
        await publish(nc.jetstream(), letter(anchored, "safeguard"))
    await nc.close()
    await database.close()


async def tell(url: str, statement: str) -> None:
    database = Database(url)
    async with database.begin() as tx:
        await tx.execute(text(statement))
    await database.close()


def verify(state: Path, *options: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["record", "verify", "--state", str(state), *options])
    return done.exit_code, done.stdout


def test_an_operator_hears_what_is_whole_and_what_is_not(
    database_url: str, bus: NatsServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAFEGUARD_DATABASE_URL", database_url)
    monkeypatch.setenv("NATS_URL", bus.url)
    asyncio.run(furnish(database_url, bus.url))
    assert verify(tmp_path)[0] == 0
    assert "The record is whole: 3 entries; 2 anchors." in verify(tmp_path)[1]
    asyncio.run(tell(database_url, "UPDATE chain SET who = 'bea' WHERE number = 2"))
    code, said = verify(tmp_path)
    assert code == 1
    assert "NOT whole" in said
    assert "edited" in said
    assert "case.noted c2" in said
    assert "We spoke." not in said
    code, said = verify(tmp_path, "--json")
    found = json.loads(said)
    assert (code, found["whole"], found["entries"], found["anchors"]) == (1, False, 3, 2)
    assert [(one["number"], one["wrong"]) for one in found["faults"]] == [(2, "edited")]


def test_an_operator_is_told_when_the_bus_is_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAFEGUARD_DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path / 'none.db'}")
    monkeypatch.setenv("NATS_URL", "nats://127.0.0.1:9")
    done = CliRunner().invoke(app, ["record", "verify", "--state", str(tmp_path)])
    assert done.exit_code == 1
    assert "Is it running?" in done.output
