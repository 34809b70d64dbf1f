"""Contact details are opened by two of the desk, one on a laptop and one on a phone; and the record is whole after."""

import pytest
from playwright.async_api import expect

from tests.browser.people import LAPTOP, PHONE, WHILE, Evening, say, until
from tests.browser.test_everybody_can_use_it import _look

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


async def test_two_of_the_desk_open_contact_details_together(evening: Evening) -> None:
    skye, wrong = await evening.room(await evening.young_person("skye@example.org", PHONE)), list[str]()
    ade = await evening.queue(await evening.member_of_staff("ade@example.org", LAPTOP))
    mina = await evening.member_of_staff("mina@example.org", PHONE)
    await say(skye, "text me on 07700 900321 if you like")
    theirs = ade.locator(".alert-link", has_text="Skye").first
    await expect(theirs).to_be_visible(timeout=WHILE)
    await theirs.click()
    await ade.locator("#envelope > summary").click()
    wrong += await _look(ade)
    await ade.get_by_label("They could not be reached in any other way").check()
    await ade.get_by_label("The reason, for the record").fill("No answer in the room.")
    await ade.get_by_role("button", name="Ask a colleague to agree").click()
    await expect(ade.get_by_text("You asked, so somebody else agrees.")).to_be_visible()
    wrong += await _look(ade)

    await evening.queue(mina)
    await mina.get_by_role("link", name="Look at it").first.click()
    wrong += await _look(mina)
    await mina.get_by_role("button", name="Agree: the two of us may look").click()
    await mina.get_by_role("button", name="Look at the contact details").click()
    await expect(mina.get_by_text("skye@example.org")).to_be_visible()
    wrong += await _look(mina)
    await ade.goto("/envelopes")
    wrong += await _look(ade)

    await skye.goto("/my/record")
    await expect(skye.get_by_text("There’s nothing to read here now.")).to_be_visible()
    wrong += await _look(skye)
    await ade.goto("/record")
    await ade.get_by_role("button", name="Look at it now").click()
    await expect(ade).to_have_url(f"{evening.url}/record")

    async def found_whole() -> None:
        await ade.reload()
        await expect(ade.get_by_role("heading", name="It is whole")).to_be_visible(timeout=1000)

    await until(found_whole)
    wrong += await _look(ade)
    assert wrong == []
    assert evening.complaints == []
