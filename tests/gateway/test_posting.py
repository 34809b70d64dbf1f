"""What is said in a room comes back from the room, and what does not is asked for."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import msgspec
import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg

from harbour.contracts.chat import MessagePosted, MessageTaken, PostMessage, Speaker
from harbour.contracts.messages import Refused, now, read_as
from harbour.runtime.asking import Asker, Unavailable
from harbour.runtime.requests import Requests
from services.gateway import posting
from services.gateway.posting import Posting, Said
from services.gateway.rooms import Room
from tests.chat.servers import connected

SAID = Said("s1", "juniper", "c-1", 'hi "all" 🙂', 7)
WISH = SAID.wish()


@pytest.fixture
async def nc(nats_url: str) -> AsyncIterator[Client]:
    """A line to the bus."""
    async with connected(nats_url) as client:
        yield client


@pytest.fixture
async def post(nc: Client) -> AsyncIterator[Posting]:
    """Somebody's way to say something in a room that listens."""
    room = Room("s1", nc, Asker(nc))
    await room.open()
    yield Posting(room, Requests(nc))
    await room.close()


async def chat_does(nc: Client, what: Callable[[PostMessage, Msg], Awaitable[None]]) -> None:
    """Chat, as far as it matters here."""

    async def hear(msg: Msg) -> None:
        await what(read_as(PostMessage, msg.data), msg)

    await nc.subscribe(PostMessage.subject(), cb=hear)
    await nc.flush()


async def comes_back(nc: Client, wish: PostMessage) -> None:
    """The stream shows the room what it stored."""
    event = MessagePosted(
        session_id=wish.session_id, member_id=wish.person_id, speaker=Speaker.MEMBER, nickname="Juniper",
        text=wish.text, client_id=wish.client_id, in_reply_to=wish.in_reply_to,
    )  # fmt: skip
    shown = {"Nats-Subject": event.subject, "Nats-Sequence": "1", "Nats-Last-Sequence": "0"}
    await nc.publish("room.s1.message-posted", event.body(), headers=event.headers("chat") | shown)


def test_it_is_asked_for_as_the_contract_says() -> None:
    body = msgspec.json.encode(SAID)
    assert read_as(PostMessage, body, id=WISH.id) == WISH.model_copy(update={"quiet": True})
    assert list(Said.__struct_fields__) == list(PostMessage.model_fields)[1:]


async def test_what_comes_back_from_the_room_is_the_answer(nc: Client, post: Posting) -> None:
    async def store(wish: PostMessage, _: Msg) -> None:
        assert wish.quiet
        await comes_back(nc, wish)

    await chat_does(nc, store)
    assert await post(SAID) is None
    assert post._room.awaited == {}
    assert post._requests._waiting == {}


async def test_somebody_elses_message_of_the_same_name_is_no_answer(
    nc: Client, post: Posting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "QUIET_SECONDS", 0.3)

    async def store(wish: PostMessage, _: Msg) -> None:
        await comes_back(nc, wish.model_copy(update={"person_id": "wren"}))

    await chat_does(nc, store)
    with pytest.raises(Unavailable):
        await post(SAID)


@pytest.mark.parametrize(
    ("kind", "answer"),
    [("refused", Refused(reason="muted")), ("granted", MessageTaken(state="held", message_id="h", number=3, at=now()))],
    ids=["refused", "held"],
)
async def test_what_else_became_of_it_is_answered(
    nc: Client, post: Posting, kind: str, answer: Refused | MessageTaken
) -> None:
    async def say(_: PostMessage, msg: Msg) -> None:
        await nc.publish(msg.reply, answer.model_dump_json().encode(), headers={"harbour-answer": kind})

    await chat_does(nc, say)
    given = await post(SAID)
    assert given is not None
    assert given.model_dump() == answer.model_dump()


async def test_where_nobody_says_anything_or_nobody_is_there_it_has_to_be_asked_for(
    nc: Client, post: Posting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "QUIET_SECONDS", 0.2)
    with pytest.raises(Unavailable):
        await post(SAID)
    heard: asyncio.Queue[str] = asyncio.Queue()

    async def say_nothing(wish: PostMessage, _: Msg) -> None:
        heard.put_nowait(wish.client_id)

    await chat_does(nc, say_nothing)
    with pytest.raises(Unavailable):
        await post(SAID)
    assert heard.get_nowait() == "c-1"
    assert post._room.awaited == {}
    assert post._requests._waiting == {}
