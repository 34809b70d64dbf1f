"""The room page and the console, before any script runs."""

import gzip
import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest
from redis.asyncio import Redis

from harbour.contracts.chat import RoomState
from harbour.contracts.enrolment import Role
from services.gateway.auth import cookie_name
from tests.gateway.quay import JUNIPER, SAM, SESSION, Quay, quay


@pytest.fixture
async def harbourside(tmp_path: Path, redis: Redis) -> AsyncIterator[Quay]:
    """The gateway, running."""
    async with quay(tmp_path, redis) as here:
        yield here


async def _get(here: Quay, path: str, token: str = "") -> httpx.Response:
    cookies = {cookie_name(here.app.state.settings): token} if token else {}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{here.port}", cookies=cookies) as client:
        return await client.get(path)


async def test_the_room_page_says_where_the_evening_stands(harbourside: Quay) -> None:
    shown = await _get(harbourside, f"/room/{SESSION}", await harbourside.token(JUNIPER))
    assert shown.status_code == 200
    assert "Choices and control" in shown.text
    assert "70 min left" in shown.text
    assert "<title>Harbour</title>" in shown.text
    assert 'data-state="live"' in shown.text


async def test_the_room_page_holds_no_message_and_no_inline_script(harbourside: Quay) -> None:
    await harbourside.house.post(SAM, "words that stay on the socket")
    shown = await _get(harbourside, f"/room/{SESSION}", await harbourside.token(JUNIPER))
    assert "words that stay" not in shown.text
    assert "<script>" not in shown.text
    assert " style=" not in shown.text
    assert "unsafe-inline" not in shown.headers["Content-Security-Policy"]
    assert "no-store" in shown.headers["Cache-Control"]


@pytest.mark.parametrize("page", ["room", "console"])
async def test_a_slow_phone_gets_the_whole_page_in_one_round_and_it_is_light(harbourside: Quay, page: str) -> None:
    who = await harbourside.token(JUNIPER if page == "room" else SAM)
    shown = await _get(harbourside, f"/{page}/{SESSION}", who)
    files = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', shown.text))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{harbourside.port}") as client:
        came = {one: await client.get(one) for one in files}
    assert all(one.status_code == 200 for one in came.values())
    kept = "public, max-age=31536000, immutable"
    assert {one.headers["cache-control"] for one in came.values()} == {kept}
    wanted = {
        urljoin(address, other)
        for address, one in came.items()
        for other in re.findall(r'(?:from|import) "(\./[^"]+)"', one.text if ".js" in address else "")
    }
    assert wanted <= files, "what a script imports is asked for by the page itself"
    sizes = [int(one.headers.get("content-length", 0)) or len(gzip.compress(one.content)) for one in came.values()]
    assert all("gzip" in one.headers.get("content-encoding", "") for one in came.values() if len(one.content) > 500)
    assert len(wanted) > 15
    assert len(shown.content) + sum(sizes) < 100 * 1024


@pytest.mark.parametrize("number", ["999", "0800 1111", "116 123", "SHOUT to 85258", "111, option 2", "0800 068 4141"])
async def test_help_is_in_the_room_itself(harbourside: Quay, number: str) -> None:
    shown = await _get(harbourside, f"/room/{SESSION}", await harbourside.token(JUNIPER))
    assert number in shown.text.split('<dialog class="sheet" id="help-sheet"')[1]


async def test_without_scripts_the_page_says_kindly_what_is_missing(harbourside: Quay) -> None:
    shown = await _get(harbourside, f"/room/{SESSION}", await harbourside.token(JUNIPER))
    assert "You’ve not done anything wrong" in shown.text.split("<noscript>")[1].split("</noscript>")[0]


async def test_before_the_evening_the_page_says_when_it_opens(harbourside: Quay) -> None:
    harbourside.house.state = RoomState.SCHEDULED
    shown = await _get(harbourside, f"/room/{SESSION}", await harbourside.token(JUNIPER))
    assert "The room opens at" in shown.text
    assert "Sam</span> will be there" in shown.text


async def test_a_stranger_is_led_to_the_right_door(harbourside: Quay) -> None:
    assert (await _get(harbourside, f"/room/{SESSION}")).headers["location"].startswith("/sign-in?next=%2Froom%2F")
    assert (await _get(harbourside, f"/console/{SESSION}")).headers["location"].startswith("/staff/sign-in?next=")


async def test_each_side_is_led_to_its_own_page_of_the_room(harbourside: Quay) -> None:
    shown = await _get(harbourside, f"/room/{SESSION}", await harbourside.token(SAM))
    assert (shown.status_code, shown.headers["Location"]) == (303, f"/console/{SESSION}")
    shown = await _get(harbourside, f"/console/{SESSION}", await harbourside.token(JUNIPER))
    assert (shown.status_code, shown.headers["Location"]) == (303, f"/room/{SESSION}")


async def test_a_room_that_is_not_yours_says_so_and_one_that_is_not_there_too(harbourside: Quay) -> None:
    stranger = await harbourside.token(JUNIPER.model_copy(update={"person_id": "someone-else"}))
    assert (await _get(harbourside, f"/room/{SESSION}", stranger)).status_code == 403
    assert (await _get(harbourside, "/room/another", await harbourside.token(JUNIPER))).status_code == 404
    assert (await _get(harbourside, "/room/a.b", await harbourside.token(JUNIPER))).status_code in {404, 422}


async def test_the_console_is_for_those_who_lead(harbourside: Quay) -> None:
    path = f"/console/{SESSION}"
    assert (await _get(harbourside, path, await harbourside.token(SAM))).status_code == 200
    assert (await _get(harbourside, path, await harbourside.token("olu", Role.OFFICER))).status_code == 403
    other = await _get(harbourside, path, await harbourside.token("other", Role.COUNSELLOR))
    assert (other.status_code, other.headers["Location"]) == (303, f"{path}/take-over")
    assert (await _get(harbourside, path, await harbourside.token(JUNIPER))).status_code == 303


async def test_when_chat_is_away_the_page_says_so(harbourside: Quay) -> None:
    harbourside.house.silent = True
    assert (await _get(harbourside, f"/room/{SESSION}", await harbourside.token(JUNIPER))).status_code == 503
