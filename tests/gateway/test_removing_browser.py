"""Asked to step out, in real browsers: a reason first, a kind page at once, and the way back."""

import pytest
from playwright.async_api import expect

from tests.gateway.quay import JUNIPER, WREN
from tests.gateway.test_room_browser import (
    SMALL,
    Desk,
    _axe_finds_nothing,
    _said,
    _say,
    desk,  # noqa: F401  # a fixture
)

pytestmark = pytest.mark.browser


async def test_somebody_steps_out_on_a_kind_page_and_comes_back_to_their_words(desk: Desk) -> None:  # noqa: F811
    juniper, wren, sam = await desk.room(JUNIPER, SMALL), await desk.room(WREN), await desk.console()
    await juniper.fill("#words", "half a thought")
    await sam.get_by_role("button", name="Ask Juniper to step out for tonight").click()
    await sam.get_by_role("button", name="Ask them to step out").click()
    await expect(sam.locator("#remove-wrong")).to_be_visible()
    await _axe_finds_nothing(sam)
    await sam.get_by_role("button", name="They’re very upset tonight, and need somebody to themselves.").click()
    await sam.get_by_role("button", name="Ask them to step out").click()
    await expect(juniper.get_by_role("heading", name="You’ve been asked to step out for tonight")).to_be_visible()
    await expect(sam.locator(".person-out").filter(has_text="asked by Sam")).to_contain_text("very upset tonight")
    await _axe_finds_nothing(juniper)
    await _axe_finds_nothing(sam)
    await juniper.get_by_role("button", name="Tell them that I need help now").click()
    await expect(juniper.get_by_role("status")).to_contain_text("know that you need help now")
    await expect(sam.locator("#calls")).to_contain_text("Juniper")
    await _say(sam, "we go on")
    await expect(_said(wren, "we go on")).to_be_visible()
    await sam.get_by_role("button", name="Let Juniper back in").click()
    await expect(sam.get_by_role("button", name="Ask Juniper to step out for tonight")).to_be_visible()
    await expect(juniper.locator("#words")).to_have_value("half a thought", timeout=20_000)
    await juniper.press("#words", "Enter")
    await expect(_said(wren, "half a thought")).to_be_visible()
