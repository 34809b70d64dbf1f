"""How a page is made: one template, who is here, the token its forms carry; and how a form is checked."""

import hashlib
import re
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import jinja2
from fastapi import Request
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.templating import Jinja2Templates

from harbour.contracts.enrolment import BADGES, FACILITATES, SAFEGUARDS, SUPERVISES, Role
from services.gateway.access import may
from services.gateway.auth import Session, session_of, set_cookie
from services.gateway.case_words import CASE_WORDS
from services.gateway.deeds import DEEDS
from services.gateway.evenings import LONDON
from services.gateway.outcomes import OUTCOMES

FOLLOWS_UP = SAFEGUARDS | {Role.COORDINATOR}
"""Whoever has tasks after an evening: those of the desk, or those of a coordinator."""
WAYS_TO_READ = ("large", "spaced", "plain", "still")
"""How pages can read; each stands by itself, and they can be combined. The style knows them by `data-reading`."""
HERE = Path(__file__).parent.parent
STATIC = HERE / "static"
_IMPORT = re.compile(r'^(?:import|export)\b[^"]*?"\./([\w-]+\.js)"', re.MULTILINE)


class FormRefused(Exception):
    """A form without the token that our own pages carry: an old page, or somebody else's."""


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "evening": evening,
        "clock": clock,
        "day": day,
        "date": date,
        "iso": iso,
        "role": role_name,
        "span": span,
    }
    environment.globals |= {
        "script": script,
        "imports": imports,
        "asset": asset,
        "BADGES": BADGES,
        "FACILITATES": FACILITATES,
        "SAFEGUARDS": SAFEGUARDS,
        "SUPERVISES": SUPERVISES,
        "FOLLOWS_UP": FOLLOWS_UP,
        "OUTCOMES": OUTCOMES,
        "DEEDS": DEEDS,
        **CASE_WORDS,
    }
    return environment


def page(request: Request, template: str, *, status_code: int = 200, **context: Any) -> Response:
    """This template as a page for whoever is here. A guest who is new gets their cookie with it."""
    session: Session | None = getattr(request.state, "session", None)
    visitor = session.visitor if session else None
    known = {
        "visitor": visitor,
        "may": lambda route: may(visitor, route),
        "csrf": session.csrf if session else "",
        "settings": request.app.state.settings,
        "path": request.url.path,
        "reading": " ".join(ways_to_read(request.cookies.get("reading", "").split("."))),
    }
    response = templates.TemplateResponse(request, template, {**known, **context}, status_code=status_code)
    if session and getattr(request.state, "new_session", False):
        set_cookie(response, session, request.app.state.settings)
    return response


def ways_to_read(named: Iterable[object]) -> list[str]:
    """Those of our ways to read that are named, each once and in our order."""
    named = set(named)
    return [way for way in WAYS_TO_READ if way in named]


def go(path: str) -> RedirectResponse:
    """On to this page, by GET."""
    return RedirectResponse(path, status_code=303)


def with_next(path: str, to: str) -> str:
    """This page, which leads on to another afterwards."""
    return f"{path}?{urlencode({'next': to})}" if to else path


async def checked_form(request: Request) -> FormData:
    """The form that was sent, once its token is found to be this browser's. Raises FormRefused, a kind page."""
    session = await session_of(request)
    form = await request.form()
    given = form.get("csrf")
    if (
        session is None
        or not isinstance(given, str)
        or not secrets.compare_digest(given.encode(), session.csrf.encode())
    ):
        raise FormRefused
    return form


def field(form: FormData, name: str, *, longest: int = 300) -> str:
    """One answer of a form as text, without the space around it; empty where it is missing or a file."""
    value = form.get(name, "")
    return value.strip()[:longest] if isinstance(value, str) else ""


def present() -> datetime:
    """The time now, as a dependency, so that a test may set it."""
    return datetime.now(UTC)


# ── words for times and roles ─────────────────────────────────────────────────────────────────────────────────


def span(seconds: float | None) -> str:
    """A span of time as people say it: `4 min 10 s`."""
    if seconds is None:
        return "–"
    minutes, left = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours >= 48:
        return f"{hours // 24} days {hours % 24} h"
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {left} s" if minutes else f"{left} s"


def day(at: datetime) -> str:
    """The day in London, e.g. `Tuesday 24 November`."""
    local = at.astimezone(LONDON)
    return f"{local:%A} {local.day} {local:%B}"


def date(at: datetime) -> str:
    """The day in London with its year, e.g. `3 March 2028`."""
    local = at.astimezone(LONDON)
    return f"{local.day} {local:%B %Y}"


def clock(at: datetime) -> str:
    """The time in London as people say it, e.g. `7pm` or `7.30pm`."""
    local = at.astimezone(LONDON)
    hour = local.hour % 12 or 12
    minutes = f".{local.minute:02}" if local.minute else ""
    return f"{hour}{minutes}{'am' if local.hour < 12 else 'pm'}"


def evening(at: datetime) -> str:
    """Day and time in London, e.g. `Tuesday 24 November at 7pm`."""
    return f"{day(at)} at {clock(at)}"


def iso(at: datetime) -> str:
    """For a `datetime` attribute."""
    return at.isoformat(timespec="seconds")


def role_name(role: Role) -> str:
    """What a role is called."""
    return {Role.OFFICER: "Safeguarding officer", Role.LEAD: "Safeguarding lead"}.get(
        role, role.replace("_", " ").capitalize()
    )


# ── files that do not change while they are called the same ───────────────────────────────────────────────────


@cache
def asset_version(name: str) -> str:
    """A few letters of the hash of a file in static/."""
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def asset(name: str) -> str:
    """The address of a file in static/, which changes with its content, so that browsers may keep it for good."""
    return f"/static/{name}?v={asset_version(name)}"


@cache
def scripts_version() -> str:
    """A few letters of the hash of all our scripts, which name one another."""
    digest = hashlib.sha256()
    for file in sorted(STATIC.glob("*.js")):
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:12]


def script(name: str) -> str:
    """The address of a script, in a folder that changes with all of them: what it imports is beside it there."""
    return f"/static/~{scripts_version()}/{name}"


@cache
def imports(name: str) -> tuple[str, ...]:
    """The addresses of every script that this one imports, and those import in turn, so that a page may ask for all at
    once; one after the other they would take a slow line a round each."""
    found, waiting = list[str](), [name]
    while waiting:
        for other in _IMPORT.findall((STATIC / waiting.pop(0)).read_text("utf-8")):
            if other not in found:
                found.append(other)
                waiting.append(other)
    return tuple(script(other) for other in found)


templates = Jinja2Templates(env=_environment())
