"""Ways to lead in real browsers: one clear control for an adult, warm words and kept text for a young person."""

from typing import Any

import pytest
from playwright.async_api import Page, ViewportSize, expect

from harbour.contracts.chat import Round, Ways
from tests.gateway.quay import JUNIPER, SAM, WREN
from tests.gateway.test_room_browser import (
    LAPTOP,
    SMALL,
    Desk,
    _axe_finds_nothing,
    _said,
    _say,
    desk,  # noqa: F401  # a fixture
)

pytestmark = pytest.mark.browser


async def test_somebody_muted_keeps_their_words_and_reads_on(desk: Desk) -> None:  # noqa: F811
    juniper, sam = await desk.room(JUNIPER), await desk.console()
    await juniper.fill("#words", "half a thought")
    await sam.get_by_role("button", name="Mute Juniper").click()
    await expect(juniper.locator("#way")).to_contain_text("you can read along but not send")
    await expect(juniper.locator("#send")).to_be_disabled()
    await juniper.press("#words", "Enter")
    await expect(juniper.locator("#words")).to_have_value("half a thought")
    await _say(sam, "we go on")
    await expect(_said(juniper, "we go on")).to_be_visible()
    await expect(sam.get_by_role("button", name="Mute Juniper")).to_have_attribute("aria-pressed", "true")
    await sam.get_by_role("button", name="Mute Juniper").click()
    await expect(juniper.locator("#way")).to_have_text("")
    await juniper.press("#words", "Enter")
    await expect(_said(sam, "half a thought")).to_be_visible()


async def test_a_slower_pace_counts_down_and_sends_what_was_kept(desk: Desk) -> None:  # noqa: F811
    juniper, sam = await desk.room(JUNIPER), await desk.console()
    desk.house.ways = Ways(revision=1, slow_seconds=3)
    desk.here.hub.resync()
    await expect(juniper.locator("#way")).to_contain_text("one message every 3 seconds")
    await expect(sam.locator("#slow")).to_have_value("3")
    await _say(juniper, "one")
    await expect(juniper.locator("#rest")).to_contain_text("You can send again in")
    await _say(juniper, "two")
    await expect(_said(juniper, "two").locator(".message-state")).to_have_text("Kept here, and goes when it can")
    await expect(_said(sam, "two")).to_be_visible(timeout=10_000)
    assert [message.text for message in desk.house.messages] == ["one", "two"]


async def test_a_round_goes_from_one_to_the_next_and_anybody_may_pass(desk: Desk) -> None:  # noqa: F811
    juniper, wren, sam = await desk.room(JUNIPER), await desk.room(WREN, SMALL), await desk.console()
    desk.house.people = [SAM, JUNIPER, WREN]
    await expect(sam.locator("#people-count")).to_contain_text("2 of")  # turns go to those who are here
    await sam.get_by_role("button", name="Take turns").click()
    await expect(sam.locator("#round-line")).to_have_text("Juniper’s turn, then Wren")
    await expect(juniper.locator("#way")).to_have_text("It’s your turn, when you like. You can also pass.")
    await expect(wren.locator("#way")).to_contain_text("It’s Juniper’s turn. Yours is coming.")
    await expect(wren.locator("#send")).to_be_disabled()
    await _say(juniper, "what helped me was a walk")
    await juniper.get_by_role("button", name="That’s me done").click()
    await expect(wren.locator("#way")).to_contain_text("It’s your turn")
    await expect(juniper.locator("#way")).to_contain_text("room for everybody after the round")
    await wren.get_by_role("button", name="Pass").click()
    await expect(sam.get_by_role("button", name="Take turns")).to_be_visible()
    await expect(wren.locator("#send")).to_be_enabled()


async def test_while_everything_is_held_the_console_shows_it_and_the_room_says_so(desk: Desk) -> None:  # noqa: F811
    juniper, sam = await desk.room(JUNIPER), await desk.console()
    await sam.get_by_role("button", name="Hold everything").click()
    await expect(juniper.locator("#way")).to_contain_text("Sam reads every message first just now")
    await _say(juniper, "an ordinary evening")
    await expect(sam.locator(".wait-why")).to_have_text("Every message waits for you just now.")
    await sam.get_by_role("button", name="Hold everything").click()
    await expect(juniper.locator("#way")).to_have_text("")
    await _nobody_is_seen_writing_until_it_is_turned_on(juniper, await desk.room(WREN, SMALL), sam)


async def _nobody_is_seen_writing_until_it_is_turned_on(juniper: Page, wren: Page, sam: Page) -> None:
    await juniper.fill("#words", "a few")
    await expect(wren.locator("#writing")).to_be_hidden()
    title = await wren.title()
    switch = sam.get_by_role("button", name="Show writing")
    await switch.click()
    await expect(switch).to_have_attribute("aria-pressed", "true")
    await expect(juniper.locator("#way")).to_have_text("Others see who’s writing, never what.")
    await juniper.fill("#words", "a few words")
    await expect(wren.locator("#writing")).to_have_text("Juniper is writing")
    await sam.fill("#words", "take your time")
    await expect(wren.locator("#writing")).to_have_text("Juniper and Sam are writing")
    await expect(wren.locator("#writing")).to_have_attribute("aria-live", "off")
    assert await wren.title() == title
    await juniper.press("#words", "Enter")
    await expect(_said(wren, "a few words")).to_be_visible()
    await expect(wren.locator("#writing")).to_have_text("Sam is writing")
    await expect(wren.locator("#writing")).to_have_text("")
    await expect(wren.locator("#writing")).to_be_visible()  # its place stays, and nothing jumps
    await switch.click()
    await expect(wren.locator("#writing")).to_be_hidden()


@pytest.mark.parametrize(
    ("screen", "scheme"),
    [(SMALL, "dark"), (LAPTOP, "light")],
    ids=["phone-dark", "laptop-light"],
)
async def test_axe_finds_nothing_while_a_room_is_led(desk: Desk, scheme: Any, screen: ViewportSize) -> None:  # noqa: F811
    desk.house.ways = Ways(revision=1, slow_seconds=15, hold_all=True, muted=("wren",), round=Round(order=("juniper",)))
    desk.house.ways = desk.house.ways.model_copy(update={"show_writing": True})
    juniper, wren = [await desk.room(who, screen, color_scheme=scheme) for who in (JUNIPER, WREN)]
    await expect(juniper.get_by_role("button", name="Pass")).to_be_visible()
    await _axe_finds_nothing(juniper)
    await _axe_finds_nothing(wren)
    sam = await desk.console(screen, color_scheme=scheme)
    await expect(sam.locator("#round-line")).to_contain_text("the last one")
    await _axe_finds_nothing(sam)
    if screen is not LAPTOP:
        await sam.click('.tab[data-part="people"]')
        await expect(sam.get_by_role("button", name="Mute Wren")).to_be_visible()
        await _axe_finds_nothing(sam)
