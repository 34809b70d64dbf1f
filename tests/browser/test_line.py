"""A phone loses its connection in the middle of the evening."""

import pytest
from playwright.async_api import expect

from tests.browser.people import LAPTOP, PHONE, WHILE, Evening, reads, said, say

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


async def test_words_written_without_a_line_are_kept_and_go_out_once(evening: Evening) -> None:
    ash = await evening.room(await evening.young_person("ash@example.org", PHONE))
    sam = await evening.console(await evening.member_of_staff("sam@example.org", LAPTOP))

    await ash.context.set_offline(True)
    await expect(ash.locator("#banner")).to_be_visible()
    await say(ash, "sent from the tunnel")
    await ash.locator("#words").fill("still thinking about this one")
    await say(sam, "said while Ash was away")
    await expect(said(ash, "sent from the tunnel").locator(".message-state")).to_have_text("Waits for the connection")
    await expect(said(sam, "sent from the tunnel")).to_have_count(0)

    await ash.context.set_offline(False)
    await reads(sam, "sent from the tunnel", WHILE)
    await reads(ash, "said while Ash was away", WHILE)
    await expect(ash.locator("#banner")).to_be_hidden()
    await expect(ash.locator("#words")).to_have_value("still thinking about this one")
    await say(ash, "and now it is said")
    await expect(said(ash, "still thinking")).to_have_count(0)
    await reads(sam, "and now it is said", WHILE)

    for page in (ash, sam):
        await page.reload()
        await expect(page.locator("#log")).to_have_attribute("aria-busy", "false")
        await reads(page, "sent from the tunnel")
        await reads(page, "said while Ash was away")


async def test_words_not_sent_yet_outlive_a_reload(evening: Evening) -> None:
    ash = await evening.room(await evening.young_person("ash@example.org", PHONE))
    await ash.locator("#words").fill("half a thought")
    await ash.reload()
    await expect(ash.locator("#words")).to_have_value("half a thought")
