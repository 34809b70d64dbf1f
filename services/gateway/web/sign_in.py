"""Sign-in for young people: an address, then the code that was sent to it. Nothing here tells who is known."""

import asyncio
import time
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from harbour.contracts.enrolment import FindMember, MemberView, ReadMember
from harbour.contracts.messages import Refused
from harbour.contracts.notify import SendCode
from services.gateway.answers import read_code
from services.gateway.auth import Session, local_path, newcomer, sign_in
from services.gateway.codes import Codes, Outcome
from services.gateway.limits import Limits
from services.gateway.security import network
from services.gateway.web.join import channels
from services.gateway.web.pages import checked_form, field, go, page, with_next

router = APIRouter(prefix="/sign-in", default_response_class=Response)
Newcomer = Annotated[Session, Depends(newcomer)]

EMPTY = "Type the email address or phone number you joined with."
UNREADABLE = "We couldn’t read that. It should be the email address or phone number you joined with."
NOT_SIX = "The code is six numbers, like 123 456."
WRONG = "That isn’t the code we sent last. Could you check it?"


def codes(request: Request) -> Codes:
    """The book of codes."""
    settings = request.app.state.settings
    return Codes(request.app.state.redis, minutes=settings.code_minutes, tries=settings.code_tries)


@router.get("")
async def which_address(request: Request, session: Newcomer) -> Response:
    """Where did we reach you?"""
    offered = await channels(request)
    to = local_path(request.query_params.get("next"), "")
    return page(request, "sign_in.html", offered=offered, next=to, typed="", mistakes={})


@router.post("")
async def send_code(request: Request, session: Newcomer) -> Response:
    """Send a code if we know this address; whether we do, the page and the time it takes do not tell."""
    begun = time.monotonic()
    form, offered = await checked_form(request), await channels(request)
    typed, to = field(form, "address", longest=254), local_path(field(form, "next"), "")
    words = EMPTY
    if typed:
        await within_limits(request, typed)
        found = await request.app.state.ask(FindMember(contact=typed))
        words = UNREADABLE if isinstance(found, Refused) and found.reason == "address-unreadable" else ""
    if words:
        mistakes = {"address": words}
        return page(request, "sign_in.html", status_code=422, offered=offered, next=to, typed=typed, mistakes=mistakes)
    await hand_over(request, session, found)
    floor = request.app.state.settings.sign_in_floor_ms / 1000
    await asyncio.sleep(max(0.0, begun + floor - time.monotonic()))
    return go(with_next("/sign-in/code", to))


async def within_limits(request: Request, address: str) -> None:
    """Count this request for a code by address and by network. Raises TooMany."""
    settings, limits = request.app.state.settings, Limits(request.app.state.redis)
    await limits.count("codes-from", network(request), at_most=settings.codes_per_ip_hour, seconds=3600)
    bare = "".join(address.lower().split())
    await limits.count("codes-to", bare, at_most=settings.codes_per_address_hour, seconds=3600)


async def hand_over(request: Request, session: Session, found: MemberView | Refused) -> None:
    """Make a code in any case; give it to notify where there is somebody to send it to."""
    member_id = found.member_id if isinstance(found, MemberView) else ""
    code = await codes(request).make(session, member_id)
    if member_id:
        minutes = request.app.state.settings.code_minutes
        await request.app.state.ask(SendCode(member_id=member_id, code=code, minutes=minutes))


@router.get("/code")
async def which_code(request: Request, session: Newcomer) -> Response:
    """What does the code say?"""
    to = local_path(request.query_params.get("next"), "")
    return page(request, "sign_in_code.html", next=to, mistakes={}, minutes=request.app.state.settings.code_minutes)


@router.post("/code")
async def check_code(request: Request, session: Newcomer) -> Response:
    """Sign in with the right code."""
    form = await checked_form(request)
    to = local_path(field(form, "next"), "")
    code = read_code(field(form, "code"))
    outcome, member_id = await codes(request).check(session, code) if code else (Outcome.WRONG, "")
    if outcome is Outcome.SPENT:
        return page(request, "sign_in_spent.html", status_code=422, next=to)
    if outcome is Outcome.WRONG:
        mistakes, minutes = {"code": WRONG if code else NOT_SIX}, request.app.state.settings.code_minutes
        return page(request, "sign_in_code.html", status_code=422, next=to, mistakes=mistakes, minutes=minutes)
    answer = await request.app.state.ask(ReadMember(member_id=member_id))
    if isinstance(answer, Refused):
        return page(request, "sign_in_spent.html", status_code=422, next=to)
    name, badge = answer.nickname, answer.badge
    return await sign_in(request, "member", person_id=member_id, name=name, badge=badge, to=to or "/my")
