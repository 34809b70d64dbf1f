"""What a message costs safeguard in processor time: `python -m tests.bench.screening_cost FILE [MESSAGES]`.

Judged alone, with what its author said before it, and through the whole of safeguard with a bus and SQLite; each with
and without looking first where a pattern may begin. Both ways run one after the other, so that their ratio holds on a
busy machine where their milliseconds do not.
"""

import asyncio
import contextlib
import itertools
import json
import os
import sys
import tempfile
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import uvloop
from nats.aio.client import Client
from rich.console import Console

from harbour import doors
from harbour.contracts.chat import MessagePosted, Speaker
from harbour.rehearsal.script import read_texts
from harbour.runtime import logs, streams
from harbour.screening import judge, look_at_door
from harbour.screening.patterns import Pattern
from harbour.screening.reading import Reading
from services.safeguard.app import build
from tests.chat.servers import connected, running_server
from tests.runtime.trial import until

CONSUMER = "safeguard-screen_message"
PEOPLE = 24
EARLIER = 6


@contextlib.contextmanager
def starting_anywhere() -> Iterator[None]:
    """Every pattern is tried from every word, as before patterns knew where they may begin."""
    knowing = Pattern.starts
    Pattern.starts = _anywhere  # type: ignore[method-assign]
    try:
        yield
    finally:
        Pattern.starts = knowing  # type: ignore[method-assign]


def _anywhere(self: Pattern, reading: Reading) -> Iterable[int]:
    return range(len(reading.words))


def milliseconds(texts: Sequence[str], do: Callable[[str], object]) -> float:
    """Of processor time, for each text."""
    began = time.process_time()
    for text in texts:
        do(text)
    return (time.process_time() - began) / len(texts) * 1000


def judged_in_turn() -> Callable[[str], object]:
    """Judge each text with those its author said before it; everybody speaks in turn."""
    said: dict[int, deque[str]] = defaultdict(lambda: deque(maxlen=EARLIER))
    turn = itertools.count()

    def one(text: str) -> None:
        before = said[next(turn) % PEOPLE]
        judge(text, list(before))
        before.append(text)

    return one


async def through_safeguard(texts: Sequence[str]) -> tuple[float, float]:
    """Milliseconds of processor time and of the clock for each text, from the stream to the last acknowledgement."""
    with tempfile.TemporaryDirectory() as folder, running_server(Path(folder)) as server:
        os.environ["NATS_URL"] = server.url
        os.environ["SAFEGUARD_DATABASE_URL"] = f"sqlite+aiosqlite:///{folder}/safeguard.db"
        async with connected(server.url) as nc:
            js = nc.jetstream()
            await streams.declare(js, doors.hearings())
            for number, text in enumerate(texts):
                event = _posted(number, text)
                await js.publish(event.subject, event.body(), headers=event.headers("chat"))
            service = build()
            await pause(nc, "2099-01-01T00:00:00Z")
            async with service.running():
                began, spent = time.monotonic(), time.process_time()
                await pause(nc, "2000-01-01T00:00:00Z")

                async def settled() -> bool:
                    await asyncio.sleep(0.2)
                    info = await js.consumer_info("CHAT", CONSUMER)
                    return not info.num_ack_pending and not info.num_pending

                await until(settled, seconds=600)
                spent, took = time.process_time() - spent, time.monotonic() - began
    return spent / len(texts) * 1000, took / len(texts) * 1000


async def pause(nc: Client, until: str) -> None:
    """Let nobody have a message before this moment, so that starting is not measured with it."""
    answer = await nc.request(
        f"$JS.API.CONSUMER.PAUSE.CHAT.{CONSUMER}", json.dumps({"pause_until": until}).encode(), timeout=5
    )
    assert "error" not in json.loads(answer.data)


def _posted(number: int, text: str) -> MessagePosted:
    member = f"m{number % PEOPLE}"
    return MessagePosted(
        id=f"p{number}", at=datetime.now(UTC), session_id=f"s{number % 3}", member_id=member, speaker=Speaker.MEMBER,
        nickname="Robin", text=text, client_id=f"c{number}",
    )  # fmt: skip


def main() -> None:
    """Print a line for each way a message is looked at."""
    say = Console(highlight=False).print
    texts = read_texts(Path(sys.argv[1]))[: int(sys.argv[2]) if len(sys.argv) > 2 else 600]
    logs.start("bench", "ERROR")
    judge("")
    for name, make in (("at the door", lambda: look_at_door), ("alone", lambda: judge), ("in turn", judged_in_turn)):
        with starting_anywhere():
            before = milliseconds(texts, make())
        after = milliseconds(texts, make())
        say(f"{name:>18}: {before:6.2f} ms before, {after:6.2f} ms now, {before / after:4.1f} times less")
    with starting_anywhere():
        slow, _ = uvloop.run(through_safeguard(texts))
    fast, took = uvloop.run(through_safeguard(texts))
    say(f"{'all of safeguard':>18}: {slow:6.2f} ms before, {fast:6.2f} ms now, {slow / fast:4.1f} times less")
    say(f"{'':>18}  {took:6.2f} ms by the clock for each message while many wait")


if __name__ == "__main__":
    main()
