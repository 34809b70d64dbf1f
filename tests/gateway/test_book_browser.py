"""A young person's book in a real browser at phone width: axe finds nothing, and paper shows the letter alone."""

import contextlib
import os
import re
import zlib
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from playwright.async_api import Browser as Chromium
from playwright.async_api import BrowserContext, Page, ViewportSize, expect

from services.gateway.letter import LISTS
from services.gateway.web.pages import present
from tests.gateway.test_browser_pages import _axe_finds_nothing, address, chromium
from tests.gateway.wall import Town

__all__ = ["address", "chromium"]
pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

NARROW: ViewportSize = {"width": 320, "height": 640}
LAPTOP: ViewportSize = {"width": 1280, "height": 800}
MARKED = "the lighthouse at six in the morning"
WRITE = "/my/book/evening/tonight-1/calm-place"
WRITTEN = (
    "/my/book", "/my/book/evening/tonight-1", WRITE, "/my/book/evening/tonight-1/short-walk", "/my/book/diary",
    "/my/book/diary/write", "/my/book/letter", "/my/book/letter/ends", "/my/book/letter/evening/tonight-1",
    "/my/book/keeping", "/my/book/delete",
)  # fmt: skip


async def sign_in(context: BrowserContext, address: str, app: FastAPI, town: Town) -> Page:
    """Somebody with a seat signs in while their second evening is on."""
    town.enrol()
    begun = town.courses[0].sessions[1].starts_at + timedelta(minutes=5)
    app.dependency_overrides[present] = lambda: begun
    page = await context.new_page()
    await page.goto(f"{address}/sign-in")
    await page.fill("#address", "wren@example.org")
    await page.click("main form button")
    await page.fill("#code", town.sent[-1].code)
    await page.click("main form button")
    await page.wait_for_url("**/my")
    return page


@pytest.fixture
async def owner(chromium: Chromium, address: str, app: FastAPI, town: Town) -> AsyncIterator[Page]:
    """A young person with a narrow phone."""
    context = await chromium.new_context(viewport=NARROW, base_url=address)
    yield await sign_in(context, address, app, town)
    await context.close()


async def write_some(page: Page, address: str) -> None:
    """A reflection, a page of the diary, some lines of the letter."""
    for path in (WRITE, "/my/book/diary/write"):
        await page.goto(f"{address}{path}")
        await page.fill("#text", MARKED)
        await page.click("main form button")
        await expect(page.get_by_text("It’s in your book.")).to_be_visible()
    await page.goto(f"{address}/my/book/letter/evening/tonight-1")
    for line in LISTS["know"][1:4]:  # type: ignore[index]
        await page.get_by_text(line).click()
    await page.locator("summary", has_text="In my own words").click()
    await page.fill("#own-own", MARKED)
    await page.get_by_role("button", name="Keep it").click()
    await expect(page.locator(".paper")).to_contain_text(MARKED)


@pytest.mark.parametrize(
    ("screen", "scheme"), [(NARROW, "light"), (LAPTOP, "dark")], ids=["phone-light", "laptop-dark"]
)
async def test_axe_finds_nothing_on_any_page_of_a_book(
    chromium: Chromium, address: str, app: FastAPI, town: Town, screen: ViewportSize, scheme: Any
) -> None:
    context = await chromium.new_context(viewport=screen, color_scheme=scheme, reduced_motion="reduce")
    page = await sign_in(context, address, app, town)
    await write_some(page, address)
    [entry] = [one for one in town.shelf.books["m1"].values() if one.kind == "diary"]
    more = (f"/my/book/diary/{entry.entry_id}", f"/my/book/entry/{entry.entry_id}/delete")
    for path in (*WRITTEN, *more):
        await page.goto(f"{address}{path}")
        await page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
        await _axe_finds_nothing(page)
        if folder := os.environ.get("HARBOUR_PICTURES"):
            name = f"book-{path.split('/', 3)[-1].replace('/', '_')[:30]}-{screen['width']}-{scheme}.png"
            await page.screenshot(path=Path(folder) / name, full_page=True)
    await page.goto(f"{address}{WRITE}")
    await page.fill("#text", "")
    await page.click("main form button")
    await expect(page.locator("[data-unsent]")).to_contain_text("There’s nothing here yet")
    await _axe_finds_nothing(page)
    await context.close()


async def test_on_paper_there_is_the_letter_and_nothing_else(owner: Page, address: str) -> None:
    await write_some(owner, address)
    await expect(owner.get_by_role("button", name="Print or save as PDF")).to_be_visible()
    await owner.emulate_media(media="print")
    shown = await owner.evaluate("document.body.innerText")
    assert MARKED in shown
    assert "What I want to say" in shown
    for word in ("Harbour", "Help", "Exit", "My book", "Print", "Nobody", "Change", "http"):
        assert word not in shown
    paper = await owner.locator(".paper").evaluate("node => getComputedStyle(node).color")
    assert paper == "rgb(0, 0, 0)"


