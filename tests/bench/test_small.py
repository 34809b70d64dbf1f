"""A measurement so small that nothing in it is timed: it runs through, and nothing is missing."""

import asyncio
import json
import os
import subprocess
import sys
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from websockets.asyncio.client import connect

from harbour.rehearsal import Trouble
from harbour.rehearsal.bench_house import less_sure, nats_program, own_house, standing_house
from harbour.rehearsal.bench_run import Options, measure
from harbour.stack.servers import version_of


async def test_a_measurement_of_one_room_of_three_runs_through_and_misses_nothing() -> None:
    printed = StringIO()
    rates = (20.0, None)
    few = Options(rooms=1, members=3, rates=rates, seconds=1, warm=0.3, runs=1, idle=3, passes=("whole",))
    options = replace(few, idle_seconds=0.5)
    outcome = await measure(options, Console(file=printed, width=120))
    [found] = outcome.passes
    assert [line.asked for line in found.lines] == [20, None]
    assert all(line.missing == line.faults == 0 for line in found.lines)
    assert all(line.rate > 0 and line.cpu > 0 and line.p99 >= line.p50 > 0 for line in found.lines)
    assert {"gateway", "chat", "nats", "redis", "safeguard"} <= set(found.lines[0].parts)
    assert found.idle
    assert found.idle.sockets == 3
    assert outcome.is_sound
    assert "With everything" in printed.getvalue()


async def test_what_prepare_prints_lets_anybody_into_a_live_room() -> None:
    async with own_house("always", "enrolment,chat,gateway") as house:
        assert "sync_interval: always" in (Path(f"/proc/{house.pids['nats']}/cwd") / "nats.conf").read_text()
        words = ["bench", "prepare", "--rooms", "2", "--members", "9", "--url", house.url, "--state", os.devnull]
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "harbour.cli", *words,
            stdout=asyncio.subprocess.PIPE, env={**os.environ, **house.env},
        )  # fmt: skip
        said, _ = await process.communicate()
        assert process.returncode == 0
        places = [json.loads(line) for line in said.splitlines()]
        assert len(places) == 18
        assert len({place["room"] for place in places}) == 2
        assert len({place["headers"]["Cookie"] for place in places}) == 18
        for place in (places[0], places[8], places[-2]):
            async with connect(place["url"], additional_headers=place["headers"], proxy=None) as socket:
                hello = json.loads(await socket.recv())
            assert (hello["type"], hello["state"]) == ("hello", "live")
            assert hello["you"]["speaker"] == ("member" if place["speaks"] else "facilitator")


def test_where_no_stack_runs_a_sentence_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NATS_URL", raising=False)
    with pytest.raises(Trouble, match="Start one with `make run`"):
        standing_house(tmp_path)


def test_a_stack_that_runs_is_found_by_its_state_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NATS_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    facts = {
        "url": "http://127.0.0.1:1",
        "env": {"NATS_URL": "nats://127.0.0.1:2", "REDIS_URL": "redis://127.0.0.1:3/0"},
    }
    (tmp_path / "running.json").write_text(json.dumps(facts))
    house = standing_house(tmp_path)
    assert (house.url, house.env) == (facts["url"], facts["env"])


def test_only_where_it_is_asked_for_the_bus_syncs_when_it_likes(tmp_path: Path) -> None:
    (tmp_path / "nats.conf").write_text('jetstream {\n  store_dir: "nats"\n  sync_interval: always\n}\n')
    script = less_sure(tmp_path) / "nats-server"
    done = subprocess.run([script, "-c", "nats.conf", "-t"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "nats.conf").read_text() == 'jetstream {\n  store_dir: "nats"\n}\n'
    assert version_of(script) == version_of(Path(nats_program()))
