"""A rule on its way, in real browsers and through every service: written, tried, published, in force."""

import pytest
from playwright.async_api import expect

from tests.browser.people import LAPTOP, PHONE, Evening
from tests.browser.test_everybody_can_use_it import _look
from tests.runtime.trial import until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


async def test_a_rule_is_written_on_a_phone_tried_and_published_by_a_lead(evening: Evening) -> None:
    ade, wrong = await evening.member_of_staff("ade@example.org", PHONE), list[str]()
    await ade.goto("/rules/new")
    await ade.get_by_label("Its name").fill("self_harm.plums")
    await ade.get_by_label("About", exact=True).select_option("self_harm")
    await ade.get_by_label("Why it comes up, in plain words").fill("Somebody talks of plums, in a test.")
    await ade.get_by_label("Patterns, one a line").fill("purple * plums *")
    await ade.get_by_label("Lines it must fire on").fill("i like purple plums")
    await ade.get_by_label("Lines it must not fire on").fill("no plums here")
    await ade.get_by_role("button", name="Check and keep the draft").click()
    await expect(ade.get_by_role("alert")).to_contain_text("Line 1: 'purple * plums *' begins or ends with a gap")
    wrong += await _look(ade)
    await ade.get_by_label("Patterns, one a line").fill("purple plums")
    await ade.get_by_role("button", name="Check and keep the draft").click()
    await ade.get_by_role("button", name="Try it").click()
    await expect(ade.locator("#trial")).to_contain_text("By Ade")
    wrong += await _look(ade)
    await ade.get_by_label("Why it is to count").fill("We had talk of plums all week.")
    await ade.get_by_role("button", name="Propose it").click()
    await expect(ade.get_by_text("Somebody else decides about a draft of yours.")).to_be_visible()
    ruth = await evening.member_of_staff("ruth@example.org", LAPTOP)
    await ruth.goto("/rules")
    wrong += await _look(ruth)
    await ruth.get_by_role("link", name="self_harm.plums").first.click()
    wrong += await _look(ruth)
    await ruth.get_by_role("button", name="Publish it").click()
    await expect(ruth.get_by_text("published it as edition 1.")).to_be_visible()

    async def all_run_it() -> bool:
        await ruth.goto("/rules/editions")
        return await ruth.get_by_text("All 2 copies run edition 1.").is_visible()

    await until(all_run_it)
    await ade.goto("/rules/editions")
    for page in (ruth, ade):
        wrong += await _look(page)
    assert wrong == []
    assert evening.complaints == []
