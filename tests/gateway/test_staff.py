"""Staff come in by password and authenticator, and find what they lead."""

import re
from datetime import UTC, datetime

import pytest
from fastapi import FastAPI
from redis.asyncio import Redis

from harbour.contracts.enrolment import CheckCode, CheckPassword, Role
from harbour.contracts.messages import Refused
from harbour.contracts.rota import ReadRota, Unwatched
from services.gateway.access import TABLE
from services.gateway.auth import Sessions, cookie_name
from services.gateway.settings import GatewaySettings
from tests.gateway.browsing import Browser
from tests.gateway.flows import sign_in_member, sign_in_staff
from tests.gateway.wall import Town


async def test_password_and_code_lead_to_the_staff_home(browser: Browser, town: Town) -> None:
    answer = await sign_in_staff(browser, town)
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff")
    home = await browser.get("/staff")
    assert "Hello, Ruth" in home.text
    assert 'href="/console/tonight-1"' in home.text
    assert 'href="/console/later-1"' in home.text
    assert 'href="/queue"' not in home.text


async def test_an_officer_finds_the_queue(browser: Browser, town: Town) -> None:
    await sign_in_staff(browser, town, "omar")
    home = await browser.get("/staff")
    assert 'href="/queue"' in home.text
    assert "/console/" not in home.text


async def test_whoever_plans_the_rota_hears_at_home_of_evenings_with_nobody_on_duty(
    browser: Browser, town: Town
) -> None:
    evening = Unwatched(session_id="s1", title="Next steps, week 2", starts_at=datetime.now(UTC))
    said = "Nobody is on duty for 1 evening in the next two weeks."
    await sign_in_staff(browser, town, "cleo")
    assert "Nobody is on duty" not in (await browser.get("/staff")).text
    town.unwatched = (evening,)
    assert said in (await browser.get("/staff")).text
    town.silent = {"safeguard"}
    assert "Hello, Cleo" in (await browser.get("/staff")).text


async def test_an_officer_is_not_told_of_gaps_they_cannot_mend(browser: Browser, town: Town) -> None:
    await sign_in_staff(browser, town, "omar")
    await browser.get("/staff")
    assert not any(isinstance(one, ReadRota) for one in town.asked)


@pytest.mark.parametrize(
    ("role", "groups"),
    [
        (Role.LEAD, ["The desk", "Looking back", "Looking after each other", "Is all well?"]),
        (Role.OFFICER, ["The desk", "Looking after each other", "Is all well?"]),
        (Role.SUPERVISOR, ["Looking back", "Looking after each other", "Is all well?"]),
        (Role.COORDINATOR, ["The desk", "Is all well?"]),
        (Role.OPERATOR, ["Is all well?"]),
    ],
)
async def test_the_home_of_everybody_leads_where_they_may_go_and_nowhere_else(
    browser: Browser, town: Town, redis: Redis, settings: GatewaySettings, role: Role, groups: list[str]
) -> None:
    await sign_in_staff(browser, town, "omar")
    held = frozenset({role})
    session = await Sessions(redis, settings).begin("staff", person_id="omar", name="Omar", roles=held)
    browser.cookies.set(cookie_name(settings), session.token, domain="harbour.test")
    home = (await browser.get("/staff")).text
    ways = home.split('<div class="ways">')[1]
    assert re.findall(r'<h2 id="ways-\d">([^<]+)</h2>', ways) == groups
    everybody = {"staff", "anybody", role}
    found = re.findall(r'class="way" href="([^"]+)"', ways)
    assert "/record" in found
    assert [way for way in found if not everybody & TABLE[f"GET {way}"].who] == []


async def test_a_password_alone_opens_nothing(browser: Browser) -> None:
    answer = await browser.send_form("/staff/sign-in", email="ruth@example.org", password="lamp-on-the-quay")
    assert answer.headers["location"] == "/staff/code"
    assert (await browser.get("/staff")).headers["location"] == "/staff/sign-in?next=%2Fstaff"


async def test_a_code_without_a_password_is_not_even_looked_at(browser: Browser, town: Town) -> None:
    assert (await browser.get("/staff/code")).headers["location"] == "/staff/sign-in"
    shown = await browser.get("/staff/sign-in")
    token = shown.text.split('name="csrf" value="')[1].split('"')[0]
    answer = await browser.post("/staff/code", data={"csrf": token, "code": town.totp})
    assert answer.headers["location"] == "/staff/sign-in"
    assert not [wish for wish in town.asked if isinstance(wish, CheckCode)]


async def test_a_wrong_password_and_an_unknown_account_look_the_same(browser: Browser) -> None:
    wrong = await browser.send_form("/staff/sign-in", email="ruth@example.org", password="no")
    unknown = await browser.send_form("/staff/sign-in", email="rita@example.org", password="no")
    assert wrong.status_code == unknown.status_code == 422
    assert wrong.text.replace("ruth@", "rita@") == unknown.text
    assert "don’t go together" in wrong.text


