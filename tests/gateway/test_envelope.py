"""The sealed envelope through its pages, with the real rooms behind them: no browser, no script, nothing invented."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from redis.asyncio import Redis

from harbour.contracts.chat import HelpAsked, MessagePosted, Speaker
from harbour.contracts.closing import SignOffClosing
from harbour.contracts.enrolment import AddStaff, Apply, Role, ScheduleCourse
from harbour.contracts.envelope import EnvelopeGranted, EnvelopeLooked
from harbour.contracts.safeguard import ClaimAlert, ReadQueue, ResolveAlert
from services.gateway.app import create_app
from services.gateway.auth import Sessions, cookie_name
from services.gateway.settings import GatewaySettings
from services.safeguard import judging
from tests.gateway.browsing import Browser
from tests.journeys.memory import MemoryTown, in_memory
from tests.journeys.town import granted
from tests.safeguard.people import judge_by_words

MAIL, PHONE = "wren@example.org", "+447700900456"


class Quay:
    """A town with a desk of three, a young person who has joined, and a browser for each of them."""

    def __init__(self, town: MemoryTown, redis: Redis, settings: GatewaySettings, browsers: AsyncExitStack) -> None:
        self.town, self._redis, self._settings, self._browsers = town, redis, settings, browsers
        self._app = create_app(ask=town.asks, redis=redis, settings=settings)
        self.ids: dict[str, str] = {}

    async def furnish(self) -> None:
        """Ada and Bea are officers, Lou is the lead, Wren has joined."""
        for name, role in (("Ada", Role.OFFICER), ("Bea", Role.OFFICER), ("Lou", Role.LEAD), ("Sam", Role.COUNSELLOR)):
            wish = AddStaff(
                name=name, email=f"{name.lower()}@example.org", password="stars over the bay", roles=(role,)
            )  # fmt: skip
            self.ids[name] = (await granted(self.town, wish)).staff_id
        starts_at = self.town.clock.now() + timedelta(hours=1)
        course = ScheduleCourse(course_id="c1", programme="seven-weeks", starts_at=starts_at, staff=(self.ids["Sam"],))
        await granted(self.town, course)
        joins = Apply(course_id="c1", nickname="Wren", age=15, email=MAIL, phone="07700 900456")
        self.ids["Wren"] = (await granted(self.town, joins)).member_id

    async def browser(self, name: str) -> Browser:
        """A browser in which somebody is signed in."""
        roles = {"Ada": Role.OFFICER, "Bea": Role.OFFICER, "Lou": Role.LEAD}
        kind = "staff" if name in roles else "member"
        held = frozenset({roles[name]}) if name in roles else frozenset[Role]()
        book = Sessions(self._redis, self._settings)
        session = await book.begin(kind, person_id=self.ids[name], name=name, roles=held)  # type: ignore[arg-type]
        browser = await self._browsers.enter_async_context(Browser(self._app))
        browser.cookies.set(cookie_name(self._settings), session.token, domain="harbour.test")
        return browser

    async def alert(self) -> str:
        """The one alert on the desk."""
        [alert] = (await granted(self.town, ReadQueue(staff_id=self.ids["Ada"]))).alerts
        return alert.alert_id

    async def calls_for_help(self) -> str:
        """Wren presses “I need help now”, which is high; the id of the alert."""
        who = {"session_id": "s1", "member_id": self.ids["Wren"], "nickname": "Wren"}
        self.town.tell(HelpAsked(help_id="h1", **who))
        await self.town.settled()
        return await self.alert()

    async def worries(self) -> str:
        """Wren says something that is judged immediate; the id of the alert."""
        who = {"session_id": "s1", "member_id": self.ids["Wren"], "nickname": "Wren", "speaker": Speaker.MEMBER}
        self.town.tell(MessagePosted(text="medlar", client_id="c1", **who))
        await self.town.settled()
        return await self.alert()

    async def closes(self, alert_id: str) -> None:
        """Ada closes the alert, and Bea signs it off."""
        ada, bea = self.ids["Ada"], self.ids["Bea"]
        await granted(self.town, ClaimAlert(alert_id=alert_id, staff_id=ada))
        await granted(self.town, ResolveAlert(alert_id=alert_id, staff_id=ada, note="They are safe."))
        await granted(self.town, SignOffClosing(alert_id=alert_id, staff_id=bea, agree=True))


@pytest.fixture
async def quay(
    tmp_path: Path, redis: Redis, settings: GatewaySettings, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Quay]:
    monkeypatch.setattr(judging, "judge", judge_by_words)
    async with in_memory(tmp_path) as town, AsyncExitStack() as browsers:
        quay = Quay(town, redis, settings, browsers)
        await quay.furnish()
        yield quay


async def press(browser: Browser, path: str, action: str, **typed: str) -> httpx.Response:
    """Open a page, and press a button of the form that leads to this address."""
    shown = await browser.get(path)
    token = shown.text.split('name="csrf" value="')[1].split('"')[0]
    assert f'action="{action}"' in shown.text, "the page has no such form"
    return await browser.post(action, data={"csrf": token, **typed})


ASKED = {"why": "not-reached", "envelope-reason": "No answer in the room since seven."}


async def test_promise_10_two_of_the_desk_open_it_and_its_owner_reads_of_it_later(quay: Quay) -> None:
    alert_id = await quay.calls_for_help()
    ada, bea, lou, wren = [await quay.browser(name) for name in ("Ada", "Bea", "Lou", "Wren")]
    assert "Open it now, alone" not in (await ada.get(f"/queue/{alert_id}")).text

    missing = await press(ada, f"/queue/{alert_id}", f"/queue/{alert_id}/envelope", why="not-reached")
    assert missing.status_code == 422
    assert "Say in a few words why" in missing.text

    went = await press(ada, f"/queue/{alert_id}", f"/queue/{alert_id}/envelope", do="ask", **ASKED)
    envelope = went.headers["location"]
    waiting = (await ada.get(envelope)).text
    assert "You asked, so somebody else agrees" in waiting
    assert "/open" not in waiting
    assert "and it waits for a second person" in (await bea.get("/queue")).text

    await press(bea, envelope, f"{envelope}/agree", word="agree")
    for browser in (ada, bea):
        contents = (await press(browser, envelope, f"{envelope}/open")).text
        assert MAIL in contents
        assert PHONE in contents
    assert f"{envelope}/open" not in (await lou.get(envelope)).text, "a lead is told and has no part in it"
    assert any("/queue/" in text for text in await quay.town.mail_to("lou@example.org"))
    assert "2 looks so far" in (await lou.get(envelope)).text
    assert [one.staff_id for one in await quay.town.facts(EnvelopeLooked)] == [quay.ids["Ada"], quay.ids["Bea"]]
    assert not await quay.town.holds(MAIL), "the details are in nothing that is said"

    assert "nothing to read here now" in (await wren.get("/my/record")).text
    await quay.town.time_passes(quay.town.clock.now() + timedelta(minutes=31))
    over = await ada.get(envelope)
    assert "Closed" in over.text
    assert f"{envelope}/open" not in over.text
    await quay.closes(alert_id)
    own = (await wren.get("/my/record")).text
    assert "two of us looked at your contact details because we couldn’t reach you any other way" in own
    assert "No answer in the room" not in own, "the reason for the record is not theirs to read here"


async def test_promise_10_one_officer_opens_it_at_once_where_life_may_be_at_risk(quay: Quay) -> None:
    alert_id = await quay.worries()
    ada, bea, lou = [await quay.browser(name) for name in ("Ada", "Bea", "Lou")]
    went = await press(ada, f"/queue/{alert_id}", f"/queue/{alert_id}/envelope", do="alone", **ASKED)
    envelope = went.headers["location"]
    twice = await press(ada, f"/queue/{alert_id}", f"/queue/{alert_id}/envelope", do="alone", **ASKED)
    assert twice.headers["location"] == f"/queue/{alert_id}", "its page has the way to what is open"
    assert MAIL in (await press(ada, envelope, f"{envelope}/open")).text
    [grant] = await quay.town.facts(EnvelopeGranted)
    assert grant.alone
    assert "a lead has to countersign by" in (await lou.get("/queue")).text
    await quay.town.time_passes(quay.town.clock.now() + timedelta(minutes=16))
    assert "nobody has countersigned in time" in (await bea.get("/queue")).text
    refused = await press(bea, envelope, f"{envelope}/countersign", word="agree", **{"sign-reason": "Right."})
    assert (refused.status_code, "A safeguarding lead countersigns." in refused.text) == (422, True)
    assert ">Right.</textarea>" in refused.text
    folded = "If there is no other lead"
    assert (folded in (await bea.get(envelope)).text, folded in (await lou.get(envelope)).text) == (True, False)
    await press(lou, envelope, f"{envelope}/countersign", word="agree", **{"sign-reason": "It was right."})
    assert "Countersigned, by Lou" in (await ada.get(envelope)).text
    assert "countersigned in time" not in (await bea.get("/queue")).text


async def test_what_was_typed_is_kept_and_a_lead_may_hold_it_back(quay: Quay) -> None:
    alert_id = await quay.worries()
    ada, lou = [await quay.browser(name) for name in ("Ada", "Lou")]
    went = await press(ada, f"/queue/{alert_id}", f"/queue/{alert_id}/envelope", do="alone", **ASKED)
    envelope = went.headers["location"]
    assert "/hold-back" not in (await ada.get(envelope)).text
    about = {"hold-until": "2020-01-01", "hold-reason": "They share a phone with a brother."}
    wrong = await press(lou, envelope, f"{envelope}/hold-back", **about)
    assert wrong.status_code == 422
    assert "That day is over" in wrong.text
    assert "They share a phone with a brother." in wrong.text
    until = quay.town.clock.now() + timedelta(days=9)
    await press(lou, envelope, f"{envelope}/hold-back", **{**about, "hold-until": f"{until:%Y-%m-%d}"})
    assert "Lou holds it back until" in (await ada.get(envelope)).text
