"""The supervisor keeps what it started, in order, and lets nothing outlive it."""

import asyncio
import signal
import sys
import time
from pathlib import Path

import psutil
import pytest

from harbour.stack import Trouble
from harbour.stack.supervisor import Part, Supervisor
from tests.stack.small import DEAF, FAILING, FRAIL, Notices, alive, kill, part, until


async def test_parts_stop_from_the_highest_stage_down(tmp_path: Path) -> None:
    notices = Notices()
    supervisor = Supervisor(notices.append)
    await supervisor.start([part(tmp_path, "bus", stage=0)])
    await supervisor.start([part(tmp_path, "room", stage=1), part(tmp_path, "door", stage=2)])
    pids = supervisor.pids()
    await supervisor.stop()
    assert (tmp_path / "order").read_text().split() == ["door", "room", "bus"]
    assert notices.of("stopped") == ["door", "room", "bus"]
    assert not any(alive(pid) for pid in pids.values())


async def test_what_does_not_leave_in_its_grace_is_killed(tmp_path: Path) -> None:
    notices = Notices()
    supervisor = Supervisor(notices.append)
    await supervisor.start([part(tmp_path, "deaf", DEAF, grace=0.3)])
    pid = supervisor.pids()["deaf"]
    began = time.monotonic()
    await supervisor.stop()
    assert time.monotonic() - began < 3
    assert notices.of("killed") == ["deaf"]
    assert not alive(pid)


async def test_a_second_wish_to_stop_waits_for_nobody(tmp_path: Path) -> None:
    supervisor = Supervisor(Notices().append)
    await supervisor.start([part(tmp_path, "deaf", DEAF, grace=30)])
    at_once = asyncio.Event()
    stopping = asyncio.create_task(supervisor.stop(at_once))
    await asyncio.sleep(0)
    at_once.set()
    await asyncio.wait_for(stopping, 5)


@pytest.mark.parametrize("by", ["kernel", "pipe"])
async def test_a_part_that_dies_is_started_again(tmp_path: Path, by: str) -> None:
    notices = Notices()
    supervisor = Supervisor(notices.append, pauses=(0.05,), by=by)
    await supervisor.start([part(tmp_path, "room")])
    (tmp_path / "room.up").unlink()
    first = supervisor.pids()["room"]
    kill(first, signal.SIGKILL)
    try:
        await until(lambda: notices.of("ready") == ["room", "room"])
        assert notices.of("died") == ["room"]
        assert supervisor.pids()["room"] != first
    finally:
        await supervisor.stop()


async def test_a_part_that_keeps_dying_is_given_more_and_more_time(tmp_path: Path) -> None:
    notices = Notices()

    async def yes() -> bool:
        return True

    short = Part("short", (sys.executable, "-c", "import time; time.sleep(0.1)"), tmp_path / "short.log", yes)
    supervisor = Supervisor(notices.append, pauses=(0.01, 0.02, 0.03))
    await supervisor.start([short])
    await until(lambda: len(notices.of("died")) >= 4)
    await supervisor.stop()
    pauses = [notice.seconds for notice in notices if notice.what == "died"]
    assert pauses[:4] == [0.01, 0.02, 0.03, 0.03]


async def test_a_part_that_was_at_work_comes_back_at_once_however_often_it_is_killed(tmp_path: Path) -> None:
    notices = Notices()
    supervisor = Supervisor(notices.append, pauses=(60,), steady=0.1)
    await supervisor.start([part(tmp_path, "room")])
    for kills in range(1, 4):
        await asyncio.sleep(0.3)  # it is at work for longer than `steady`
        (tmp_path / "room.up").unlink()
        kill(supervisor.pids()["room"], signal.SIGKILL)
        await until(lambda kills=kills: len(notices.of("ready")) == kills + 1)  # type: ignore[misc]
    await supervisor.stop()
    assert [notice.seconds for notice in notices if notice.what == "died"] == [0.0, 0.0, 0.0]


async def test_a_part_that_dies_before_it_is_ready_again_waits_longer_and_once_it_works_it_is_forgiven(
    tmp_path: Path,
) -> None:
    notices = Notices()
    supervisor = Supervisor(notices.append, pauses=(0.01, 0.02, 0.03), steady=0.1)
    await supervisor.start([part(tmp_path, "room", FRAIL)])
    await asyncio.sleep(0.3)
    (tmp_path / "frail").write_text("yes")
    (tmp_path / "room.up").unlink()
    kill(supervisor.pids()["room"], signal.SIGKILL)
    await until(lambda: len(notices.of("died")) >= 4)
    (tmp_path / "frail").unlink()
    await until(lambda: len(notices.of("ready")) == 2)
    await asyncio.sleep(0.3)
    (tmp_path / "room.up").unlink()
    kill(supervisor.pids()["room"], signal.SIGKILL)
    await until(lambda: len(notices.of("ready")) == 3)
    await supervisor.stop()
    pauses = [notice.seconds for notice in notices if notice.what == "died"]
    assert pauses[:4] == [0.0, 0.01, 0.02, 0.03]
    assert pauses[-1] == 0.0


def test_nothing_waits_longer_than_five_seconds_to_come_back() -> None:
    assert max(Supervisor(Notices().append)._pauses) == 5


async def test_a_part_that_cannot_start_is_named_with_the_end_of_its_log(tmp_path: Path) -> None:
    supervisor = Supervisor(Notices().append)
    with pytest.raises(Trouble, match=r"(?s)leaky could not start \(exit 3\).*the roof leaks"):
        await supervisor.start([part(tmp_path, "leaky", FAILING), part(tmp_path, "room")])
    await supervisor.stop()
    assert supervisor.pids() == {}


async def test_a_part_that_is_never_ready_is_named(tmp_path: Path) -> None:
    supervisor = Supervisor(Notices().append)
    slow = part(tmp_path, "slow", "import time; time.sleep(60)", patience=0.3)
    with pytest.raises(Trouble, match="slow was not ready within 0 s"):
        await supervisor.start([slow])
    await supervisor.stop()


async def test_a_program_that_is_missing_is_named(tmp_path: Path) -> None:
    async def no() -> bool:
        return False

    supervisor = Supervisor(Notices().append)
    with pytest.raises(Trouble, match=r"(?s)ghost could not start.*/no/such/program could not be started"):
        await supervisor.start([Part("ghost", ("/no/such/program",), tmp_path / "ghost.log", no)])
    await supervisor.stop()


KEEPER = """
import asyncio, sys
from pathlib import Path
from harbour.stack.supervisor import Supervisor
from tests.stack.small import DEAF, part

async def main():
    folder = Path(sys.argv[1])
    supervisor = Supervisor(lambda notice: None, by=sys.argv[2])
    await supervisor.start([part(folder, "room"), part(folder, "deaf", DEAF, stage=1)])
    (folder / "all.up").write_text("yes")
    await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest.mark.parametrize("by", ["kernel", "pipe"])
async def test_a_killed_supervisor_leaves_no_orphan(tmp_path: Path, by: str) -> None:
    if by == "kernel" and sys.platform != "linux":
        pytest.skip("only Linux kills a process when its parent dies")
    keeper = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KEEPER, str(tmp_path), by, cwd=Path(__file__).parents[2]
    )
    await until((tmp_path / "all.up").exists)
    pids = [process.pid for process in psutil.Process(keeper.pid).children(recursive=True)]
    assert len(pids) == (2 if by == "kernel" else 4)
    keeper.kill()
    await keeper.wait()
    await until(lambda: not any(alive(pid) for pid in pids), seconds=8)
