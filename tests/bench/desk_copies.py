"""What copies of safeguard add: `python -m tests.bench.desk_copies [MESSAGES] [DELAY_MS] [RUNS]`.

Judging is delayed on purpose, without using the processor, so that a machine with few cores shows how work is shared.
One copy and three take turns on the same bus and database; the medians and their ratio are printed.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path

from nats.aio.client import Client
from rich.console import Console

from tests.chat.servers import running_server
from tests.faults.house import Copies, postgres
from tests.faults.test_desk import EVERYDAY, heard_everything, posted, say_all, town, until
from tests.local import postgres_programs


async def measure(messages: int, delay: float, runs: int) -> dict[int, list[float]]:
    """Messages a second by number of copies, one figure for each run."""
    programs = postgres_programs()
    assert programs is not None, "PostgreSQL is needed"
    rates: dict[int, list[float]] = {1: [], 3: []}
    with tempfile.TemporaryDirectory() as name, running_server(Path(name)) as bus, postgres(programs) as database:
        async with town(bus, database, Path(name), 0) as (nc, desk):
            for turn in range(runs):
                for count in rates:
                    batch = [
                        posted(n % 200, turn * 10_000 + count * 1_000 + n // 200, EVERYDAY[0]) for n in range(messages)
                    ]
                    await say_all(nc, batch)
                    rates[count].append(messages / await _finish(nc, desk, count, delay))
    return rates


async def _finish(nc: Client, desk: Copies, count: int, delay: float) -> float:
    """Seconds from the first message handled to the last, with so many copies."""
    desk.count, desk.command = count, ["-m", "tests.bench.slow_desk", str(delay)]
    before = await waiting(nc)
    desk.up()
    while await waiting(nc) >= before:
        await asyncio.sleep(0.02)
    began, left = time.monotonic(), await waiting(nc)
    await until(lambda: heard_everything(nc), "that everything was heard")
    seconds = (time.monotonic() - began) * before / left
    desk.stop()
    return seconds


async def waiting(nc: Client) -> int:
    """How many messages wait to be judged."""
    found = await nc.jetstream().consumer_info("CHAT", "safeguard-screen_message")
    return int((found.num_pending or 0) + (found.num_ack_pending or 0))


def main() -> None:
    """Measure and print."""
    words = [float(word) for word in sys.argv[1:]]
    messages, delay, runs = int(words[0]) if words else 600, words[1] if words[1:] else 40.0, words[2:] or [3]
    rates = asyncio.run(measure(messages, delay / 1000, int(runs[0])))
    one, three = (statistics.median(rates[count]) for count in (1, 3))
    Console().print(
        f"{messages} messages, judging delayed by {delay:.0f} ms: one copy {one:.0f}/s, three {three:.0f}/s"
    )
    Console().print(f"ratio {three / one:.2f}, medians of {int(runs[0])}")


if __name__ == "__main__":
    main()
