"""A case in a real browser: from an alert to the second person's word and the chronology; axe finds nothing."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

import pytest
import uvicorn
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page, expect

from harbour.contracts.enrolment import Role
from services.gateway.auth import cookie_name
from tests.chromium import a_chromium
from tests.gateway.test_browser_pages import LAPTOP, PHONE, RULES, _axe
from tests.gateway.test_cases import Desk, desk

__all__ = ["desk"]

pytestmark = pytest.mark.browser
SCREENS: tuple[tuple[dict[str, int], Literal["dark", "light"]], ...] = ((PHONE, "dark"), (LAPTOP, "light"))


@asynccontextmanager
async def served(desk: Desk) -> AsyncIterator[str]:
    """The gateway before the desk, on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(desk.app, port=port, log_level="critical", access_log=False, lifespan="off", ws="none")
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await running


async def page_of(desk: Desk, chromium: Chromium, address: str, name: str, *roles: Role) -> Page:
    """Somebody's page, signed in."""
    session = await desk.sessions.begin("staff", person_id=name, name=name.capitalize(), roles=frozenset(roles))
    context = await chromium.new_context(base_url=address, accept_downloads=True)
    await context.add_cookies([{"name": cookie_name(desk.settings), "value": session.token, "url": address}])
    return await context.new_page()


async def looked_at(page: Page) -> None:
    """Axe finds nothing, and nothing is wider than the screen, on a phone by dark and on a laptop by light."""
    for size, scheme in SCREENS:
        await page.set_viewport_size({"width": size["width"], "height": size["height"]})
        await page.emulate_media(color_scheme=scheme)
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await page.evaluate(_axe())
        found = await page.evaluate("rules => axe.run({runOnly: rules})", RULES)
        assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []


async def goes_twice(page: Page, button: str) -> list[bool]:
    """Whether the form of this button would go, and would go again a moment later."""
    went: list[bool] = await page.get_by_role("button", name=button).evaluate(
        "it => [1, 2].map(() => it.form.dispatchEvent(new SubmitEvent('submit', {bubbles: true, cancelable: true})))"
    )
    return went


async def test_a_case_from_an_alert_to_two_people_closing_it_and_its_chronology(desk: Desk, tmp_path: Path) -> None:
    alert_id = await desk.alert()
    async with served(desk) as address, a_chromium() as chromium:
        ada = await page_of(desk, chromium, address, "ada", Role.OFFICER)
        await ada.goto(f"/queue/{alert_id}")
        await ada.get_by_role("button", name="Open a case").click()
        await expect(ada.get_by_role("heading", level=1)).to_contain_text("M1")
        await ada.get_by_text("A decision", exact=True).click()
        await ada.get_by_label("What is decided").fill("We tell the GP with them.")
        await ada.get_by_role("button", name="Add the decision").click()
        await expect(ada.get_by_role("alert")).to_contain_text("Say why it was decided so.")
        await expect(ada.get_by_label("What is decided")).to_have_value("We tell the GP with them.")
        await looked_at(ada)
        await ada.get_by_label("Why", exact=True).fill("They asked us to, and it can wait until morning.")
        await ada.get_by_role("button", name="Add the decision").click()
        await expect(ada.locator(".case-decision")).to_contain_text("They asked us to")
        await ada.get_by_text("An action", exact=True).click()
        await ada.get_by_label("What was done").select_option("gp")
        await ada.get_by_label("With whom, or to whom").fill("Dr Sample")
        await ada.get_by_label("What was said or done").fill("Asked for a first appointment.")
        await ada.get_by_text("Chase it").click()
        await ada.get_by_role("button", name="Add the action").click()
        await expect(ada.get_by_role("heading", name="Not answered yet")).to_be_visible()
        await looked_at(ada)
        await ada.get_by_label("What came of it").fill("They see them on Friday.")
        await ada.get_by_role("button", name="Write it down").click()
        await ada.get_by_text("Close the case", exact=True).click()
        await ada.get_by_label("Why it can be closed").fill("The GP has it.")
        await ada.get_by_role("button", name="Ask a second person to close it").click()
        await expect(ada.get_by_role("button", name="Take it back")).to_be_visible()
        assert await goes_twice(ada, "Take it back") == [True, False], "pressed twice, a form goes once"
        await ada.goto("/cases")
        await looked_at(ada)
        lou = await page_of(desk, chromium, address, "lou", Role.LEAD)
        await lou.goto("/cases")
        await lou.get_by_role("link", name="M1").click()
        await lou.get_by_role("button", name="Sign off: close it").click()
        await expect(lou.get_by_text("This case is closed: supported.")).to_be_visible()
        await lou.get_by_text("Take out the chronology").click()
        await lou.get_by_label("Why, and for whom").fill("For the file of the charity.")
        async with lou.expect_download() as taken:
            await lou.get_by_role("button", name="As a PDF").click()
        download = await taken.value
        await download.save_as(tmp_path / download.suggested_filename)
        assert (tmp_path / download.suggested_filename).read_bytes().startswith(b"%PDF-")
        await lou.goto("/reports")
        await looked_at(lou)
        await lou.goto("/knowledge?area=LS")
        await looked_at(lou)
