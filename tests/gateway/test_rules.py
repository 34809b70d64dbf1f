"""The pages of the rule bench, without any script, over the real desk."""

import html
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from harbour.contracts.closing import Outcome
from harbour.contracts.concerns import Category
from harbour.contracts.enrolment import Role, StaffAdded
from harbour.contracts.messages import Answer, Wish, now
from harbour.contracts.rule_bench import EditionPublished, RulesRunning, TrialDue
from harbour.contracts.safeguard import ClaimAlert, ResolveAlert
from harbour.screening.labelled import Labelled, fired_on
from services.safeguard.rules import alert_id_for
from tests.gateway.browsing import Browser
from tests.gateway.flows import sign_in_staff
from tests.gateway.wall import Town
from tests.rooms import Stage, rehearsed
from tests.safeguard.people import posted

RULE = {
    "id": "self_harm.plums", "category": "self_harm", "urgency": "medium", "why": "Somebody talks of plums, in a test.",
    "patterns": "purple plums", "unless": "no @", "softer": "", "must_fire": "i like purple plums",
    "must_not_fire": "no purple plums\nplums",
}  # fmt: skip


ROWS = [Labelled("all those purple plums", "high", (Category.SELF_HARM,)), Labelled("so many purple plums", "none", ())]


class Desk:
    """The town, with the real safeguard in it."""

    def __init__(self, town: Town, room: Stage) -> None:
        self.town, self.room = town, room

    async def __call__(self, wish: Wish[Any]) -> Answer:
        answer: Answer = await (self.room.asks(wish) if wish.owner() == "safeguard" else self.town(wish))
        return answer


