"""The transcript on a real server that is killed, silent, or not there."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg

from harbour.contracts.chat import (
    EndSession,
    MessageHeld,
    MessagePosted,
    MessageTaken,
    RoomRuled,
    SessionEnded,
    SessionStarted,
    Ways,
)
from harbour.runtime.database import Database
from services.chat.app import forget_what_changes
from services.chat.jetstream import JetStreamTranscript
from services.chat.transcript import NotStored, Unreachable, read_all
from tests.chat.copies import Copy, reason
from tests.chat.people import held, posted
from tests.chat.servers import NatsServer, connected, declare_chat, need_nats_server, running_server


@pytest.fixture
async def mortal(tmp_path: Path) -> AsyncIterator[tuple[NatsServer, Client]]:
    """A server of this test's own, to be killed, and a connection to it."""
    need_nats_server()
    with running_server(tmp_path) as server:
        async with connected(server.url) as client:
            await declare_chat(client)
            yield server, client


async def test_promise_1_what_the_room_is_shown_is_already_on_record(
    nc: Client, jetstream: JetStreamTranscript
) -> None:
    shown: asyncio.Queue[Msg] = asyncio.Queue()
    await nc.subscribe("room.s1.>", cb=shown.put)
    await nc.flush()
    for n in range(20):
        await jetstream.append(posted(f"line {n}"))
        seen = await asyncio.wait_for(shown.get(), 5)
        number = int((seen.headers or {})["Nats-Sequence"])
        assert (await jetstream.at(number)).event.model_dump_json().encode() == seen.data


async def test_a_second_copy_never_shows_in_the_room(nc: Client, jetstream: JetStreamTranscript) -> None:
    shown: list[str] = []

    async def show(seen: Msg) -> None:
        shown.append((seen.headers or {})["Nats-Msg-Id"])

    await nc.subscribe("room.s1.>", cb=show)
    await nc.flush()
    first, last = posted("hello"), posted("last")
    for _ in range(5):
        await jetstream.append(first)
    await jetstream.append(last)
    async with asyncio.timeout(5):
        while last.id not in shown:
            await asyncio.sleep(0.01)
    assert shown == [first.id, last.id]


async def test_promise_3_what_is_held_goes_to_a_subject_of_its_own(nc: Client, jetstream: JetStreamTranscript) -> None:
    room: list[str] = []

    async def show(seen: Msg) -> None:
        room.append(seen.subject)

    await nc.subscribe("room.s1.message-posted", cb=show)
    await nc.flush()
    await jetstream.append(held("aside"))
    await jetstream.append(posted("hello"))
    async with asyncio.timeout(5):
        while not room:
            await asyncio.sleep(0.01)
    assert room == ["room.s1.message-posted"]
    assert [line.event.text for line in await read_all(jetstream, "s1", (MessagePosted,))] == ["hello"]
    assert [line.event.text for line in await read_all(jetstream, "s1", (MessageHeld,))] == ["aside"]


async def test_promise_4_what_was_confirmed_is_there_once_after_the_server_was_killed(
    mortal: tuple[NatsServer, Client],
) -> None:
    server, client = mortal
    transcript = JetStreamTranscript(client, client.jetstream(), append_seconds=20)
    events = [posted(f"line {n}") for n in range(150)]
    confirmed: list[str] = []

    async def say(event: MessagePosted) -> None:
        try:
            confirmed.append((await transcript.append(event)).event.id)
        except Unreachable:  # confirmed as a second copy, then killed before it could be read: the sender tries again
            await say(event)

    async def say_all(mine: list[MessagePosted]) -> None:
        for event in mine:
            await say(event)

    async def kill() -> None:
        for until in (20, 80):
            while len(confirmed) < until:
                await asyncio.sleep(0.001)
            server.kill()
            server.start()

    await asyncio.gather(kill(), *(say_all(events[n::5]) for n in range(5)))
    kept = [line.event.id for line in await read_all(transcript, "s1", (MessagePosted,))]
    assert sorted(kept) == sorted(event.id for event in events) == sorted(confirmed)


