"""The room page for young people, and the console for the adults who lead the evening."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import Response

from harbour.contracts.chat import ReadRoom, RoomView, Speaker
from harbour.contracts.enrolment import FACILITATES
from harbour.contracts.messages import Key, Refused
from services.gateway.auth import Elsewhere, NotAllowed, Visitor, member, staff, visitor
from services.gateway.web.pages import page, present

router = APIRouter()

Member = Annotated[Visitor, Depends(member)]
Facilitator = Annotated[Visitor, Depends(staff(*FACILITATES))]
Now = Annotated[datetime, Depends(present)]


async def own_side(request: Request, session_id: Key) -> None:
    """Leads staff from the young people's page to the console, and the other way round."""
    who = await visitor(request)
    if who is not None and request.url.path.startswith("/room/") == (who.kind == "staff"):
        raise Elsewhere(f"/{'console' if who.kind == 'staff' else 'room'}/{session_id}")


@router.get("/room/{session_id}", dependencies=[Depends(own_side)])
async def show_room(request: Request, session_id: Key, who: Member, now: Now) -> Response:
    """The room, for a young person who belongs in it."""
    view = await read_room(request, session_id, who)
    return page(request, "room.html", view=view, **words_for(view, now))


@router.get("/console/{session_id}", dependencies=[Depends(own_side)])
async def show_console(request: Request, session_id: Key, who: Facilitator, now: Now) -> Response:
    """The room, for an adult who leads it, with what waits for them."""
    view = await read_room(request, session_id, who)
    if view.you.speaker is not Speaker.FACILITATOR:
        raise NotAllowed
    return page(request, "console.html", view=view, **words_for(view, now))


async def read_room(request: Request, session_id: str, who: Visitor) -> RoomView:
    """Where the evening stands, for somebody who belongs in it; else the page that says so."""
    view = await request.app.state.ask(ReadRoom(session_id=session_id, person_id=who.person_id, limit=1))
    if isinstance(view, Refused) and view.reason == "no-such-session":
        raise HTTPException(404)
    if isinstance(view, Refused):
        raise NotAllowed
    assert isinstance(view, RoomView)
    return view


def words_for(view: RoomView, now: datetime) -> dict[str, Any]:
    """What the page says before any script runs."""
    ends_at = view.starts_at + timedelta(minutes=view.minutes)
    leaders = [person.nickname for person in view.people if person.speaker is Speaker.FACILITATOR]
    return {
        "ends_at": ends_at,
        "minutes_left": max(0, round((ends_at - max(now, view.starts_at)).total_seconds() / 60)),
        "leaders": " and ".join(leaders) or "Your facilitators",
        "today": view.starts_at - now < timedelta(hours=18),
    }
