"""The live pages in real browsers: young people, a facilitator and an officer, each with a screen of their own."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.async_api import Browser as Chromium
from playwright.async_api import BrowserContext, Page, Route, ViewportSize, expect
from redis.asyncio import Redis

from harbour.contracts.chat import RoomState
from harbour.contracts.concerns import Urgency
from harbour.contracts.enrolment import Role
from services.gateway.auth import cookie_name
from services.gateway.frames import Close
from tests.chromium import a_chromium
from tests.gateway.quay import HERON, JUNIPER, SAM, SESSION, WREN, Quay, quay, until

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE: ViewportSize = {"width": 360, "height": 740}
SMALL: ViewportSize = {"width": 320, "height": 568}
LAPTOP: ViewportSize = {"width": 1280, "height": 800}
NUMBER = "you can call 07700 900123"


class Desk:
    """The gateway, and browsers in front of it."""

    def __init__(self, here: Quay, chromium: Chromium) -> None:
        self.here, self.house, self._chromium = here, here.house, chromium
        self.complaints: list[str] = []

    async def opens(self, path: str, token: str, screen: ViewportSize | None = None, **options: Any) -> Page:
        """Somebody opens a page."""
        context = await self._context(token, screen or PHONE, **options)
        page = await context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(said.text) if "Content Security" in said.text else None)
        await page.goto(f"{self.address}{path}")
        return page

    @property
    def address(self) -> str:
        """Where the gateway is."""
        return f"http://127.0.0.1:{self.here.port}"

    async def _context(self, token: str, screen: ViewportSize, **options: Any) -> BrowserContext:
        context = await self._chromium.new_context(viewport=screen, reduced_motion="reduce", **options)
        name = cookie_name(self.here.app.state.settings)
        await context.add_cookies([{"name": name, "value": token, "url": self.address}])
        return context

    async def browser_of(self, who: Any) -> BrowserContext:
        """A young person's browser, with no page open yet."""
        return await self._context(await self.here.token(who), PHONE)

    async def room(self, who: Any, screen: ViewportSize | None = None, **options: Any) -> Page:
        """A young person in the room."""
        page = await self.opens(f"/room/{SESSION}", await self.here.token(who), screen, **options)
        await expect(page.locator("#log")).to_have_attribute("aria-busy", "false")
        return page

    async def console(self, screen: ViewportSize = LAPTOP, **options: Any) -> Page:
        """Sam at the console."""
        return await self.opens(f"/console/{SESSION}", await self.here.token(SAM), screen, **options)

    async def queue(self, path: str = "/queue", screen: ViewportSize = LAPTOP, **options: Any) -> Page:
        """Olu at the queue."""
        return await self.opens(path, await self.here.token("olu", Role.OFFICER), screen, **options)

    def cut(self) -> None:
        """Every line to the room breaks."""
        for seat in list(self.here.hub._rooms[SESSION].seats):
            seat.close(Close.TRY_AGAIN)


@pytest.fixture
async def desk(tmp_path: Path, redis: Redis) -> AsyncIterator[Desk]:
    """The gateway, and a real browser."""
    async with a_chromium() as chromium, quay(tmp_path, redis) as here:
        found = Desk(here, chromium)
        yield found
        await chromium.close()
        assert found.complaints == []


async def _say(page: Page, words: str) -> None:
    await page.fill("#words", words)
    await page.keyboard.press("Enter")


def _said(page: Page, words: str) -> Any:
    return page.locator(".message", has_text=words)


async def test_what_one_says_the_other_reads_and_adults_are_marked(desk: Desk) -> None:
    juniper, wren, sam = await desk.room(JUNIPER), await desk.room(WREN, SMALL), await desk.console()
    await _say(juniper, "hello from the bus")
    await _say(sam, "good to see you")
    await expect(_said(wren, "hello from the bus")).to_have_count(1)
    await expect(_said(wren, "good to see you").locator(".tag-adult")).to_be_visible()
    await expect(_said(wren, "hello from the bus").locator(".tag-adult")).to_be_hidden()
    await expect(_said(juniper, "hello from the bus").locator(".message-state")).to_be_hidden()
    await expect(juniper.locator("#words")).to_have_value("")


