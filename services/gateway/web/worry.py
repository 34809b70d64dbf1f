"""An adult who leads a room tells the desk that they worry about somebody; and how the practice alerts have gone."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import Response

from harbour.contracts.chat import Speaker
from harbour.contracts.concerns import Urgency
from harbour.contracts.messages import Key, Refused
from harbour.contracts.worries import CanaryRuns, RaiseConcern, ReadCanaries
from services.gateway.auth import NotAllowed, Visitor, staff
from services.gateway.web.desk_page import Officer
from services.gateway.web.pages import checked_form, field, go, page
from services.gateway.web.room import read_room

router = APIRouter()

Adult = Annotated[Visitor, Depends(staff())]
WORDS_MAX_CHARS = 2000


@router.post("/console/{session_id}/worry")
async def raise_concern(request: Request, session_id: Key, who: Adult) -> Response:
    """Bring somebody of this room to the desk. The console's own script asks, and keeps what was typed where it is not
    taken; without one the console follows."""
    form = await checked_form(request)
    view = await read_room(request, session_id, who)
    if view.you.speaker is not Speaker.FACILITATOR or view.observing:
        raise NotAllowed
    young = {one.person_id: one.nickname for one in view.people if one.speaker is Speaker.MEMBER}
    member_id, urgency = field(form, "member"), field(form, "urgency")
    if member_id not in young or urgency not in list(Urgency):
        raise HTTPException(404)
    words = field(form, "words", longest=20_000)
    if not words or len(words) > WORDS_MAX_CHARS:
        raise HTTPException(422)
    answer = await request.app.state.ask(
        RaiseConcern(
            session_id=session_id,
            member_id=member_id,
            nickname=young[member_id],
            staff_id=who.person_id,
            urgency=Urgency(urgency),
            words=words,
        )
    )
    if isinstance(answer, Refused):
        raise NotAllowed
    return go(f"/console/{session_id}")


@router.get("/practice")
async def show_practice(request: Request, who: Officer) -> Response:
    """How the practice alerts of late have gone."""
    answer = await request.app.state.ask(ReadCanaries(staff_id=who.person_id))
    if isinstance(answer, Refused):
        raise NotAllowed
    assert isinstance(answer, CanaryRuns)
    return page(request, "desk/practice.html", runs=answer.runs)
