"""Who sees which field: every page with everybody, over answers in which every field is marked."""

from collections import defaultdict
from collections.abc import AsyncIterator

import httpx
import pytest
from redis.asyncio import Redis

from harbour.contracts.enrolment import Role
from services.gateway.access import FIELDS, MEMBER, TABLE, Row, names_of, read_fields
from services.gateway.app import create_app
from services.gateway.auth import Session, Sessions, Visitor, cookie_name
from services.gateway.settings import GatewaySettings
from tests.gateway.marked import ONESELF, answer_marked, marks_on

EVERYBODY = (MEMBER, *Role)
ALSO_PRESSED = ("/envelopes/{grant_id}/open",)
"""Forms whose answer is a page with more on it than their own."""


@pytest.fixture
async def client(redis: Redis, settings: GatewaySettings) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(ask=answer_marked, redis=redis, settings=settings)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False, client=("192.0.2.1", 4000))
    async with httpx.AsyncClient(transport=transport, base_url="http://harbour.test") as found:
        yield found


def somebody(name: str) -> Visitor:
    roles = frozenset({Role(name)}) if name in set(Role) else frozenset[Role]()
    return Visitor("staff" if roles else "member", ONESELF, name, roles, "", "")


async def signed_in(redis: Redis, settings: GatewaySettings, name: str) -> Session:
    who = somebody(name)
    session = await Sessions(redis, settings).begin(who.kind, person_id=ONESELF, name=name, roles=who.roles)
    await redis.set(f"gateway:reading:{session.token_hash}:{ONESELF}", ONESELF)  # the words of the alert are open
    return session


def theirs(row: Row, name: str) -> bool:
    """Whether a page is for somebody, and not for everybody."""
    return not row.is_open and bool(row.who & names_of(somebody(name)))


async def seen_by(client: httpx.AsyncClient, redis: Redis, settings: GatewaySettings, name: str) -> dict[str, set[str]]:
    """Every field somebody sees, and on which pages."""
    session, found = await signed_in(redis, settings, name), defaultdict[str, set[str]](set)
    headers = {"Cookie": f"{cookie_name(settings)}={session.token}"}
    for route, row in TABLE.items():
        method, _, path = route.partition(" ")
        if not theirs(row, name) or path.startswith("/live") or (method != "GET" and path not in ALSO_PRESSED):
            continue
        address = "/".join(ONESELF if part.startswith("{") else part for part in path.split("/"))
        form = {"csrf": session.csrf} if method == "POST" else None
        answer = await client.request(method, address, headers=headers, data=form)
        assert answer.status_code != 500, f"{name} cannot read {route}"
        for mark in marks_on(answer.text):
            found[mark].add(route)
    return found


async def test_nobody_sees_a_field_that_is_not_for_them_on_any_page(
    client: httpx.AsyncClient, redis: Redis, settings: GatewaySettings
) -> None:
    wrong, shown = [], set[str]()
    for name in EVERYBODY:
        for mark, routes in (await seen_by(client, redis, settings, name)).items():
            for field in FIELDS:
                if field.has(mark):
                    shown.add(field.what)
                    wrong += [] if field.is_for(somebody(name)) else [(field.what, name, mark, sorted(routes))]
    assert wrong == []
    assert {one.what for one in FIELDS} - shown == set(), "what stands on no page is not tried"


def test_a_slip_in_the_fields_is_found() -> None:
    with pytest.raises(ValueError, match="offcier"):
        read_fields('{groups: {}, fields: {"a text": {of: [A.text], who: [offcier]}}}')


async def test_a_field_on_a_page_of_somebody_it_is_not_for_would_be_found(
    client: httpx.AsyncClient, redis: Redis, settings: GatewaySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(TABLE, "GET /tasks/attendance", Row(frozenset({Role.OPERATOR})))
    found = await seen_by(client, redis, settings, Role.OPERATOR)
    assert any("nickname" in mark for mark in found)