@pytest.fixture
async def room(app: FastAPI, town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    """Safeguard, which knows the town's staff, a message of late and two labelled rows, and one copy that says what it
    runs."""
    monkeypatch.setattr("harbour.screening.labelled.shipped_rows", lambda: ROWS)
    fired_on.cache_clear()
    async with rehearsed("safeguard", f"sqlite+aiosqlite:///{tmp_path / 'desk.db'}") as stage:
        for name, role in {"omar": Role.OFFICER, "lena": Role.LEAD}.items():
            await stage.hears(StaffAdded(staff_id=name, name=name.capitalize(), roles=(role,), sealed=""))
        await stage.hears(posted("purple plums are nice"))
        report = RulesRunning(service="chat", copy_id="c1", edition=0, version="shipped", since=now())
        stage.service.context.get("copies").take("running.rules.chat.c1", report.model_dump_json().encode())
        app.state.ask = Desk(town, stage)
        yield stage
    fired_on.cache_clear()


async def read(browser: Browser, path: str, status: int = 200) -> str:
    shown = await browser.get(path)
    assert shown.status_code == status, shown.text
    return html.unescape(shown.text)


async def send(browser: Browser, page: str, path: str, **answers: str) -> Any:
    """Press the button of the form on a page that goes to this path."""
    shown = await browser.get(page)
    assert f'action="{path}"' in shown.text, f"there is no form for {path} on {page}"
    token = shown.text.split('name="csrf" value="')[1].split('"')[0]
    return await browser.post(path, data={"csrf": token, **answers}, follow_redirects=True)


async def go_on(room: Stage) -> None:
    while steps := [one for one in room.said if isinstance(one, TrialDue)]:
        room.said.clear()
        for step in steps:
            await room.hears(step)


async def test_a_rule_goes_from_the_form_to_every_copy_by_two_people(
    town: Town, room: Stage, browser: Browser, other_browser: Browser
) -> None:
    await sign_in_staff(browser, town, "omar")
    await sign_in_staff(other_browser, town, "lena")
    kept = await send(browser, "/rules/new", "/rules/new", **RULE)
    draft = kept.url.path
    assert draft.startswith("/rules/drafts/")
    assert "It was not tried yet." in kept.text
    tried = await send(browser, draft, f"{draft}/try")
    assert "Under way since" in tried.text
    await go_on(room)
    stands = await read(browser, draft)
    assert "would come up" in stands
    assert "purple plums are nice" not in stands, "words stay folded until somebody asks for them"
    rows = stands.split("2 labelled rows</h3>")[1].split("messages of late</h3>")[0]
    assert "are nobody’s words" in rows
    assert "Read these 2 rows</summary>" in rows
    assert rows.index("so many purple plums") < rows.index("all those purple plums")
    assert rows.index("<details") < rows.index("so many purple plums"), "they stay folded"
    opened = await send(browser, draft, f"{draft}/messages", of="trial")
    assert "purple plums are nice" in opened.text
    refused = await send(browser, draft, f"{draft}/propose", reason="")
    assert refused.status_code == 422
    await send(browser, draft, f"{draft}/propose", reason="We need it.")
    own = await read(browser, draft)
    assert "Somebody else decides about a draft of yours." in own
    assert 'value="publish"' not in own
    assert "waits for a second person" in await read(other_browser, "/rules")
    text_hash = (await read(other_browser, draft)).split('name="text_hash" value="')[1].split('"')[0]
    done = await send(other_browser, draft, f"{draft}/decide", do="publish", said="Yes.", text_hash=text_hash)
    assert "published it as edition 1" in done.text
    assert [one.edition.number for one in room.said if isinstance(one, EditionPublished)] == [1]
    history = await read(browser, "/rules/editions")
    assert "1 of 1 copies" in history
    assert "Added self_harm.plums" in history
    assert "added here" in await read(browser, "/rules?state=added")
    whole = await read(other_browser, "/rules/rule/self_harm.plums")
    assert '<dt>high</dt><dd class="count">1 of 1</dd>' in whole


async def test_what_needs_another_look_is_said_by_line_and_keeps_what_was_typed(
    town: Town, room: Stage, browser: Browser
) -> None:
    await sign_in_staff(browser, town, "omar")
    shown = await send(browser, "/rules/new", "/rules/new", **RULE | {"patterns": "purple plums\n* oops", "why": "x"})
    assert shown.status_code == 422
    text = html.unescape(shown.text)
    assert "Line 2: '* oops' begins or ends with a gap" in text
    assert "Say in 10 to 160 letters" in text
    assert "purple plums\n* oops</textarea>" in text
    assert "no purple plums\nplums</textarea>" in text


async def test_going_back_says_why_and_a_lead_does_one_step_alone(
    town: Town, room: Stage, browser: Browser, other_browser: Browser
) -> None:
    await test_a_rule_goes_from_the_form_to_every_copy_by_two_people(town, room, browser, other_browser)
    wrong = await send(other_browser, "/rules/editions", "/rules/editions/0/restore", reason="")
    assert wrong.status_code == 422
    assert "Say why; it stays on record." in wrong.text
    proposed = await send(browser, "/rules/editions", "/rules/editions/0/restore", reason="Too much.")
    assert proposed.url.path.startswith("/rules/drafts/")
    room.said.clear()
    done = await send(other_browser, "/rules/editions", "/rules/editions/0/restore", reason="Too much.")
    assert "Every running copy goes by it" in done.text
    assert [one.edition.rules for one in room.said if isinstance(one, EditionPublished)] == [()]


async def test_a_false_alarm_becomes_a_harmless_line_in_other_words(town: Town, room: Stage, browser: Browser) -> None:
    await room.hears(posted("the high score in our maths game is 07700 900123 now", 60, message_id="score"))
    alert_id = alert_id_for("score")
    await sign_in_staff(browser, town, "omar")
    assert "Keep this from coming up again" not in await read(browser, f"/queue/{alert_id}")
    await room.asks(ClaimAlert(alert_id=alert_id, staff_id="omar"))
    await room.asks(ResolveAlert(alert_id=alert_id, staff_id="omar", note="x", outcome=Outcome.FALSE_ALARM))
    path = f"/rules/lines/{alert_id}"
    refused = await send(browser, f"/queue/{alert_id}", path, line="the high score in our game")
    assert refused.status_code == 422
    assert 'value="the high score in our game"' in refused.text
    kept = await send(browser, f"/queue/{alert_id}", path, line="my points went up to a huge total")
    assert "my points went up to a huge total" in kept.text
    rule = await read(browser, "/rules/rule/contact.phone")
    assert "my points went up to a huge total" in rule
    assert "my points went up to a huge total" in await read(browser, "/rules/rule/contact.phone/change")


async def test_the_list_is_narrowed_down_by_what_stands_in_the_address(
    town: Town, room: Stage, browser: Browser
) -> None:
    await sign_in_staff(browser, town, "lena")
    text = await read(browser, "/rules?category=contact_or_pii&days=90&by=fired&raises=nonsense")
    assert "contact.phone" in text
    assert "bullying.tells-to-die" not in text
    assert "No rule is like that" in await read(browser, "/rules?state=off")
    whole = await read(browser, "/rules/rule/contact.phone")
    assert ('<details class="fold"' in whole, "live.css" in whole) == (True, True), "its parts fold as elsewhere"
    await read(browser, "/rules/rule/nothing.like-this", 404)
    await read(browser, "/rules/drafts/nowhere", 404)


async def test_who_leads_evenings_alone_has_no_bench(town: Town, room: Stage, browser: Browser) -> None:
    await sign_in_staff(browser, town, "ruth")
    for path in ("/rules", "/rules/editions", "/rules/lines", "/rules/new", "/rules/rule/contact.phone"):
        await read(browser, path, 403)
    assert 'href="/rules"' not in await read(browser, "/staff")


async def test_an_edition_whose_number_cannot_be_is_not_there(town: Town, room: Stage, browser: Browser) -> None:
    await sign_in_staff(browser, town, "lena")
    token = (await read(browser, "/rules/new")).split('name="csrf" value="')[1].split('"')[0]
    for number in ("-1", "99999999999999999999", "last"):
        answer = await browser.post(f"/rules/editions/{number}/restore", data={"csrf": token, "reason": "Too much."})
        assert answer.status_code == 422, number
