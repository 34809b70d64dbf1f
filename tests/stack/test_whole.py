"""`harbour run`, whole: from an empty folder to a live evening, to silence, and back again with everything kept."""

import asyncio
import json
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
import pytest_asyncio

from harbour.contracts.chat import ReadRoom, RoomState, RoomView
from harbour.contracts.enrolment import CheckPassword, StaffView
from harbour.runtime.asking import Asker
from harbour.stack.demo import PEOPLE, SAID, STAFF
from harbour.stack.servers import free_ports, service_is_ready
from tests.stack.small import alive, kill, until

START_SECONDS = 100
"""A machine that runs other tests meanwhile is slow; on its own a start takes under 10 s."""


@dataclass
class Running:
    """A stack that is open."""

    process: "subprocess.Popen[bytes]"
    facts: dict[str, Any]
    screen: Path

    def pid(self, name: str) -> int:
        """The process that plays this part now."""
        now = json.loads((Path(self.facts["state"]) / "running.json").read_text())
        return int(now["parts"][name]["pid"] or 0)

    def family(self) -> list[int]:
        """Every process below the supervisor."""
        return [child.pid for child in psutil.Process(self.process.pid).children(recursive=True)]

    async def room(self) -> RoomView:
        """The live room as its counsellor sees it."""
        demo = self.facts["demo"]
        async with Asker(self.facts["env"]["NATS_URL"]) as ask:
            sam = await ask(CheckPassword(email=STAFF[0].email, password=demo["password"]))
            assert isinstance(sam, StaffView)
            room = await ask(ReadRoom(session_id=demo["session_id"], person_id=sam.staff_id))
        assert isinstance(room, RoomView)
        return room


@asynccontextmanager
async def harbour_run(folder: Path, *words: str) -> AsyncIterator[Running]:
    """`harbour run` in a process of its own, from ready until the end of the block; nothing of it is left after."""
    ready, screen = folder / "ready.json", folder / "screen.txt"
    ready.unlink(missing_ok=True)
    command = [sys.executable, "-m", "harbour.cli", "run", "--state", str(folder / "var"), "--ready-file", str(ready)]
    with screen.open("wb") as out:
        process = subprocess.Popen([*command, *words], stdout=out, stderr=out)
    try:
        await until(lambda: ready.exists() or process.poll() is not None, START_SECONDS)
        assert process.poll() is None, screen.read_text()
        yield Running(process, json.loads(ready.read_text()), screen)
    finally:
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(15)
        process.kill()
        process.wait()


async def test_an_evening_starts_stops_and_starts_again_as_it_was(tmp_path: Path) -> None:
    port = free_ports(1)[0]
    async with harbour_run(tmp_path, "--fresh", "--port", str(port)) as first:
        assert first.facts["url"] == f"http://127.0.0.1:{port}"
        assert await service_is_ready(port)
        async with httpx.AsyncClient() as client:
            assert (await client.get(f"{first.facts['url']}/")).status_code == 200
        before = await first.room()
        assert before.state is RoomState.LIVE
        assert [message.text for message in before.messages] == [text for _, text in SAID]
        assert {person.nickname for person in before.people} >= {person.nickname for person in PEOPLE}

        said = first.screen.read_text()
        for words in (
            first.facts["url"],
            first.facts["demo"]["password"],
            *(a.email for a in STAFF),
            "/mailbox",
            "Ctrl-C",
        ):
            assert words in said
        for secret in first.facts["demo"]["authenticators"].values():
            assert secret in said

        family = first.family()
        assert len(family) == 7
        began = time.monotonic()
        first.process.send_signal(signal.SIGINT)
        assert first.process.wait(15) == 0
        assert time.monotonic() - began < 10
        assert not any(alive(pid) for pid in family)
        lines = first.screen.read_text().splitlines()
        stopped = [line.split()[0] for line in lines if line.startswith("  ") and line.endswith(" stopped.")]
        assert stopped[0] == "gateway-1"
        assert set(stopped[-2:]) == {"nats", "redis"}

    async with harbour_run(tmp_path, "--port", str(port)) as second:
        after = await second.room()
        assert second.facts["demo"] == first.facts["demo"]
        assert after.session_id == before.session_id
        assert [(m.number, m.text) for m in after.messages] == [(m.number, m.text) for m in before.messages]


async def test_a_killed_stack_leaves_no_orphan_and_its_folder_opens_again(tmp_path: Path) -> None:
    port = free_ports(1)[0]
    words = ("--services", "enrolment,gateway", "--no-demo", "--port", str(port))
    async with harbour_run(tmp_path, *words) as stack:
        family = stack.family()
        assert len(family) == 4
        stack.process.kill()
        stack.process.wait()
        await until(lambda: not any(alive(pid) for pid in family), 10)
    async with harbour_run(tmp_path, *words):
        assert await service_is_ready(port)


@pytest_asyncio.fixture(scope="module", loop_scope="module", name="small_stack")
async def open_small_stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    """Two services and the servers, running for more than one test."""
    words = ("--services", "enrolment,gateway", "--no-demo", "--port", str(free_ports(1)[0]))
    async with harbour_run(tmp_path_factory.mktemp("small"), *words) as stack:
        yield stack


@pytest.mark.asyncio(loop_scope="module")
async def test_a_second_start_on_the_same_folder_is_told_who_has_it(small_stack: Running) -> None:
    state = small_stack.facts["state"]
    again = subprocess.run(
        [sys.executable, "-m", "harbour.cli", "run", "--state", state], capture_output=True, text=True, timeout=60
    )
    assert again.returncode == 1
    assert f"already running on {state} (process {small_stack.process.pid})" in again.stderr
    assert small_stack.process.poll() is None


@pytest.mark.asyncio(loop_scope="module")
async def test_what_is_killed_while_it_runs_comes_back(small_stack: Running) -> None:
    for name in ("enrolment-1", "nats"):
        old = small_stack.pid(name)
        kill(old, signal.SIGKILL)
        await until(lambda name=name, old=old: small_stack.pid(name) not in (0, old), 60)  # type: ignore[misc]
    ports = [fact["port"] for name, fact in small_stack.facts["parts"].items() if name.endswith("-1")]

    async def all_ready() -> bool:
        return all(await asyncio.gather(*(service_is_ready(port) for port in ports)))

    await until(all_ready, 60)
    assert "enrolment-1 stopped by itself (killed by signal 9)" in small_stack.screen.read_text()


async def test_being_told_to_stop_while_starting_stops_everything(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "harbour.cli", "run", "--state", str(tmp_path / "var"), "--port", str(free_ports(1)[0])],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    await until(lambda: len(psutil.Process(process.pid).children(recursive=True)) >= 2, START_SECONDS)
    family = [child.pid for child in psutil.Process(process.pid).children(recursive=True)]
    process.send_signal(signal.SIGTERM)
    assert process.wait(15) == 0
    assert not any(alive(pid) for pid in family)
