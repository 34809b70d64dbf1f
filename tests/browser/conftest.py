"""The whole system on free ports, with its demo evening, and a Chromium to walk through it."""

import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.people import Evening
from tests.chromium import a_chromium
from tests.conftest import free_port

expect.set_options(timeout=15_000)
"""Milliseconds: a machine that runs other tests meanwhile is slow."""

ROOT = Path(__file__).parents[2]
STARTS_WITHIN = 90.0  # seconds
STOPS_WITHIN = 30.0  # seconds


@pytest.fixture(scope="session")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evening]:
    """Harbour with its five services, in a folder of its own; the demo evening is live."""
    folder = tmp_path_factory.mktemp("harbour")
    ready, log = folder / "ready.json", folder / "said.txt"
    program = [str(Path(sys.executable).with_name("harbour")), "run", "--state", str(folder / "state")]
    command = [*program, "--port", str(free_port()), "--ready-file", str(ready)]
    with (
        log.open("wb") as said,
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=said, stderr=said) as process,
    ):
        try:
            deadline = time.monotonic() + STARTS_WITHIN
            while not ready.exists():
                assert process.poll() is None, f"it stopped at once: {log.read_text()[-2000:]}"
                assert time.monotonic() < deadline, f"it did not start: {log.read_text()[-2000:]}"
                time.sleep(0.1)
            where = json.loads(ready.read_text())
            demo = where["demo"]
            yield Evening(where["url"], demo["course_id"], demo["session_id"], demo["password"], demo["authenticators"])
        finally:
            process.terminate()
            process.wait(STOPS_WITHIN)


@pytest.fixture
async def evening(started: Evening) -> AsyncIterator[Evening]:
    """The evening, with a browser of this test's own; no page may have complained."""
    async with a_chromium() as chromium:
        started.arrive(chromium)
        yield started
    assert started.complaints == []
