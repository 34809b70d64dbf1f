"""Asked to step out, on the socket and on the page: closed kindly, told to the adults, nothing to peers."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from redis.asyncio import Redis

from harbour.contracts.chat import AskForHelp
from services.gateway.auth import cookie_name
from services.gateway.frames import Close
from services.gateway.limits import Pace
from tests.gateway.quay import JUNIPER, SAM, SESSION, WREN, Quay, quay, until

PACE = Pace(idle_seconds=30, visitor_seconds=0.1, person_frames=1000, burst_frames=200, frames_per_second=200)
WHY = "They need somebody to themselves."


@pytest.fixture
async def harbourside(tmp_path: Path, redis: Redis) -> AsyncIterator[Quay]:
    """The gateway on a port, with a real bus behind it."""
    async with quay(tmp_path, redis, pace=PACE) as here:
        yield here


async def test_every_screen_of_theirs_closes_and_only_the_adults_learn_why(harbourside: Quay) -> None:
    phone, laptop, wren, sam = [await harbourside.comes_in(who) for who in (JUNIPER, JUNIPER, WREN, SAM)]
    await sam.send(type="remove", person_id="juniper", reason=WHY)
    for screen in (phone, laptop):
        assert await screen.closes() == Close.STEPPED_OUT
    told = await sam.sees("stepped-out", person_id="juniper", name="Sam", reason=WHY, let_back_by="")
    again = await harbourside.looks(await harbourside.token(JUNIPER))
    assert await again.closes() == Close.STEPPED_OUT
    assert again.frames == []
    await harbourside.house.post(WREN, "a sign that all has passed")
    await wren.reads("a sign that all has passed")
    for screen in (phone, laptop, wren):
        assert WHY not in "".join(screen.raw)
        assert not screen.of("stepped-out")
    await sam.send(type="let-back", person_id="juniper")
    await sam.sees("stepped-out", removal_id=told["removal_id"], let_back_by="Sam")
    await harbourside.comes_in(JUNIPER)


async def test_news_of_it_that_was_missed_is_told_and_acted_on_with_the_next_reading(harbourside: Quay) -> None:
    juniper, sam = [await harbourside.comes_in(who) for who in (JUNIPER, SAM)]
    say, harbourside.house.say = harbourside.house.say, lambda event: _nothing()  # type: ignore[method-assign]
    await sam.send(type="remove", person_id="juniper", reason=WHY)
    await until(lambda: harbourside.house.removals)
    harbourside.house.say = say  # type: ignore[method-assign]
    await next(iter(harbourside.hub._rooms.values())).look()
    await sam.sees("stepped-out", person_id="juniper", reason=WHY)
    assert await juniper.closes() == Close.STEPPED_OUT


async def _nothing() -> int:
    return 0


@pytest.mark.parametrize(
    "frame", [{"type": "remove", "person_id": "wren", "reason": WHY}, {"type": "let-back", "person_id": "wren"}]
)
async def test_a_young_person_asks_nobody_to_step_out(harbourside: Quay, frame: dict[str, str]) -> None:
    juniper = await harbourside.comes_in(JUNIPER)
    before = len(harbourside.house.asked)
    await juniper.send(**frame)
    await juniper.sees("refused", reason="not-allowed")
    assert len(harbourside.house.asked) == before


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
async def test_without_a_reason_nobody_is_asked_to_step_out(harbourside: Quay, reason: str) -> None:
    sam = await harbourside.comes_in(SAM)
    await sam.send(type="remove", person_id="wren", reason=reason)
    assert await sam.closes() == Close.UNREADABLE
    assert harbourside.house.removals == []


async def test_their_page_says_it_kindly_and_lets_them_call_for_help(harbourside: Quay) -> None:
    sam = await harbourside.comes_in(SAM)
    await sam.send(type="remove", person_id="juniper", reason=WHY)
    await sam.sees("stepped-out", person_id="juniper")
    token = await harbourside.token(JUNIPER)
    cookies = {cookie_name(harbourside.app.state.settings): token}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{harbourside.port}", cookies=cookies) as browser:
        for path in ("", "/check-in"):
            shown = await browser.get(f"/room/{SESSION}{path}", follow_redirects=True)
            assert "You’ve been asked to step out for tonight" in shown.text
            assert "0800 1111" in shown.text
            assert WHY not in shown.text
        csrf = shown.text.split('name="csrf" value="')[1].split('"')[0]
        told = await browser.post(f"/room/{SESSION}/help", data={"csrf": csrf}, follow_redirects=True)
        assert "know that you need help now" in told.text
    assert any(isinstance(wish, AskForHelp) for wish in harbourside.house.asked)
