"""The pages in a real browser: axe finds nothing, the way out is quick, and no script is needed."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.async_api import Browser as Chromium
from playwright.async_api import BrowserContext, Error, Page
from starlette.responses import PlainTextResponse

from services.gateway.web.pages import WAYS_TO_READ
from tests.chromium import a_chromium
from tests.gateway.wall import Town

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PUBLIC = ("/", "/help", "/about", "/privacy", "/style", "/mailbox", "/reading", "/nowhere")
DOORS = ("/sign-in", "/sign-in/code", "/staff/sign-in", "/join")
OUTCOMES = ("/join/younger", "/join/older", "/join/already", "/join/waiting")
PHONE, LAPTOP = {"width": 360, "height": 740}, {"width": 1280, "height": 800}


def _axe() -> str:
    import axe_playwright_python

    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()


@pytest.fixture
async def address(app: FastAPI) -> AsyncIterator[str]:
    """The gateway served on a free port."""

    @app.get("/weather")
    async def weather() -> PlainTextResponse:
        return PlainTextResponse("Sunny spells")

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app.state.settings = app.state.settings.model_copy(update={"exit_url": f"http://127.0.0.1:{port}/weather"})
    server = uvicorn.Server(
        uvicorn.Config(app, port=port, log_level="critical", access_log=False, lifespan="off", ws="none")
    )
    serving = asyncio.create_task(server.serve())
    async with asyncio.timeout(10):
        while not server.started:
            await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    await serving


@pytest.fixture
async def chromium() -> AsyncIterator[Chromium]:
    """A real browser."""
    async with a_chromium() as browser:
        yield browser


async def _axe_finds_nothing(page: Page) -> None:
    await page.evaluate(_axe())
    found: dict[str, Any] = await page.evaluate("rules => axe.run({runOnly: rules})", RULES)
    told = [(one["id"], [node["html"][:100] for node in one["nodes"]]) for one in found["violations"]]
    assert told == [], f"{page.url}: {told}"
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{page.url} is too wide"
    assert await page.title() == "Harbour"


async def _join(page: Page, address: str, each: Any) -> None:
    await page.goto(f"{address}/join")
    for field, value in (("", "tonight"), ("#age", "15"), ("#nickname", "Heron"), ("#email", "heron@example.org")):
        await page.click("main form button")
        await each(page)
        await (page.fill(field, value) if field else page.check(f"input[value={value}]"))
        await page.click("main form button")
    await each(page)
    await page.click("main form button")
    await page.wait_for_url("**/my*")
    await each(page)


@pytest.mark.parametrize(("screen", "scheme"), [(PHONE, "light"), (LAPTOP, "dark")], ids=["phone-light", "laptop-dark"])
async def test_axe_finds_nothing_on_any_page(
    chromium: Chromium, address: str, town: Town, scheme: Any, screen: Any
) -> None:
    context = await chromium.new_context(viewport=screen, color_scheme=scheme, reduced_motion="reduce")
    page = await context.new_page()
    for path in (*PUBLIC, *DOORS, *OUTCOMES):
        await page.goto(f"{address}{path}")
        await _axe_finds_nothing(page)
    await _join(page, address, _axe_finds_nothing)
    await page.click("main form button")
    await _staff(page, address)
    await _axe_finds_nothing(page)
    await page.goto(f"{address}/reading")
    for way in WAYS_TO_READ:
        await page.check(f"input[value={way}]")
    await page.click("main button")
    town.silent = {"enrolment", "notify"}
    for path in ("/", "/staff", "/mailbox"):
        await page.goto(f"{address}{path}")
        await _axe_finds_nothing(page)


async def _staff(page: Page, address: str) -> None:
    await page.goto(f"{address}/staff/sign-in")
    await page.fill("#email", "ruth@example.org")
    await page.fill("#password", "lamp-on-the-quay")
    await page.click("main button")
    await page.fill("#code", "246810")
    await page.click("main button")
    await page.wait_for_url("**/staff")


async def _nothing(page: Page) -> None:
    return None


async def test_sign_up_needs_no_script(chromium: Chromium, address: str) -> None:
    context = await chromium.new_context(java_script_enabled=False)
    page = await context.new_page()
    await _join(page, address, _nothing)
    assert "You have a seat" in await page.inner_text("main")
    await page.click("#exit")
    await page.wait_for_url("**/weather")
    await page.goto(f"{address}/my")
    assert page.url.startswith(f"{address}/sign-in")


@pytest.fixture
async def inside(chromium: Chromium, address: str) -> AsyncIterator[tuple[Page, BrowserContext]]:
    """A young person on their own page."""
    context = await chromium.new_context(viewport={"width": 360, "height": 740})
    page = await context.new_page()
    await _join(page, address, _nothing)
    yield page, context
    await context.close()


async def _is_out(page: Page, context: BrowserContext, address: str) -> None:
    await page.wait_for_url("**/weather")
    assert await page.evaluate("document.referrer") == ""
    async with asyncio.timeout(5):
        while any(cookie["name"] == "harbour" for cookie in await context.cookies()):
            await asyncio.sleep(0.02)
    await page.go_back()
    assert "Heron" not in await page.content()


async def test_exit_leaves_at_once_and_back_shows_nothing(inside: tuple[Page, BrowserContext], address: str) -> None:
    page, context = inside
    await page.click("#exit")
    await _is_out(page, context, address)


async def test_shift_three_times_leaves_at_once(inside: tuple[Page, BrowserContext], address: str) -> None:
    page, context = inside
    for _ in range(3):
        await page.keyboard.press("Shift")
    await _is_out(page, context, address)


async def test_shift_among_other_keys_is_only_typing(inside: tuple[Page, BrowserContext], address: str) -> None:
    page, _ = inside
    for key in ("Shift", "Shift", "a", "Shift", "b", "Shift"):
        await page.keyboard.press(key)
    with contextlib.suppress(Error):
        await page.wait_for_timeout(200)
    assert page.url.startswith(f"{address}/my")


async def test_exit_leaves_even_while_the_gateway_is_away(inside: tuple[Page, BrowserContext], address: str) -> None:
    page, context = inside
    await context.route("**/exit", lambda route: route.abort())
    await page.click("#exit")
    await page.wait_for_url("**/weather")


async def test_exit_is_under_the_thumb_on_a_phone_and_at_the_top_on_a_laptop(
    inside: tuple[Page, BrowserContext], address: str
) -> None:
    page, _ = inside
    phone = await page.locator("#exit").bounding_box()
    assert phone
    assert phone["y"] > 740 * 0.8
    assert phone["x"] > 360 / 2
    await page.set_viewport_size({"width": 1280, "height": 800})
    laptop = await page.locator("#exit").bounding_box()
    assert laptop
    assert laptop["y"] < 80
    assert laptop["x"] > 1280 * 0.75


async def test_everything_can_be_reached_by_keyboard(chromium: Chromium, address: str) -> None:
    page = await chromium.new_page()
    await page.goto(f"{address}/sign-in")
    reached = []
    for _ in range(9):
        await page.keyboard.press("Tab")
        reached.append(await page.evaluate("document.activeElement.textContent.trim() || document.activeElement.id"))
    assert reached[:5] == ["Skip to the page", "Harbour", "Sign in", "Help now", "Exit"]
    assert {"address", "Send my code"} <= set(reached)
