"""Sign-in for staff, by password and then authenticator; and their home page."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from harbour.contracts.chat import EveningView
from harbour.contracts.enrolment import FACILITATES, SUPERVISES, CheckCode, CheckPassword, ReadStaff
from harbour.contracts.messages import Refused
from harbour.runtime.asking import Unavailable
from services.gateway.answers import read_code
from services.gateway.auth import Elsewhere, Session, Visitor, guest, local_path, sign_in, sign_out, staff
from services.gateway.evenings import led
from services.gateway.limits import Limits
from services.gateway.security import network
from services.gateway.web.debrief import owed_to
from services.gateway.web.pages import checked_form, field, go, page, present, with_next
from services.gateway.web.rota import unwatched_for
from services.gateway.web.take_over import evenings_of_others

router = APIRouter(prefix="/staff", default_response_class=Response)
HALFWAY_SECONDS = 300
QUARTER_HOUR = 900

WRONG_PAIR = "That email and password don’t go together."
WRONG_CODE = "That isn’t the code on your authenticator now. Codes change every 30 seconds."
USED_CODE = "That code has been used. Wait for the next one on your authenticator."


async def at_the_door(request: Request) -> Session:
    """A dependency: this browser's session; staff who are signed in go to their home page."""
    session = await guest(request)
    if session.kind == "staff":
        raise Elsewhere("/staff")
    return session


AtTheDoor = Annotated[Session, Depends(at_the_door)]


def _halfway(session: Session) -> str:
    """Where it is noted whose password was right, until the authenticator says so too."""
    return f"gateway:halfway:{session.token_hash}"


@router.get("/sign-in")
async def who(request: Request, session: AtTheDoor) -> Response:
    """Email and password."""
    to = local_path(request.query_params.get("next"), "")
    return page(request, "staff/sign_in.html", next=to, typed="", mistakes={})


@router.post("/sign-in")
async def check_password(request: Request, session: AtTheDoor) -> Response:
    """On to the authenticator, where the password is right."""
    form = await checked_form(request)
    email, to = field(form, "email", longest=254), local_path(field(form, "next"), "")
    password = form.get("password", "")
    await within_limits(request, email)
    typed = password[:256] if isinstance(password, str) else ""
    answer = await request.app.state.ask(CheckPassword(email=email, password=typed))
    if isinstance(answer, Refused):
        mistakes = {"email": WRONG_PAIR}
        return page(request, "staff/sign_in.html", status_code=422, next=to, typed=email, mistakes=mistakes)
    await Limits(request.app.state.redis).forgive("password-here", f"{email.lower()} {network(request)}")
    await request.app.state.redis.set(_halfway(session), answer.staff_id, ex=HALFWAY_SECONDS)
    return go(with_next("/staff/code", to))


async def within_limits(request: Request, email: str) -> None:
    """Count this try by network, by account and by both. Raises TooMany."""
    limits, settings, account = Limits(request.app.state.redis), request.app.state.settings, email.lower()
    for what, who, at_most in (
        ("password-from", network(request), settings.staff_tries_per_ip_quarter_hour),
        ("password-here", f"{account} {network(request)}", settings.staff_tries_per_quarter_hour),
        ("password", account, settings.staff_tries_per_account_quarter_hour),
    ):
        await limits.count(what, who, at_most=at_most, seconds=QUARTER_HOUR)


@router.get("/code")
async def which_code(request: Request, session: AtTheDoor) -> Response:
    """The code on the authenticator."""
    to = local_path(request.query_params.get("next"), "")
    if not await request.app.state.redis.get(_halfway(session)):
        return go(with_next("/staff/sign-in", to))
    return page(request, "staff/code.html", next=to, mistakes={})


@router.post("/code")
async def check_code(request: Request, session: AtTheDoor) -> Response:
    """Sign in, where the code is right."""
    form, redis = await checked_form(request), request.app.state.redis
    to = local_path(field(form, "next"), "")
    staff_id = await redis.get(_halfway(session))
    if not staff_id:
        return go(with_next("/staff/sign-in", to))
    per_account = request.app.state.settings.staff_tries_per_quarter_hour
    await Limits(redis).count("staff-code", staff_id, at_most=per_account, seconds=QUARTER_HOUR)
    answer = await request.app.state.ask(CheckCode(staff_id=staff_id, code=read_code(field(form, "code"))))
    if isinstance(answer, Refused):
        mistakes = {"code": USED_CODE if answer.reason == "used" else WRONG_CODE}
        return page(request, "staff/code.html", status_code=422, next=to, mistakes=mistakes)
    await Limits(redis).forgive("staff-code", staff_id)
    await redis.delete(_halfway(session))
    roles = frozenset(answer.roles)
    return await sign_in(request, "staff", person_id=staff_id, name=answer.name, roles=roles, to=to or "/staff")


@router.get("")
async def home(
    request: Request, visitor: Annotated[Visitor, Depends(staff())], now: Annotated[datetime, Depends(present)]
) -> Response:
    """What this member of staff leads, and what else is theirs to look at."""
    answer = await request.app.state.ask(ReadStaff(staff_id=visitor.person_id))
    if isinstance(answer, Refused):
        response = go("/staff/sign-in")
        await sign_out(request, response)
        return response
    today, later = led(answer.courses, now)
    others, owed = await others_tonight(request, visitor), await owed_to(request, visitor)
    unwatched = await unwatched_for(request, visitor, now)
    known: dict[str, Any] = {"today": today, "later": later, "others": others, "owed": owed, "unwatched": unwatched}
    return page(request, "staff/home.html", me=answer, **known)


async def others_tonight(request: Request, who: Visitor) -> tuple[EveningView, ...] | None:
    """Tonight's evenings that somebody does not lead and may come to; None where they cannot be seen just now."""
    if not who.is_any(FACILITATES | SUPERVISES):
        return ()
    try:
        return await evenings_of_others(request, who)
    except Unavailable:
        return None
