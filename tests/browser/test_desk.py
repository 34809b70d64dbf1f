"""The desk by keyboard on a laptop and by thumb on a phone: an alert is claimed, handed over, and taken."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.people import LAPTOP, PHONE, SOON, WHILE, Evening, say
from tests.browser.test_everybody_can_use_it import _look

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


async def test_an_alert_is_claimed_by_keyboard_and_handed_to_a_colleague_on_a_phone(evening: Evening) -> None:
    robin = await evening.room(await evening.young_person("robin@example.org", PHONE))
    ade = await evening.queue(await evening.member_of_staff("ade@example.org", LAPTOP))
    mina, wrong = await evening.queue(await evening.member_of_staff("mina@example.org", PHONE)), list[str]()
    await ade.goto("/queue?state=waiting")
    await say(robin, "text me on 07700 900456 if you like")
    await expect(ade.locator(".alert-link").first).to_be_visible(timeout=WHILE)
    await ade.keyboard.press("?")
    await expect(ade.get_by_role("dialog", name="Keys")).to_be_visible()
    wrong += await _look(ade)
    await ade.keyboard.press("Escape")
    await ade.keyboard.press("j")
    await expect(ade.locator(".alert-link").first).to_be_focused()
    await ade.keyboard.press("c")
    await expect(ade.get_by_text("You have this one.")).to_be_visible()
    alert_id = ade.url.rsplit("/", 1)[1]
    await ade.keyboard.press("r")
    await expect(ade.locator("blockquote.said mark").first).to_be_visible()
    await ade.get_by_text("Hand it to a colleague").click()
    await ade.get_by_label("Who", exact=True).select_option(label="Mina")
    await ade.get_by_label("Where things stand").fill("Nobody has spoken with them yet.")
    wrong += await _look(ade)
    await ade.get_by_role("button", name="Offer it").click()
    await expect(ade.get_by_text("Offered to Mina, who has not answered yet.")).to_be_visible()
    theirs = mina.locator(f'[data-alert="{alert_id}"]')
    await expect(theirs.get_by_text("offered to you")).to_be_visible(timeout=WHILE)
    wrong += await _look(mina)
    await theirs.get_by_role("link").click()
    wrong += await _look(mina)
    await mina.get_by_role("button", name="I’ll take it over").click()
    await expect(mina.get_by_text("You have this one.")).to_be_visible()
    await expect(ade.locator("#changed")).to_be_visible(timeout=WHILE)
    await ade.reload()
    await expect(ade.get_by_text("Mina has this one.")).to_be_visible()
    assert wrong == []
    assert evening.complaints == []


async def test_a_sound_is_remembered_on_this_device_and_the_pages_of_the_desk_are_for_everybody(
    evening: Evening,
) -> None:
    ruth, wrong = await evening.member_of_staff("ruth@example.org", PHONE), list[str]()
    await evening.queue(ruth)
    await expect(ruth.get_by_label("Make a sound")).not_to_be_checked()
    await ruth.get_by_label("Make a sound").check()
    await ruth.reload()
    await expect(ruth.get_by_label("Make a sound")).to_be_checked(timeout=SOON)
    for path in ("/queue?urgency=high", "/rota", "/practice", "/wellbeing", f"/got/{'x' * 22}"):
        await ruth.goto(path)
        wrong += await _look(ruth)
    await ruth.goto("/rota")
    await ruth.get_by_label("Who").select_option(label="Ade")
    await ruth.get_by_role("button", name="Put on duty").click()
    await expect(ruth.get_by_text(re.compile("called first")).first).to_be_visible()
    wrong += await _look(ruth)
    assert wrong == []
    assert evening.complaints == []
