"""Sessions: a token only the browser has, fresh at each sign-in, gone in time."""

import json
import time
from typing import Annotated

import pytest
from fastapi import Depends, FastAPI, Request
from redis.asyncio import Redis
from starlette.responses import PlainTextResponse, Response

from harbour.contracts.enrolment import Role
from services.gateway.access import MEMBER, TABLE, Row
from services.gateway.app import create_app
from services.gateway.auth import Sessions, Visitor, hashed, local_path, member, staff
from services.gateway.security import same_origin
from services.gateway.settings import GatewaySettings
from tests.gateway.browsing import Browser
from tests.gateway.flows import answer_all, sign_in_member, sign_in_staff
from tests.gateway.wall import Town


async def test_signing_in_gives_a_fresh_token(browser: Browser, town: Town) -> None:
    await browser.get("/sign-in")
    before = browser.cookies["harbour"]
    await sign_in_member(browser, town)
    assert browser.cookies["harbour"] != before


async def test_only_the_hash_of_a_token_is_kept(browser: Browser, town: Town, redis: Redis) -> None:
    await sign_in_member(browser, town)
    token = browser.cookies["harbour"]
    keys = [key async for key in redis.scan_iter("*")]
    assert f"gateway:session:{hashed(token)}" in keys
    assert token not in str([(key, await redis.get(key)) for key in keys])


async def test_the_cookie_is_for_this_host_and_not_for_scripts(browser: Browser, town: Town) -> None:
    answer = await sign_in_member(browser, town)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("harbour=")
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert "Max-Age" not in cookie


async def test_with_tls_the_cookie_is_secure_and_bound_to_the_host(town: Town, redis: Redis) -> None:
    app = create_app(ask=town, redis=redis, settings=GatewaySettings(tls=True, sign_in_floor_ms=0))
    async with Browser(app) as browser:
        shown = await browser.get("https://harbour.test/sign-in")
    assert shown.headers["set-cookie"].startswith("__Host-harbour=")
    assert "Secure" in shown.headers["set-cookie"]
    assert "max-age=" in shown.headers["strict-transport-security"]


async def test_signing_out_ends_the_session_on_the_server(browser: Browser, town: Town) -> None:
    await sign_in_member(browser, town)
    token = browser.cookies["harbour"]
    answer = await browser.send_form("/my")
    assert answer.headers["location"] == "/?out"
    browser.cookies.set("harbour", token, domain="harbour.test")
    assert (await browser.get("/my")).headers["location"] == "/sign-in?next=%2Fmy"


async def test_signing_in_ends_the_session_before(browser: Browser, town: Town, redis: Redis) -> None:
    await sign_in_member(browser, town)
    token = browser.cookies["harbour"]
    await sign_in_staff(browser, town)
    assert await redis.get(f"gateway:session:{hashed(token)}") is None


@pytest.mark.parametrize(("kind", "idle", "longest"), [("member", 240, 24), ("staff", 60, 10)])
async def test_a_session_ends_after_a_while_without_a_sign(
    redis: Redis, settings: GatewaySettings, kind: str, idle: int, longest: int
) -> None:
    sessions = Sessions(redis, settings)
    session = await sessions.begin("staff" if kind == "staff" else "member", person_id="p")
    key = f"gateway:session:{session.token_hash}"
    await redis.expire(key, 30)
    assert await sessions.read(session.token)
    assert idle * 60 - 5 <= await redis.ttl(key) <= idle * 60
    assert (settings.staff_longest_hours if kind == "staff" else settings.member_longest_hours) == longest