async def test_words_written_while_the_line_is_down_go_out_once_and_in_order(desk: Desk) -> None:
    juniper, wren = await desk.room(JUNIPER), await desk.room(WREN)
    desk.house.silent = True
    desk.cut()
    for words in ("one", "two", "three"):
        await _say(juniper, f"{words} while away")
    await expect(_said(juniper, "three while away").locator(".message-state")).to_have_text("Waits for the connection")
    await expect(juniper.locator("#banner")).to_be_visible()
    desk.house.silent = False
    await expect(_said(wren, "three while away")).to_have_count(1, timeout=20_000)
    await expect(juniper.locator("#banner")).to_be_hidden()
    for page in (juniper, wren):
        texts = await page.locator(".message-text").all_inner_texts()
        assert texts == ["one while away", "two while away", "three while away"]
    assert [message.text for message in desk.house.messages] == texts


async def test_words_not_sent_survive_a_reload(desk: Desk) -> None:
    juniper = await desk.room(JUNIPER)
    desk.house.silent = True
    await _say(juniper, "on its way")
    await juniper.fill("#words", "half a thou")
    desk.house.silent = False
    desk.cut()
    await juniper.reload()
    await expect(juniper.locator("#words")).to_have_value("half a thou")
    await expect(_said(juniper, "on its way")).to_have_count(1)
    await expect(_said(juniper, "on its way").locator(".message-state")).to_be_hidden()
    assert [message.text for message in desk.house.messages] == ["on its way"]


async def test_a_held_message_waits_at_the_console_and_comes_back_to_be_said_another_way(desk: Desk) -> None:
    juniper, wren, sam = await desk.room(JUNIPER), await desk.room(WREN), await desk.console()
    await _say(juniper, NUMBER)
    await expect(_said(juniper, NUMBER).locator(".message-state")).to_have_text("Sam is reading this one first")
    await expect(sam.locator(".wait .message-text")).to_have_text(NUMBER)
    await expect(sam.locator(".wait-time")).to_contain_text("waits 0:0")
    await sam.get_by_role("button", name="Give it back: Juniper").click()
    await _axe_finds_nothing(sam)
    await sam.get_by_role("button", name="There’s a way to reach somebody in it").click()
    await sam.get_by_role("button", name="Ask to say it another way").click()
    await expect(juniper.locator("#note")).to_contain_text("Sam says: There’s a way to reach somebody in it.")
    await juniper.reload()
    await expect(juniper.locator("#note")).to_contain_text("It might need saying another way")
    await expect(juniper.locator("#words")).to_have_value("")
    await juniper.get_by_role("button", name="Say it another way").click()
    await expect(juniper.locator("#words")).to_have_value(NUMBER)
    await expect(juniper.locator("#words")).to_be_focused()
    await expect(sam.locator("#waits-median")).to_contain_text("Tonight a message waited 0:")
    await expect(sam.locator(".wait")).to_have_count(0)
    assert "07700" not in await wren.inner_text("body")
    await juniper.fill("#words", "")
    await juniper.reload()
    await expect(juniper.locator("#log")).to_have_attribute("aria-busy", "false")
    await _say(juniper, "a sign that all has passed")
    await expect(_said(wren, "a sign that all has passed")).to_have_count(1)
    await expect(juniper.locator("#note")).to_be_hidden()
    await expect(juniper.locator("#words")).to_have_value("")


async def test_a_released_message_is_read_by_everybody(desk: Desk) -> None:
    juniper, wren, sam = await desk.room(JUNIPER), await desk.room(WREN), await desk.console(PHONE)
    await _say(juniper, NUMBER)
    await expect(sam.locator("#waits-count")).to_have_text("1")
    await sam.click('.tab[data-part="waits"]')
    await sam.get_by_role("button", name="Release: Juniper").click()
    await expect(_said(wren, NUMBER)).to_have_count(1)
    await expect(_said(juniper, NUMBER)).to_have_count(1)
    await expect(_said(juniper, NUMBER).locator(".message-state")).to_be_hidden()
    await expect(sam.locator("#waits-count")).to_have_text("0")


