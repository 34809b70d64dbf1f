"""The desk while its copies, the bus and the database are killed, one by one and together."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import nats.errors
import pytest
from nats.aio.client import Client
from nats.js.errors import APIError, NotFoundError

from harbour import doors
from harbour.contracts.chat import MessagePosted, Speaker
from harbour.contracts.enrolment import Role, StaffAdded
from harbour.contracts.messages import Event
from harbour.contracts.safeguard import AlertRaised, AlertView, MessageFlagged, Queue, ReadQueue
from harbour.rehearsal import lines
from harbour.runtime.asking import Asker, Unavailable
from harbour.runtime.database import Database, migrate
from harbour.runtime.streams import declare_all
from harbour.screening import judge
from services.safeguard.record import StreamAnchors, verify
from services.safeguard.settings import SafeguardSettings
from services.safeguard.verifying import Check
from tests.chat.servers import NatsServer, connected, need_nats_server, running_server
from tests.conftest import missing
from tests.faults.house import Copies, Postgres, copies, postgres
from tests.local import postgres_programs

YOUNG_PEOPLE = 200
"""Eight in each of 25 rooms; each says ten things, of which one worries."""
EACH_SAYS = 10
PATIENCE_SECONDS = 150.0
EVERYDAY = tuple(text for text in lines.EVERYDAY if judge(text) is None)
ADA = StaffAdded(staff_id="ada", name="Ada", roles=(Role.OFFICER,), sealed="")


def evening() -> tuple[list[MessagePosted], set[str]]:
    """All that is said, in the order it is said, and the ids of what worries."""
    said, worrying = [], set()
    for turn in range(EACH_SAYS):
        for person in range(YOUNG_PEOPLE):
            worries = turn == person % EACH_SAYS
            text = (
                lines.WORRYING[person % len(lines.WORRYING)] if worries else EVERYDAY[(person + turn) % len(EVERYDAY)]
            )
            event = posted(person, turn, text)
            said.append(event)
            if worries:
                worrying.add(event.id)
    return said, worrying


def posted(person: int, turn: int, text: str) -> MessagePosted:
    """One thing that one young person says."""
    return MessagePosted(
        id=f"said-{person}-{turn}",
        session_id=f"s{person // 8}",
        member_id=f"m{person}",
        speaker=Speaker.MEMBER,
        nickname=f"N{person}",
        text=text,
        client_id=f"c{person}-{turn}",
        at=datetime.now(UTC),
    )


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[NatsServer]:
    """A bus that keeps everything on disk before it says so."""
    need_nats_server()
    with running_server(tmp_path) as server:
        yield server


@pytest.fixture
def database() -> Iterator[Postgres]:
    """A PostgreSQL of this test."""
    programs = postgres_programs()
    if programs is None:
        missing("PostgreSQL")
    assert programs is not None
    with postgres(programs) as server:
        yield server


async def say(nc: Client, event: Event, source: str, stream: str) -> None:
    """Put an event on record as its service would, until the stream says that it has it."""
    while True:
        try:
            await nc.jetstream().publish(event.subject, event.body(), stream=stream, headers=event.headers(source))
            return
        except (nats.errors.Error, APIError, OSError):
            await asyncio.sleep(0.1)


async def say_all(nc: Client, events: list[MessagePosted]) -> None:
    """Say these in their order for each person, and many people at once."""
    rooms: dict[str, list[MessagePosted]] = {}
    for event in events:
        rooms.setdefault(event.session_id, []).append(event)

    async def one_after_another(room: list[MessagePosted]) -> None:
        for event in room:
            await say(nc, event, "chat", "CHAT")

    await asyncio.gather(*(one_after_another(room) for room in rooms.values()))


async def queue_of(bus: NatsServer) -> Queue | None:
    """The desk's queue; None while nobody answers."""
    try:
        async with Asker(bus.url) as ask:
            answer = await ask(ReadQueue(staff_id="ada"))
    except (Unavailable, nats.errors.Error, OSError):
        return None
    return answer if isinstance(answer, Queue) else None


async def heard_everything(nc: Client) -> bool:
    """Whether every message was handled and settled."""
    try:
        found = [one async for one in _consumers(nc)]
    except (nats.errors.Error, APIError, NotFoundError, OSError):
        return False
    return all(not pending for pending in found)


