"""The pages of an evening through axe, as the whole system makes them; and nothing runs off the side of the screen.

The pages that are open to all go through axe in `tests/gateway/test_browser_pages.py`, which needs no system.
"""

import os
import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, ViewportSize, expect

from tests.browser.people import LAPTOP, PHONE, Evening, say

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SCREENS = {"phone": PHONE, "laptop": LAPTOP}


@pytest.fixture(params=SCREENS)
def screen(request: pytest.FixtureRequest) -> ViewportSize:
    """A phone, then a laptop."""
    return SCREENS[request.param]


async def _look(page: Page) -> list[str]:
    """What is wrong with the page as it stands, in words."""
    found: dict[str, Any] = (await Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})).response
    path, width = page.url.split("/", 3)[3], await page.evaluate("innerWidth")
    await _keep_picture(page, path, width)
    wrong = [f"/{path} at {width}: {one['id']} {one['nodes'][0]['html'][:150]}" for one in found["violations"]]
    if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        wrong.append(f"/{path} at {width}: runs off the side")
    return wrong


async def _keep_picture(page: Page, path: str, width: int) -> None:
    """A picture for people to look at, where HARBOUR_PICTURES names a folder."""
    if folder := os.environ.get("HARBOUR_PICTURES"):
        await page.screenshot(path=Path(folder) / f"{path.replace('/', '_')[:30] or 'home'}-{width}.png")


async def test_the_questions_of_joining_and_their_mistakes(evening: Evening) -> None:
    page, wrong = await evening.browser(PHONE), list[str]()
    carry_on = page.get_by_role("button", name="Carry on")
    answers = {"/join": "", "/join/age": "15", "/join/name": "Hazel", "/join/reach": "hazel@example.org"}
    await page.goto("/join")
    for path, answer in answers.items():
        await expect(page).to_have_url(f"{evening.url}{path}")
        wrong += await _look(page)
        await carry_on.click()
        await expect(page.locator("p.wrong").first).to_be_visible()
        wrong += await _look(page)
        field = page.locator("main input:visible").first
        await (field.fill(answer) if answer else field.check())
        await carry_on.click()
    await expect(page).to_have_url(f"{evening.url}/join/check")
    wrong += await _look(page)
    assert wrong == []


async def test_the_doors_and_their_mistakes(evening: Evening) -> None:
    page, wrong = await evening.browser(PHONE), list[str]()
    for door in ("/sign-in", "/staff/sign-in"):
        await page.goto(door)
        await page.locator("main form button").click()
        await expect(page.locator(".wrong").first).to_be_visible()
        wrong += await _look(page)
    await page.get_by_label("Email address").fill("jo@example.org")
    await page.get_by_label("Password").fill(evening.password)
    await page.get_by_role("button", name="Carry on").click()
    await expect(page).to_have_url(re.compile(r"/staff/code"))
    wrong += await _look(page)
    await page.goto("/sign-in")
    await page.get_by_label("Where can we send your code?").fill("nobody@example.org")
    await page.get_by_role("button", name="Send my code").click()
    await expect(page).to_have_url(re.compile(r"/sign-in/code"))
    wrong += await _look(page)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.locator(".wrong").first).to_be_visible()
    wrong += await _look(page)
    assert wrong == []


async def test_the_pages_of_a_young_person(evening: Evening) -> None:
    page, wrong = await evening.young_person("robin@example.org", PHONE), list[str]()
    await page.goto("/my")
    wrong += await _look(page)
    await evening.room(page)
    wrong += await _look(page)
    await page.locator("#help-now").click()
    await expect(page.locator("#help-sheet")).to_be_visible()
    wrong += await _look(page)
    assert wrong == []


async def test_the_pages_of_staff(evening: Evening, screen: ViewportSize) -> None:
    robin = await evening.room(await evening.young_person("robin@example.org", PHONE))
    sam, wrong = await evening.member_of_staff("sam@example.org", screen), list[str]()
    await sam.goto("/staff")
    wrong += await _look(sam)
    await evening.console(sam)
    await say(robin, "text me on 07700 900123 if you like")
    await expect(sam.locator("#waits .wait").first).to_be_attached()
    wrong += await _look(sam)
    reader = "ade@example.org" if screen is PHONE else "mina@example.org"  # each opens it for the first time
    officer = await evening.queue(await evening.member_of_staff(reader, screen))
    await expect(officer.locator(".alert-why").first).to_have_text(re.compile(r"^[^;]+\.$"))  # whole sentences
    wrong += await _look(officer)
    await officer.locator(".alert-link").first.click()
    await officer.get_by_role("button", name="Read the message").click()
    await expect(officer.locator("blockquote.said")).to_be_visible()
    for fold in await officer.locator("details.fold summary").all():
        await fold.click()
    wrong += await _look(officer)
    assert wrong == []
