"""The console's roster and the notes between adults, in real browsers."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.async_api import ViewportSize, expect

from harbour.contracts.concerns import Urgency
from harbour.contracts.worries import RaiseConcern
from tests.gateway.quay import JUNIPER, SAM, SESSION, until
from tests.gateway.test_console import ASH
from tests.gateway.test_room_browser import (
    LAPTOP,
    SMALL,
    Desk,
    _axe_finds_nothing,
    _say,
    desk,  # noqa: F401  # a fixture
)

pytestmark = pytest.mark.browser
TABLET: ViewportSize = {"width": 820, "height": 1100}


async def test_the_roster_says_who_is_here_and_what_they_said_last(desk: Desk) -> None:  # noqa: F811
    juniper, sam = await desk.room(JUNIPER), await desk.console()
    line = sam.locator('.person[data-person="juniper"]')
    await expect(line.locator(".person-here")).to_have_text("here", timeout=8000)
    await expect(sam.locator('.person[data-person="wren"] .person-here')).to_have_text("not here")
    await _say(juniper, "hello from the bus")
    await expect(line.locator(".person-last")).to_have_text("just now: “hello from the bus”")
    await expect(line.locator(".person-quiet")).to_be_hidden()


async def test_somebody_who_is_here_and_silent_for_ten_minutes_is_marked_quiet(desk: Desk) -> None:  # noqa: F811
    await desk.house.post(JUNIPER, "hi")
    desk.house.messages[0] = desk.house.messages[0].model_copy(update={"at": datetime.now(UTC) - timedelta(minutes=12)})
    await desk.room(JUNIPER)
    sam = await desk.console()
    line = sam.locator('.person[data-person="juniper"]')
    await expect(line.locator(".person-last")).to_have_text("12 min ago: “hi”")
    await expect(line.locator(".person-quiet")).to_be_visible(timeout=8000)
    await expect(sam.locator('.person[data-person="wren"] .person-quiet')).to_be_hidden()


async def test_turns_are_for_those_who_are_here(desk: Desk) -> None:  # noqa: F811
    await desk.room(JUNIPER)
    sam = await desk.console()
    await expect(sam.locator("#people-count")).to_have_text("1 of 3", timeout=8000)
    await sam.get_by_role("button", name="Take turns").click()
    await expect(sam.locator("#round-line")).to_have_text("Juniper’s turn, the last one")


@pytest.mark.parametrize(
    ("screen", "scheme"),
    [(SMALL, "dark"), (TABLET, "light"), (LAPTOP, "dark")],
    ids=["phone-dark", "tablet-light", "laptop-dark"],
)
async def test_adults_tell_one_another_beside_the_room(
    desk: Desk,  # noqa: F811
    scheme: Any,
    screen: ViewportSize,
) -> None:
    desk.house.people.append(ASH)
    juniper, sam = await desk.room(JUNIPER), await desk.console(LAPTOP, color_scheme=scheme)
    token = await desk.here.token(ASH)
    ash = await desk.opens(f"/console/{SESSION}", token, screen, color_scheme=scheme)
    await sam.fill("#note-words", "Could you look after Wren?")
    await sam.get_by_role("button", name="Tell").click()
    await sam.fill("#note-words", "We are at the second step.")
    await sam.get_by_role("button", name="Hand over").click()
    if screen is not LAPTOP:
        await ash.click('.tab[data-part="people"]')
    await expect(ash.locator("#staff-notes")).to_contain_text("Could you look after Wren?")
    await expect(ash.locator("#handovers")).to_contain_text("Sam hands over")
    await _axe_finds_nothing(ash)
    await desk.house.post(SAM, "a sign that all has passed")
    await expect(juniper.locator(".message")).to_have_count(1)
    assert "look after" not in await juniper.content()


async def test_an_adults_page_stays_here_while_the_browser_slows_its_timers(desk: Desk) -> None:  # noqa: F811
    """Chromium slows a hidden page's timers after five minutes; here they stand still from the start."""
    sam, seen = await desk.console(), list[str]()
    sam.on("websocket", lambda line: line.on("framesent", lambda frame: seen.append(str(frame))))
    await sam.context.add_init_script("window.setInterval = () => 0")
    await sam.reload()
    await until(lambda: any('"here"' in frame for frame in seen), seconds=20)
    assert not desk.complaints


async def test_an_adult_tells_the_desk_that_they_worry_without_leaving_the_room(desk: Desk) -> None:  # noqa: F811
    sam = await desk.console()
    await sam.get_by_role("button", name="Worried about Juniper").click()
    await sam.get_by_role("button", name="Tell the desk", exact=True).click()
    await expect(sam.locator("#worry-wrong")).to_have_text("Say in a few words what worries you.")
    await sam.get_by_label("What worries you?").fill("Very still tonight.")
    await sam.get_by_label("Today").check()
    await _axe_finds_nothing(sam)
    await sam.get_by_role("button", name="Tell the desk", exact=True).click()
    await expect(sam.locator("#worry-said")).to_have_text("The desk knows that you worry about Juniper.")
    [wish] = [one for one in desk.house.asked if isinstance(one, RaiseConcern)]
    assert (wish.nickname, wish.words, wish.urgency) == ("Juniper", "Very still tonight.", Urgency.MEDIUM)
