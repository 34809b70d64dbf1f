"""Every page: neutral outside, safe inside, kind when something is in the way."""

import asyncio
import html
import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI, Request
from redis.asyncio import Redis
from starlette.responses import Response

from harbour.contracts.enrolment import BADGES
from harbour.contracts.messages import Refused
from harbour.contracts.notify import Mailbox
from services.gateway.access import ANYBODY, TABLE, Row
from services.gateway.app import create_app
from services.gateway.cache import open_cache
from services.gateway.evenings import led, next_evening, tonight
from services.gateway.security import POLICY
from services.gateway.settings import GatewaySettings
from services.gateway.web.pages import clock, evening, present, templates
from tests.gateway.browsing import Browser
from tests.gateway.flows import answer_all, sign_in_member, sign_in_staff
from tests.gateway.wall import Town, course, letter

HOUSE = Path("services/gateway")
PUBLIC = ("/", "/help", "/about", "/privacy", "/style", "/mailbox", "/reading", "/join", "/sign-in", "/staff/sign-in")
OUTCOMES = ("/join/younger", "/join/older", "/join/already", "/join/waiting", "/sign-in/code")
WORDS_THAT_TELL = ("self-harm", "suicide", "recovery", "safeguard", "counsel", "support", "help", "group", "young")


async def every_page(browser: Browser, town: Town) -> dict[str, httpx.Response]:
    """Every page of these areas, each as somebody would come to it."""
    shown = {path: await browser.get(path) for path in (*PUBLIC, *OUTCOMES, "/nowhere")}
    check = await answer_all(browser)
    for path in ("/join", "/join/age", "/join/name", "/join/reach"):
        shown[f"{path}, filled"] = await browser.get(path)
    shown["/join/check"] = check
    shown["/join/age, wrong"] = await browser.send_form("/join/age", age="x")
    shown["form"] = await browser.post("/join/age", data={})
    await browser.press(check)
    shown["/my"] = await browser.get("/my?welcome")
    await browser.send_form("/my")
    await sign_in_staff(browser, town)
    shown["/staff"] = await browser.get("/staff")
    return shown


async def test_a_tab_says_harbour_and_nothing_else(browser: Browser, town: Town) -> None:
    for path, shown in (await every_page(browser, town)).items():
        assert re.findall(r"<title>(.*?)</title>", shown.text) == ["Harbour"], path
        for outside in re.findall(r'<meta name="(?:description|application-name|keywords)"', shown.text):
            assert not outside, path


async def test_addresses_and_cookies_give_nothing_away(browser: Browser, town: Town) -> None:
    for shown in (await every_page(browser, town)).values():
        told = [shown.url.host, *shown.headers.get("set-cookie", "").split("=")[:1]]
        assert not [word for word in WORDS_THAT_TELL for one in told if word in one]


async def test_every_page_carries_safe_headers(browser: Browser, town: Town) -> None:
    for path, shown in (await every_page(browser, town)).items():
        headers = shown.headers
        assert headers["content-security-policy"] == POLICY, path
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"
        assert "camera=()" in headers["permissions-policy"]
    assert "unsafe" not in POLICY
    assert "default-src 'none'" in POLICY


async def test_every_page_fetches_from_here_alone(browser: Browser, town: Town) -> None:
    for path, shown in (await every_page(browser, town)).items():
        fetched = re.findall(r'<(?:link|script|img|iframe|source|video|audio)[^>]*(?:href|src)="([^"]*)"', shown.text)
        assert fetched, path
        assert all(address.startswith("/static/") for address in fetched), path


async def test_help_and_exit_are_on_every_page_for_young_people(browser: Browser, town: Town) -> None:
    for path, shown in (await every_page(browser, town)).items():
        assert 'href="/help"' in shown.text, path
        if not path.startswith(("/staff", "/mailbox")):
            assert 'href="/exit" rel="noreferrer"' in shown.text, path


def _templates() -> list[Path]:
    return sorted((HOUSE / "templates").rglob("*.html"))


@pytest.mark.parametrize("template", _templates(), ids=lambda path: path.name)
def test_no_template_holds_a_script_or_a_style_of_its_own(template: Path) -> None:
    text = template.read_text()
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text)
    assert "<style" not in text
    assert "javascript:" not in text
    for script in re.findall(r"<script[^>]*>", text):
        assert " src=" in script or 'type="application/json"' in script
    assert "|safe" not in text.replace(" ", "")


