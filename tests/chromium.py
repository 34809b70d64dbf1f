"""A real Chromium for the tests: without windows where there is such a build, which takes half the processor time."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, async_playwright

from tests.conftest import missing

_PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
_ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run",
]  # fmt: skip


@asynccontextmanager
async def a_chromium() -> AsyncIterator[Browser]:
    """A browser of one test's own; none on the machine is a skip on a laptop and a failure in CI."""
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        missing("Chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=_ARGS)
        try:
            yield browser
        finally:
            await browser.close()
