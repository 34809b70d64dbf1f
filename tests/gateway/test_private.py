"""A private word at the socket and in the browser: both ways, and on no peer's screen."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import expect
from redis.asyncio import Redis

from harbour.contracts.chat import RoomState
from tests.gateway.quay import HERON, JUNIPER, SAM, WREN, Quay, quay
from tests.gateway.test_room_browser import SMALL, Desk, _axe_finds_nothing, desk

__all__ = ["desk"]


@pytest.fixture
async def harbourside(tmp_path: Path, redis: Redis) -> AsyncIterator[Quay]:
    """The gateway on a port, with a real bus behind it."""
    async with quay(tmp_path, redis) as here:
        yield here


async def test_a_private_word_goes_both_ways_and_to_no_peer(harbourside: Quay) -> None:
    harbourside.house.state = RoomState.PAUSED
    juniper, wren, sam = [await harbourside.comes_in(who) for who in (JUNIPER, WREN, SAM)]
    await juniper.send(type="whisper", client_id="w-1", text="can I ask you something")
    for screen in (juniper, sam):
        word = await screen.sees("private", client_id="w-1")
        assert (word["member_id"], word["by_adult"], word["text"]) == ("juniper", False, "can I ask you something")
    await sam.send(type="whisper", client_id="w-2", member_id="juniper", text="of course")
    assert (await juniper.sees("private", client_id="w-2"))["by_adult"]
    later = await harbourside.comes_in(JUNIPER)
    await later.sees("private", text="can I ask you something")
    again = await harbourside.comes_in(WREN)
    await harbourside.house.post(HERON, "a sign that all has passed")
    for screen in (wren, again):
        await screen.reads("a sign that all has passed")
        assert not screen.of("private")
        assert "of course" not in "".join(screen.raw)
        assert "ask you something" not in "".join(screen.raw)


async def test_nobody_writes_into_the_thread_of_another(harbourside: Quay) -> None:
    wren = await harbourside.comes_in(WREN)
    await wren.send(type="whisper", client_id="w-1", member_id="juniper", text="hello")
    await wren.sees("refused", client_id="w-1", reason="not-yours")
    assert harbourside.house.private == []


@pytest.mark.browser
async def test_a_young_person_and_a_facilitator_have_a_word_beside_the_group(desk: Desk) -> None:
    juniper, sam = await desk.room(JUNIPER, SMALL), await desk.console()
    await juniper.get_by_role("button", name="A private word with Sam").click()
    await juniper.get_by_label("Your words").fill("can I ask you something")
    await juniper.reload()
    await juniper.get_by_role("button", name="A private word with Sam").click()
    await expect(juniper.get_by_label("Your words")).to_have_value("can I ask you something")
    await juniper.locator("#private-form").get_by_role("button", name="Send").click()
    await expect(juniper.locator(".whisper")).to_contain_text("Juniper (you) · ")
    await expect(juniper.locator(".whisper")).not_to_contain_text("Sending")
    await _axe_finds_nothing(juniper)
    await sam.get_by_role("button", name="Juniper, 1 new").click()
    await expect(sam.locator(".whisper")).to_contain_text("can I ask you something")
    await sam.get_by_label("Your words").fill("of course")
    await sam.locator("#private-form").get_by_role("button", name="Send").click()
    await expect(juniper.locator(".whisper").last).to_contain_text("of course")
    await _axe_finds_nothing(sam)
    await juniper.get_by_role("button", name="Back to the room").click()
    await sam.get_by_label("Your words").fill("I am here till nine")
    await sam.locator("#private-form").get_by_role("button", name="Send").click()
    await expect(juniper.locator("#private-new")).to_have_text("1 new")
    await expect(juniper.locator("#note")).to_contain_text("Sam has written to you privately.")
    await _axe_finds_nothing(juniper)
    assert "till nine" not in await juniper.locator("#messages").inner_text()
    await juniper.get_by_role("button", name="A private word with Sam").click()
    await juniper.get_by_label("Your words").fill("the lighthouse")
    await juniper.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="<h1>Weather</h1>"))
    for _ in range(3):
        await juniper.keyboard.press("Shift")
    await juniper.wait_for_url("https://www.bbc.co.uk/**")
    await juniper.goto(f"{desk.address}/help")
    assert "lighthouse" not in await juniper.evaluate("JSON.stringify(sessionStorage)")