async def test_an_evening_from_the_doors_to_the_end(desk: Desk) -> None:
    desk.house.state = RoomState.SCHEDULED
    juniper, sam = await desk.room(JUNIPER), await desk.console()
    await expect(juniper.get_by_role("heading", name="The room opens at")).to_be_visible()
    await expect(juniper.locator("#box")).to_be_hidden()
    await sam.get_by_role("button", name="Open the doors").click()
    await expect(juniper.get_by_role("heading", name="You’re in")).to_be_visible()
    await sam.get_by_role("button", name="Start").click()
    await expect(juniper.locator("#box")).to_be_visible()
    await sam.click('#deeds [data-deed="end"]')
    await sam.get_by_role("button", name="Not yet").click()
    assert desk.house.state is RoomState.LIVE
    await sam.click('#deeds [data-deed="end"]')
    await sam.get_by_role("button", name="End the evening").click()
    await expect(juniper.get_by_role("heading", name="That’s it for tonight")).to_be_visible()
    await expect(juniper.locator("#box")).to_be_hidden()


async def test_what_is_said_is_text_and_never_markup(desk: Desk) -> None:
    juniper = await desk.room(JUNIPER)
    words = "<img src=x onerror=\"document.title='x'\"><b>bold</b>"
    await desk.house.post(HERON.model_copy(update={"nickname": "<i>Heron</i>"}), words)
    await expect(juniper.locator(".message-text")).to_have_text(words)
    await expect(juniper.locator(".message-name")).to_have_text("<i>Heron</i>")
    assert await juniper.title() == "Harbour"


async def test_a_message_that_comes_late_stands_where_it_belongs(desk: Desk) -> None:
    await desk.house.post(WREN, "first")
    second = await desk.house.post(WREN, "second")
    await desk.house.post(WREN, "third")
    missing = next(message for message in desk.house.messages if message.number == second.number)
    desk.house.messages.remove(missing)
    juniper = await desk.room(JUNIPER)
    await expect(juniper.locator(".message-text")).to_have_text(["first", "third"])
    desk.house.messages.insert(1, missing)
    for seat in desk.here.hub._rooms[SESSION].seats:
        seat.upto = 1
        seat.given = {3}
    desk.here.hub.resync()
    await expect(juniper.locator(".message-text")).to_have_text(["first", "second", "third"])


async def test_help_slides_over_the_room_and_never_leaves_it(desk: Desk) -> None:
    juniper = await desk.room(JUNIPER)
    await juniper.fill("#words", "half a thou")
    await juniper.click("#help-now")
    await expect(juniper.locator("#help-sheet")).to_be_visible()
    await expect(juniper.locator("#help-sheet")).to_contain_text("116 123")
    await desk.house.post(WREN, "said meanwhile")
    await juniper.keyboard.press("Escape")
    await expect(juniper.locator("#help-sheet")).to_be_hidden()
    await expect(_said(juniper, "said meanwhile")).to_be_visible()
    await expect(juniper.locator("#words")).to_have_value("half a thou")
    assert juniper.url.endswith(f"/room/{SESSION}")


async def test_a_screen_reader_finds_the_room_in_this_order_and_hears_only_what_is_new(desk: Desk) -> None:
    await desk.house.post(SAM, "hello, all")
    juniper = await desk.room(JUNIPER)
    await _say(juniper, "good evening")
    await _say(juniper, NUMBER)
    await expect(_said(juniper, NUMBER).locator(".message-state")).to_have_text("Sam is reading this one first")
    await expect(juniper.locator("body")).to_match_aria_snapshot(
        """
        - link "Skip to the page"
        - banner:
          - heading "Choices and control" [level=1]
          - paragraph: /Week 2 · \\d+ min left/
          - button "Help now"
          - link "Exit"
        - main:
          - log "Messages":
            - paragraph: /\\w+ \\d+ \\w+/
            - article:
              - strong: Sam
              - text: leads the group
              - time: /\\d+:\\d+/
              - paragraph: hello, all
              - button "More about Sam’s message"
            - article:
              - strong: Juniper (you)
              - time: /\\d+:\\d+/
              - paragraph: good evening
              - button "More about your message"
            - article:
              - strong: Juniper (you)
              - paragraph: /you can call/
              - paragraph: Sam is reading this one first
          - status
          - status
          - textbox "Your message"
          - button "Send"
          - status
          - paragraph:
            - button "A private word with Sam"
        """
    )
    log = juniper.locator("#log")
    for name, value in (("role", "log"), ("aria-live", "polite"), ("aria-relevant", "additions")):
        await expect(log).to_have_attribute(name, value)
    first = await log.locator(".message").first.element_handle()
    await desk.house.post(WREN, "one more")
    desk.cut()
    await expect(_said(juniper, "one more")).to_be_visible(timeout=15_000)
    assert first
    assert await first.evaluate("node => node === document.querySelector('#log .message')")