async def _consumers(nc: Client) -> AsyncIterator[int]:
    for one in await nc.jetstream().consumers_info("CHAT"):
        if one.name.startswith("safeguard-"):
            yield (one.num_pending or 0) + (one.num_ack_pending or 0)


async def until(true: Callable[[], Awaitable[bool]], what: str) -> None:
    """Wait until something is true; say what never was."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not await true():
        assert time.monotonic() < deadline, f"{what} never came true"
        await asyncio.sleep(0.3)


async def on_record(nc: Client, kind: type[Event]) -> list[Event]:
    """Every event of a kind in the stream, which holds at least one."""
    found: list[Event] = []
    sub = await nc.jetstream().subscribe(f"{kind.fact}.>", stream="SAFEGUARD", ordered_consumer=True)
    left = True
    while left:
        message = await sub.next_msg(timeout=10)
        found.append(kind.model_validate_json(message.data))
        left = message.metadata.num_pending > 0
    await sub.unsubscribe()
    return found


async def look_at_record(nc: Client, database: Postgres) -> Check:
    """What somebody finds who verifies the record."""
    reading = Database(database.url)
    try:
        return await verify(reading, StreamAnchors(nc.jetstream))
    finally:
        await reading.close()


@asynccontextmanager
async def town(
    bus: NatsServer, database: Postgres, folder: Path, how_many: int
) -> AsyncIterator[tuple[Client, Copies]]:
    """The desk at work: its tables, its streams, its copies, and an officer it knows."""
    await asyncio.to_thread(migrate, "safeguard", database.url)
    async with connected(bus.url) as nc:
        await declare_all(doors.hearings(), bus.url)
        with copies("safeguard", how_many, bus, database, folder) as desk:
            await say(nc, ADA, "enrolment", "ENROLMENT")
            yield nc, desk


def is_in_order(shown: tuple[AlertView, ...]) -> bool:
    """The most urgent first, then the soonest due."""
    keys = [(-one.urgency.rank, one.due_at) for one in shown]
    return keys == sorted(keys)


async def test_promise_5_two_thousand_messages_and_every_part_killed_leave_one_alert_for_each_that_worries(
    bus: NatsServer, database: Postgres, tmp_path: Path
) -> None:
    said, worrying = evening()
    assert (len(said), len(worrying)) == (2000, 200)
    async with town(bus, database, tmp_path, 3) as (nc, desk):

        def kill_bus() -> None:
            bus.kill()
            bus.start()

        def kill_database() -> None:
            database.kill()
            database.start()

        def kill_all() -> None:
            desk.kill()
            bus.kill()
            database.kill()
            bus.start()
            database.start()

        kills: list[Callable[[], None]] = [lambda: desk.kill(0, 1), kill_bus, kill_database, kill_all]
        quarter = len(said) // len(kills)
        for turn, kill in enumerate(kills):
            talking = asyncio.create_task(say_all(nc, said[turn * quarter : (turn + 1) * quarter]))
            await asyncio.sleep(0.5)
            await asyncio.to_thread(kill)
            desk.up()
            await talking
        began = time.monotonic()
        await until(lambda: heard_everything(nc), "that everything was heard")

        async def all_waiting() -> bool:
            desk.up()
            queue = await queue_of(bus)
            return queue is not None and queue.waiting >= len(worrying)

        await until(all_waiting, "an alert for each message that worries")
        print(f"whole again after {time.monotonic() - began:.1f} s")  # noqa: T201
        queue = await queue_of(bus)
        assert queue is not None
        flagged = [one for one in await on_record(nc, MessageFlagged) if isinstance(one, MessageFlagged)]
        raised = [one for one in await on_record(nc, AlertRaised) if isinstance(one, AlertRaised)]
        assert Counter(one.message_id for one in flagged).keys() == worrying
        assert len({one.alert_id for one in flagged}) == len(worrying)
        assert len(queue.alerts) == len(worrying)
        assert {one.alert_id for one in raised} == {one.alert_id for one in queue.alerts}
        assert is_in_order(queue.alerts)
        clocks = SafeguardSettings().clocks()
        unpaged = [one for one in queue.alerts if not one.pages]
        assert all(one.due_at - one.raised_at == clocks.of(one.urgency) for one in unpaged)
        assert all(one.due_at > one.raised_at + clocks.of(one.urgency) for one in queue.alerts if one.pages)
        record = await look_at_record(nc, database)
        assert (record.is_whole, record.faults) == (True, [])
        assert record.reached.number >= 2 * len(worrying)
