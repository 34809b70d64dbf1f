"""A person's browser, as far as a rehearsal needs one: pages, forms with their tokens, a cookie, and signing in."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from urllib.parse import urlsplit

import httpx
import pyotp

from harbour.rehearsal import Trouble

_TOKEN = re.compile(r'name="csrf" value="([^"]+)"')
_PATIENCE = 60.0
_CODE_LIFE = 30


class Browser:
    """One browser at one address."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._http = httpx.AsyncClient(
            base_url=self.url, timeout=15, follow_redirects=True, headers={"Origin": self.url}, trust_env=False
        )

    @property
    def cookie(self) -> str:
        """What it sends with every request."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self._http.cookies.jar)

    def live(self, path: str) -> str:
        """The address of a live connection."""
        parts = urlsplit(self.url)
        return f"{'wss' if parts.scheme == 'https' else 'ws'}://{parts.netloc}{path}"

    async def see(self, path: str) -> httpx.Response:
        """Load a page."""
        return await self._http.get(path)

    async def fill_in(self, page: str, action: str = "", **fields: str) -> httpx.Response:
        """Load a page and send its form. Raises Trouble where the page has none."""
        shown = await self.see(page)
        token = _TOKEN.search(shown.text)
        if token is None:
            raise Trouble(f"{page} shows no form (status {shown.status_code}).")
        return await self._http.post(action or page, data={"csrf": token[1], **fields})

    def events(self, path: str) -> AbstractAsyncContextManager[httpx.Response]:
        """Read along at an address that sends events without an end."""
        headers = {"Accept": "text/event-stream", "Sec-Fetch-Site": "same-origin"}
        return self._http.stream("GET", path, headers=headers, timeout=httpx.Timeout(15, read=60))

    async def post(self, path: str, body: str) -> httpx.Response:
        """Send something from a page, as its scripts do."""
        return await self._http.post(path, content=body)

    async def close(self) -> None:
        """Close it."""
        await self._http.aclose()


async def join(browser: Browser, course_id: str, nickname: str, age: int, email: str) -> None:
    """Sign up page by page, as everybody does. Raises Trouble where that leads to no seat."""
    await browser.fill_in("/join", course=course_id)
    await browser.fill_in("/join/age", age=str(age))
    await browser.fill_in("/join/name", nickname=nickname)
    await browser.fill_in("/join/reach", email=email)
    _arrived(await browser.fill_in("/join/check"), "/my", "sign-up")


async def sign_in(browser: Browser, email: str, read_code: Callable[[str], Awaitable[str]]) -> None:
    """Sign in with a one-time code out of the mailbox."""
    await browser.fill_in("/sign-in", address=email)
    deadline = time.monotonic() + _PATIENCE
    while not (code := await read_code(email)):
        if time.monotonic() > deadline:
            raise Trouble("A sign-in code did not reach the mailbox.")
        await asyncio.sleep(0.2)
    _arrived(await browser.fill_in("/sign-in/code", code=code), "/my", "sign-in")


async def sign_in_staff(browser: Browser, email: str, password: str, secret: str) -> None:
    """Sign in with a password and the code of the authenticator; a code that is about to change is waited out."""
    _arrived(await browser.fill_in("/staff/sign-in", email=email, password=password), "/staff/code", "staff sign-in")
    if (left := _CODE_LIFE - time.time() % _CODE_LIFE) < 3:
        await asyncio.sleep(left + 0.2)
    code = pyotp.TOTP(secret).now()
    _arrived(await browser.fill_in("/staff/code", code=code), "/staff", "staff sign-in")


def _arrived(page: httpx.Response, path: str, what: str) -> None:
    if page.status_code != 200 or page.url.path != path:
        raise Trouble(f"A {what} ended on {page.url.path} (status {page.status_code}) instead of {path}.")
