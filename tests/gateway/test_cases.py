"""Cases as pages, on the real desk: from an alert to a second person's word and a chronology, without a script."""

import html
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis

from harbour.contracts.enrolment import Role
from harbour.contracts.messages import Wish
from harbour.contracts.safeguard import ClaimAlert, ReadQueue
from services.gateway.app import create_app
from services.gateway.auth import Sessions, cookie_name
from services.gateway.settings import GatewaySettings
from services.safeguard import judging
from tests.rooms import Stage, rehearsed
from tests.safeguard.people import TEAM, judge_by_words, posted, scheduled


class Desk:
    """Browsers of staff at a gateway that asks the real desk."""

    def __init__(self, stage: Stage, app: Any, sessions: Sessions, settings: GatewaySettings) -> None:
        self.stage, self.app, self.sessions, self.settings = stage, app, sessions, settings

    async def browser(self, name: str, *roles: Role) -> httpx.AsyncClient:
        """Somebody's browser."""
        session = await self.sessions.begin("staff", person_id=name, name=name.capitalize(), roles=frozenset(roles))
        transport = httpx.ASGITransport(app=self.app)
        cookies = {cookie_name(self.settings): session.token}
        return httpx.AsyncClient(transport=transport, base_url="http://desk", cookies=cookies, follow_redirects=True)

    async def alert(self) -> str:
        """The id of an alert that Ada has."""
        await self.stage.hears(posted("quince words", member="m1"))
        [alert] = (await self.stage.asks(ReadQueue(staff_id="ada"))).alerts
        await self.stage.asks(ClaimAlert(alert_id=alert.alert_id, staff_id="ada"))
        return str(alert.alert_id)


@pytest.fixture
async def desk(
    tmp_path: Path, redis: Redis, settings: GatewaySettings, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Desk]:
    """The desk, with its people."""
    monkeypatch.setattr(judging, "judge", judge_by_words)
    async with rehearsed("safeguard", f"sqlite+aiosqlite:///{tmp_path}/desk.db") as stage:

        async def ask(wish: Wish[Any]) -> Any:
            return await stage.asks(wish)

        for event in (*TEAM, scheduled()):
            await stage.hears(event)
        yield Desk(stage, create_app(settings=settings, ask=ask, redis=redis), Sessions(redis, settings), settings)


async def press(client: httpx.AsyncClient, page: httpx.Response, action: str, **answers: str) -> httpx.Response:
    """Send the form whose address ends so."""
    forms = re.findall(r"<form.*?</form>", page.text, re.S)
    [form] = [one for one in forms if re.search(rf'action="[^"]*{action}"', one) and _fits(one, answers)]
    target, token = re.search(r'action="([^"]+)"', form), re.search(r'name="csrf" value="([^"]+)"', form)
    assert target
    assert token
    return await client.post(target[1], data={"csrf": token[1], **answers})


def _fits(form: str, answers: dict[str, str]) -> bool:
    return "kind" not in answers or f'name="kind" value="{answers["kind"]}"' in form


def shown(page: httpx.Response) -> str:
    """The words of a page."""
    return html.unescape(page.text)


async def test_from_an_alert_to_a_closed_case_and_its_chronology(desk: Desk) -> None:
    alert_id = await desk.alert()
    async with await desk.browser("ada", Role.OFFICER) as ada, await desk.browser("bea", Role.OFFICER) as bea:
        page = await press(ada, await ada.get(f"/queue/{alert_id}"), "/case")
        case = page.url.path
        assert case.startswith("/cases/")
        assert "You have this case." in shown(page)
        page = await press(ada, page, "/entry", kind="decision", **{"decision-words": "We tell the GP."})
        assert page.status_code == 422
        assert "Say why it was decided so." in shown(page)
        assert "We tell the GP." in shown(page)
        said = {"decision-words": "We tell the GP.", "decision-reason": "They asked us to."}
        page = await press(ada, page, "/entry", kind="decision", **said)
        assert "Because</strong> They asked us to." in shown(page)
        said = {"action-action": "gp", "action-whom": "Dr Sample", "action-words": "Referred.", "chase": "yes"}
        page = await press(ada, page, "/entry", kind="action", **said)
        assert "Not answered yet" in shown(page)
        assert "To chase by" in shown(await ada.get("/tasks"))
        answer = re.search(r'action="(/cases/[^"]+/answer/([^"]+))"', page.text)
        assert answer
        page = await press(ada, page, answer[1], **{f"answer-{answer[2]}-words": "They see them on Friday."})
        assert "Not answered yet" not in shown(page)
        page = await press(ada, page, "/close", **{"close-outcome": "passed-on", "close-words": "The GP has it."})
        assert "Waits for a second person" in shown(page)
        assert "Sign off: close it" not in shown(page)
        page = await press(bea, await bea.get(case), "/sign-off", word="agree")
        assert "This case is closed: passed on." in shown(page)
        empty = await press(bea, page, "/export", form="pdf")
        assert empty.status_code == 422
        out = await press(bea, page, "/export", form="json", **{"export-words": "Asked for by the authority."})
        name = r'attachment; filename="record-\d{4}-\d\d-\d\d-[0-9a-f]{8}\.json"'
        assert re.fullmatch(name, out.headers["content-disposition"])
        whole = json.loads(out.content)
        assert (whole["format"], whole["exported"]["reason"]) == ("harbour-chronology/1", "Asked for by the authority.")
        whats = [one["what"] for one in whole["lines"]]
        assert whats[0] == "alert.heard"
        assert {"case.decision", "case.action", "case.answer", "case.signed-off", "case.exported"} <= {*whats}
        printed = await press(bea, page, "/export", form="pdf", **{"export-words": "To print."})
        assert printed.content.startswith(b"%PDF-")
        assert printed.headers["content-type"] == "application/pdf"