async def test_a_password_is_never_put_back_into_the_page(browser: Browser) -> None:
    shown = await browser.send_form("/staff/sign-in", email="ruth@example.org", password="my-secret-guess")
    assert "my-secret-guess" not in shown.text


async def test_a_code_that_was_used_is_said_so(browser: Browser, town: Town) -> None:
    shown = await browser.send_form(
        "/staff/sign-in", follow=True, email="ruth@example.org", password="lamp-on-the-quay"
    )
    town.refuse_next = Refused(reason="used")
    assert "has been used" in (await browser.press(shown, code=town.totp)).text
    assert "isn’t the code" in (await browser.press(shown, code="000000")).text
    assert (await browser.press(shown, code=town.totp)).headers["location"] == "/staff"


async def test_somebody_who_guesses_elsewhere_keeps_no_officer_out(browser: Browser, app: FastAPI, town: Town) -> None:
    for _ in range(9):
        await browser.send_form("/staff/sign-in", email="omar@example.org", password="no")
    async with Browser(app, network="198.51.100.7") as at_home:
        assert (await sign_in_staff(at_home, town, "omar")).headers["location"] == "/staff"


async def test_guesses_from_many_networks_are_counted_together(browser: Browser, app: FastAPI) -> None:
    app.state.settings = app.state.settings.model_copy(update={"staff_tries_per_account_quarter_hour": 3})
    for last in range(3):
        async with Browser(app, network=f"198.51.100.{last}") as elsewhere:
            await elsewhere.send_form("/staff/sign-in", email="omar@example.org", password="no")
    assert (await browser.send_form("/staff/sign-in", email="omar@example.org", password="no")).status_code == 429


async def test_one_account_may_be_tried_only_so_often(browser: Browser, other_browser: Browser, town: Town) -> None:
    for _ in range(8):
        assert (await browser.send_form("/staff/sign-in", email="ruth@example.org", password="no")).status_code == 422
    stopped = await other_browser.send_form("/staff/sign-in", email="RUTH@example.org", password="lamp-on-the-quay")
    assert stopped.status_code == 429
    assert len([wish for wish in town.asked if isinstance(wish, CheckPassword)]) == 8


async def test_an_authenticator_may_be_tried_only_so_often(browser: Browser, town: Town) -> None:
    shown = await browser.send_form(
        "/staff/sign-in", follow=True, email="ruth@example.org", password="lamp-on-the-quay"
    )
    for _ in range(8):
        assert (await browser.press(shown, code="000000")).status_code == 422
    assert (await browser.press(shown, code=town.totp)).status_code == 429


async def test_one_network_may_try_only_so_often(browser: Browser, app: FastAPI) -> None:
    app.state.settings = app.state.settings.model_copy(update={"staff_tries_per_ip_quarter_hour": 2})
    for name in ("a", "b"):
        await browser.send_form("/staff/sign-in", email=f"{name}@example.org", password="no")
    assert (await browser.send_form("/staff/sign-in", email="c@example.org", password="no")).status_code == 429


async def test_staff_come_back_to_the_page_they_wanted(browser: Browser, town: Town) -> None:
    first = await browser.send_form(
        "/staff/sign-in?next=/console/tonight-1", follow=True, email="ruth@example.org", password="lamp-on-the-quay"
    )
    assert (await browser.press(first, code=town.totp)).headers["location"] == "/console/tonight-1"


async def test_a_young_person_is_no_member_of_staff(browser: Browser, town: Town) -> None:
    await sign_in_member(browser, town)
    assert (await browser.get("/staff")).headers["location"].startswith("/staff/sign-in")


async def test_a_member_of_staff_is_no_young_person(browser: Browser, town: Town) -> None:
    await sign_in_staff(browser, town)
    assert (await browser.get("/my")).headers["location"].startswith("/sign-in")


async def test_staff_whose_account_is_gone_are_signed_out(browser: Browser, town: Town) -> None:
    await sign_in_staff(browser, town)
    del town.staff["ruth"]
    assert (await browser.get("/staff")).headers["location"] == "/staff/sign-in"
    town.staff["ruth"] = town.staff["omar"]
    assert (await browser.get("/staff")).headers["location"] == "/staff/sign-in?next=%2Fstaff"


async def test_signing_out_leaves_nothing_of_what_was_typed_in_the_browser(browser: Browser, town: Town) -> None:
    await sign_in_staff(browser, town)
    gone = await browser.send_form("/staff")
    assert (gone.headers["location"], gone.headers["Clear-Site-Data"]) == ("/staff/sign-in?out", '"storage"')
