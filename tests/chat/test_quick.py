"""The quick way to the stream stores what the handler would, and leaves to it whatever is not plain."""

import asyncio
from collections.abc import Collection
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import msgspec
import pytest
from nats.aio.client import Client

from harbour.contracts.chat import MessagePosted, PostMessage, RoomState, Round, Ways
from harbour.contracts.messages import read_event
from harbour.runtime.straight import Heard, written
from harbour.screening import Verdict
from services.chat import rules
from services.chat.doorkeeper import Doorkeeper, Limits
from services.chat.jetstream import JetStreamTranscript
from services.chat.quick import Posted, QuickDoor, Said, as_posted
from services.chat.rules import Gathering, Pace
from services.chat.transcript import read_all
from tests.chat.people import A_NUMBER, EVENING, WREN, gathering, posted

NOW = EVENING + timedelta(minutes=20)
PLAIN: dict[str, Any] = {"session_id": "s1", "person_id": "robin", "client_id": "one", "text": "hello", "quiet": True}


class Front:
    """A quick door before a real stream, and what became of each wish."""

    def __init__(self, jetstream: JetStreamTranscript, room: Gathering | None = None, burst: int = 3) -> None:
        self.room = room or gathering(RoomState.LIVE)
        self.doorkeeper = Doorkeeper(self._read, Limits(2000, Pace(burst, 1000)))
        self._jetstream = jetstream
        self.over: asyncio.Queue[bool] = asyncio.Queue()

    async def _read(self, session_ids: Collection[str]) -> dict[str, Gathering]:
        return {"s1": self.room} if "s1" in session_ids else {}

    async def takes(self, **other: Any) -> bool:
        """Whether the door takes this wish, from somebody it knows by heart."""
        await self.doorkeeper.seat("s1", "robin")
        return await self.takes_bytes(PostMessage(**{**PLAIN, **other}).body())

    async def takes_bytes(self, body: bytes) -> bool:
        """Whether the door takes what stands here."""
        return (await self.door())(body, self.over.put_nowait)

    async def door(self) -> QuickDoor:
        """The door, with a press of its own before which nothing was said."""
        await self.doorkeeper.seat("s1", "robin")
        return QuickDoor(self.doorkeeper, await self._jetstream.press(), lambda: NOW)

    async def stored(self) -> bool:
        """Whether the next wish it took may be taken for stored."""
        return await asyncio.wait_for(self.over.get(), 5)


@pytest.mark.parametrize("person_id", ["robin", "sam"])
@pytest.mark.parametrize("text", ["hello", 'she said "ok" \\ 🙂', "two\nlines", "É" * 400])
@pytest.mark.parametrize("in_reply_to", [0, 7])
def test_what_is_stored_is_what_the_contract_makes_of_it(person_id: str, text: str, in_reply_to: int) -> None:
    place = rules.seat(gathering(RoomState.LIVE), person_id)
    assert isinstance(place, rules.Seat)
    wish = PostMessage(**{**PLAIN, "person_id": person_id, "text": text, "in_reply_to": in_reply_to})
    event = rules.as_said(place, wish, text, Verdict(hold=False, reasons=(), version=""), NOW)
    said = msgspec.json.decode(wish.body(), type=Said)
    subject, body, headers = as_posted(place, said, text, NOW)
    assert subject == event.subject
    assert headers + b"\r\n" == written({**event.headers("chat"), "Nats-Expected-Stream": "CHAT"})
    assert read_event(Heard(b"", b"", body, headers).headers, body) == event
    assert list(Posted.__struct_fields__) == list(MessagePosted.model_fields)[2:]


async def test_a_plain_message_is_stored_once_however_often_it_is_said(jetstream: JetStreamTranscript) -> None:
    front = Front(jetstream)
    for _ in range(3):
        assert await front.takes()
    await jetstream.append(posted("good evening", WREN))
    assert [line.event.text for line in await read_all(jetstream, "s1", (MessagePosted,))] == ["hello", "good evening"]


async def test_what_the_stream_does_not_confirm_is_left_to_the_handler_and_not_counted_twice(
    nc: Client, jetstream: JetStreamTranscript
) -> None:
    front = Front(jetstream, burst=2)
    await nc.jetstream().delete_stream("CHAT")
    door = await front.door()
    with patch("services.chat.press.QUIET_SECONDS", 5.0):
        assert all(door(PostMessage(**{**PLAIN, "client_id": name}).body(), front.over.put_nowait) for name in "ab")
    assert [await front.stored() for _ in "ab"] == [True, False]
    assert [front.doorkeeper.too_fast("robin", NOW) for _ in "ab"] == [False, True]


@pytest.mark.parametrize(
    "other",
    [
        {"quiet": False}, {"session_id": "s2"}, {"person_id": "nobody"}, {"text": A_NUMBER}, {"text": " "},
        {"text": "a" * 2001},
    ],
    ids=["not-quiet", "another-room", "a-stranger", "held", "empty", "too-long"],
)  # fmt: skip
async def test_what_is_not_plain_is_left_to_the_handler(jetstream: JetStreamTranscript, other: dict[str, Any]) -> None:
    front = Front(jetstream)
    assert not await front.takes(**other)
    assert await read_all(jetstream, "s1", (MessagePosted,)) == []
    assert front.over.empty()


@pytest.mark.parametrize(
    "ways",
    [Ways(muted=("robin",)), Ways(slow_seconds=5), Ways(hold_all=True), Ways(round=Round(order=("wren",)))],
    ids=["muted", "slow", "everything-held", "somebody-elses-turn"],
)
async def test_in_a_room_that_is_led_in_another_way_only_adults_take_the_quick_way(
    jetstream: JetStreamTranscript, ways: Ways
) -> None:
    room = gathering(RoomState.LIVE)
    front = Front(jetstream, Gathering(room.room, room.people, ways))
    assert not await front.takes()
    assert await front.takes(person_id="sam")
    assert await front.stored()


async def test_somebody_who_stepped_out_takes_no_quick_way(jetstream: JetStreamTranscript) -> None:
    room = gathering(RoomState.LIVE)
    front = Front(jetstream, Gathering(room.room, room.people, out=frozenset({"robin"})))
    assert not await front.takes()


@pytest.mark.parametrize("state", [state for state in RoomState if state not in rules.SPEAKING])
async def test_where_nobody_may_speak_nobody_takes_the_quick_way(
    jetstream: JetStreamTranscript, state: RoomState
) -> None:
    assert not await Front(jetstream, gathering(state)).takes()


async def test_a_message_too_many_is_left_to_the_handler(jetstream: JetStreamTranscript) -> None:
    front = Front(jetstream)
    assert [await front.takes(client_id=f"c{n}") for n in range(4)] == [True, True, True, False]


UNFIT = [
    b"", b"{", b"[]", b'{"session_id": "s1"}', b"\xff", b"null",
    b'{"session_id":"s1","person_id":"robin","client_id":"one\\n","text":"hello","quiet":true}',
    b'{"session_id":"s1","person_id":"robin","client_id":"one","text":"\xc3(","quiet":true}',
]  # fmt: skip


@pytest.mark.parametrize("body", UNFIT)
async def test_what_cannot_be_read_is_left_to_the_handler(jetstream: JetStreamTranscript, body: bytes) -> None:
    assert not await Front(jetstream).takes_bytes(body)


async def test_a_name_that_does_not_fit_is_left_to_the_handler(jetstream: JetStreamTranscript) -> None:
    front = Front(jetstream)
    await front.doorkeeper.seat("s1", "robin")
    body = msgspec.json.encode({**PLAIN, "client_id": "with space"})
    assert not await front.takes_bytes(body)
