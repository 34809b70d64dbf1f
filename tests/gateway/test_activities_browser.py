"""Activities in real browsers: a card to answer on, a picture that grows, a run-sheet that knows what happened."""

from typing import Any

import pytest
from playwright.async_api import ViewportSize, expect

from harbour.contracts.book import KeepEntry
from harbour.contracts.enrolment import Step, StepKind, Wording
from tests.gateway.quay import JUNIPER, WREN
from tests.gateway.test_room_browser import (
    LAPTOP,
    SMALL,
    Desk,
    _axe_finds_nothing,
    _say,
    desk,  # noqa: F401  # a fixture
)

pytestmark = pytest.mark.browser
MARKED = "the lighthouse at six in the morning"
STEPS = (
    Step(step_id="s-words", kind=StepKind.WORDS, title="Welcome", minutes=5, say=("Good evening, and welcome.",)),
    Step(
        step_id="s-poll",
        kind=StepKind.POLL,
        title="What helps you most?",
        minutes=10,
        text="There’s no best answer.",
        options=("A walk", "Music that is just right for the moment", "A friend"),
        notes="Leave time for silence.",
    ),
    Step(step_id="s-scale", kind=StepKind.SCALE, title="How is it?", minutes=5, low="Hard going", high="Okay"),
    Step(step_id="s-private", kind=StepKind.REFLECTION, title="Just for you", minutes=10, text="What would you keep?"),
)


def _planned(desk: Desk) -> None:  # noqa: F811
    desk.house.steps = STEPS
    desk.house.wordings = (Wording(key="quiet", topic="A quiet moment", text="No hurry. We are here."),)


async def test_a_poll_is_answered_on_a_phone_and_grows_at_the_console(desk: Desk) -> None:  # noqa: F811
    _planned(desk)
    juniper, wren, sam = await desk.room(JUNIPER, SMALL), await desk.room(WREN, LAPTOP), await desk.console()
    await sam.get_by_role("button", name="Push to everybody: What helps you most?").click()
    await expect(juniper.get_by_role("heading", name="What helps you most?")).to_be_visible()
    await expect(juniper.locator("#activity-picture")).to_be_hidden()
    await juniper.get_by_label("A walk").check()
    await wren.get_by_label("A friend").check()
    await expect(sam.locator(".step-open .bar-count")).to_have_text(["1", "0", "1"])
    await expect(juniper.locator(".bar-count")).to_have_text(["1", "0", "1"])
    await juniper.get_by_label("A friend").check()
    await expect(wren.locator(".bar-count")).to_have_text(["0", "0", "2"])
    await expect(juniper.locator("#box")).to_be_visible()
    await _say(juniper, "the box is still here")
    await expect(wren.locator(".message-text")).to_have_text("the box is still here")
    await juniper.reload()
    await expect(juniper.get_by_label("A friend")).to_be_checked()
    await sam.get_by_role("button", name="Close it: What helps you most?").click()
    await expect(juniper.get_by_text("This one is closed now.")).to_be_visible()
    await expect(juniper.get_by_label("A friend")).to_be_hidden()
    await expect(sam.locator(".step", has_text="What helps you most?").locator(".step-happened")).to_contain_text("min")


async def test_a_scale_is_a_picture_with_words(desk: Desk) -> None:  # noqa: F811
    _planned(desk)
    juniper, sam = await desk.room(JUNIPER), await desk.console()
    await sam.get_by_role("button", name="Push to everybody: How is it?").click()
    await juniper.get_by_label("4", exact=True).check()
    words = "How many chose each, from 1, Hard going, to 5, Okay. 1: 0, 2: 0, 3: 0, 4: 1, 5: 0"
    await expect(juniper.get_by_role("img", name=words)).to_be_visible()
    await expect(sam.get_by_role("img", name=words)).to_be_visible()


