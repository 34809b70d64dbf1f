"""Replies, reactions and the lines between messages, in real browsers."""

import pytest
from playwright.async_api import expect

from tests.gateway.quay import HERON, JUNIPER, SAM, WREN, until
from tests.gateway.test_room_browser import SMALL, Desk, _axe_finds_nothing, _said, _say, desk

__all__ = ["desk"]
pytestmark = pytest.mark.browser


async def test_a_reply_shows_a_quote_that_leads_to_its_message_until_that_is_taken_back(desk: Desk) -> None:
    juniper, wren, sam = await desk.room(JUNIPER), await desk.room(WREN, SMALL), await desk.console()
    await _say(juniper, "music helps me most")
    await wren.get_by_role("button", name="More about Juniper’s message").click()
    await wren.get_by_role("button", name="Reply").click()
    await expect(wren.locator("#replying-to")).to_have_text("To Juniper: music helps me most")
    await expect(wren.locator("#words")).to_be_focused()
    await _say(wren, "which kind?")
    await expect(wren.locator("#replying")).to_be_hidden()
    for page in (juniper, wren, sam):
        await expect(_said(page, "which kind?").locator(".message-quote")).to_contain_text("music helps me most")
    await _said(juniper, "which kind?").locator(".message-quote").press("Enter")
    await expect(juniper.locator(".message").first).to_be_focused()
    for page in (juniper, wren):
        await _axe_finds_nothing(page)
    await sam.get_by_role("button", name="More about Juniper’s message").click()
    await sam.get_by_role("button", name="Take it back").click()
    for page in (juniper, wren, sam):
        await expect(_said(page, "which kind?").locator(".message-quote")).to_contain_text("was taken back")
        assert "music helps me most" not in await page.inner_text("body")
    await wren.reload()
    await expect(_said(wren, "which kind?").locator(".message-quote")).to_contain_text("was taken back")


async def test_a_reaction_by_keyboard_is_counted_for_peers_and_named_for_adults(desk: Desk) -> None:
    juniper, wren, sam = await desk.room(JUNIPER), await desk.room(WREN, SMALL), await desk.console()
    await _say(juniper, "it was a long day")
    await wren.get_by_role("button", name="More about Juniper’s message").press("Enter")
    await _axe_finds_nothing(wren)
    await wren.get_by_role("button", name="With you").press("Enter")
    await expect(_said(wren, "it was a long day").locator(".reaction")).to_contain_text("With you: 1, yours too")
    await expect(_said(juniper, "it was a long day").locator(".reaction")).to_contain_text("With you: 1")
    await expect(juniper.locator("#reactions-said")).to_have_text("Somebody says “With you” to your message")
    await expect(_said(sam, "it was a long day").locator(".reaction")).to_contain_text("Wren")
    assert "Wren" not in await juniper.locator(".reactions").inner_text()
    assert await juniper.locator(".reactions").first.get_attribute("aria-live") == "off"
    await _axe_finds_nothing(juniper)
    await wren.get_by_role("button", name="More about Juniper’s message").click()
    pressed = wren.get_by_role("button", name="With you")
    await expect(pressed).to_have_attribute("aria-pressed", "true")
    await pressed.click()
    for page in (juniper, wren, sam):
        await expect(_said(page, "it was a long day").locator(".reaction")).to_have_count(0)


async def test_the_day_and_what_is_new_begin_with_a_line_of_their_own(desk: Desk) -> None:
    await desk.house.post(HERON, "before wren looked")
    wren = await desk.room(WREN)
    await expect(wren.locator(".mark-day")).to_have_count(1)
    await expect(wren.locator(".mark-new")).to_have_count(0)
    number = desk.house.messages[-1].number
    await until(lambda: any(run.upto == number for run in desk.house.shown))
    await wren.goto("about:blank")
    for n in range(3):
        await desk.house.post(SAM, f"while wren was away {n}")
    await wren.go_back()
    await expect(_said(wren, "while wren was away 2")).to_have_count(1)
    order = await wren.locator("#messages > *").evaluate_all("all => all.map(one => one.className.split(' ').at(-1))")
    assert order == ["mark-day", "message", "mark-new", "message-adult", "message-adult", "message-adult"]
    await desk.house.post(HERON, "and live again")
    await expect(_said(wren, "and live again")).to_have_count(1)
    await expect(wren.locator(".mark-new")).to_have_count(1)
