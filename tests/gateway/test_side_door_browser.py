"""A school network in front of real browsers: no WebSocket gets through, and everything arrives all the same."""

import pytest
from playwright.async_api import Page, Route, ViewportSize, expect

from services.gateway.frames import Close
from services.gateway.stream import Stream
from tests.gateway.quay import JUNIPER, SAM, SESSION, WREN, until
from tests.gateway.test_room_browser import LAPTOP, NUMBER, PHONE, Desk, _said, _say, desk

__all__ = ["desk"]
pytestmark = pytest.mark.browser

SHUT_OUT = """
window.sockets = 0;
window.WebSocket = class extends EventTarget {
  constructor() {
    super();
    window.sockets += 1;
    this.readyState = 0;
    setTimeout(() => {
      this.readyState = 3;
      this.dispatchEvent(new CloseEvent("close", { code: 1006 }));
    }, 20);
  }
  close() {}
};
"""
"""What a page sees of a network that answers no upgrade."""


async def _behind_the_wall(desk: Desk, path: str, token: str, screen: ViewportSize) -> Page:
    context = await desk._context(token, screen)
    await context.add_init_script(SHUT_OUT)
    page = await context.new_page()
    page.on("pageerror", lambda error: desk.complaints.append(str(error)))
    await page.goto(f"{desk.address}{path}")
    await expect(page.locator("#log")).to_have_attribute("aria-busy", "false")
    return page


async def test_where_no_websocket_gets_through_everything_arrives_once_and_in_order(desk: Desk) -> None:
    here = desk.here
    juniper = await _behind_the_wall(desk, f"/room/{SESSION}", await here.token(JUNIPER), PHONE)
    sam = await _behind_the_wall(desk, f"/console/{SESSION}", await here.token(SAM), LAPTOP)
    wren = await desk.room(WREN)
    streams = {seat.person_id for seat in here.hub._rooms[SESSION].seats if isinstance(seat._wire, Stream)}
    assert streams == {"juniper", "sam"}
    assert await juniper.evaluate("window.sockets") == 2
    await expect(juniper.locator("#banner")).to_be_hidden()

    await _say(juniper, "hello from school")
    await _say(sam, "good to see you")
    await expect(_said(juniper, "good to see you").locator(".tag-adult")).to_be_visible()
    await _say(juniper, NUMBER)
    await sam.get_by_role("button", name="Release: Juniper").click()
    await expect(_said(wren, NUMBER)).to_have_count(1)

    lost: list[str] = []

    async def lose_the_answer(route: Route) -> None:
        await route.fetch()
        lost.append(route.request.post_data or "")
        await route.abort("connectionreset")

    await juniper.route("**/say?*", lose_the_answer, times=1)
    await _say(juniper, "said, though nobody told me")
    await until(lambda: lost)
    await juniper.context.set_offline(True)
    for words in ("one", "two"):
        await _say(juniper, f"{words} while away")
    await expect(juniper.locator("#banner")).to_be_visible()
    await _say(wren, "said meanwhile")
    for seat in list(here.hub._rooms[SESSION].seats):
        if seat.person_id == "sam":
            seat.close(Close.RESTARTING)
    await juniper.context.set_offline(False)
    await _say(sam, "welcome back")
    said = ["hello from school", "good to see you", NUMBER, "said, though nobody told me"]
    for page in (juniper, sam, wren):
        await expect(page.locator(".message-text")).to_have_count(8, timeout=20_000)
        texts = await page.locator(".message-text").all_inner_texts()
        assert texts == [message.text for message in desk.house.messages]
    assert texts[:4] == said
    assert texts.index("one while away") < texts.index("two while away")
    await expect(juniper.locator("#banner")).to_be_hidden()
    await expect(_said(juniper, "two while away").locator(".message-state")).to_be_hidden()

    await juniper.reload()
    await expect(juniper.locator(".message-text")).to_have_count(8)
    assert await juniper.evaluate("window.sockets") == 0
    await wren.reload()
    await expect(wren.locator(".message-text")).to_have_count(8)
    assert await wren.evaluate("sessionStorage.getItem('line')") is None
