"""Copies of safeguard share what there is to look at."""

import time
from pathlib import Path

import pytest
from nats.aio.client import Client

from tests.chat.servers import NatsServer
from tests.faults import slow
from tests.faults.house import Copies, Postgres
from tests.faults.test_desk import EVERYDAY, bus, database, heard_everything, posted, say_all, town, until

__all__ = ["bus", "database"]

COPIES, AT_ONCE = 3, 8
"""Of one copy: so many it asks for before the first is done."""
MESSAGES = COPIES * AT_ONCE


async def all_up(nc: Client, desk: Copies) -> None:
    """Wait until every copy asks for messages."""

    async def asking() -> bool:
        info = await nc.jetstream().consumer_info("CHAT", "safeguard-screen_message")
        return (info.num_waiting or 0) >= AT_ONCE * desk.count

    await until(asking, f"that {desk.count} of them ask for messages")


async def seconds_for(nc: Client, turn: int) -> float:
    """How long it takes until as many messages were looked at, each of somebody else."""
    said = [posted(person, turn, EVERYDAY[person % len(EVERYDAY)]) for person in range(MESSAGES)]
    began = time.monotonic()
    await say_all(nc, said)
    await until(lambda: heard_everything(nc), "that everything was heard")
    return time.monotonic() - began


@pytest.mark.timeout(300)
async def test_three_copies_look_at_more_than_twice_as_much_in_a_second_as_one(
    bus: NatsServer, database: Postgres, tmp_path: Path
) -> None:
    async with town(bus, database, tmp_path, COPIES, slow.__name__) as (nc, desk):
        await all_up(nc, desk)
        await seconds_for(nc, 0)  # the first of everything takes longer
        together = await seconds_for(nc, 1)
        desk.kill(1, 2)
        alone = await seconds_for(nc, 2)
    print(f"{MESSAGES} messages: {alone:.1f} s by one copy, {together:.1f} s by three")  # noqa: T201
    assert alone >= MESSAGES * slow.SECONDS
    assert alone / together > 2
