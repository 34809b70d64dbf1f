"""What is said in a room comes back from the room, and what does not is asked for."""

import asyncio
import json
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
from services.gateway.posting import Answered, Posting, Said
from services.gateway.rooms import Room
from tests.chat.servers import connected

SAID = Said("s1", "juniper", "c-1", 'hi "all" 🙂', 7)
WISH = SAID.wish()


@pytest.fixture
async def nc(nats_url: str) -> AsyncIterator[Client]:
    """A line to the bus."""
    async with connected(nats_url) as client:
        yield client


class Mouth:
    """Somebody's way to say something in a room that listens."""

    def __init__(self, nc: Client, room: Room) -> None:
        self.room, self.requests = room, Requests(nc)
        self.posting = Posting(self.requests)

    async def __call__(self, *said: Said) -> list[bool | Answered]:
        """What became of each."""
        came = [asyncio.get_running_loop().create_future() for _ in said]
        taken = [self.posting.put(self.room, one, to.set_result) for one, to in zip(said, came, strict=True)]
        assert all(taken)
        found = await asyncio.gather(*came)
        assert self.room.awaited == {}
        return found


@pytest.fixture
async def post(nc: Client) -> AsyncIterator[Mouth]:
    """A mouth in an open room."""
    room = Room("s1", nc, Asker(nc))
    await room.open()
    mouth = Mouth(nc, room)
    await mouth.posting.open()
    yield mouth
    await room.close()


async def chat_does(nc: Client, what: Callable[[list[PostMessage], Msg], Awaitable[None]]) -> list[int]:
    """Chat, as far as it matters here; how many wishes each message held."""
    sizes: list[int] = []

    async def hear(msg: Msg) -> None:
        bodies = json.loads(msg.data)
        wishes = [PostMessage(**body) for body in (bodies if isinstance(bodies, list) else [bodies])]
        sizes.append(len(wishes))
        await what(wishes, msg)

    await nc.subscribe(PostMessage.subject(), cb=hear)
    await nc.flush()
    return sizes


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


async def test_what_comes_back_from_the_room_is_the_answer(nc: Client, post: Mouth) -> None:
    async def store(wishes: list[PostMessage], _: Msg) -> None:
        assert wishes[0].quiet
        await comes_back(nc, wishes[0])

    await chat_does(nc, store)
    assert await post(SAID) == [True]


async def test_what_is_said_in_one_turn_goes_as_one_message(nc: Client, post: Mouth) -> None:
    async def store(wishes: list[PostMessage], _: Msg) -> None:
        for wish in wishes:
            await comes_back(nc, wish)

    sizes = await chat_does(nc, store)
    many = [msgspec.structs.replace(SAID, client_id=f"c-{n}") for n in range(posting.TOGETHER_MOST + 2)]
    assert await post(*many) == [True] * len(many)
    assert sizes == [posting.TOGETHER_MOST, 2]


async def test_somebody_elses_message_of_the_same_name_is_no_answer(
    nc: Client, post: Mouth, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "QUIET_SECONDS", 0.3)

    async def store(wishes: list[PostMessage], _: Msg) -> None:
        await comes_back(nc, wishes[0].model_copy(update={"person_id": "wren"}))

    await chat_does(nc, store)
    assert await post(SAID) == [False]


async def test_what_is_on_its_way_already_is_asked_for_in_full(nc: Client, post: Mouth) -> None:
    came: asyncio.Future[bool | Answered] = asyncio.get_running_loop().create_future()
    assert post.posting.put(post.room, SAID, came.set_result)
    assert not post.posting.put(post.room, SAID, lambda _: None)
    assert post.posting.put(Room("s2", nc, Asker(nc)), SAID, lambda _: None)
    assert await came is False, "nobody listens there"


@pytest.mark.parametrize(
    ("kind", "answer"),
    [("refused", Refused(reason="muted")), ("granted", MessageTaken(state="held", message_id="h", number=3, at=now()))],
    ids=["refused", "held"],
)
async def test_what_else_became_of_it_is_answered(
    nc: Client, post: Mouth, kind: str, answer: Refused | MessageTaken
) -> None:
    async def say(_: list[PostMessage], msg: Msg) -> None:
        await nc.publish(msg.reply, answer.model_dump_json().encode(), headers={"harbour-answer": kind})

    await chat_does(nc, say)
    [given] = await post(SAID)
    assert isinstance(given, Answered)
    assert given.read().model_dump() == answer.model_dump()


async def test_of_several_each_learns_what_became_of_it(
    nc: Client, post: Mouth, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "QUIET_SECONDS", 0.4)

    async def say(wishes: list[PostMessage], msg: Msg) -> None:
        await comes_back(nc, wishes[0])
        answers = [[1, "refused", {"reason": "muted"}], [3, "broken", None]]
        await nc.publish(msg.reply, json.dumps(answers).encode(), headers={"harbour-answer": "several"})

    await chat_does(nc, say)
    first, second, third, fourth = await post(*[msgspec.structs.replace(SAID, client_id=f"c-{n}") for n in range(4)])
    assert first is True
    assert isinstance(second, Answered)
    assert second.read().model_dump() == {"reason": "muted", "say": ""}
    assert third is False, "it was to come back and did not"
    assert isinstance(fourth, Answered)
    with pytest.raises(Unavailable):
        fourth.read()


async def test_where_nobody_says_anything_or_nobody_is_there_it_has_to_be_asked_for(
    nc: Client, post: Mouth, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "QUIET_SECONDS", 0.2)
    assert await post(SAID) == [False]
    heard: asyncio.Queue[str] = asyncio.Queue()

    async def say_nothing(wishes: list[PostMessage], _: Msg) -> None:
        heard.put_nowait(wishes[0].client_id)

    await chat_does(nc, say_nothing)
    assert await post(SAID) == [False]
    assert heard.get_nowait() == "c-1"
