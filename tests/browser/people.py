"""The people of an evening, each with a browser context of their own."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pyotp
from playwright.async_api import Browser, Locator, Page, ViewportSize, expect

PHONE: ViewportSize = {"width": 360, "height": 740}
LAPTOP: ViewportSize = {"width": 1280, "height": 800}
SOON = 2000  # milliseconds: what one says, the other reads within this
WHILE = 15000  # milliseconds: what several services do one after another


class Evening:
    """The demo evening, and the ways in to it."""

    def __init__(
        self, url: str, course_id: str, session_id: str, password: str, authenticators: dict[str, str]
    ) -> None:
        self.url, self.course_id, self.session_id = url, course_id, session_id
        self.password, self._authenticators = password, authenticators
        self._signed_in: dict[str, Any] = {}
        self._chromium: Browser | None = None
        self.complaints: list[str] = []

    def arrive(self, chromium: Browser) -> None:
        """Begin a test with this browser."""
        self._chromium = chromium
        self.complaints = []

    async def browser(self, screen: ViewportSize, **options: Any) -> Page:
        """Somebody's own browser, with nothing open yet."""
        assert self._chromium
        context = await self._chromium.new_context(
            viewport=screen, base_url=self.url, reduced_motion="reduce", **options
        )
        context.set_default_timeout(WHILE)
        page = await context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(said.text) if "Content Security" in said.text else None)
        return page

    async def young_person(self, email: str, screen: ViewportSize) -> Page:
        """Somebody with a seat signs in with a code from the mailbox, once; later from the same browser."""
        if email not in self._signed_in:
            page = await self.browser(screen)
            await page.goto("/sign-in")
            await page.get_by_label("Where can we send your code?").fill(email)
            await page.get_by_role("button", name="Send my code").click()
            await page.get_by_label("What’s the code?").fill(await self.code_for(email))
            await page.get_by_role("button", name="Sign in").click()
            await expect(page).to_have_url(re.compile(r"/my$"))
            await self._remember(email, page)
        return await self.browser(screen, storage_state=self._signed_in[email])

    async def member_of_staff(self, email: str, screen: ViewportSize = LAPTOP) -> Page:
        """An adult signs in with password and authenticator, once; later from the same browser."""
        if email not in self._signed_in:
            page = await self.browser(screen)
            await page.goto("/staff/sign-in")
            await page.get_by_label("Email address").fill(email)
            await page.get_by_label("Password").fill(self.password)
            await page.get_by_role("button", name="Carry on").click()
            await page.get_by_label("Code from your authenticator").fill(pyotp.TOTP(self._authenticators[email]).now())
            await page.get_by_role("button", name="Sign in").click()
            await expect(page).to_have_url(re.compile(r"/staff$"))
            await self._remember(email, page)
        return await self.browser(screen, storage_state=self._signed_in[email])

    async def code_for(self, email: str) -> str:
        """The newest code in the mailbox for this address."""
        page = await self.browser(LAPTOP)
        letter = page.locator(".letter", has_text=email).filter(has_text=re.compile(r"\b\d{6}\b")).first

        async def look() -> None:
            await page.goto("/mailbox")
            await expect(letter).to_be_visible(timeout=500)

        await until(look)
        found = re.search(r"\b(\d{6})\b", await letter.locator(".letter-text").inner_text())
        await page.context.close()
        assert found
        return found[1]

    async def room(self, page: Page) -> Page:
        """Into the room of tonight, past the three questions before it, and everything said so far is there."""
        await page.goto(f"/room/{self.session_id}")
        await check_in(page)
        return await self._live(page, f"/room/{self.session_id}")

    async def console(self, page: Page) -> Page:
        """To the console of tonight."""
        return await self._live(page, f"/console/{self.session_id}")

    async def queue(self, page: Page) -> Page:
        """To the safeguarding queue."""
        await page.goto("/queue")
        await expect(page.get_by_role("heading", name="Queue")).to_be_visible()
        return page

    async def _live(self, page: Page, path: str) -> Page:
        await page.goto(path)
        await expect(page.locator("#log")).to_have_attribute("aria-busy", "false")
        await expect(page.locator("#box")).to_be_visible()
        return page

    async def _remember(self, email: str, page: Page) -> None:
        self._signed_in[email] = await page.context.storage_state()
        await page.context.close()


async def until(look: Callable[[], Awaitable[None]], seconds: float = 20.0) -> None:
    """Look again until what is looked for is there, at most this long."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return await look()
        except AssertionError:
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.2)


async def check_in(page: Page) -> None:
    """Answer the three questions before the room, where they are asked."""
    if not re.search(r"/check-in$", page.url):
        return
    await page.get_by_label("Up and down").check()
    await page.get_by_label("Mostly, somebody might walk in").check()
    await page.get_by_role("button", name="Yes, come in").click()
    await expect(page).to_have_url(re.compile(r"/room/[^/]+$"))


async def say(page: Page, words: str) -> None:
    """Type it and send it."""
    await page.locator("#words").fill(words)
    await page.locator("#send").click()


def said(page: Page, words: str) -> Locator:
    """A message in the log."""
    return page.locator(".message", has_text=words)


async def reads(page: Page, words: str, within: int = SOON) -> None:
    """It stands in the log, once, within this many milliseconds."""
    await expect(said(page, words)).to_have_count(1, timeout=within)