async def test_a_session_ends_after_its_longest_time_whatever_happens(
    redis: Redis, settings: GatewaySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions = Sessions(redis, settings)
    session = await sessions.begin("staff", person_id="p")
    begun = time.time()
    monkeypatch.setattr("services.gateway.auth.time.time", lambda: begun + 10 * 3600 - 60)
    assert await sessions.read(session.token)
    assert await redis.ttl(f"gateway:session:{session.token_hash}") <= 60
    monkeypatch.setattr("services.gateway.auth.time.time", lambda: begun + 10 * 3600 + 1)
    assert await sessions.read(session.token) is None
    assert await redis.get(f"gateway:session:{session.token_hash}") is None


async def test_a_page_for_some_roles_is_not_for_the_others(
    app: FastAPI, browser: Browser, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(TABLE, "GET /officers", Row(frozenset({Role.OFFICER, Role.LEAD})))
    monkeypatch.setitem(TABLE, "GET /members", Row(frozenset({MEMBER})))

    @app.get("/officers")
    async def officers(person: Annotated[Visitor, Depends(staff())]) -> Response:
        return PlainTextResponse(person.name)

    @app.get("/members")
    async def members(person: Annotated[Visitor, Depends(member)]) -> Response:
        return PlainTextResponse(f"{person.name} {person.badge} {person.person_id}")

    assert (await browser.get("/officers")).headers["location"] == "/staff/sign-in?next=%2Fofficers"
    await sign_in_staff(browser, town, "ruth")
    refused = await browser.get("/officers")
    assert refused.status_code == 403
    assert "isn’t yours to open" in refused.text
    await browser.send_form("/staff")
    await sign_in_staff(browser, town, "omar")
    assert (await browser.get("/officers")).text == "Omar"
    await browser.send_form("/staff")
    await sign_in_member(browser, town)
    assert (await browser.get("/members")).text == "Wren leaf-teal m1"


async def test_many_sessions_are_read_at_once_and_kept_alive_by_it(redis: Redis, settings: GatewaySettings) -> None:
    sessions = Sessions(redis, settings)
    wren, heron = [await sessions.begin("member", person_id=who, name=who.title()) for who in ("wren", "heron")]
    key = f"gateway:session:{wren.token_hash}"
    await redis.expire(key, 5)
    await sessions.end(heron.token)
    assert await sessions.read_many([wren.token, heron.token, "unknown"]) == [wren, None, None]
    assert await redis.ttl(key) > 60


async def test_a_session_past_its_longest_time_is_not_read(redis: Redis, settings: GatewaySettings) -> None:
    sessions = Sessions(redis, settings)
    wren = await sessions.begin("member", person_id="wren", name="Wren")
    key = f"gateway:session:{wren.token_hash}"
    record = json.loads(str(await redis.get(key)))
    await redis.set(key, json.dumps({**record, "until": time.time() - 1}))
    assert await sessions.read_many([wren.token]) == [None]


async def test_a_visitor_never_shows_their_tokens_when_printed(redis: Redis, settings: GatewaySettings) -> None:
    session = await Sessions(redis, settings).begin("member", person_id="p", name="Wren")
    for shown in (repr(session), repr(session.visitor)):
        assert session.token not in shown
        assert session.csrf not in shown


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/join", {"course": "tonight"}),
        ("/join/age", {"age": "15"}),
        ("/join/name", {"nickname": "Heron"}),
        ("/join/reach", {"email": "heron@example.org"}),
        ("/join/check", {}),
        ("/sign-in", {"address": "wren@example.org"}),
        ("/sign-in/code", {"code": "123456"}),
        ("/staff/sign-in", {"email": "ruth@example.org", "password": "lamp-on-the-quay"}),
        ("/staff/code", {"code": "246810"}),
        ("/reading", {"reading": "easy"}),
        ("/sign-out", {}),
    ],
)
@pytest.mark.parametrize("token", [None, "", "somebody-elses", "é"])
async def test_a_form_without_its_token_does_nothing(
    browser: Browser, town: Town, path: str, body: dict[str, str], token: str | None
) -> None:
    await answer_all(browser)
    town.asked.clear()
    sent = body if token is None else {**body, "csrf": token}
    answer = await browser.post(path, data=sent)
    assert answer.status_code == 403
    assert "Let’s try that once more" in answer.text
    assert {wish.ask for wish in town.asked} <= {"enrolment.list-courses", "notify.list-channels"}


async def test_a_token_of_another_browser_is_refused(browser: Browser, other_browser: Browser) -> None:
    theirs = (await other_browser.get("/sign-in")).text.split('name="csrf" value="')[1].split('"')[0]
    await browser.get("/sign-in")
    assert (await browser.post("/sign-in", data={"csrf": theirs, "address": "a@example.org"})).status_code == 403


@pytest.mark.parametrize(
    ("origin", "ours"),
    [
        ("http://harbour.test", True),
        ("https://harbour.test", True),
        ("http://HARBOUR.test", True),
        ("https://people.example.org", True),
        ("http://harbour.test:81", False),
        ("http://harbour.test.example.org", False),
        ("https://example.org", False),
        ("null", False),
        ("", False),
        ("file://harbour.test", False),
    ],
)
def test_a_live_connection_comes_from_our_own_pages(origin: str, ours: bool) -> None:
    headers = [(b"host", b"harbour.test"), *([(b"origin", origin.encode())] if origin else [])]
    request = Request({"type": "http", "headers": headers})
    assert same_origin(request, GatewaySettings(public_url="https://people.example.org/")) is ours


def test_with_tls_a_page_that_came_without_it_is_not_ours() -> None:
    headers = [(b"host", b"harbour.test"), (b"origin", b"http://harbour.test")]
    assert not same_origin(Request({"type": "http", "headers": headers}), GatewaySettings(tls=True))


def test_a_way_back_is_a_path_of_ours() -> None:
    assert local_path("/room/a?x=1", "/my") == "/room/a?x=1"
    for elsewhere in (None, "", "room", "//a", "/\\a", "https://a", "/a b", "/a\\b", "/a\r\nb"):
        assert local_path(elsewhere, "/my") == "/my"
