"""Five minutes after an evening, on a page that works without any script; and how leads read what was written."""

import html
from datetime import UTC, datetime

import pytest
from playwright.async_api import Browser as Chromium
from playwright.async_api import expect

from harbour.contracts.chat import Debrief, HowItWent, HowYouAre, OwedDebrief, SaveDebrief, Worry, WrittenDebrief
from harbour.contracts.enrolment import Role
from harbour.contracts.tasks import TaskWhy
from tests.gateway.browsing import Browser
from tests.gateway.flows import sign_in_staff
from tests.gateway.test_browser_pages import _axe_finds_nothing, address, chromium
from tests.gateway.test_tasks import task
from tests.gateway.wall import Town

__all__ = ["address", "chromium"]

EVENING = datetime(2026, 3, 3, 19, 0, tzinfo=UTC)
PATH = "/debrief/s1"


@pytest.fixture
async def ruth(browser: Browser, town: Town) -> Browser:
    """A counsellor who has led an evening."""
    await sign_in_staff(browser, town, "ruth")
    return browser


def saved(town: Town) -> list[SaveDebrief]:
    """What was kept."""
    return [wish for wish in town.asked if isinstance(wish, SaveDebrief)]


async def test_a_debrief_is_kept_for_later_and_then_finished(ruth: Browser, town: Town) -> None:
    shown = html.unescape((await ruth.get(PATH)).text)
    assert "1 came, 1 said “not tonight”" in shown
    kept = await ruth.send_form(PATH, follow=True, do="keep", words="half a word", went="mixed")
    assert "Kept. You can come back to it" in kept.text
    assert "half a word</textarea>" in kept.text
    await ruth.send_form(PATH, do="done", went="well", worried="robin", worry="So quiet.", you="tired", talk="yes")
    last = saved(town)[-1]
    assert (last.staff_id, last.done) == ("ruth", True)
    assert last.debrief == Debrief(
        went=HowItWent.WELL, worried_about=("robin",), worry="So quiet.", you=HowYouAre.TIRED, talk=True
    )
    thanks = html.unescape((await ruth.get(PATH)).text)
    assert "Thank you, Ruth" in thanks
    assert "The desk looks after Robin" in thanks
    assert "<form" not in thanks


async def test_an_empty_debrief_may_be_finished_and_strangers_names_do_not_count(ruth: Browser, town: Town) -> None:
    done = await ruth.send_form(PATH, do="done", worried="somebody else", went="?")
    assert done.headers["location"] == PATH
    assert saved(town)[-1].debrief == Debrief()


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [("worry", "So quiet.", "Tick who it’s about"), ("tell_next", "a" * 3001, "more than this box holds")],
)
async def test_what_needs_another_look_keeps_what_was_typed(
    ruth: Browser, town: Town, name: str, typed: str, words: str
) -> None:
    shown = await ruth.send_form(PATH, False, **{"do": "done", "words": "stays here", name: typed})
    assert shown.status_code == 422
    text = html.unescape(shown.text)
    assert text.count(words) == 2  # in the summary, and beside the field
    assert "stays here</textarea>" in text
    assert not town.debrief.done


async def test_what_is_typed_is_kept_while_it_is_typed(ruth: Browser, town: Town) -> None:
    token = (await ruth.get(PATH)).text.split('name="csrf" value="')[1].split('"')[0]
    kept = await ruth.post(f"{PATH}/draft", data={"csrf": token, "words": "half"})
    assert kept.json() == {"kept": True}
    assert (saved(town)[-1].done, saved(town)[-1].debrief.words) == (False, "half")
    assert (await ruth.post(f"{PATH}/draft", data={"words": "half"})).status_code == 403


async def test_it_is_only_for_those_who_led_the_evening(ruth: Browser, town: Town, other_browser: Browser) -> None:
    assert (await ruth.get("/debrief/another")).status_code == 403
    await sign_in_staff(other_browser, town, "omar")
    assert (await other_browser.get(PATH)).status_code == 403
    assert (await ruth.get("/debriefs")).status_code == 403


async def test_staff_home_leads_to_it_until_it_is_done_and_stands_without_chat(ruth: Browser, town: Town) -> None:
    town.owed.append(OwedDebrief(session_id="s1", title="Tuesday group", week=2, starts_at=EVENING, begun=True))
    home = await ruth.get("/staff")
    assert f'href="{PATH}"' in home.text
    assert "Five minutes for Tuesday 3 March" in home.text
    town.silent.add("chat")
    home = await ruth.get("/staff")
    assert (home.status_code, PATH in home.text) == (200, False)


async def test_leads_read_how_the_evenings_went(browser: Browser, town: Town) -> None:
    await sign_in_staff(browser, town, "lena")
    assert "Nothing written yet" in (await browser.get("/debriefs")).text
    debrief = Debrief(went=HowItWent.HARD, worry="So quiet.", tell_next="Go slowly.", talk=True)
    worry = Worry(member_id="robin", nickname="Robin")
    town.written.append(
        WrittenDebrief(
            session_id="s1", title="Tuesday group", week=2, starts_at=EVENING, name="Sam", done_at=EVENING,
            debrief=debrief, worries=(worry,),
        )
    )  # fmt: skip
    shown = html.unescape((await browser.get("/debriefs")).text)
    for words in ("Sam", "would like to talk", "Hard going", "Robin", "So quiet.", "Go slowly."):
        assert words in shown
    assert 'href="/debriefs"' in (await browser.get("/staff")).text


@pytest.mark.browser
async def test_what_is_left_to_do_after_an_evening_in_a_browser(chromium: Chromium, address: str, town: Town) -> None:
    """The debrief keeps itself while it is typed; axe finds nothing on it, on its mistakes, or on the list of tasks."""
    town.staff["ruth"] = town.staff["ruth"].model_copy(update={"roles": (Role.COUNSELLOR, Role.OFFICER, Role.LEAD)})
    town.tasks["desk"].append(task("Wren", TaskWhy.LEFT_AFTER_HELP, TaskWhy.WORRY, words="So quiet.", by="Sam"))
    page = await (await chromium.new_context(viewport={"width": 320, "height": 640})).new_page()
    await page.goto(f"{address}/staff/sign-in")
    await page.fill("#email", "ruth@example.org")
    await page.fill("#password", "lamp-on-the-quay")
    await page.click("main form button")
    await page.fill("#code", town.totp)
    await page.click("main form button")
    await page.goto(f"{address}{PATH}")
    await page.fill("#worry", "So quiet.")
    await expect(page.locator("#kept")).to_have_text("Kept as you write.")
    await _axe_finds_nothing(page)
    await page.get_by_role("button", name="That’s it, I’m done").click()
    await expect(page.get_by_role("link", name="Tick who it’s about")).to_be_visible()
    await _axe_finds_nothing(page)
    await page.get_by_label("Robin").check()
    await page.get_by_role("button", name="That’s it, I’m done").click()
    await expect(page.get_by_role("heading", name="Thank you, Ruth")).to_be_visible()
    await page.goto(f"{address}/tasks")
    await page.click("summary")
    await _axe_finds_nothing(page)
    await page.get_by_label("What was done").fill("Spoke with them.")
    await page.get_by_role("button", name="Done").click()
    await expect(page.get_by_text("Done, and on record.")).to_be_visible()
