"""The hot lane: what a handler is given, answers and fails at there is as with any other."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated, Any

import pytest
from nats.errors import TimeoutError as NatsTimeout

from harbour.contracts.messages import Refused, now
from harbour.runtime import lane, logs
from harbour.runtime.asking import Asker, Unavailable
from harbour.runtime.context import Context
from harbour.runtime.requests import Requests
from harbour.runtime.rooms import Router, present
from harbour.runtime.service import Service
from harbour.runtime.straight import Heard as Heard_
from tests.runtime.trial import Bus, Call, Heard, on_trial, until


def answering(answer: Callable[[Call], Any]) -> Router:
    """A room with one handler in the hot lane."""
    router = Router("tried")

    @router.answers(Call, transaction=False, hot=True)
    async def call_out(wish: Call) -> Heard | Refused:
        found: Heard | Refused = await answer(wish)
        return found

    return router


async def heard(ask: Asker, word: str) -> Heard:
    """What is answered to somebody who calls out."""
    answer = await ask(Call(word=word))
    assert isinstance(answer, Heard)
    return answer


async def test_a_wish_in_the_hot_lane_is_answered_or_refused(bus: Bus, lite: str) -> None:
    async def answer(wish: Call) -> Heard | Refused:
        return Refused(reason="too-long") if wish.word == "long" else Heard(word=wish.word)

    async with on_trial(bus, answering(answer)):
        ask = Asker(bus.nc)
        granted, refused = await ask(Call(word="hello")), await ask(Call(word="long"))
    assert isinstance(granted, Heard)
    assert granted.word == "hello"
    assert isinstance(refused, Refused)
    assert refused.reason == "too-long"


async def test_a_handler_in_the_hot_lane_is_given_the_time_and_what_the_process_has(bus: Bus, lite: str) -> None:
    router = Router("tried")
    given: list[Any] = []

    @router.answers(Call, transaction=False, hot=True)
    async def call_out(
        wish: Call, settings: Annotated[Any, Context("settings")], moment: Annotated[datetime, present()]
    ) -> Heard:
        given.extend((wish.id, settings, moment))
        return Heard(word=wish.word)

    before = now()
    async with on_trial(bus, router) as service:
        wish = Call(word="hello")
        await Asker(bus.nc)(wish)
        assert given[:2] == [wish.id, service.settings]
        assert before <= given[2] <= now()


async def test_what_breaks_in_the_hot_lane_is_told_without_a_word_of_it(
    bus: Bus, lite: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async def answer(wish: Call) -> Heard:
        raise ValueError(f"could not read: {wish.text}")

    logs.start("tried")
    async with on_trial(bus, answering(answer)):
        with pytest.raises(Unavailable):
            await Asker(bus.nc)(Call(word="hello", text="marked-sentence"))
        unread = await bus.nc.request(Call.subject(), b'{"word": "marked-sentence!"}', timeout=5)
        assert (unread.headers or {})["harbour-answer"] == "broken"
        assert unread.data == b""
    said = capsys.readouterr().out
    lines = [json.loads(line) for line in said.splitlines() if '"handled"' in line]
    assert [(line["outcome"], line["error"]) for line in lines] == [
        ("broken", "ValueError"),
        ("unreadable", "Unreadable"),
    ]
    assert "marked-sentence" not in said


async def test_many_wishes_are_in_hand_at_once_and_never_more_than_the_lane_holds(
    bus: Bus, lite: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lane, "IN_HAND", 3)
    here, most = 0, 0

    async def answer(wish: Call) -> Heard:
        nonlocal here, most
        here += 1
        most = max(most, here)
        await asyncio.sleep(0.02)
        here -= 1
        return Heard(word=wish.word)

    async with on_trial(bus, answering(answer)):
        ask = Asker(bus.nc)
        words = [f"w{n}" for n in range(12)]
        answers = await asyncio.gather(*(heard(ask, word) for word in words))
    assert [one.word for one in answers] == words
    assert most == 3


async def test_told_to_stop_the_lane_answers_what_it_has_in_hand(bus: Bus, lite: str) -> None:
    began, go_on = asyncio.Event(), asyncio.Event()

    async def answer(wish: Call) -> Heard:
        began.set()
        await go_on.wait()
        return Heard(word=wish.word)

    ask = Asker(bus.nc)
    async with on_trial(bus, answering(answer)):
        asked = asyncio.create_task(heard(ask, "hello"))
        await began.wait()
        asyncio.get_running_loop().call_later(0.3, go_on.set)
    assert (await asked).word == "hello"
    with pytest.raises(Unavailable):
        await ask(Call(word="hello"), timeout=1)


async def test_however_many_wishes_are_granted_the_log_says_so_once_a_second(
    bus: Bus, lite: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lane, "LINE_SECONDS", 0.4)

    async def answer(wish: Call) -> Heard:
        return Heard(word=wish.word)

    def counted() -> list[int]:
        lines.extend(json.loads(line) for line in capsys.readouterr().out.splitlines() if '"handled"' in line)
        return [line["wishes"] for line in lines]

    lines: list[dict[str, Any]] = []
    logs.start("tried")
    async with on_trial(bus, answering(answer)):
        ask = Asker(bus.nc)
        for n in range(10):
            await ask(Call(word=f"w{n}"))
        await asyncio.sleep(0.5)
        await ask(Call(word="last"))
        await until(lambda: sum(counted()) == 11)
    assert len(lines) < 11
    assert {line["handler"] for line in lines} == {"tried-call_out"}


@pytest.mark.parametrize(
    ("taken", "stored", "answered"),
    [(True, True, False), (True, False, True), (False, False, True)],
    ids=["done", "given-back", "left"],
)
async def test_a_shortcut_takes_a_wish_or_leaves_it_to_the_handler(
    bus: Bus, lite: str, taken: bool, stored: bool, answered: bool
) -> None:
    came: list[bytes] = []

    def shortcut(body: bytes, over: Callable[[bool], None]) -> bool:
        came.append(body)
        if taken:
            asyncio.get_running_loop().call_later(0.05, over, stored)
        return taken

    router = Router("tried")

    @router.answers(Call, transaction=False, hot=True, shortcut="shortcut")
    async def call_out(wish: Call) -> Heard:
        return Heard(word=wish.word)

    @asynccontextmanager
    async def lifespan(service: Service) -> AsyncIterator[None]:
        service.context.set_global("shortcut", shortcut)
        yield

    async with on_trial(bus, router, lifespan=lifespan):
        ask = Asker(bus.nc)
        if answered:
            assert (await heard(ask, "hello")).word == "hello"
        else:
            with pytest.raises(Unavailable):
                await ask(Call(word="hello"), timeout=1)
    assert [json.loads(body)["word"] for body in came] == ["hello"]


async def several(bus: Bus, *bodies: bytes) -> Heard_ | None:
    """What comes back where these wishes are asked for in one message; None where nothing does."""
    requests = Requests(bus.nc)
    try:
        return await requests(Call.subject(), b"[" + b",".join(bodies) + b"]", b"", 1)
    except NatsTimeout:
        return None


async def test_several_wishes_in_one_message_are_handled_each_and_answered_together(bus: Bus, lite: str) -> None:
    async def answer(wish: Call) -> Heard | Refused:
        if wish.word == "broken":
            raise ValueError
        await asyncio.sleep(0.1 if wish.word == "slow" else 0)
        return Refused(reason="too-long") if wish.word == "long" else Heard(word=wish.word)

    async with on_trial(bus, answering(answer)):
        bodies = [json.dumps({"word": word}).encode() for word in ("slow", "long", "broken", "hello")]
        answers = await several(bus, *bodies, b'{"wurd": 1}')
        nothing = await several(bus)
    assert answers is not None
    assert answers.headers == {"harbour-answer": "several"}
    assert sorted(json.loads(answers.data)) == [
        [0, "granted", {"word": "slow"}], [1, "refused", {"reason": "too-long", "say": ""}], [2, "broken", None],
        [3, "granted", {"word": "hello"}], [4, "broken", None],
    ]  # fmt: skip
    assert nothing is not None
    assert nothing.headers == {"harbour-answer": "broken"}


@pytest.mark.parametrize(("left", "breaks"), [((), False), ((1,), False), ((0, 2), False), ((0,), True)])
async def test_of_several_wishes_only_those_that_took_no_shortcut_are_answered(
    bus: Bus, lite: str, left: tuple[int, ...], breaks: bool
) -> None:
    def shortcut(body: bytes, over: Callable[[bool], None]) -> bool:
        number = int(json.loads(body)["word"])
        if breaks and number in left:
            raise ValueError
        if number not in left:
            asyncio.get_running_loop().call_later(0.05, over, True)
        return number not in left

    router = Router("tried")

    @router.answers(Call, transaction=False, hot=True, shortcut="shortcut")
    async def call_out(wish: Call) -> Heard:
        return Heard(word=wish.word)

    @asynccontextmanager
    async def lifespan(service: Service) -> AsyncIterator[None]:
        service.context.set_global("shortcut", shortcut)
        yield

    async with on_trial(bus, router, lifespan=lifespan):
        answers = await several(bus, b'{"word":"0"}', b'{"word":"1"}', b'{"word":"2"}')
    expected = [[number, "granted", {"word": str(number)}] for number in left]
    assert (json.loads(answers.data) if answers else []) == expected


def test_a_handler_that_needs_a_transaction_cannot_take_the_hot_lane() -> None:
    with pytest.raises(AssertionError):
        Router("tried").answers(Call, hot=True)