async def test_the_list_shows_what_waits_and_the_page_of_the_alert_leads_to_its_case(desk: Desk) -> None:
    alert_id = await desk.alert()
    async with await desk.browser("ada", Role.OFFICER) as ada:
        assert "No case is open" in shown(await ada.get("/cases"))
        assert "No case was closed yet" in shown(await ada.get("/cases?closed"))
        page = await press(ada, await ada.get(f"/queue/{alert_id}"), "/case")
        assert page.url.path in (await ada.get(f"/queue/{alert_id}")).text
        listed = shown(await ada.get("/cases"))
        assert page.url.path in listed
        assert "1 alert ·" in listed
        assert "<title>Harbour</title>" in listed


async def test_one_reading_of_a_screen_goes_on_record_once(desk: Desk) -> None:
    alert_id = await desk.alert()
    async with await desk.browser("ada", Role.OFFICER) as ada, await desk.browser("lou", Role.LEAD) as lou:
        page = await press(ada, await ada.get(f"/queue/{alert_id}"), "/case")
        for _ in range(3):
            await ada.get(page.url.path)
        assert "Who has read it (2)" in shown(await lou.get(page.url.path))


async def test_local_contacts_are_looked_up_by_the_letters_of_a_postcode_and_marked_as_samples(desk: Desk) -> None:
    async with await desk.browser("ada", Role.OFFICER) as ada:
        found = shown(await ada.get("/knowledge?area=ls"))
        assert "sample for Leeds" in found
        assert "Sample: this number reaches nobody" in found
        assert "Nothing is kept for ZZ" in shown(await ada.get("/knowledge?area=zz"))
        assert "What to say when you call 999" in found
        for number in ("0800 1111", "116 123", "SHOUT to 85258", "0800 068 4141"):
            assert number in found


async def test_an_alert_is_closed_from_its_page_while_its_case_stays_open(desk: Desk) -> None:
    alert_id = await desk.alert()
    async with await desk.browser("ada", Role.OFFICER) as ada, await desk.browser("bea", Role.OFFICER) as bea:
        page = await press(ada, await ada.get(f"/queue/{alert_id}"), "/case")
        closing = await press(
            ada, await ada.get(f"/queue/{alert_id}"), "/resolve", outcome="in-case", note="It goes on in the case."
        )
        assert closing.url.path == "/queue"
        opened = await press(bea, await bea.get(f"/queue/{alert_id}"), "/open")
        await press(bea, opened, "/sign-off", word="agree")
        assert (await desk.stage.asks(ReadQueue(staff_id="ada"))).alerts == ()
        assert "Closed: goes on in a case" in shown(await ada.get(page.url.path))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("0001-01-01T00:00", "We couldn’t read that time."),
        ("2026-11-23T19:30+14:00", "We couldn’t read that time."),
        ("soon", "We couldn’t read that time."),
        ("9999-12-31T23:59", "We couldn’t read that time."),
        ("2099-12-31T23:59", "That is still to come."),
    ],
)
async def test_no_time_that_somebody_types_makes_a_case_unreadable(desk: Desk, typed: str, said: str) -> None:
    alert_id = await desk.alert()
    async with await desk.browser("ada", Role.OFFICER) as ada:
        page = await press(ada, await ada.get(f"/queue/{alert_id}"), "/case")
        done = {"action-action": "other", "action-whom": "A school", "action-words": "Rang.", "action-done": typed}
        answer = await press(ada, page, "/entry", kind="action", **done)
        assert (answer.status_code, said in shown(answer), "Rang." in shown(answer)) == (422, True, True)
        assert (await ada.get(page.url.path)).status_code == 200


async def test_a_case_is_handed_to_nobody_whose_name_cannot_be_one(desk: Desk) -> None:
    alert_id = await desk.alert()
    async with await desk.browser("ada", Role.OFFICER) as ada:
        page = await press(ada, await ada.get(f"/queue/{alert_id}"), "/case")
        for strange in ("é", "z" * 200, "a\nb"):
            answer = await press(ada, page, "/hand-over", **{"hand-to": strange, "hand-words": "All of it."})
            assert (answer.status_code, "All of it." in shown(answer)) == (422, True), strange


async def test_what_was_written_into_a_case_that_was_closed_meanwhile_is_never_lost(desk: Desk) -> None:
    alert_id = await desk.alert()
    async with await desk.browser("ada", Role.OFFICER) as ada, await desk.browser("lou", Role.LEAD) as lou:
        page = await press(ada, await ada.get(f"/queue/{alert_id}"), "/case")
        await press(lou, await lou.get(page.url.path), "/close", **{"close-words": "Done."})
        await press(ada, await ada.get(page.url.path), "/sign-off", word="agree")
        late = {"decision-words": "We tell the GP.", "decision-reason": "They asked us to."}
        kept = await press(ada, page, "/entry", kind="decision", **late)
        assert (kept.status_code, "This was not added" in shown(kept)) == (409, True)
        assert "We tell the GP.\nThey asked us to.</textarea>" in shown(kept)
        assert "This case is closed. Open it again first." in shown(kept)