@pytest.mark.parametrize("template", _templates(), ids=lambda path: path.name)
def test_every_form_that_sends_carries_its_token(template: Path) -> None:
    for form in re.findall(r'<form[^>]*method="post".*?</form>', template.read_text(), re.S):
        assert "csrf" in form


async def test_home_names_the_next_group_and_its_free_seats(browser: Browser, town: Town) -> None:
    shown = await browser.get("/")
    assert "8 of 8 seats free" in shown.text
    assert evening(town.courses[0].sessions[0].starts_at) in shown.text
    assert "Full just now" in shown.text


async def test_home_stands_without_anybody_behind_it(browser: Browser, town: Town) -> None:
    town.silent = {"enrolment"}
    shown = await browser.get("/")
    assert shown.status_code == 200
    assert "We can’t see the groups just now" in shown.text


@pytest.fixture
async def without_redis(town: Town, settings: GatewaySettings) -> Browser:
    """The gateway whose Redis cannot be reached, and a browser that was signed in."""
    nowhere = open_cache("redis://127.0.0.1:1/0")
    return Browser(create_app(ask=town, redis=nowhere, settings=settings), cookies={"harbour": "a-token"})


@pytest.mark.parametrize("path", ["/", "/help", "/about", "/privacy", "/style", "/join/younger", "/nowhere"])
async def test_public_pages_stand_without_redis(without_redis: Browser, path: str) -> None:
    async with without_redis as browser:
        shown = await browser.get(path)
    assert shown.status_code == (404 if path == "/nowhere" else 200)


@pytest.mark.parametrize("path", ["/my", "/staff", "/join", "/sign-in", "/staff/sign-in", "/reading"])
async def test_pages_that_need_redis_say_so_kindly(without_redis: Browser, path: str) -> None:
    async with without_redis as browser:
        shown = await browser.get(path)
    assert shown.status_code == 503
    assert "We can’t reach part of Harbour" in shown.text
    assert "Traceback" not in shown.text
    assert "0800 1111" in shown.text


async def test_help_needs_nothing_behind_it(without_redis: Browser, town: Town) -> None:
    town.silent = {"enrolment", "notify", "chat", "safeguard"}
    async with without_redis as browser:
        shown = html.unescape((await browser.get("/help")).text)
    for number in ("999", "0800 1111", "116 123", "SHOUT to 85258", "111, option 2", "0800 068 4141"):
        assert number in shown
    for link in ("tel:999", "tel:08001111", "tel:116123", "sms:85258", "tel:111", "tel:08000684141"):
        assert f'href="{link}' in shown


async def test_help_and_exit_do_not_wait_for_a_redis_that_hangs(town: Town, settings: GatewaySettings) -> None:
    done = asyncio.Event()

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await done.wait()
        writer.close()

    async with await asyncio.start_server(say_nothing, "127.0.0.1", 0) as silent:
        redis = open_cache(f"redis://127.0.0.1:{silent.sockets[0].getsockname()[1]}/0")
        app = create_app(ask=town, redis=redis, settings=settings)
        async with Browser(app, cookies={"harbour": "a-token"}) as browser:
            began = time.monotonic()
            assert (await browser.get("/help")).status_code == 200
            assert (await browser.get("/exit")).status_code == 303
            assert time.monotonic() - began < 2
        await redis.aclose()
        done.set()


async def test_exit_works_without_redis(without_redis: Browser) -> None:
    async with without_redis as browser:
        answer = await browser.get("/exit")
    assert answer.status_code == 303
    assert 'harbour=""' in answer.headers["set-cookie"]


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_exit_signs_out_and_leads_somewhere_neutral(browser: Browser, town: Town, method: str) -> None:
    await sign_in_member(browser, town)
    token = browser.cookies["harbour"]
    answer = await browser.request(method, "/exit")
    assert (answer.status_code, answer.headers["location"]) == (303, "https://www.bbc.co.uk/weather")
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "harbour" not in browser.cookies
    browser.cookies.set("harbour", token, domain="harbour.test")
    assert (await browser.get("/my")).headers["location"] == "/sign-in?next=%2Fmy"


