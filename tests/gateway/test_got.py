"""The link in a page to staff, in front of a real safeguard and a real notify: one button, before anybody signs in."""

from base64 import b64encode
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from harbour.contracts.alerts import AlertState
from harbour.contracts.safeguard import AlertOverdue, ClaimAlert, ClaimClock, ReadQueue
from harbour.runtime.sealing import Seal
from services.gateway.app import create_app
from services.notify.links import token_of
from services.safeguard import judging
from tests.gateway.browsing import Browser
from tests.gateway.desk import DeskPages, desk_pages, press, words
from tests.rooms import Stage, rehearsed
from tests.safeguard.people import judge_by_words

KEY = b"0123456789abcdef0123456789abcdef"


@pytest.fixture
async def notify(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    """Notify, with a key."""
    monkeypatch.setenv("NOTIFY_CONTACT_KEY", b64encode(KEY).decode())
    async with rehearsed("notify", f"sqlite+aiosqlite:///{tmp_path}/notify.db") as stage:
        yield stage


@pytest.fixture
async def desk(
    tmp_path: Path, redis: Redis, notify: Stage, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[DeskPages]:
    """The gateway in front of both."""
    monkeypatch.setattr(judging, "judge", judge_by_words)
    async with desk_pages(tmp_path, redis) as pages:
        stages = {"safeguard": pages.stage, "notify": notify}

        async def ask(wish: Any) -> Any:
            return await stages[wish.owner()].asks(wish)

        pages.app = create_app(ask=ask, redis=redis, settings=pages.settings)
        yield pages


@pytest.fixture
async def link(desk: DeskPages, notify: Stage) -> str:
    """The address of the link that Ada is sent when nobody claims an alert in time."""
    await desk.alert("medlar")
    [clock] = [one for one in desk.stage.said if isinstance(one, ClaimClock)]
    await desk.hears(clock)
    [page] = [one for one in desk.stage.said if isinstance(one, AlertOverdue)]
    assert page.page == ("ada",)
    await notify.hears(page)
    [queued] = notify.said
    return f"/got/{token_of(Seal(KEY), getattr(queued, 'notice_id'))}"  # noqa: B009  # a notice


async def waits(desk: DeskPages) -> tuple[AlertState, str]:
    """How the one alert stands, and who has it."""
    [alert] = (await desk.stage.asks(ReadQueue(staff_id="lou"))).alerts
    return alert.state, alert.claimed_by


async def test_opening_the_link_does_nothing_and_its_button_takes_the_alert_on(desk: DeskPages, link: str) -> None:
    async with Browser(desk.app) as phone:
        shown = await phone.get(link)
        assert await waits(desk) == (AlertState.WAITING, "")
        for gives_away in ("Robin", "Ada", "immediate", "alert", "medlar"):
            assert gives_away not in words(shown)
        assert "<title>Harbour</title>" in shown.text
        done = await press(phone, shown, link)
        assert "You have it" in words(done)
        assert await waits(desk) == (AlertState.CLAIMED, "ada")


async def test_a_link_works_once(desk: DeskPages, link: str) -> None:
    async with Browser(desk.app) as phone:
        shown = await phone.get(link)
        await press(phone, shown, link)
        for again in (await phone.get(link), await press(phone, shown, link)):
            assert (again.status_code, "This link has been used" in words(again)) == (410, True)


async def test_where_somebody_else_was_quicker_there_is_nothing_to_do(desk: DeskPages, link: str) -> None:
    async with Browser(desk.app) as phone:
        shown = await phone.get(link)
        [alert] = (await desk.stage.asks(ReadQueue(staff_id="lou"))).alerts
        await desk.stage.asks(ClaimAlert(alert_id=alert.alert_id, staff_id="bea"))
        assert "Somebody else has it" in words(await press(phone, shown, link))
        assert await waits(desk) == (AlertState.CLAIMED, "bea")


async def test_the_button_works_only_on_our_own_page(desk: DeskPages, link: str) -> None:
    async with Browser(desk.app) as phone:
        await phone.get(link)
        assert (await phone.post(link, data={"csrf": "guess"})).status_code == 403
    assert await waits(desk) == (AlertState.WAITING, "")


async def test_a_link_that_is_none_leads_to_the_way_in(desk: DeskPages) -> None:
    async with Browser(desk.app) as phone:
        shown = await phone.get(f"/got/{'x' * 22}")
        assert (shown.status_code, "This link doesn’t work any more" in words(shown)) == (410, True)
