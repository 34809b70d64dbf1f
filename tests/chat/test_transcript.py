"""What a transcript promises, in memory and on a real server alike."""

import asyncio

import pytest

from harbour.contracts.chat import MessageDeclined, MessageHeld, MessagePosted
from services.chat.transcript import MemoryTranscript, NotThere, Transcript, find, read_all
from tests.chat.people import ROBIN, WREN, declined, held, posted

POSTED = (MessagePosted,)


async def test_what_is_appended_is_read_again_in_order_with_its_number(transcript: Transcript) -> None:
    stored = [await transcript.append(posted(f"line {n}")) for n in range(5)]
    page = await transcript.after("s1", 0, 10, POSTED)
    assert [(line.number, line.event.text) for line in page.lines] == [
        (one.number, f"line {n}") for n, one in enumerate(stored)
    ]
    assert [one.number for one in stored] == sorted({one.number for one in stored})
    assert page.lines[0].event.model_dump() == stored[0].event.model_dump()
    assert page.lines[0].event.id == stored[0].event.id
    assert page.lines[0].event.at == stored[0].event.at


async def test_the_same_id_again_adds_nothing_and_has_the_same_number(transcript: Transcript) -> None:
    first = await transcript.append(posted("hello", client_id="k1"))
    again = await transcript.append(posted("hello", client_id="k1"))
    assert again.number == first.number
    assert again.event.at == first.event.at
    assert len((await transcript.after("s1", 0, 10, POSTED)).lines) == 1


async def test_a_second_try_is_answered_by_what_is_stored_even_where_the_rules_have_changed(
    transcript: Transcript,
) -> None:
    first = await transcript.append(held("hello", client_id="k1"))
    again = await transcript.append(posted("hello", client_id="k1"))
    assert isinstance(again.event, MessageHeld)
    assert (again.number, again.event.version) == (first.number, "1")
    assert not (await transcript.after("s1", 0, 10, POSTED)).lines


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
async def test_reading_page_by_page_has_no_gaps_and_no_doubles(transcript: Transcript, limit: int) -> None:
    for n in range(10):
        await transcript.append(posted(f"line {n}", WREN if n % 3 else ROBIN))
        await transcript.append(held(f"aside {n}"))
        await transcript.append(posted(f"elsewhere {n}", session="s2"))
    seen: list[str] = []
    after, more = 0, True
    while more:
        page = await transcript.after("s1", after, limit, POSTED)
        assert len(page.lines) <= limit
        seen += [line.event.text for line in page.lines]
        after, more = page.lines[-1].number, page.more
    assert seen == [f"line {n}" for n in range(10)]


async def test_more_is_said_exactly_when_there_is_more(transcript: Transcript) -> None:
    for n in range(4):
        await transcript.append(posted(f"line {n}"))
        await transcript.append(held(f"aside {n}"))
    assert (await transcript.after("s1", 0, 3, POSTED)).more
    assert not (await transcript.after("s1", 0, 4, POSTED)).more
    assert not (await transcript.after("s1", 0, 5, POSTED)).more
    assert not (await transcript.after("empty", 0, 5, POSTED)).more


async def test_several_kinds_come_in_one_order(transcript: Transcript) -> None:
    one = held("aside")
    for event in (posted("a"), one, declined(one), posted("b", WREN)):
        await transcript.append(event)
    lines = await read_all(transcript, "s1", (MessagePosted, MessageHeld, MessageDeclined))
    assert [type(line.event) for line in lines] == [MessagePosted, MessageHeld, MessageDeclined, MessagePosted]
    page = await transcript.after("s1", 0, 1, (MessagePosted, MessageDeclined))
    assert (len(page.lines), page.more) == (1, True)


async def test_one_persons_lines_are_read_alone(transcript: Transcript) -> None:
    await transcript.append(posted("mine"))
    await transcript.append(posted("theirs", WREN))
    page = await transcript.after("s1", 0, 10, POSTED, "wren")
    assert [line.event.text for line in page.lines] == ["theirs"]


async def test_the_newest_number_is_that_of_a_posted_message(transcript: Transcript) -> None:
    assert await transcript.latest("s1") == 0
    await transcript.append(posted("a"))
    newest = await transcript.append(posted("b", WREN))
    await transcript.append(held("aside"))
    await transcript.append(posted("elsewhere", session="s2"))
    assert await transcript.latest("s1") == newest.number
    assert await transcript.newest("s1") >= newest.number
    assert await transcript.newest("never") == 0


async def test_a_line_is_found_by_its_number_and_by_its_id(transcript: Transcript) -> None:
    stored = await transcript.append(posted("a"))
    assert (await transcript.at(stored.number)).event.id == stored.event.id
    found = await find(transcript, "s1", "robin", stored.event.id)
    assert found is not None
    assert found.number == stored.number
    assert await find(transcript, "s1", "wren", stored.event.id) is None
    with pytest.raises(NotThere):
        await transcript.at(stored.number + 100)


async def test_a_long_evening_is_read_whole(transcript: Transcript) -> None:
    await asyncio.gather(*(transcript.append(posted(f"line {n}")) for n in range(1203)))
    lines = await read_all(transcript, "s1", POSTED)
    assert {line.event.text for line in lines} == {f"line {n}" for n in range(1203)}
    assert [line.number for line in lines] == sorted({line.number for line in lines})


async def test_promise_4_twenty_tries_at_once_are_one_message(transcript: Transcript) -> None:
    event = posted("hello", client_id="k1")
    stored = await asyncio.gather(*(transcript.append(event) for _ in range(20)))
    assert len({one.number for one in stored}) == 1
    assert len((await transcript.after("s1", 0, 50, POSTED)).lines) == 1


def test_both_keep_what_a_transcript_promises() -> None:
    assert isinstance(MemoryTranscript(), Transcript)
