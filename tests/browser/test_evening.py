"""One evening in four browsers: somebody new, somebody who came before, a facilitator and a safeguarding officer."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.people import LAPTOP, PHONE, WHILE, Evening, check_in, reads, said, say

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

WORRYING = "i dont wanna be here anymore"
WITH_A_NUMBER = "you could ring me on 07700 900123"


async def _join(evening: Evening, nickname: str, email: str) -> Page:
    """Somebody new signs up on a phone, and is in."""
    page = await evening.browser(PHONE)
    await page.goto("/join")
    await page.locator(f"input[name=course][value='{evening.course_id}']").check()
    await page.get_by_role("button", name="Carry on").click()
    await page.get_by_label("How old are you?").fill("16")
    await page.get_by_role("button", name="Carry on").click()
    await page.get_by_label("What shall we call you?").fill(nickname)
    await page.get_by_role("button", name="Carry on").click()
    await page.get_by_label("Email address").fill(email)
    await page.get_by_role("button", name="Carry on").click()
    await expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()
    await page.get_by_role("button", name="Join the group").click()
    await expect(page.get_by_role("heading", name="You have a seat")).to_be_visible()
    await page.get_by_role("link", name="Go to the room").click()
    await expect(page.get_by_role("heading", name="Before you come in")).to_be_visible()
    await check_in(page)
    await expect(page.locator("#box")).to_be_visible()
    return page


async def test_an_evening_from_joining_to_a_closed_alert(evening: Evening) -> None:
    linden = await _join(evening, "Linden", "linden@example.org")
    robin = await evening.room(await evening.young_person("robin@example.org", PHONE))
    sam = await evening.console(await evening.member_of_staff("sam@example.org", LAPTOP))
    ade = await evening.queue(await evening.member_of_staff("ade@example.org", LAPTOP))

    await say(linden, "hello from a new person")
    await reads(robin, "hello from a new person")
    await reads(sam, "hello from a new person")
    await say(sam, "good to have you here, Linden")
    await reads(linden, "good to have you here, Linden")

    await say(linden, WORRYING)
    await reads(robin, WORRYING)
    alert = ade.locator(".alert", has_text="Linden")
    await expect(alert).to_have_count(1, timeout=WHILE)
    await alert.get_by_role("link").click()
    await ade.get_by_role("button", name="I’ll take this one").click()
    await expect(ade.get_by_text("You have this one.")).to_be_visible()
    await ade.get_by_role("button", name="Read the message").click()
    await expect(ade.locator("blockquote.said")).to_have_text(WORRYING)
    await ade.get_by_label("What was done").fill("Spoke with Linden on their own; Sam will check in next week.")
    await ade.get_by_role("button", name="Ask a second person to close it").click()
    await expect(ade).to_have_url(re.compile(r"/queue$"))
    await expect(alert.locator(".alert-claim")).to_contain_text("waits for a second person")
    ruth = await evening.queue(await evening.member_of_staff("ruth@example.org", LAPTOP))
    await ruth.locator(".alert", has_text="Linden").get_by_role("link").click()
    await ruth.get_by_role("button", name="Read the message").click()
    await ruth.get_by_role("button", name="Sign off: close it").click()
    await expect(ruth).to_have_url(re.compile(r"/queue$"))
    await expect(alert).to_have_count(0)


async def test_a_message_with_a_phone_number_waits_for_a_facilitator(evening: Evening) -> None:
    skye = await evening.room(await evening.young_person("skye@example.org", PHONE))
    robin = await evening.room(await evening.young_person("robin@example.org", PHONE))
    sam = await evening.console(await evening.member_of_staff("sam@example.org", LAPTOP))

    await say(skye, WITH_A_NUMBER)
    await expect(said(skye, WITH_A_NUMBER).locator(".message-state")).to_contain_text("first", timeout=WHILE)
    waiting = sam.locator("#waits .wait", has_text=WITH_A_NUMBER)
    await expect(waiting).to_have_count(1)
    await say(skye, "and this one comes after it")
    await reads(robin, "and this one comes after it")
    await expect(said(robin, WITH_A_NUMBER)).to_have_count(0)
    await robin.reload()
    await expect(robin.locator("#log")).to_have_attribute("aria-busy", "false")
    await reads(robin, "and this one comes after it")
    await expect(said(robin, WITH_A_NUMBER)).to_have_count(0)

    await waiting.get_by_role("button", name="Release").click()
    for page in (robin, skye, sam):
        await reads(page, WITH_A_NUMBER, WHILE)
    await expect(said(skye, WITH_A_NUMBER).locator(".message-state")).to_be_hidden()
    await expect(waiting).to_have_count(0)