async def test_the_way_out_can_be_set(town: Town, redis: Redis) -> None:
    settings = GatewaySettings(exit_url="https://example.org/recipes")
    async with Browser(create_app(ask=town, redis=redis, settings=settings)) as browser:
        assert (await browser.get("/exit")).headers["location"] == "https://example.org/recipes"
        assert 'data-leave="https://example.org/recipes"' in (await browser.get("/help")).text


async def test_a_page_nobody_has_is_a_kind_404(browser: Browser) -> None:
    shown = await browser.get("/nowhere/at/all")
    assert shown.status_code == 404
    assert "This page isn’t here" in shown.text


async def test_an_accident_shows_no_traceback(app: FastAPI, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TABLE, "GET /accident", Row(frozenset({ANYBODY})))

    @app.get("/accident")
    async def accident(request: Request) -> Response:
        raise RuntimeError("a secret in an accident")

    shown = await browser.get("/accident")
    assert shown.status_code == 500
    assert "Something broke on our side" in shown.text
    assert "a secret" not in shown.text
    assert shown.headers["content-security-policy"] == POLICY


async def test_a_number_that_is_none_is_a_kind_422(
    app: FastAPI, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(TABLE, "GET /numbered/{number}", Row(frozenset({ANYBODY})))

    @app.get("/numbered/{number}")
    async def numbered(number: int) -> Response:
        return Response(str(number))

    shown = await browser.get("/numbered/heron-secret")
    assert shown.status_code == 422
    assert "We couldn’t read that" in shown.text
    assert "heron-secret" not in shown.text.replace("/numbered/heron-secret", "")


async def test_a_form_that_is_far_too_large_is_turned_away(browser: Browser) -> None:
    await browser.get("/sign-in")
    answer = await browser.post("/sign-in", data={"address": "a" * 200_000})
    assert answer.status_code == 413


async def test_ways_to_read_can_be_combined_and_stay_over_sign_in_and_exit(browser: Browser, town: Town) -> None:
    assert "data-reading" not in (await browser.get("/help")).text
    await browser.send_form("/reading", reading=["still", "large", "large", "enormous"])
    assert 'data-reading="large still"' in (await browser.get("/help")).text
    await sign_in_member(browser, town)
    assert 'data-reading="large still"' in (await browser.get("/my")).text
    await browser.get("/exit")
    assert 'data-reading="large still"' in (await browser.get("/help")).text
    await browser.send_form("/reading")
    assert "data-reading" not in (await browser.get("/help")).text


async def test_from_easier_reading_the_way_back_leads_where_somebody_was(browser: Browser) -> None:
    assert 'href="/reading?next=/about"' in (await browser.get("/about")).text
    await browser.get("/reading?next=/about")
    answer = await browser.send_form("/reading", next="/about", reading="large")
    assert answer.headers["location"] == "/reading?next=%2Fabout&saved"
    elsewhere = await browser.send_form("/reading", next="//elsewhere.example", reading="large")
    assert elsewhere.headers["location"] == "/reading?next=%2F&saved"


async def test_the_mailbox_shows_what_was_sent_here(browser: Browser, town: Town) -> None:
    assert "Nothing has been sent yet" in (await browser.get("/mailbox")).text
    town.mailbox = Mailbox(items=(letter("Your Harbour code is 123456. <b>"),))
    shown = await browser.get("/mailbox")
    assert "Your Harbour code is 123456. &lt;b&gt;" in shown.text


async def test_where_real_mail_is_set_up_there_is_no_mailbox(browser: Browser, town: Town) -> None:
    town.mailbox = Refused(reason="no-mailbox")
    assert (await browser.get("/mailbox")).status_code == 404


async def test_static_files_are_kept_for_good_under_their_version(browser: Browser) -> None:
    address = re.search(r'href="(/static/style.css\?v=\w+)"', (await browser.get("/")).text)
    assert address
    lasting = await browser.get(address[1])
    assert lasting.headers["cache-control"] == "public, max-age=31536000, immutable"
    plain = await browser.get("/static/style.css")
    assert plain.headers["cache-control"] == "no-cache"
    again = await browser.get("/static/style.css", headers={"if-none-match": plain.headers["etag"]})
    assert again.status_code == 304
    assert (await browser.get("/static/nothing.css")).status_code == 404
    assert (await browser.get("/static/..%2fapp.py")).status_code == 404


async def test_the_first_page_is_light(browser: Browser) -> None:
    shown = await browser.get("/")
    files = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', shown.text))
    total = len(shown.content) + sum([len((await browser.get(one)).content) for one in files])
    assert total < 100_000


# ── my course ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("minutes", [-85, -1, 0, 20])
async def test_the_way_into_the_room_shows_on_the_day(browser: Browser, app: FastAPI, town: Town, minutes: int) -> None:
    course = town.courses[0]
    starts = course.sessions[0].starts_at.replace(hour=19)  # whatever the hour is now, its day is not over before
    tonight = course.sessions[0].model_copy(update={"starts_at": starts})
    town.courses[0] = course.model_copy(update={"sessions": (tonight, *course.sessions[1:])})
    await sign_in_member(browser, town)
    app.dependency_overrides[present] = lambda: starts - timedelta(minutes=minutes)
    assert 'href="/room/tonight-1"' in (await browser.get("/my")).text


async def test_on_another_day_my_course_says_when_the_next_evening_is(
    browser: Browser, app: FastAPI, town: Town
) -> None:
    starts = town.courses[0].sessions[0].starts_at
    await sign_in_member(browser, town)
    app.dependency_overrides[present] = lambda: starts + timedelta(days=2)
    shown = await browser.get("/my")
    assert "/room/" not in shown.text
    assert f"Next: {town.courses[0].sessions[1].topic}" in shown.text
    app.dependency_overrides[present] = lambda: starts + timedelta(weeks=20)
    assert "Your course has finished" in (await browser.get("/my")).text


async def test_somebody_enrolment_no_longer_knows_is_signed_out(browser: Browser, town: Town) -> None:
    await sign_in_member(browser, town)
    town.members.clear()
    assert (await browser.get("/my")).headers["location"] == "/"
    assert "harbour" not in browser.cookies


def test_times_are_those_in_london_on_both_sides_of_the_clock_change() -> None:
    assert evening(datetime(2026, 10, 20, 18, 0, tzinfo=UTC)) == "Tuesday 20 October at 7pm"
    assert evening(datetime(2026, 10, 27, 19, 0, tzinfo=UTC)) == "Tuesday 27 October at 7pm"
    assert clock(datetime(2026, 1, 5, 0, 30, tzinfo=UTC)) == "12.30am"


def test_tonight_is_the_evening_that_is_on_even_past_midnight() -> None:
    plans = course("c", datetime(2026, 11, 24, 23, 0, tzinfo=UTC)).sessions
    past_midnight = datetime(2026, 11, 25, 0, 15, tzinfo=UTC)
    assert tonight(plans, past_midnight) == plans[0]
    assert tonight(plans, past_midnight + timedelta(hours=1)) is None
    assert next_evening(plans, past_midnight + timedelta(hours=1)) == plans[1]
    assert next_evening(plans, past_midnight + timedelta(weeks=9)) is None


def test_staff_see_todays_evenings_apart_from_those_to_come() -> None:
    one, other = (
        course("a", datetime(2026, 11, 24, 19, 0, tzinfo=UTC)),
        course("b", datetime(2026, 11, 23, 19, 0, tzinfo=UTC)),
    )
    today, later = led([one, other], datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
    assert [entry.plan.session_id for entry in today] == ["a-1"]
    assert [entry.plan.session_id for entry in later][:2] == ["b-2", "a-2"]


def test_each_badge_has_a_shape_and_a_colour_and_a_name() -> None:
    parts = templates.env.get_template("parts.html").module
    drawn = {name: str(parts.badge(name)) for name in BADGES}  # type: ignore[attr-defined]
    style = (HOUSE / "static" / "style.css").read_text()
    for name, picture in drawn.items():
        shape, colour = name.split("-")
        assert f'aria-label="{colour} {shape}"' in picture
        assert f".badge-{colour} {{" in style
    shapes = {re.search(r'<g class="badge-shape">(.*?)</g>', picture, re.S)[1].strip() for picture in drawn.values()}  # type: ignore[index]
    assert len(shapes) == len(BADGES)
    assert "" not in shapes
