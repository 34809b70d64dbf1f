"""Taking over, in real browsers: from a page of its own to the console, while every screen learns who leads."""

import pytest
from playwright.async_api import expect

from harbour.contracts.enrolment import Role
from tests.gateway.quay import JUNIPER, SESSION
from tests.gateway.test_room_browser import (
    LAPTOP,
    Desk,
    _axe_finds_nothing,
    _said,
    _say,
    desk,  # noqa: F401  # a fixture
)

pytestmark = pytest.mark.browser


async def test_a_substitute_takes_over_and_whoever_stepped_back_can_return(desk: Desk) -> None:  # noqa: F811
    juniper, sam = await desk.room(JUNIPER), await desk.console()
    await sam.get_by_label("A note to each other").fill("We are at the second step.")
    await sam.get_by_role("button", name="Hand over").click()
    nell = await desk.opens(f"/console/{SESSION}", await desk.here.token("nell", Role.COUNSELLOR), LAPTOP)
    await expect(nell.get_by_role("heading", name="Take over this evening")).to_be_visible()
    await nell.get_by_role("button", name="Take over").click()
    await expect(nell.get_by_role("alert")).to_contain_text("Pick who you’re taking over from")
    await _axe_finds_nothing(nell)
    await nell.get_by_label("Sam").check()
    await nell.get_by_label("A word to the other adults").fill("Sam’s train is late.")
    await nell.get_by_role("button", name="Take over").click()
    await expect(nell.locator("#handovers")).to_contain_text("We are at the second step.")
    await expect(juniper.locator("#note")).to_contain_text("Nell leads the evening from here on.")
    await expect(juniper.locator("#private-open")).to_contain_text("A private word with Nell")
    await _say(nell, "good evening from me")
    await expect(_said(juniper, "good evening from me").locator(".tag-adult")).to_be_visible()
    await expect(sam.get_by_role("heading", name="Take over this evening")).to_be_visible()
    await expect(sam.get_by_label("Nell")).to_be_visible()
