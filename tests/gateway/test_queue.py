"""The queue and its alerts as plain pages: forms that work without a script, each with its token."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from redis.asyncio import Redis

from harbour.contracts.closing import Outcome
from harbour.contracts.concerns import Urgency
from harbour.contracts.enrolment import Role
from harbour.contracts.safeguard import AlertState, AlertView, ClaimAlert, OpenAlert, ResolveAlert
from services.gateway.auth import cookie_name
from tests.gateway.quay import HERON, JUNIPER, SAM, WREN, Quay, quay

WORDS = "it is all a bit too much tonight"


@pytest.fixture
async def harbourside(tmp_path: Path, redis: Redis) -> AsyncIterator[Quay]:
    """The gateway, running."""
    async with quay(tmp_path, redis) as here:
        yield here


@pytest.fixture
async def alert(harbourside: Quay) -> AlertView:
    """One alert on the queue."""
    return await harbourside.house.raise_alert(JUNIPER, Urgency.HIGH, "They say it is getting too much.", WORDS)


@pytest.fixture
async def olu(harbourside: Quay) -> AsyncIterator[httpx.AsyncClient]:
    """A safeguarding officer's browser."""
    async with _browser(harbourside, await harbourside.token("olu", Role.OFFICER)) as client:
        yield client


def _browser(here: Quay, token: str) -> httpx.AsyncClient:
    cookies = {cookie_name(here.app.state.settings): token}
    return httpx.AsyncClient(base_url=f"http://127.0.0.1:{here.port}", cookies=cookies, follow_redirects=True)


async def _press(client: httpx.AsyncClient, page: httpx.Response, deed: str, **answers: str) -> httpx.Response:
    form = re.search(rf'<form[^>]*action="([^"]+/{deed})".*?</form>', page.text, re.S)
    assert form, f"there is no form to {deed}"
    token = re.search(r'name="csrf" value="([^"]+)"', form[0])
    assert token
    return await client.post(form[1], data={"csrf": token[1], **answers})


def _asked(here: Quay, kind: type) -> list[object]:
    return [wish for wish in here.house.asked if isinstance(wish, kind)]


async def test_the_most_urgent_stands_first(harbourside: Quay, olu: httpx.AsyncClient) -> None:
    house = harbourside.house
    await house.raise_alert(WREN, Urgency.LOW, "Worth noting.", "a")
    await house.raise_alert(JUNIPER, Urgency.IMMEDIATE, "They may be in danger.", "b")
    await house.raise_alert(HERON, Urgency.HIGH, "Later.", "c", seconds=300)
    await house.raise_alert(WREN, Urgency.HIGH, "Sooner.", "d", seconds=200)
    shown = (await olu.get("/queue")).text.split("<template")[0]
    found = re.findall(r'alert-why">([^<]+)<', shown)
    assert found == ["They may be in danger.", "Sooner.", "Later.", "Worth noting."]
    for word in ("immediate", "high", "low", "Juniper", "waiting"):
        assert word in shown


async def test_an_empty_queue_is_a_calm_page(olu: httpx.AsyncClient) -> None:
    shown = await olu.get("/queue")
    assert "Nothing waiting" in shown.text
    assert "We’ll call you when there is." in shown.text


async def test_words_are_shown_only_once_they_are_opened(
    harbourside: Quay, olu: httpx.AsyncClient, alert: AlertView
) -> None:
    for path in ("/queue", f"/queue/{alert.alert_id}"):
        assert WORDS not in (await olu.get(path)).text
    assert not _asked(harbourside, OpenAlert)
    page = await olu.get(f"/queue/{alert.alert_id}")
    opened = await _press(olu, page, "open")
    assert WORDS in opened.text
    assert opened.url.path == f"/queue/{alert.alert_id}"


async def test_one_opening_is_one_wish_however_often_the_page_is_loaded(
    harbourside: Quay, olu: httpx.AsyncClient, alert: AlertView
) -> None:
    page = await _press(olu, await olu.get(f"/queue/{alert.alert_id}"), "open")
    await olu.get(page.url.path)
    ids = {wish.id for wish in harbourside.house.asked if isinstance(wish, OpenAlert)}
    assert len(ids) == 1


async def test_what_one_officer_opened_stays_shut_for_another(
    harbourside: Quay, olu: httpx.AsyncClient, alert: AlertView
) -> None:
    await _press(olu, await olu.get(f"/queue/{alert.alert_id}"), "open")
    async with _browser(harbourside, await harbourside.token("lee", Role.LEAD)) as lee:
        assert WORDS not in (await lee.get(f"/queue/{alert.alert_id}")).text


