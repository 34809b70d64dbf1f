"""Taking over, on the socket and on the pages: everybody learns who leads now, and whoever stepped back closes."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from redis.asyncio import Redis

from harbour.contracts.chat import TakeOver
from harbour.contracts.enrolment import Role
from services.gateway.auth import cookie_name
from services.gateway.frames import Close
from services.gateway.limits import Pace
from tests.gateway.quay import JUNIPER, SAM, SESSION, WREN, Quay, quay

PACE = Pace(idle_seconds=30, visitor_seconds=0.1, person_frames=1000, burst_frames=200, frames_per_second=200)
TO = f"/console/{SESSION}/take-over"


@pytest.fixture
async def harbourside(tmp_path: Path, redis: Redis) -> AsyncIterator[Quay]:
    """The gateway on a port, with a real bus behind it."""
    async with quay(tmp_path, redis, pace=PACE) as here:
        yield here


async def nell_at(harbourside: Quay, role: Role = Role.COUNSELLOR) -> httpx.AsyncClient:
    """The browser of somebody who was not planned for the evening."""
    cookies = {cookie_name(harbourside.app.state.settings): await harbourside.token("nell", role)}
    return httpx.AsyncClient(base_url=f"http://127.0.0.1:{harbourside.port}", cookies=cookies, follow_redirects=True)


async def test_a_console_that_is_not_ones_own_leads_to_the_way_to_take_it_over(harbourside: Quay) -> None:
    juniper, wren, sam = [await harbourside.comes_in(who) for who in (JUNIPER, WREN, SAM)]
    async with await nell_at(harbourside) as browser:
        shown = await browser.get(f"/console/{SESSION}")
        assert shown.url.path == TO
        csrf = shown.text.split('name="csrf" value="')[1].split('"')[0]
        form = {"csrf": csrf, "from": "sam", "words": "Sam’s train is late."}
        for wrong in ({"from": "juniper"}, {"words": " "}):
            assert (await browser.post(TO, data={**form, **wrong})).status_code == 422
        assert not any(isinstance(wish, TakeOver) for wish in harbourside.house.asked)
        console = await browser.post(TO, data=form)
        assert console.url.path == f"/console/{SESSION}"
        assert "Between us" in console.text
    for screen in (juniper, wren):
        adults = await screen.sees("adults")
        assert [one["nickname"] for one in adults["list"]] == ["Nell"]
        assert "train" not in "".join(screen.raw)
    assert await sam.closes() == Close.NOT_YOURS


async def test_news_of_it_that_was_missed_is_told_with_the_next_reading_and_once(harbourside: Quay) -> None:
    juniper, wren = [await harbourside.comes_in(who) for who in (JUNIPER, WREN)]
    house = harbourside.house
    say, house.say = house.say, _nothing  # type: ignore[method-assign, assignment]
    await house(TakeOver(session_id=SESSION, staff_id="nell", instead_of="sam", words="I’m here."))
    house.say = say  # type: ignore[method-assign]
    room = next(iter(harbourside.hub._rooms.values()))
    for _ in range(2):
        await room.look()
    for screen in (juniper, wren):
        await screen.sees("adults")
        assert len(screen.of("adults")) == 1
    late = await harbourside.comes_in(JUNIPER)
    assert not late.of("adults")


async def _nothing(_: object) -> int:
    return 0


@pytest.mark.parametrize("role", [Role.OFFICER, Role.COORDINATOR, Role.LEAD])
async def test_nobody_takes_over_who_does_not_lead_evenings(harbourside: Quay, role: Role) -> None:
    async with await nell_at(harbourside, role) as browser:
        for path in (TO, f"/console/{SESSION}"):
            assert (await browser.get(path)).status_code == 403
