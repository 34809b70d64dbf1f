"""What somebody was told is sent is in the transcript, once."""

import asyncio
from datetime import timedelta

import pytest

from harbour.contracts.chat import (
    EndSession,
    OpenSession,
    StartSession,
)
from harbour.contracts.messages import Event
from harbour.runtime.database import Database
from services.chat.transcript import Line, MemoryTranscript, NotStored, Stored, Transcript
from tests.chat.copies import Copy, Forgetful, reason

OPEN = OpenSession(session_id="s1", staff_id="sam")
START = StartSession(session_id="s1", staff_id="sam")
END = EndSession(session_id="s1", staff_id="sam")


# ── promise 4: acknowledged is kept, once ─────────────────────────────────────────────────────────────────────


async def test_promise_4_the_same_message_again_is_one_message_with_one_answer(chat: Copy) -> None:
    await chat.begin()
    first = await chat.posts("hello")
    chat.now += timedelta(seconds=5)
    again = await chat.posts("hello")
    assert again.model_dump() == first.model_dump()
    assert await chat.texts() == ["hello"]


async def test_promise_4_twenty_tries_at_once_through_two_copies_are_one_message(
    database: Database, transcript: Transcript
) -> None:
    copies = [Copy(database, transcript, pace_messages=100) for _ in range(2)]
    await copies[0].begin()
    answers = await asyncio.gather(*(copies[n % 2].posts("hello") for n in range(20)))
    assert len({(answer.number, answer.message_id, answer.at) for answer in answers}) == 1
    assert await copies[0].texts("wren") == ["hello"]


async def test_promise_4_a_retry_after_the_evening_has_ended_is_told_that_it_is_kept(chat: Copy) -> None:
    await chat.begin()
    first = await chat.posts("hello")
    await chat.asks(END)
    again = await chat.posts("hello")
    assert again.model_dump() == first.model_dump()
    assert reason(await chat.tries("one more", client_id="k2")) == "not-live"


async def test_promise_4_a_retry_so_late_that_the_stream_has_forgotten_is_still_one_message(
    database: Database,
) -> None:
    chat = Copy(database, Forgetful())
    await chat.begin()
    first = await chat.posts("hello")
    chat.now += timedelta(hours=3)
    assert (await chat.posts("hello")).number == first.number
    assert await chat.texts() == ["hello"]


class Silent(MemoryTranscript):
    """A transcript that does not confirm for a while, though it may have stored."""

    silent = True

    async def append(self, event: Line) -> Stored[Event]:
        """Keep an event, and confirm it once no longer silent."""
        stored = await super().append(event)
        if self.silent:
            raise NotStored("the stream did not confirm in time")
        return stored


async def test_promise_4_nobody_is_told_sent_before_it_is_confirmed(database: Database) -> None:
    transcript = Silent()
    chat = Copy(database, transcript)
    await chat.begin()
    with pytest.raises(NotStored):
        await chat.posts("hello")
    transcript.silent = False
    await chat.posts("hello")
    assert await chat.texts() == ["hello"]
