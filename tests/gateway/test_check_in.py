"""The three questions before the room, without any script."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from redis.asyncio import Redis

from harbour.contracts.chat import Alone, CheckIn, RoomState
from services.gateway.auth import cookie_name
from tests.gateway.quay import JUNIPER, SAM, SESSION, Quay, quay

ROOM, DOOR = f"/room/{SESSION}", f"/room/{SESSION}/check-in"


@pytest.fixture
async def harbourside(tmp_path: Path, redis: Redis) -> AsyncIterator[Quay]:
    """The gateway, and Juniper, who has not said how they come."""
    async with quay(tmp_path, redis) as here:
        here.house.not_checked_in.add("juniper")
        yield here


@pytest.fixture
async def juniper(harbourside: Quay) -> AsyncIterator[httpx.AsyncClient]:
    """Juniper's browser."""
    cookies = {cookie_name(harbourside.app.state.settings): await harbourside.token(JUNIPER)}
    url = f"http://127.0.0.1:{harbourside.port}"
    async with httpx.AsyncClient(base_url=url, cookies=cookies, headers={"Origin": url}) as client:
        yield client


async def send(client: httpx.AsyncClient, **answers: str) -> httpx.Response:
    """Fill in the page and send it."""
    token = re.search(r'name="csrf" value="([^"]+)"', (await client.get(DOOR)).text)
    assert token
    return await client.post(DOOR, data={"csrf": token[1], **answers})


def kept(here: Quay) -> list[CheckIn]:
    """What the adults were told."""
    return [wish for wish in here.house.asked if isinstance(wish, CheckIn)]


async def test_the_room_is_behind_three_short_questions(harbourside: Quay, juniper: httpx.AsyncClient) -> None:
    led = await juniper.get(ROOM)
    assert (led.status_code, led.headers["Location"]) == (303, DOOR)
    shown = (await juniper.get(DOOR)).text
    assert shown.count("<legend>") == 2
    assert "Only Sam see" in shown
    assert "0800 1111" in shown
    assert "<title>Harbour</title>" in shown


async def test_who_comes_is_let_in_and_the_adults_know_how(harbourside: Quay, juniper: httpx.AsyncClient) -> None:
    led = await send(juniper, feeling="2", alone="no", text=" a bit nervous ", joins="yes")
    assert (led.status_code, led.headers["Location"]) == (303, ROOM)
    [wish] = kept(harbourside)
    assert (wish.feeling, wish.alone, wish.text, wish.joins) == (2, Alone.NO, "a bit nervous", True)
    assert (await juniper.get(ROOM)).status_code == 200


async def test_not_tonight_is_a_good_answer_and_asks_nothing_more(
    harbourside: Quay, juniper: httpx.AsyncClient
) -> None:
    led = await send(juniper, joins="no")
    assert led.headers["Location"] == f"{ROOM}/not-tonight"
    assert kept(harbourside)[0].joins is False
    shown = (await juniper.get(led.headers["Location"])).text
    assert "Not tonight is a good answer" in shown
    assert f'href="{DOOR}"' in shown
    assert (await juniper.get(ROOM)).headers["Location"] == DOOR


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"alone": "yes"}, "Pick the one that fits best"),
        ({"feeling": "9", "alone": "yes"}, "Pick the one that fits best"),
        ({"feeling": "3"}, "Pick one, so that we know"),
        ({"feeling": "3", "alone": "yes", "text": "a" * 2001}, "a bit long for this box"),
    ],
)
async def test_what_needs_another_look_keeps_what_was_typed(
    answers: dict[str, str], words: str, harbourside: Quay, juniper: httpx.AsyncClient
) -> None:
    shown = await send(juniper, **{"text": "stays here", **answers}, joins="yes")
    assert shown.status_code == 422
    assert shown.text.count(words) == 2  # in the summary, and beside the field
    assert answers.get("text", "stays here") in shown.text
    assert kept(harbourside) == []


async def test_after_the_evening_nobody_is_asked(harbourside: Quay, juniper: httpx.AsyncClient) -> None:
    harbourside.house.state = RoomState.ENDED
    assert (await juniper.get(ROOM)).status_code == 200
    assert (await juniper.get(DOOR)).headers["Location"] == ROOM


async def test_the_adults_read_it_on_the_console_and_peers_never(harbourside: Quay, juniper: httpx.AsyncClient) -> None:
    sam, wren = await harbourside.comes_in(SAM), await harbourside.comes_in(harbourside.house.people[2])
    await send(juniper, feeling="1", alone="mostly", text="the heron again", joins="yes")
    note = await sam.sees("checked-in", person_id="juniper")
    assert (note["feeling"], note["alone"], note["text"], note["joins"]) == (1, "mostly", "the heron again", True)
    await harbourside.house.post(harbourside.house.people[2], "a sign that all has passed")
    await wren.reads("a sign that all has passed")
    assert "heron again" not in "".join(wren.raw)
    cookies = {cookie_name(harbourside.app.state.settings): await harbourside.token(SAM)}
    async with httpx.AsyncClient(base_url=str(juniper.base_url), cookies=cookies) as browser:
        console = await browser.get(f"/console/{SESSION}")
    assert "Really hard" in console.text
    assert "the heron again" in console.text


async def test_a_check_in_without_the_page_is_not_taken(harbourside: Quay, juniper: httpx.AsyncClient) -> None:
    assert (await juniper.post(DOOR, data={"joins": "yes", "feeling": "3", "alone": "yes"})).status_code == 403
    assert kept(harbourside) == []