async def test_an_alert_is_taken_on_and_closed_with_a_note(harbourside: Quay, olu: httpx.AsyncClient) -> None:
    alert = await harbourside.house.raise_alert(WREN, Urgency.MEDIUM, "Worth a look today.", "a long day")
    taken = await _press(olu, await olu.get(f"/queue/{alert.alert_id}"), "claim")
    assert "You have this one." in taken.text
    assert "a second person" not in taken.text
    closed = await _press(olu, taken, "resolve", note="Spoke with Wren and Sam.", outcome="false-alarm")
    assert closed.url.path == "/queue"
    now = harbourside.house.alert(alert.alert_id)
    assert now is not None
    assert (now.state, now.outcome) == (AlertState.RESOLVED, Outcome.FALSE_ALARM)
    assert "1</span> closed today" in closed.text


async def test_a_high_alert_waits_for_a_second_person_who_has_read_it(
    harbourside: Quay, olu: httpx.AsyncClient, alert: AlertView
) -> None:
    taken = await _press(olu, await olu.get(f"/queue/{alert.alert_id}"), "claim")
    assert "Ask a second person to close it" in taken.text
    waits = await _press(olu, taken, "resolve", note="Spoke with Juniper and Sam. Safe plan for tonight.")
    assert "Olu asks to close it: waits for a second person" in waits.text
    own = await olu.get(f"/queue/{alert.alert_id}")
    assert "Take it back" in own.text
    assert "Sign off: close it" not in own.text
    async with _browser(harbourside, await harbourside.token("lee", Role.LEAD)) as lee:
        page = await lee.get(f"/queue/{alert.alert_id}")
        assert "/sign-off" not in page.text
        page = await _press(lee, page, "open")
        refused = await _press(lee, page, "sign-off", word="back", note="")
        assert refused.status_code == 422
        assert "Say in a few words why it is not done yet" in refused.text
        again = await _press(lee, page, "sign-off", word="back", note="Has anybody told Sam?")
        assert "Olu has this one." in again.text
        await _press(olu, await olu.get(f"/queue/{alert.alert_id}"), "resolve", note="Sam knows.")
        signed = await _press(lee, await lee.get(f"/queue/{alert.alert_id}"), "sign-off", word="agree")
    assert signed.url.path == "/queue"
    assert "1</span> closed today" in signed.text


async def test_closing_needs_a_note_and_keeps_what_was_typed(
    harbourside: Quay, olu: httpx.AsyncClient, alert: AlertView
) -> None:
    taken = await _press(olu, await olu.get(f"/queue/{alert.alert_id}"), "claim")
    refused = await _press(olu, taken, "resolve", note="   ")
    assert refused.status_code == 422
    assert 'aria-invalid="true"' in refused.text
    long = await _press(olu, taken, "resolve", note="n" * 4001)
    assert long.status_code == 422
    assert "n" * 4001 in long.text
    assert len(_asked(harbourside, ResolveAlert)) == 1


async def test_an_alert_somebody_else_has_says_who(harbourside: Quay, olu: httpx.AsyncClient, alert: AlertView) -> None:
    page = await olu.get(f"/queue/{alert.alert_id}")
    async with _browser(harbourside, await harbourside.token("lee", Role.LEAD)) as lee:
        await _press(lee, await lee.get(f"/queue/{alert.alert_id}"), "claim")
    late = await _press(olu, page, "claim")
    assert "Lee has this one." in late.text
    assert "/resolve" not in late.text


@pytest.mark.parametrize("deed", ["open", "claim", "resolve"])
async def test_nothing_is_done_without_the_token_of_our_own_page(
    harbourside: Quay, olu: httpx.AsyncClient, alert: AlertView, deed: str
) -> None:
    for forged in ({}, {"csrf": "guess"}):
        answer = await olu.post(f"/queue/{alert.alert_id}/{deed}", data={"note": "done", **forged})
        assert answer.status_code == 403
    assert not _asked(harbourside, ClaimAlert)
    assert not _asked(harbourside, ResolveAlert)
    assert WORDS not in (await olu.get(f"/queue/{alert.alert_id}")).text


async def test_the_queue_is_for_safeguarding_staff_alone(harbourside: Quay, alert: AlertView) -> None:
    async with _browser(harbourside, await harbourside.token(SAM)) as sam:
        for path in ("/queue", f"/queue/{alert.alert_id}"):
            assert (await sam.get(path)).status_code == 403
    async with _browser(harbourside, await harbourside.token(JUNIPER)) as juniper:
        assert (await juniper.get("/queue")).url.path == "/staff/sign-in"


async def test_what_was_said_is_never_markup(harbourside: Quay, olu: httpx.AsyncClient) -> None:
    alert = await harbourside.house.raise_alert(JUNIPER, Urgency.LOW, "<b>why</b>", "<img src=x onerror=alert(1)>")
    page = await _press(olu, await olu.get(f"/queue/{alert.alert_id}"), "open")
    assert "<img src=x" not in page.text
    assert "&lt;img src=x" in page.text
    assert "<b>why" not in page.text
