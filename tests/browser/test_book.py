"""A young person's book in the whole system: written on a phone, printed as a letter, closed to staff, deleted."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.people import PHONE, Evening

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

MARKED = "the lighthouse at six in the morning"


async def test_a_book_from_the_first_page_to_the_last(evening: Evening) -> None:
    robin = await evening.young_person("robin@example.org", PHONE)
    await robin.goto("/my")
    await robin.get_by_role("link", name="Open my book").click()
    await expect(robin.get_by_role("heading", name="This week")).to_be_visible()

    await robin.locator(".leaves a").first.click()
    await robin.get_by_label("Your words").fill(MARKED)
    await robin.get_by_role("button", name="Keep it in my book").click()
    await expect(robin.get_by_text("It’s in your book.")).to_be_visible()
    await expect(robin.locator("blockquote")).to_have_text(MARKED)

    await robin.get_by_role("link", name="Say how it goes").first.click()
    await robin.get_by_label("I’m trying it").check()
    await robin.get_by_role("button", name="Keep it in my book").click()
    await expect(robin.locator(".tag")).to_have_text("I’m trying it")

    await robin.get_by_role("link", name="Choose lines").click()
    await robin.get_by_label("There are good days too.").check()
    await robin.get_by_role("button", name="Keep it").click()
    await expect(robin.locator(".paper")).to_contain_text("There are good days too.")
    await robin.emulate_media(media="print")
    await expect(robin.locator("body")).not_to_contain_text("Harbour", use_inner_text=True)
    await robin.emulate_media(media="screen")

    address = robin.url
    for adult in ("sam@example.org", "ade@example.org"):
        page = await evening.member_of_staff(adult)
        await page.goto(address)
        await expect(page).to_have_url(re.compile(r"/sign-in"))

    await robin.goto("/my/book/delete")
    await robin.get_by_role("button", name="Delete my book").click()
    await expect(robin.get_by_text("Your book is deleted, for good.")).to_be_visible()
    await robin.goto("/my/book/letter")
    await expect(robin.get_by_text("Your letter is empty so far.")).to_be_visible()