async def test_signing_out_elsewhere_says_so_and_keeps_the_words(desk: Desk) -> None:
    token = await desk.here.token(JUNIPER)
    juniper = await desk.opens(f"/room/{SESSION}", token)
    await juniper.fill("#words", "half a thou")
    await desk.here.sessions.end(token)
    desk.cut()
    await expect(juniper.locator("#banner")).to_contain_text("signed out", timeout=15_000)
    await expect(juniper.get_by_role("link", name="Sign in again")).to_be_visible()
    await expect(juniper.locator("#words")).to_have_value("half a thou")


async def test_a_page_whose_parts_did_not_all_arrive_loads_itself_again(desk: Desk) -> None:
    """A phone that changes networks drops what is on its way; without its scripts a room would stay silent."""
    context = await desk.browser_of(JUNIPER)
    dropped: list[str] = []

    async def drop_once(route: Route) -> None:
        if len(dropped) == 2:
            await route.continue_()
            return
        dropped.append(route.request.url)
        await route.abort("internetdisconnected")

    await context.route("**/static/*/live-log.js", drop_once)
    juniper = await context.new_page()
    await juniper.goto(f"{desk.address}/room/{SESSION}")
    await expect(juniper.locator("#log")).to_have_attribute("aria-busy", "false")
    assert len(dropped) == 2


async def test_a_page_that_never_comes_whole_stops_trying_and_asks(desk: Desk) -> None:
    context = await desk.browser_of(JUNIPER)
    await context.route("**/static/*/live-log.js", lambda route: route.abort("internetdisconnected"))
    juniper = await context.new_page()
    await juniper.goto(f"{desk.address}/room/{SESSION}")
    await expect(juniper.get_by_role("alert")).to_contain_text("A part of this page didn’t arrive.", timeout=20_000)
    await context.unroute("**/static/*/live-log.js")
    await juniper.get_by_role("button", name="Load it again").click()
    await expect(juniper.locator("#log")).to_have_attribute("aria-busy", "false")


async def test_the_box_stays_in_sight_above_a_keyboard(desk: Desk) -> None:
    """A phone's keyboard makes the visible part of the screen smaller; the page follows it."""
    juniper = await desk.room(JUNIPER)
    for n in range(20):
        await desk.house.post(WREN, f"words {n}")
    await expect(_said(juniper, "words 19")).to_be_in_viewport()
    await juniper.set_viewport_size({"width": 360, "height": 380})
    await expect(juniper.locator("#send")).to_be_in_viewport(ratio=1)
    await expect(_said(juniper, "words 19")).to_be_in_viewport()


async def test_the_queue_is_live_and_goes_by_keys(desk: Desk) -> None:
    olu = await desk.queue()
    await expect(olu.get_by_role("heading", name="Nothing waiting")).to_be_visible()
    await desk.house.raise_alert(WREN, Urgency.LOW, "Worth noting.", "a", seconds=3600)
    first = await desk.house.raise_alert(JUNIPER, Urgency.IMMEDIATE, "They may be in danger.", "b", seconds=-5)
    await expect(olu.locator(".alert-name")).to_have_text(["Juniper", "Wren"])
    await expect(olu.locator(".alert-clock").first).to_contain_text("over by 0:")
    await expect(olu.locator(".alert-clock").last).to_contain_text("59:")
    await olu.keyboard.press("j")
    await olu.keyboard.press("j")
    await olu.keyboard.press("k")
    await olu.keyboard.press("Enter")
    await olu.wait_for_url(f"**/queue/{first.alert_id}")
    await olu.get_by_role("button", name="I’ll take this one").click()
    await expect(olu.get_by_text("You have this one.")).to_be_visible()
    lee = await desk.opens("/queue", await desk.here.token("lee", Role.LEAD), LAPTOP)
    await expect(lee.locator(".alert-claim").first).to_have_text("with Olu")


