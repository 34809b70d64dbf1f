"""The load generator reads frames however they are cut, counts each delivery once, and says nothing that is held."""

import asyncio
import json
import struct
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer import BadParameter

from harbour.rehearsal.bench import read_rates
from harbour.rehearsal.bench_run import TEXT_BYTES, texts
from harbour.rehearsal.load_socket import Socket, split, text_frame
from harbour.rehearsal.load_tally import Tally
from harbour.screening import look_at_door

SIZES = st.sampled_from((0, 1, 125, 126, 127, 300, 65_535, 65_536, 70_000))
BODIES = st.lists(SIZES.map(lambda size: b"x" * size), max_size=5)


def from_server(body: bytes) -> bytes:
    """A text frame as a server sends it: without a mask."""
    size = len(body)
    if size < 126:
        return bytes((0x81, size)) + body
    return struct.pack("!BBH", 0x81, 126, size) + body if size < 65536 else struct.pack("!BBQ", 0x81, 127, size) + body


@given(BODIES, st.integers(min_value=1, max_value=5000))
@settings(deadline=None)
def test_frames_are_found_however_the_bytes_are_cut(bodies: list[bytes], step: int) -> None:
    data, rest, found = b"".join(map(from_server, bodies)), b"", []
    for start in range(0, len(data), step):
        frames, rest = split(rest + data[start : start + step])
        found += frames
    assert rest == b""
    assert found == [(0x81, body) for body in bodies]


def test_what_a_client_sends_is_masked_as_it_must_be() -> None:
    assert text_frame("hi") == b"\x81\x82\0\0\0\0hi"
    assert text_frame("a" * 200)[:8] == b"\x81\xfe\x00\xc8\0\0\0\0"


def test_everyday_texts_are_eighty_bytes_and_none_is_held_at_the_door() -> None:
    found = texts()
    assert len(found) > 20
    assert {len(text.encode()) for text in found} == {TEXT_BYTES}
    assert not [text for text in found if look_at_door(text).hold]


@pytest.mark.parametrize("words", ["", "fast", "100,,x", "-5", "0", "1e9"])
def test_rates_that_are_none_get_a_sentence(words: str) -> None:
    with pytest.raises(BadParameter, match="say it like"):
        read_rates(words)


def test_rates_are_numbers_and_max() -> None:
    assert read_rates("100, 500,max") == (100, 500, None)


# ── the tally ─────────────────────────────────────────────────────────────────────────────────────────────────


async def sockets(number: int) -> list[Socket]:
    """So many in one room that nobody has connected."""
    await asyncio.sleep(0)
    return [Socket({"room": "s-1", "url": "", "headers": {}}, lambda socket, payload: None) for _ in range(number)]


def shown(tally: Tally, *numbers: int) -> bytes:
    """A frame with these messages."""
    one = [{"text": 'say "hi"', "client_id": tally.name(number)} for number in numbers]
    frame: dict[str, Any] = {"type": "message", **one[0]} if len(one) == 1 else {"type": "messages", "list": one}
    return json.dumps(frame, separators=(",", ":")).encode()


async def test_a_message_is_complete_when_the_last_socket_has_it() -> None:
    tally, (first, second) = Tally("b1-"), await sockets(2)
    tally.begin([first, second])
    number = tally.say(first, 2, now=10.0)
    mark = {"number": 0, "complete": 0, "deliveries": 0}
    assert tally.hear(first, shown(tally, number), 10.001) == []
    assert tally.waits
    assert tally.hear(second, shown(tally, number), 10.004) == [number]
    assert not tally.waits
    assert tally.since(mark) == {"said": 1, "complete": 1, "deliveries": 2, "latencies_ms": [4.0]}
    assert not any(tally.faults([first, second]).values())


async def test_several_messages_in_one_frame_are_all_counted() -> None:
    tally, [one] = Tally("b1-"), await sockets(1)
    tally.begin([one])
    numbers = [tally.say(one, 1, 0.0) for _ in range(3)]
    assert tally.hear(one, shown(tally, *numbers), 1.0) == numbers
    assert not any(tally.faults([one]).values())


async def test_what_never_came_is_missing_and_what_came_twice_is_doubled() -> None:
    tally, (first, second) = Tally("b1-"), await sockets(2)
    tally.begin([first, second])
    lost, twice = tally.say(first, 2, 0.0), tally.say(first, 2, 0.0)
    tally.hear(first, shown(tally, lost), 1.0)
    for socket in (first, second, second):
        tally.hear(socket, shown(tally, twice), 1.0)
    faults = tally.faults([first, second])
    assert (faults["missing"], faults["doubled"], faults["uneven"]) == (1, 1, 1)


async def test_one_socket_that_has_it_twice_does_not_hide_another_that_lacks_it() -> None:
    tally, (first, second) = Tally("b1-"), await sockets(2)
    tally.begin([first, second])
    number = tally.say(first, 2, 0.0)
    tally.hear(first, shown(tally, number), 1.0)
    tally.hear(first, shown(tally, number), 1.0)
    faults = tally.faults([first, second])
    assert (faults["missing"], faults["uneven"]) == (0, 2)


async def test_a_refused_message_is_awaited_by_nobody_and_is_counted() -> None:
    tally, (first, second) = Tally("b1-"), await sockets(2)
    tally.begin([first, second])
    number = tally.say(first, 2, 0.0)
    tally.refuse(f'{{"type":"refused","client_id":"{tally.name(number)}","reason":"too-fast"}}'.encode())
    assert not tally.waits
    assert tally.faults([first, second]) == {"missing": 0, "doubled": 0, "uneven": 0, "refused": 1, "closed": 0}


async def test_a_later_run_does_not_count_what_comes_late_from_the_one_before() -> None:
    tally, [one] = Tally("b1-"), await sockets(1)
    tally.begin([one])
    late = tally.say(one, 1, 0.0)
    tally.begin([one])
    assert tally.hear(one, shown(tally, late), 5.0) == []
    assert not any(tally.faults([one]).values())


async def test_what_was_refused_and_comes_all_the_same_is_neither_missing_nor_doubled() -> None:
    tally, (first, second) = Tally("b1-"), await sockets(2)
    tally.begin([first, second])
    number = tally.say(first, 2, 0.0)
    refused = f'{{"type":"refused","client_id":"{tally.name(number)}","reason":"unavailable"}}'.encode()
    tally.refuse(refused)
    tally.refuse(refused)
    for socket in (first, second):
        assert tally.hear(socket, shown(tally, number), 1.0) == []
    assert tally.faults([first, second]) == {"missing": 0, "doubled": 0, "uneven": 0, "refused": 1, "closed": 0}