async def test_a_pdf_of_it_is_neutral_where_the_browser_adds_headers_and_footers(owner: Page, address: str) -> None:
    await write_some(owner, address)
    bare, adorned = await _printed(owner)
    assert _words_drawn(bare) == _words_drawn(adorned) > 30
    assert len(re.findall(rb"/Type\s*/Page\b", adorned)) == 1
    assert re.findall(rb"/Title \(([^)]*)\)", adorned) == [b"Letter"]
    assert b"/URI" not in adorned
    assert await owner.title() == "Harbour"
    await owner.goto(f"{address}/help")
    bare, adorned = await _printed(owner)
    assert _words_drawn(bare) < _words_drawn(adorned)
    assert b"/URI" in adorned


async def _printed(page: Page) -> tuple[bytes, bytes]:
    """The page as a PDF: as it is, and as a browser makes it that adds headers and footers into its usual margins."""
    edge = {"top": "15mm", "right": "12mm", "bottom": "15mm", "left": "12mm"}
    bare = await page.pdf(format="A4", margin=edge)  # type: ignore[arg-type]
    return bare, await page.pdf(format="A4", margin=edge, display_header_footer=True)  # type: ignore[arg-type]


def _words_drawn(pdf: bytes) -> int:
    """How often the pages of a PDF draw letters."""
    drawn = 0
    for packed in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        with contextlib.suppress(zlib.error):
            drawn += len(re.findall(rb"\bTj\b|\bTJ\b", zlib.decompress(packed)))
    return drawn


async def test_other_pages_of_the_book_can_be_printed_too(owner: Page, address: str) -> None:
    await write_some(owner, address)
    await owner.goto(f"{address}/my/book/diary")
    await owner.emulate_media(media="print")
    assert MARKED in await owner.evaluate("document.body.innerText")


async def test_words_stay_in_the_tab_while_the_gateway_is_away_and_are_kept_once_later(
    owner: Page, address: str, town: Town
) -> None:
    await owner.goto(f"{address}/my/book/diary/write")
    await owner.fill("#text", MARKED)
    await owner.context.set_offline(True)
    await owner.click("main form button")
    await expect(owner.locator("[data-unsent]")).to_contain_text("Your words are still here")
    assert await owner.input_value("#text") == MARKED
    stored = "JSON.stringify([localStorage, sessionStorage, document.cookie])"
    assert MARKED not in await owner.evaluate(stored)
    await owner.context.set_offline(False)
    for _ in range(2):
        await owner.evaluate("document.querySelector('main form').requestSubmit()")
    await owner.wait_for_url("**/my/book/diary?kept")
    assert [entry.text for entry in town.shelf.books["m1"].values()] == [MARKED]


async def test_words_outlast_being_signed_out_and_in_again(owner: Page, address: str, town: Town) -> None:
    await owner.goto(f"{address}{WRITE}")
    await owner.fill("#text", MARKED)
    cookies = await owner.context.cookies()
    await owner.context.clear_cookies()
    await owner.click("main form button")
    await expect(owner.locator("[data-unsent]")).to_contain_text("because you’re signed out")
    assert "m1" not in town.shelf.books
    await owner.context.add_cookies(cookies)  # type: ignore[arg-type]
    await owner.evaluate("document.querySelector('[name=csrf]').value = 'of an old page'")
    await owner.click("main form button")
    await owner.wait_for_url("**/evening/tonight-1?kept")
    assert [entry.text for entry in town.shelf.books["m1"].values()] == [MARKED]


async def test_exit_leaves_at_once_in_the_middle_of_a_sentence(owner: Page, address: str) -> None:
    await owner.goto(f"{address}{WRITE}")
    await owner.fill("#text", MARKED)
    await owner.click("#exit")
    await owner.wait_for_url("**/weather")
    await owner.go_back()
    assert MARKED not in await owner.content()
    assert not await owner.locator("textarea").count()


async def test_the_book_needs_no_script(chromium: Chromium, address: str, app: FastAPI, town: Town) -> None:
    context = await chromium.new_context(viewport=NARROW, java_script_enabled=False)
    page = await sign_in(context, address, app, town)
    await page.get_by_role("link", name="Open my book").click()
    await write_some(page, address)
    assert not await page.locator("[data-print]").is_visible()
    assert len(town.shelf.books["m1"]) == 3
    await context.close()