async def test_three_hundred_on_their_way_at_once_are_each_told_their_own_number(
    jetstream: JetStreamTranscript,
) -> None:
    events = [posted(f"line {n}") for n in range(300)]
    confirmed = await asyncio.gather(*(jetstream.append(event) for event in events))
    kept = await read_all(jetstream, "s1", (MessagePosted,))
    assert [(line.number, line.event.id) for line in kept] == sorted((line.number, line.event.id) for line in confirmed)
    assert len(kept) == len(events)


async def test_promise_4_where_the_server_is_down_nobody_is_told_sent(mortal: tuple[NatsServer, Client]) -> None:
    server, client = mortal
    transcript = JetStreamTranscript(client, client.jetstream(), append_seconds=0.5)
    server.kill()
    with pytest.raises(NotStored):
        await transcript.append(posted("hello"))
    server.start()
    transcript = JetStreamTranscript(client, client.jetstream(), append_seconds=10)
    await transcript.append(posted("hello"))
    assert len(await read_all(transcript, "s1", (MessagePosted,))) == 1


async def test_a_transcript_that_cannot_be_read_says_so_and_never_shows_an_empty_room(
    nc: Client, jetstream: JetStreamTranscript
) -> None:
    await nc.jetstream().delete_stream("CHAT")
    with pytest.raises(Unreachable):
        await jetstream.after("s1", 0, 10, (MessagePosted,))
    with pytest.raises(Unreachable):
        await jetstream.latest("s1")


async def test_a_batch_that_lost_a_part_on_its_way_is_not_taken_for_the_whole(nc: Client) -> None:
    transcript = JetStreamTranscript(nc, nc.jetstream())
    for n in range(9):
        await transcript.append(posted(f"line {n}"))
    subscribe, count = nc.subscribe, 0

    async def lossy(*args: object, **kwargs: object) -> object:
        sub = await subscribe(*args, **kwargs)  # type: ignore[arg-type]
        next_msg = sub.next_msg

        async def sometimes(timeout: float) -> Msg:
            nonlocal count
            count += 1
            if count == 4:
                await next_msg(timeout)
            return await next_msg(timeout)

        sub.next_msg = sometimes  # type: ignore[method-assign,assignment]
        return sub

    nc.subscribe = lossy  # type: ignore[method-assign,assignment]
    with pytest.raises(Unreachable):
        await transcript.after("s1", 0, 10, (MessagePosted,))


async def test_a_copy_hears_at_once_that_another_has_ended_the_evening(
    nc: Client, jetstream: JetStreamTranscript, database: Database
) -> None:
    here, there = (Copy(database, jetstream, room_kept_seconds=2, pace_messages=1000) for _ in range(2))
    await forget_what_changes(nc, here.things["doorkeeper"])
    await nc.flush()
    await here.begin()
    await here.posts("hello")
    await there.asks(EndSession(session_id="s1", staff_id="sam"))
    [ended] = [one for one in there.said if isinstance(one, SessionEnded)]
    await nc.publish(ended.subject, ended.body(), headers=ended.headers("chat"))
    tries = 0
    async with asyncio.timeout(1):
        while isinstance(answer := await here.tries("one more", client_id=f"again{tries}"), MessageTaken):
            tries += 1
            await asyncio.sleep(0.01)
    assert reason(answer) == "not-live"


async def test_how_far_a_room_has_come_counts_whatever_is_said_of_it(
    nc: Client, jetstream: JetStreamTranscript
) -> None:
    await jetstream.append(posted("hello"))
    assert await jetstream.newest("s1") == 1
    ruled = RoomRuled(session_id="s1", by="sam", ways=Ways(revision=1))
    started = SessionStarted(session_id="s2", course_id="c", staff_id="sam")
    for said in (ruled, started):
        await nc.jetstream().publish(said.subject, said.body(), headers=said.headers("chat"))
    assert await jetstream.newest("s1") == 2
    await jetstream.append(posted("hello again"))
    assert [await jetstream.newest(name) for name in ("s1", "s2", "s3")] == [4, 3, 0]
