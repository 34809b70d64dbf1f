"""The press: every line once, in its order; lines that come close are confirmed, and many together cost one sync."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from unittest.mock import patch

import pytest
from nats.aio.client import Client

from harbour.contracts.chat import MessagePosted, Speaker
from harbour.runtime.straight import written
from services.chat.jetstream import JetStreamTranscript
from services.chat.press import BATCH_FEWEST, BATCH_MOST, FEW, QUIET_SECONDS, Line, Press
from services.chat.transcript import read_all
from tests.chat.servers import connected, declare_chat, running_server
from tests.runtime.trial import until

ALONE = 1 + FEW
"""The first of many that come together, which is not waited for, and a few."""
MANY = ALONE + BATCH_MOST + 3


def posted(number: int) -> MessagePosted:
    """One message."""
    return MessagePosted(
        id=f"m-{number}", session_id="s1", member_id=f"p{number % 7}", speaker=Speaker.MEMBER, nickname="Heron",
        text=f"number {number}", client_id=f"c-{number}",
    )  # fmt: skip


async def pressed(jetstream: JetStreamTranscript, numbers: Sequence[int]) -> dict[int, list[bool]]:
    """What is said of each of these lines, put there all at once."""
    press, over = await jetstream.press(), {number: list[bool]() for number in numbers}
    with patch("services.chat.press.QUIET_SECONDS", 5.0):  # so that no pause of this machine comes between them
        for number in numbers:
            put(press, number, over[number])
    async with asyncio.timeout(20):
        await until(lambda: all(over.values()))
    return over


def put(press: Press, number: int, over: list[bool]) -> None:
    """Put a line on its way."""
    event = posted(number)
    headers = written({**event.headers("chat"), "Nats-Expected-Stream": "CHAT"}).removesuffix(b"\r\n")
    press.put(Line(event.subject, event.body(), headers, over.append))


async def stored(jetstream: JetStreamTranscript) -> list[MessagePosted]:
    """What stands in the transcript."""
    return [line.event for line in await read_all(jetstream, "s1", (MessagePosted,))]


async def batches(nc: Client) -> int:
    """How many batches were stored."""
    js = nc.jetstream()
    last = (await js.stream_info("CHAT")).state.last_seq
    heads = [(await js.get_msg("CHAT", seq=number)).headers or {} for number in range(1, last + 1)]
    return sum("Nats-Batch-Commit" in head for head in heads)


async def test_promise_4_many_lines_at_once_are_stored_once_each_and_in_their_order(
    nc: Client, jetstream: JetStreamTranscript
) -> None:
    over = await pressed(jetstream, range(MANY))
    assert all(said == [True] for said in over.values())
    found = await stored(jetstream)
    assert [event.text for event in found] == [f"number {number}" for number in range(MANY)]
    assert [event.id for event in found] == [f"m-{number}" for number in range(MANY)]
    assert 1 <= await batches(nc) <= 2


async def test_a_few_lines_go_alone(nc: Client, jetstream: JetStreamTranscript) -> None:
    over = await pressed(jetstream, range(ALONE + BATCH_FEWEST - 1))
    assert all(said == [True] for said in over.values())
    assert len(await stored(jetstream)) == ALONE + BATCH_FEWEST - 1
    assert await batches(nc) == 0


async def test_a_line_after_a_moment_of_quiet_is_stored_and_nothing_comes_back_for_it(
    nc: Client, jetstream: JetStreamTranscript
) -> None:
    press, over = await jetstream.press(), list[bool]()
    answers = await nc.subscribe("_INBOX.>")
    for number in range(3):
        put(press, number, over)
        assert over == [True] * (number + 1)
        await asyncio.sleep(2 * QUIET_SECONDS)
    await nc.flush()
    assert answers.pending_msgs == 0
    assert [event.text for event in await stored(jetstream)] == [f"number {number}" for number in range(3)]


async def test_promise_4_a_batch_with_a_line_that_is_there_already_stores_nothing_and_says_so(
    jetstream: JetStreamTranscript,
) -> None:
    await jetstream.append(posted(ALONE + 5))
    over = await pressed(jetstream, range(ALONE + BATCH_FEWEST))
    assert [said == [True] for said in over.values()] == [True] * ALONE + [False] * BATCH_FEWEST
    assert len(await stored(jetstream)) == ALONE + 1


async def test_what_is_shown_to_the_room_was_stored_and_has_its_number(
    nc: Client, jetstream: JetStreamTranscript
) -> None:
    shown = await nc.subscribe("room.s1.message-posted")
    await pressed(jetstream, range(MANY))
    heads = [(await shown.next_msg(timeout=5)).headers or {} for _ in range(MANY)]
    assert [int(head["Nats-Sequence"]) for head in heads] == list(range(1, MANY + 1))
    assert [head["ce-id"] for head in heads] == [f"m-{number}" for number in range(MANY)]
    before = {f"p{person}": 0 for person in range(7)}
    for number, head in enumerate(heads):
        person = f"p{number % 7}"
        assert int(head["Nats-Last-Sequence"]) == before[person], "a gap would be seen in a batch, too"
        before[person] = int(head["Nats-Sequence"])


@pytest.mark.parametrize("count", [2, ALONE + BATCH_FEWEST])
async def test_where_there_is_no_stream_no_line_that_is_waited_for_is_said_to_be_stored(
    nc: Client, jetstream: JetStreamTranscript, count: int
) -> None:
    await nc.jetstream().delete_stream("CHAT")
    over = await pressed(jetstream, range(count))
    assert [*over.values()] == [[True], *([[False]] * (count - 1))]


async def test_where_the_stream_takes_no_batches_every_line_is_left_to_its_writer(
    nc: Client, jetstream: JetStreamTranscript
) -> None:
    js = nc.jetstream()
    config = (await js.stream_info("CHAT")).config
    config.allow_atomic = False
    await js.update_stream(config)
    over = await pressed(jetstream, range(ALONE + BATCH_FEWEST))
    assert [said == [True] for said in over.values()] == [True] * ALONE + [False] * BATCH_FEWEST
    assert len(await stored(jetstream)) == ALONE


async def test_promise_4_a_server_that_is_killed_in_the_middle_keeps_what_it_confirmed_and_nothing_twice(
    tmp_path: Path,
) -> None:
    with running_server(tmp_path) as server:
        async with connected(server.url) as nc:
            await declare_chat(nc)
            jetstream = JetStreamTranscript(nc, nc.jetstream(), append_seconds=20)
            pressing = asyncio.create_task(pressed(jetstream, range(5 * MANY)))
            shown = await nc.subscribe("room.s1.message-posted")
            for _ in range(MANY):
                await shown.next_msg(timeout=10)
            server.kill()
            server.start()
            over = await pressing
            left = [number for number, said in over.items() if said != [True]]
            assert len(left) < 4 * MANY
            there = {event.id for event in await stored(jetstream)}
            assert there >= {f"m-{number}" for number, said in over.items() if said == [True]}
            await asyncio.gather(*(jetstream.append(posted(number)) for number in left))
            found = [event.id for event in await stored(jetstream)]
    assert sorted(found) == sorted(f"m-{number}" for number in range(5 * MANY))
