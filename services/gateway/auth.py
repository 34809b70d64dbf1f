"""Who is at the door: sign-in sessions, kept in Redis under the hash of a token that only the browser has."""

import asyncio
import hashlib
import json
import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlencode, urlsplit

from fastapi import Request
from redis.asyncio import Redis
from redis.exceptions import RedisError
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response

from harbour.contracts.enrolment import Role

if TYPE_CHECKING:
    from services.gateway.settings import GatewaySettings

Kind = Literal["guest", "member", "staff"]
TWICE_SECONDS = 60
GREET_SECONDS = 0.3
LEAVE_SECONDS = 1.0


@dataclass(frozen=True)
class Visitor:
    """Somebody who is signed in."""

    kind: Literal["member", "staff"]
    person_id: str
    name: str
    roles: frozenset[Role]
    csrf: str = field(repr=False)
    token_hash: str = field(repr=False)
    badge: str = ""

    def is_any(self, roles: frozenset[Role]) -> bool:
        """Whether this member of staff has one of these roles."""
        return bool(self.roles & roles)


@dataclass(frozen=True)
class Session:
    """One browser that the gateway knows: signed in, or a guest who has a form open."""

    kind: Kind
    csrf: str = field(repr=False)
    token: str = field(repr=False)
    person_id: str = ""
    name: str = ""
    roles: frozenset[Role] = frozenset()
    badge: str = ""

    @property
    def token_hash(self) -> str:
        """What Redis knows the session by."""
        return hashed(self.token)

    @property
    def visitor(self) -> Visitor | None:
        """The person, where somebody is signed in."""
        if self.kind == "guest":
            return None
        return Visitor(self.kind, self.person_id, self.name, self.roles, self.csrf, self.token_hash, self.badge)


class Elsewhere(Exception):
    """This person is led to another page of ours."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


class SignInFirst(Elsewhere):
    """This page is for people who are signed in; they are led to the right door and back."""

    def __init__(self, door: str, path: str) -> None:
        super().__init__(f"{door}?{urlencode({'next': path})}" if path else door)


class NotAllowed(Exception):
    """This page is not for this person; they are told kindly."""


class Sessions:
    """The book of who is signed in. A token is 256 random bits; only its SHA-256 is kept."""

    def __init__(self, redis: "Redis", settings: "GatewaySettings") -> None:
        self._redis = redis
        self._settings = settings

    async def begin(
        self,
        kind: Kind,
        *,
        person_id: str = "",
        name: str = "",
        roles: frozenset[Role] = frozenset(),
        badge: str = "",
    ) -> Session:
        """A fresh session with a fresh token."""
        session = Session(kind, secrets.token_urlsafe(32), secrets.token_urlsafe(32), person_id, name, roles, badge)
        idle, longest = self._limits(kind)
        record = {
            "kind": kind,
            "csrf": session.csrf,
            "person_id": person_id,
            "name": name,
            "roles": sorted(roles),
            "badge": badge,
            "until": time.time() + longest,
        }
        await self._redis.set(_key(session.token), json.dumps(record), ex=idle)
        return session

    async def read(self, token: str) -> Session | None:
        """The session of this token, kept alive by being read; None where it has ended."""
        known = await self._redis.get(_key(token))
        if known is None:
            return None
        record: dict[str, Any] = json.loads(known)
        left = record["until"] - time.time()
        if left <= 0:
            await self.end(token)
            return None
        idle, _ = self._limits(record["kind"])
        await self._redis.expire(_key(token), max(1, min(idle, int(left))))
        return _session(token, record)

    async def read_many(self, tokens: Sequence[str]) -> list[Session | None]:
        """The same for many at once, in two questions."""
        async with self._redis.pipeline(transaction=False) as pipe:
            for token in tokens:
                pipe.get(_key(token))
            known = await pipe.execute()
        now, found = time.time(), list[Session | None]()
        async with self._redis.pipeline(transaction=False) as pipe:
            for token, text in zip(tokens, known, strict=True):
                record: dict[str, Any] = json.loads(text) if text else {}
                left = record.get("until", 0) - now
                found.append(_session(token, record) if left > 0 else None)
                if left > 0:
                    pipe.expire(_key(token), max(1, min(self._limits(record["kind"])[0], int(left))))
            await pipe.execute()
        return found

    async def end(self, token: str, *, after: int = 0) -> None:
        """Forget this session, at once or after so many seconds."""
        if after:
            await self._redis.expire(_key(token), after)
        else:
            await self._redis.delete(_key(token))

    def _limits(self, kind: Kind) -> tuple[int, int]:
        """Seconds without a sign of life, and seconds in all."""
        settings = self._settings
        if kind == "guest":
            return settings.draft_minutes * 60, 24 * 3600
        if kind == "staff":
            return settings.staff_idle_minutes * 60, settings.staff_longest_hours * 3600
        return settings.member_idle_minutes * 60, settings.member_longest_hours * 3600


def _session(token: str, record: dict[str, Any]) -> Session:
    roles = frozenset(Role(role) for role in record["roles"])
    return Session(
        record["kind"], record["csrf"], token, record["person_id"], record["name"], roles, record["badge"]
    )  # fmt: skip


def hashed(secret: str) -> str:
    """SHA-256 in hex; for secrets of 256 random bits, which need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _key(token: str) -> str:
    return f"gateway:session:{hashed(token)}"