@pytest.mark.parametrize(
    ("screen", "scheme"),
    [(SMALL, "dark"), (LAPTOP, "light")],
    ids=["small-dark", "laptop-light"],
)
async def test_axe_finds_nothing_on_any_live_page(desk: Desk, scheme: Any, screen: ViewportSize) -> None:
    for who, text in ((SAM, "hello"), (JUNIPER, "hi"), (WREN, "https://a-long-address.example.org/" + "x" * 80)):
        await desk.house.post(who, text)
    alert = await desk.house.raise_alert(WREN, Urgency.HIGH, "They say it is getting too much.", "too much")
    await desk.house.raise_alert(JUNIPER, Urgency.IMMEDIATE, "They may be in danger.", "bye", seconds=-9)
    juniper = await desk.room(JUNIPER, screen, color_scheme=scheme)
    await _say(juniper, NUMBER)
    await expect(_said(juniper, NUMBER).locator(".message-state")).to_contain_text("first")
    await _axe_finds_nothing(juniper)
    await juniper.click("#help-now")
    await _axe_finds_nothing(juniper)
    sam = await desk.console(screen, color_scheme=scheme)
    for part in ("room", "people", "waits") if screen is not LAPTOP else ("",):
        if part:
            await sam.click(f'.tab[data-part="{part}"]')
        await _axe_finds_nothing(sam)
    olu = await desk.queue(screen=screen, color_scheme=scheme)
    await _axe_finds_nothing(olu)
    await olu.goto(f"{olu.url}/{alert.alert_id}")
    await olu.click("text=I’ll take this one")
    await olu.get_by_role("button", name="Read the message").click()
    await olu.get_by_role("button", name="Ask a second person to close it").click()
    await expect(olu.locator("#note-wrong")).to_be_visible()
    await _axe_finds_nothing(olu)


