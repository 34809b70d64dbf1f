"""A supervisor watches, in real browsers: a console to read, and a line in the roster that says so."""

import pytest
from playwright.async_api import expect

from harbour.contracts.enrolment import Role
from tests.gateway.quay import JUNIPER, SESSION
from tests.gateway.test_room_browser import (
    LAPTOP,
    NUMBER,
    Desk,
    _axe_finds_nothing,
    _said,
    _say,
    desk,  # noqa: F401  # a fixture
)

pytestmark = pytest.mark.browser


async def test_who_watches_reads_along_tells_the_adults_something_and_is_seen_by_them(desk: Desk) -> None:  # noqa: F811
    juniper, sam = await desk.room(JUNIPER), await desk.console()
    ruth = await desk.opens(f"/console/{SESSION}", await desk.here.token("ruth", Role.LEAD), LAPTOP)
    await expect(sam.get_by_text("Ruth is watching, since")).to_be_visible()
    await expect(ruth.get_by_text("You are watching, since")).to_be_visible()
    await _say(juniper, "hello from the bus")
    await _say(juniper, NUMBER)
    await expect(_said(ruth, "hello from the bus")).to_be_visible()
    await expect(ruth.locator("#waits .wait")).to_contain_text(NUMBER)
    for words in ("Mute Juniper", "Pause", "Release", "Hold everything", "Hand over", "Send", "More about Juniper"):
        await expect(ruth.get_by_role("button", name=words)).to_have_count(0)
    await ruth.get_by_label("A note to each other").fill("You’re doing well.")
    await ruth.get_by_role("button", name="Tell").click()
    await expect(sam.locator("#staff-notes")).to_contain_text("You’re doing well.")
    await _axe_finds_nothing(ruth)
    await _axe_finds_nothing(sam)
    assert "Ruth" not in await juniper.content()
