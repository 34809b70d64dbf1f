"""Ways through the pages that several tests take."""

import httpx

from tests.gateway.browsing import Browser
from tests.gateway.wall import Town


async def answer_all(browser: Browser, *, course: str = "tonight", nickname: str = "Heron") -> httpx.Response:
    """Answer every question of the sign-up; the page that asks whether it is right."""
    await browser.send_form("/join", course=course)
    await browser.send_form("/join/age", age="15")
    await browser.send_form("/join/name", nickname=nickname)
    await browser.send_form("/join/reach", email=f"{nickname.lower()}@example.org", phone="")
    return await browser.get("/join/check")


async def sign_in_member(browser: Browser, town: Town, contact: str = "wren@example.org") -> httpx.Response:
    """Sign in somebody who has joined before."""
    if contact not in town.contacts:
        town.enrol(contact=contact)
    shown = await browser.send_form("/sign-in", follow=True, address=contact)
    return await browser.press(shown, code=town.sent[-1].code)


async def sign_in_staff(browser: Browser, town: Town, name: str = "ruth") -> httpx.Response:
    """Sign in a member of staff, through both doors."""
    _, password = town.passwords[f"{name}@example.org"]
    shown = await browser.send_form("/staff/sign-in", follow=True, email=f"{name}@example.org", password=password)
    return await browser.press(shown, code=town.totp)