async def _axe_finds_nothing(page: Page) -> None:
    await page.evaluate((Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text())
    found: dict[str, Any] = await page.evaluate("rules => axe.run({runOnly: rules})", RULES)
    assert found["passes"]
    told = [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found["violations"]]
    assert told == [], f"{page.url}: {told}"
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{page.url} is too wide"
    assert await page.title() == "Harbour"


async def test_a_message_taken_back_goes_from_every_screen_and_the_console_lists_who_had_it(desk: Desk) -> None:
    juniper, wren, sam = await desk.room(JUNIPER), await desk.room(WREN, SMALL), await desk.console()
    await _say(juniper, "something for later")
    await expect(_said(wren, "something for later")).to_have_count(1)
    number = desk.house.messages[-1].number
    await expect(_said(sam, "something for later")).to_have_count(1)
    await until(lambda: {run.person_id for run in desk.house.shown if run.upto >= number} == {"juniper", "wren"})
    await sam.get_by_role("button", name="More about Juniper’s message").click()
    await _axe_finds_nothing(sam)
    await sam.get_by_role("button", name="Take it back").click()
    for page in (juniper, wren, sam):
        await expect(_said(page, "Sam took this message back for now")).to_have_count(1)
        assert "something for later" not in await page.inner_text("body")
    await expect(_said(juniper, "You’ve not done anything wrong")).to_have_count(1)
    await expect(sam.locator(".taken")).to_contain_text("Juniper’s message, taken back by Sam")
    await expect(sam.locator(".taken-who li")).to_have_text(["Wren"])
    await wren.reload()
    await expect(_said(wren, "Sam took this message back for now")).to_have_count(1)
    assert "something for later" not in await wren.content()
    for page in (juniper, sam):
        await _axe_finds_nothing(page)


async def test_only_what_was_in_sight_was_seen(desk: Desk) -> None:
    for n in range(40):
        await desk.house.post(HERON, f"line {n} of a long evening, long enough to fill more than one row of the log")
    numbers = [message.number for message in desk.house.messages]
    wren = await desk.room(WREN, SMALL)
    await until(lambda: any(run.upto == numbers[-1] for run in desk.house.shown))
    assert min(run.first for run in desk.house.shown) > numbers[20]
    await wren.locator("#log").evaluate("log => { log.scrollTop = 0; }")
    await until(lambda: any(run.first == numbers[0] for run in desk.house.shown))
    seen = {n for run in desk.house.shown for n in numbers if run.first <= n <= run.upto}
    assert numbers[20] not in seen


async def test_i_need_help_now_tells_the_adults_who_say_that_they_are_with_you(desk: Desk) -> None:
    juniper, sam = await desk.room(JUNIPER, SMALL), await desk.console()
    await juniper.get_by_role("button", name="Help now").click()
    await _axe_finds_nothing(juniper)
    await juniper.get_by_role("button", name="Tell the adults here").click()
    await expect(juniper.locator("#ask-help-said")).to_contain_text("know that you need help now")
    await expect(juniper.locator("#ask-help")).to_be_hidden()
    await expect(sam.locator("#calls .call")).to_contain_text("Juniper")
    await _axe_finds_nothing(sam)
    await sam.get_by_role("button", name="I’m with them: Juniper").click()
    await expect(juniper.locator("#ask-help-said")).to_have_text("Sam is with you now.")
    await expect(sam.locator("#calls-part")).to_be_hidden()
    assert "immediate" not in await juniper.content()


async def test_a_call_made_while_the_line_is_away_goes_out_when_it_is_back(desk: Desk) -> None:
    juniper, sam = await desk.room(JUNIPER), await desk.console()
    await juniper.context.set_offline(True)
    await juniper.get_by_role("button", name="Help now").click()
    await juniper.get_by_role("button", name="Tell the adults here").click()
    await expect(juniper.locator("#ask-help-said")).to_contain_text("as soon as it’s back")
    await juniper.context.set_offline(False)
    await expect(sam.locator("#calls .call")).to_contain_text("Juniper", timeout=20_000)
    await expect(juniper.locator("#ask-help-said")).to_contain_text("know that you need help now")
    assert len(desk.house.calls) == 1


async def test_a_quiet_report_by_keyboard_is_thanked_for_and_shows_on_the_console(desk: Desk) -> None:
    juniper, wren, sam = await desk.room(JUNIPER), await desk.room(WREN), await desk.console()
    await _say(juniper, "words that hurt a bit")
    more = wren.get_by_role("button", name="More about Juniper’s message")
    await more.focus()
    await wren.keyboard.press("Enter")
    await wren.get_by_role("button", name="Tell the adults quietly").press("Enter")
    await _axe_finds_nothing(wren)
    await wren.get_by_role("button", name="It’s unkind").press("Enter")
    await expect(wren.locator("#note")).to_contain_text("Thank you for telling us. Sam will look at it.")
    await expect(sam.locator("#reports")).to_contain_text("Wren finds it unkind: Juniper’s message")
    await sam.get_by_role("button", name="Show it: Juniper’s message").click()
    await expect(_said(sam, "words that hurt a bit")).to_be_focused()
    await juniper.get_by_role("button", name="More about your message").click()
    await expect(juniper.get_by_role("button", name="Reply")).to_be_visible()
    await expect(juniper.get_by_role("button", name="Tell the adults quietly")).to_have_count(0)
    assert "unkind" not in await juniper.inner_text("#messages")


async def test_ways_to_read_are_chosen_in_the_room_and_the_newest_stays_in_sight(desk: Desk) -> None:
    juniper = await desk.room(JUNIPER, SMALL)
    for number in range(5):
        await _say(juniper, f"line {number}, and it is long enough to go over more than one line of a phone")
    await expect(_said(juniper, "line 4").locator(".message-state")).to_be_hidden()
    await juniper.click("#reading-open")
    for way in ("spaced", "large"):
        async with juniper.expect_response("**/reading"):
            await juniper.check(f"#reading-form [value={way}]")
    await juniper.keyboard.press("Escape")
    await expect(_said(juniper, "line 4").locator(".message-text")).to_be_in_viewport(ratio=1)
    await juniper.reload()
    await expect(juniper.locator("html")).to_have_attribute("data-reading", "large spaced")
    await expect(_said(juniper, "line 4").locator(".message-text")).to_be_in_viewport(ratio=1)