# ── the cookie ────────────────────────────────────────────────────────────────────────────────────────────────


def cookie_name(settings: "GatewaySettings") -> str:
    """`__Host-harbour` where there is TLS; browsers take that prefix only with Secure."""
    return "__Host-harbour" if settings.tls else "harbour"


def set_cookie(response: Response, session: Session, settings: "GatewaySettings") -> None:
    """Give the browser its token. The cookie ends with the browser; the server's own limits end it sooner."""
    response.set_cookie(
        cookie_name(settings), session.token, path="/", secure=settings.tls, httponly=True, samesite="lax"
    )


def drop_cookie(response: Response, settings: "GatewaySettings") -> None:
    """Take the token back from the browser."""
    response.delete_cookie(cookie_name(settings), path="/", secure=settings.tls, httponly=True, samesite="lax")


# ── who is it? ────────────────────────────────────────────────────────────────────────────────────────────────


async def session_of(conn: HTTPConnection) -> Session | None:
    """The session this request or WebSocket came with, read once and remembered."""
    if not hasattr(conn.state, "session"):
        conn.state.session = await _read(conn)
    session: Session | None = conn.state.session
    return session


async def visitor(conn: HTTPConnection) -> Visitor | None:
    """Who is signed in here, for a request or a WebSocket; None for a stranger."""
    session = await session_of(conn)
    return session.visitor if session else None


def token_of(conn: HTTPConnection) -> str:
    """The token this browser came with; empty where it has none."""
    settings: GatewaySettings = conn.app.state.settings
    return conn.cookies.get(cookie_name(settings), "")


async def _read(conn: HTTPConnection) -> Session | None:
    token = token_of(conn)
    return await Sessions(conn.app.state.redis, conn.app.state.settings).read(token) if token else None


async def member(request: Request) -> Visitor:
    """A dependency, `Depends(member)`: the young person who is signed in, or first the way to sign in."""
    person = await visitor(request)
    if person is None or person.kind != "member":
        raise SignInFirst("/sign-in", here(request))
    return person


def staff() -> Callable[[Request], Awaitable[Visitor]]:
    """A dependency, `Depends(staff())`: the member of staff who is signed in. Which roles may come in says the table
    in `access.yaml`, and nothing else does."""

    async def dependency(request: Request) -> Visitor:
        person = await visitor(request)
        if person is None or person.kind != "staff":
            raise SignInFirst("/staff/sign-in", here(request))
        return person

    return dependency


async def guest(request: Request) -> Session:
    """A dependency for a page with a form: this browser's session, a new one where it has none."""
    session = await session_of(request)
    if session is None:
        session = await Sessions(request.app.state.redis, request.app.state.settings).begin("guest")
        request.state.session = session
        request.state.new_session = True
    return session


async def greet(request: Request) -> None:
    """A dependency for a page that must show whatever is down: notes who is here, if that can be known."""
    try:
        async with asyncio.timeout(GREET_SECONDS):
            await session_of(request)
    except (RedisError, TimeoutError):
        request.state.session = None


async def newcomer(request: Request) -> Session:
    """A dependency for sign-up and sign-in: this browser's session; a young person who is in already goes to theirs."""
    session = await guest(request)
    if session.kind == "member":
        raise Elsewhere("/my")
    return session


async def sign_in(
    request: Request,
    kind: Literal["member", "staff"],
    *,
    person_id: str,
    name: str,
    roles: frozenset[Role] = frozenset(),
    badge: str = "",
    to: str,
) -> Response:
    """Sign this browser in under a fresh token; a guest's old one lasts a minute more, for a button pressed twice."""
    settings: GatewaySettings = request.app.state.settings
    sessions = Sessions(request.app.state.redis, settings)
    fresh = await sessions.begin(kind, person_id=person_id, name=name, roles=roles, badge=badge)
    if (old := await session_of(request)) is not None:
        await sessions.end(old.token, after=TWICE_SECONDS if old.kind == "guest" else 0)
    response = RedirectResponse(to, status_code=303)
    set_cookie(response, fresh, settings)
    return response


async def sign_out(request: Request, response: Response) -> None:
    """Forget this browser here and take its cookie back, even while Redis cannot be reached."""
    settings: GatewaySettings = request.app.state.settings
    drop_cookie(response, settings)
    if token := request.cookies.get(cookie_name(settings)):
        with suppress(RedisError, TimeoutError):
            async with asyncio.timeout(LEAVE_SECONDS):
                await Sessions(request.app.state.redis, settings).end(token)


def here(request: Request) -> str:
    """Where to come back to: this page, where it was to be read."""
    if request.method != "GET":
        return ""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def local_path(path: str | None, otherwise: str) -> str:
    """This path if it leads nowhere but into Harbour, else the other."""
    if not path or not path.startswith("/") or path.startswith(("//", "/\\")):
        return otherwise
    if any(ord(letter) < 33 or letter == "\\" for letter in path):
        return otherwise
    parts = urlsplit(path)
    return otherwise if parts.scheme or parts.netloc else path