async def test_a_private_reflection_goes_into_ones_own_book_and_to_nobody_here(desk: Desk) -> None:  # noqa: F811
    _planned(desk)
    juniper, sam = await desk.room(JUNIPER, SMALL), await desk.console()
    await sam.get_by_role("button", name="Push to everybody: Just for you").click()
    own, keep = juniper.get_by_label("Your own words"), juniper.get_by_role("button", name="Keep it in my book")
    await own.fill(MARKED)
    await juniper.reload()
    await expect(own).to_have_value(MARKED)
    await juniper.context.set_offline(True)
    await keep.click()
    await expect(juniper.locator("#own-said")).to_contain_text("We’ve lost the connection")
    await juniper.context.set_offline(False)
    await expect(juniper.locator("#own-said")).to_have_text("It’s in your book.", timeout=20_000)
    await expect(sam.locator(".step-open")).to_contain_text("1 has written in their book")
    await _axe_finds_nothing(juniper)
    [(owner, entry)] = desk.house.books.items()
    assert (owner, entry.text) == (("juniper", "s-private"), MARKED)
    assert {type(wish) for wish in desk.house.asked if MARKED in wish.model_dump_json()} == {KeepEntry}
    await own.fill(f"{MARKED} and more")
    await sam.get_by_role("button", name="Close it: Just for you").click()
    await juniper.get_by_label("Not in your book yet: Just for you").wait_for()
    await _axe_finds_nothing(juniper)
    await keep.click()
    await expect(juniper.locator("#own")).to_be_hidden()
    assert desk.house.books["juniper", "s-private"].text == f"{MARKED} and more"
    assert await juniper.evaluate("JSON.stringify(sessionStorage)") == await juniper.evaluate(
        "JSON.stringify(sessionStorage).replaceAll('lighthouse', '')"
    )


async def test_breathing_has_words_where_nothing_may_move(desk: Desk) -> None:  # noqa: F811
    juniper, sam = await desk.room(JUNIPER), await desk.console()
    await sam.get_by_role("button", name="Push to everybody: A minute to breathe").click()
    await expect(juniper.locator("#breath-words")).to_have_text("Breathe in …")
    await expect(juniper.locator("#breath-words")).to_have_text("… and out", timeout=8000)
    moves = "getComputedStyle(document.querySelector('.breath-air')).transitionDuration"
    assert await juniper.evaluate(moves) == "0s"


async def test_prepared_words_go_into_the_box_and_are_sent_by_nobody(desk: Desk) -> None:  # noqa: F811
    _planned(desk)
    juniper, sam = await desk.room(JUNIPER), await desk.console()
    await sam.click("text=Prepared wording")
    await sam.fill("#wording-search", "quiet")
    await expect(sam.locator(".wording")).to_have_count(1)
    await sam.fill("#words", "Thank you all.")
    await sam.click(".wording")
    await expect(sam.locator("#words")).to_have_value("Thank you all. No hurry. We are here.")
    await sam.get_by_role("button", name="Words into the box: Welcome").click()
    assert desk.house.messages == []
    await expect(juniper.locator(".message")).to_have_count(0)


@pytest.mark.parametrize(
    ("screen", "scheme"),
    [(SMALL, "dark"), (LAPTOP, "light")],
    ids=["phone-dark", "laptop-light"],
)
async def test_axe_finds_nothing_while_something_is_done_together(
    desk: Desk,  # noqa: F811
    scheme: Any,
    screen: ViewportSize,
) -> None:
    _planned(desk)
    juniper = await desk.room(JUNIPER, screen, color_scheme=scheme)
    sam = await desk.console(screen, color_scheme=scheme)
    for step in ("How is it?", "A minute to breathe", "Just for you", "What helps you most?"):
        if screen is not LAPTOP:
            await sam.click('.tab[data-part="plan"]')
        await sam.get_by_role("button", name=f"Push to everybody: {step}").click()
        await expect(juniper.get_by_role("heading", name=step)).to_be_visible()
        if step == "How is it?":
            await juniper.get_by_label("2", exact=True).check()
            await expect(juniper.get_by_role("img", name="How many chose each")).to_be_visible()
        await _axe_finds_nothing(juniper)
    await juniper.get_by_label("A walk").check()
    await expect(sam.locator(".step-open .bar-count").first).to_have_text("1")
    await sam.click("text=Prepared wording")
    await _axe_finds_nothing(sam)
