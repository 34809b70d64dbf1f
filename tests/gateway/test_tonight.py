"""The evening on the screens: what the doors need, pauses, practice alerts, and who is on call."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from redis.asyncio import Redis

from harbour.contracts.chat import Lack, RoomState, SessionPaused, SessionResumed
from harbour.contracts.enrolment import Role
from harbour.contracts.safeguard import CanaryRaised, CanaryView, SeeCanary
from services.gateway.auth import cookie_name
from tests.gateway.quay import JUNIPER, SAM, SESSION, WREN, Quay, quay, until


@pytest.fixture
async def harbourside(tmp_path: Path, redis: Redis) -> AsyncIterator[Quay]:
    """The gateway on a port, with a real bus behind it."""
    async with quay(tmp_path, redis) as here:
        yield here


@pytest.fixture
async def olu(harbourside: Quay) -> AsyncIterator[httpx.AsyncClient]:
    """An officer's browser."""
    cookies = {cookie_name(harbourside.app.state.settings): await harbourside.token("olu", Role.OFFICER)}
    url = f"http://127.0.0.1:{harbourside.port}"
    async with httpx.AsyncClient(base_url=url, cookies=cookies, headers={"Origin": url}) as client:
        yield client


async def press(client: httpx.AsyncClient, action: str) -> httpx.Response:
    """Press the button of this form on the queue."""
    shown = (await client.get("/queue")).text
    assert f'action="{action}"' in shown
    token = re.search(r'name="csrf" value="([^"]+)"', shown)
    assert token
    return await client.post(action, data={"csrf": token[1]})


async def test_an_adults_page_is_told_what_the_doors_need(harbourside: Quay) -> None:
    harbourside.house.state, harbourside.house.lacks = RoomState.SCHEDULED, (Lack.ON_CALL, Lack.CANARY)
    sam = await harbourside.comes_in(SAM)
    await sam.send(type="here")
    stands = await sam.sees("evening", state="scheduled")
    assert (stands["lacks"], stands["canary"], stands["adults"]) == (["on-call", "canary"], "sent", ["Sam"])
    await sam.send(type="open")
    assert (await sam.sees("refused", reason="not-ready"))["say"] == "on-call,canary"
    harbourside.house.lacks = ()
    await sam.send(type="open")
    await sam.sees("state", state="doors")


@pytest.mark.parametrize("what", ["here", "pause", "resume", "last-minutes", "cancel", "practise", "open"])
async def test_only_a_facilitator_leads_the_evening(harbourside: Quay, what: str) -> None:
    juniper = await harbourside.comes_in(JUNIPER)
    await juniper.send(type=what)
    await juniper.sees("refused", reason="not-allowed")
    assert harbourside.house.state is RoomState.LIVE


async def test_a_pause_reaches_every_screen_with_its_words_and_the_room_goes_on(harbourside: Quay) -> None:
    juniper, sam = await harbourside.comes_in(JUNIPER), await harbourside.comes_in(SAM)
    await sam.send(type="pause", words="Two minutes to breathe.")
    for screen in (juniper, sam):
        state = await screen.sees("state", state="paused")
        assert (state["words"], state["by_itself"]) == ("Two minutes to breathe.", False)
    wren = await harbourside.comes_in(WREN)
    assert (await wren.sees("hello"))["state"] == "paused"
    assert (await wren.sees("state", state="paused"))["words"] == "Two minutes to breathe."
    await juniper.send(type="say", client_id="c-1", text="still here")
    await juniper.sees("refused", client_id="c-1", reason="not-live")
    await sam.send(type="resume")
    for screen in (juniper, wren):
        await screen.sees("state", state="live")
    await sam.send(type="last-minutes")
    await wren.sees("state", state="closing")


async def test_what_was_said_last_counts_in_whichever_order_it_is_heard(harbourside: Quay) -> None:
    juniper, house = await harbourside.comes_in(JUNIPER), harbourside.house
    now = datetime.now(UTC)
    known = {"session_id": SESSION, "course_id": "tuesday"}
    await house.say(SessionResumed(**known, staff_id="sam", state=RoomState.LIVE, at=now + timedelta(seconds=2)))
    await house.say(SessionPaused(**known, why="adults-away", at=now + timedelta(seconds=1)))
    await house.post(WREN, "a sign that all has passed")
    await juniper.reads("a sign that all has passed")
    assert "paused" not in "".join(juniper.raw)


async def test_a_practice_alert_shows_on_the_queue_and_is_gone_once_it_was_seen(
    harbourside: Quay, olu: httpx.AsyncClient
) -> None:
    house, due = harbourside.house, datetime.now(UTC) + timedelta(minutes=2)
    house.canaries.append(CanaryView(canary_id="canary-1", title="Tuesday group, week 2", due_at=due))
    screen = await harbourside.looks(await harbourside.token("olu", Role.OFFICER), "/live/queue")
    await screen.sees("queue")
    await house.say(CanaryRaised(canary_id="canary-1", session_id=SESSION))
    await until(lambda: any(one.get("canaries") for one in screen.frames))
    led = await press(olu, "/queue/canary/canary-1")
    assert (led.status_code, led.headers["Location"]) == (303, "/queue")
    assert [wish.staff_id for wish in house.asked if isinstance(wish, SeeCanary)] == ["olu"]
    await until(lambda: screen.frames[-1].get("canaries") == [])
    assert "Practice alert" not in (await olu.get("/queue")).text.split("<template")[0]


async def test_an_officer_says_that_they_are_on_call_and_that_they_leave(
    harbourside: Quay, olu: httpx.AsyncClient
) -> None:
    assert "Nobody is on call. No room can open." in (await olu.get("/queue")).text
    await press(olu, "/queue/on-call")
    shown = (await olu.get("/queue")).text
    assert re.search(r"On call: Olu until \d", shown)
    await press(olu, "/queue/on-call/end")
    assert "Nobody is on call" in (await olu.get("/queue")).text


@pytest.mark.parametrize("path", ["/queue/canary/canary-1", "/queue/on-call", "/queue/on-call/end"])
async def test_only_those_who_answer_alerts_do_so_and_only_by_the_page(
    path: str, harbourside: Quay, olu: httpx.AsyncClient
) -> None:
    assert (await olu.post(path)).status_code == 403
    cookies = {cookie_name(harbourside.app.state.settings): await harbourside.token(SAM)}
    async with httpx.AsyncClient(base_url=str(olu.base_url), cookies=cookies) as sam:
        assert (await sam.post(path)).status_code == 403
