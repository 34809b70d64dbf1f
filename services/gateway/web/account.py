"""A young person's own page, and signing out."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from harbour.contracts.enrolment import ReadMember
from harbour.contracts.messages import Refused
from services.gateway.auth import Visitor, member, sign_out
from services.gateway.evenings import ends, next_evening, tonight
from services.gateway.web.pages import checked_form, go, page, present

router = APIRouter(default_response_class=Response)


@router.get("/my")
async def my_course(
    request: Request, visitor: Annotated[Visitor, Depends(member)], now: Annotated[datetime, Depends(present)]
) -> Response:
    """My course: the next evening, the way into the room, my name and badge."""
    answer = await request.app.state.ask(ReadMember(member_id=visitor.person_id))
    if isinstance(answer, Refused):
        response = go("/")
        await sign_out(request, response)
        return response
    sessions = sorted(answer.course.sessions, key=lambda plan: plan.starts_at)
    return page(
        request,
        "my.html",
        me=answer,
        sessions=sessions,
        tonight=tonight(sessions, now) if answer.place == "seat" else None,
        next=next_evening(sessions, now),
        over=[plan.session_id for plan in sessions if ends(plan) <= now],
        welcome="welcome" in request.query_params,
    )


@router.post("/sign-out")
async def leave(request: Request) -> Response:
    """Sign out on this device."""
    await checked_form(request)
    session = request.state.session
    response = go("/staff/sign-in?out" if session.kind == "staff" else "/?out")
    response.headers["Clear-Site-Data"] = '"storage"'
    await sign_out(request, response)
    return response
