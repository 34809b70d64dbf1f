"""Who may use which route: every route with everybody, through the gateway as it stands."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from redis.asyncio import Redis

from harbour.contracts.enrolment import Role
from harbour.contracts.messages import Wish
from harbour.runtime.asking import Unavailable
from services.gateway.access import ANYBODY, GUEST, MEMBER, STAFF, TABLE, Row, may, names_of, read_table
from services.gateway.app import build, create_app
from services.gateway.auth import Session, Sessions, Visitor, cookie_name
from services.gateway.frames import Close
from services.gateway.settings import GatewaySettings
from services.gateway.socket import line_for, seat_for

EVERYBODY = (GUEST, MEMBER, *Role)


LEAVES = ("/exit", "/sign-out")
"""Routes that end somebody's sign-in."""


class Nobody:
    """Answers nothing, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Wish[Any]] = []

    async def __call__(self, wish: Wish[Any]) -> Any:
        self.asked.append(wish)
        raise Unavailable(wish.ask)


@pytest.fixture
def nobody() -> Nobody:
    return Nobody()


@pytest.fixture
def app(nobody: Nobody, redis: Redis, settings: GatewaySettings) -> FastAPI:
    return create_app(ask=nobody, redis=redis, settings=settings)


@pytest.fixture
async def sessions(redis: Redis, settings: GatewaySettings) -> dict[str, Session]:
    """Everybody, signed in; a guest has a form open."""
    book = Sessions(redis, settings)
    found = {GUEST: await book.begin("guest"), MEMBER: await book.begin("member", person_id="m1", name="Wren")}
    for role in Role:
        found[role] = await book.begin("staff", person_id=f"the-{role}", name=role.title(), roles=frozenset({role}))
    return found


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False, client=("192.0.2.1", 4000))
    async with httpx.AsyncClient(transport=transport, base_url="http://harbour.test") as found:
        yield found


def routes(app: FastAPI) -> Iterator[str]:
    """Every route there is, as the table names it."""
    for route in iter_route_contexts(app.routes):
        assert route.path is not None
        methods = route.methods or ({"GET"} if route.path == "/static" else {"WS"})
        yield from (f"{method} {route.path}" for method in set(methods) - {"HEAD"})


def test_every_route_has_its_row_and_every_row_its_route() -> None:
    there = set(routes(build().asgi()))
    assert there - TABLE.keys() == set(), "write who may use them into services/gateway/access.yaml"
    assert TABLE.keys() - there == set(), "no route has these rows"


def somebody(name: str) -> Visitor | None:
    """A person by the name the table has for them."""
    if name == GUEST:
        return None
    roles = frozenset({Role(name)}) if name in set(Role) else frozenset()
    return Visitor("staff" if roles else "member", "p", name, roles, "", "")


async def test_every_route_lets_in_whom_its_row_names_and_nobody_else(
    client: httpx.AsyncClient,
    sessions: dict[str, Session],
    nobody: Nobody,
    redis: Redis,
    settings: GatewaySettings,
) -> None:
    wrong = []
    for route, row in TABLE.items():
        method, _, path = route.partition(" ")
        if method == "WS" or path.endswith("/events") or path.startswith(("/health", "/metrics")):
            continue  # sockets and streams have no end: they are tried below; health is no page of the gateway
        for name in (GUEST, MEMBER, Role.OFFICER) if row.is_open else EVERYBODY:
            nobody.asked.clear()
            session = await again(redis, settings, sessions[name]) if path in LEAVES else sessions[name]
            answer = await knock(client, method, address(path, name), session, settings)
            let = row.lets(somebody(name))
            if let == turned_away(answer, row) or (not let and nobody.asked):
                wrong.append((route, name, let, answer.status_code, answer.headers.get("location"), nobody.asked))
            for where in () if let else led(row, name):
                assert answer.headers["location"] == where.format(session_id="x1")
    assert not wrong


async def again(redis: Redis, settings: GatewaySettings, one: Session) -> Session:
    """The same person, signed in once more."""
    return await Sessions(redis, settings).begin(one.kind, person_id=one.person_id, name=one.name, roles=one.roles)


def led(row: Row, name: str) -> list[str]:
    """Where somebody is led from here."""
    return [row.led[one] for one in names_of(somebody(name)) if one in row.led]


def address(path: str, name: str) -> str:
    """An address of this route, for somebody by this name: of two lists of tasks, theirs."""
    stands_for = {"{which}": "groups" if name == Role.COORDINATOR else "desk"}
    parts = [stands_for.get(part, "x1" if part.startswith("{") else part) for part in path.split("/")]
    return "/".join(parts) + ("/site.css" if path == "/static" else "")


async def knock(
    client: httpx.AsyncClient, method: str, path: str, session: Session, settings: GatewaySettings
) -> httpx.Response:
    """What somebody is answered at this address; a form comes with its token, a frame from our own page."""
    headers = {"Cookie": f"{cookie_name(settings)}={session.token}", "Origin": "http://harbour.test"}
    form = {"csrf": session.csrf} if method == "POST" and not path.startswith("/live/") else None
    return await client.request(method, path, headers=headers, data=form)


def turned_away(answer: httpx.Response, row: Row) -> bool:
    """Whether somebody was not let in: told so, or led to another door."""
    if answer.status_code == 303 and row.is_open:
        return False  # a page that everybody may use, and that leads on
    if answer.status_code == 303:
        return answer.headers["location"].startswith(("/sign-in?", "/staff/sign-in?", "/console/", "/room/")) or (
            answer.headers["location"] in {"/sign-in", "/staff/sign-in"}
        )
    if answer.request.url.path.startswith("/live/"):
        return answer.status_code in {401, 403}
    return answer.status_code == 403


@pytest.mark.parametrize("name", EVERYBODY)
def test_the_live_lines_are_closed_to_those_who_may_not_use_them(name: str) -> None:
    person = somebody(name)
    if person is None:
        return  # nobody who is not signed in comes as far
    assert (line_for(person).code is None) == may(person, "WS /live/queue")
    seat = seat_for(person, "s1", "0")
    assert (seat.code is None) == may(person, "WS /live/{session_id}")
    assert seat.code in {None, Close.NOT_YOURS}


async def test_a_route_without_a_row_lets_nobody_in(
    app: FastAPI, client: httpx.AsyncClient, sessions: dict[str, Session], settings: GatewaySettings
) -> None:
    @app.get("/forgotten")
    async def forgotten() -> str:
        return "what nobody thought of"

    for session in sessions.values():
        answer = await knock(client, "GET", "/forgotten", session, settings)
        assert answer.status_code == 403
        assert "nobody thought of" not in answer.text


def test_a_slip_in_the_table_lets_nobody_in() -> None:
    with pytest.raises(ValueError, match="offcier"):
        read_table('{groups: {}, routes: {"GET /queue": [offcier]}}')


def test_a_group_stands_for_its_roles() -> None:
    table = read_table('{groups: {desk: [officer, lead]}, routes: {"GET /queue": [desk, coordinator]}}')
    assert table["GET /queue"].who == {"officer", "lead", "coordinator"}


def test_what_the_table_must_never_say() -> None:
    """Whoever changes the table changes this too, and has a second person read it."""
    allowed = {route: row.who for route, row in TABLE.items()}
    own = {route for route in allowed if "/my" in route.split(" ")[1][:3]}
    assert all(allowed[route] == {MEMBER} for route in own), "a young person's own pages are theirs alone"
    desk = {"officer", "lead"}
    words = {route for route in allowed if "/queue" in route}
    assert all(allowed[route] <= desk for route in words), "what brought somebody up is the desk's alone"
    for role in ("supervisor", "coordinator", "operator"):
        assert not may(somebody(role), "WS /live/{session_id}"), "who leads no room reads none"
    assert all(ANYBODY not in who or who == {ANYBODY} for who in allowed.values())
    everybody = {"GET /staff", "GET /record", "POST /record/verify"}
    assert all(STAFF not in who or route in everybody for route, who in allowed.items())
