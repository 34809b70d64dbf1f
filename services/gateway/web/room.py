"""The room page for young people, and the console for the adults who lead the evening."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import Response

from harbour.contracts.chat import (
    Alone,
    AskForHelp,
    CheckIn,
    CheckIns,
    ReadCheckIns,
    ReadRoom,
    RoomState,
    RoomView,
    Speaker,
)
from harbour.contracts.enrolment import FACILITATES, SUPERVISES
from harbour.contracts.messages import Key, Refused
from services.gateway.auth import Elsewhere, NotAllowed, Visitor, member, staff
from services.gateway.socket import put_on_record
from services.gateway.web.debrief import passed_on_to
from services.gateway.web.pages import checked_form, field, go, page, present

router = APIRouter()

Member = Annotated[Visitor, Depends(member)]
Facilitator = Annotated[Visitor, Depends(staff())]
OVER = frozenset({RoomState.ENDED, RoomState.CANCELLED})
TEXT_MAX_CHARS = 2000
UNSAID = 3
"""What stands for a feeling that somebody who does not come tonight did not say."""
FEELINGS = (
    (5, "Fine"), (4, "Mostly okay"), (3, "Up and down"), (2, "Not great"), (1, "Really hard"),
)  # fmt: skip
PLACES = (
    (Alone.YES, "Yes"), (Alone.MOSTLY, "Mostly, somebody might walk in"), (Alone.NO, "No, but I can read along"),
)  # fmt: skip
Now = Annotated[datetime, Depends(present)]


@router.get("/room/{session_id}")
async def show_room(request: Request, session_id: Key, who: Member, now: Now) -> Response:
    """The room, for a young person who belongs in it."""
    view = await read_room(request, session_id, who)
    if view.stepped_out:
        return page(request, "stepped_out.html", view=view, **words_for(view, now))
    if not view.checked_in and view.state not in OVER:
        return go(f"/room/{session_id}/check-in")
    return page(request, "room.html", view=view, **words_for(view, now))


@router.get("/room/{session_id}/check-in")
async def ask_how(request: Request, session_id: Key, who: Member, now: Now) -> Response:
    """How are you coming tonight? Three short questions before the room."""
    view = await read_room(request, session_id, who)
    if view.state in OVER or view.stepped_out:
        return go(f"/room/{session_id}")
    return check_in_page(request, view, now, {}, {})


@router.post("/room/{session_id}/check-in")
async def check_in(request: Request, session_id: Key, who: Member, now: Now) -> Response:
    """Let the adults know, and lead on: into the room, or to a kind page where it is not tonight."""
    form = await checked_form(request)
    view = await read_room(request, session_id, who)
    if view.stepped_out:
        return go(f"/room/{session_id}")
    joins = form.get("joins") != "no"
    typed = {name: field(form, name, longest=20_000) for name in ("feeling", "alone", "text")}
    if errors := check_in_mistakes(typed, joins):
        return check_in_page(request, view, now, typed, errors)
    wish = CheckIn(
        session_id=session_id,
        member_id=who.person_id,
        feeling=int(typed["feeling"] or UNSAID),
        alone=Alone(typed["alone"] or Alone.MOSTLY),
        text=typed["text"],
        joins=joins,
    )
    answer = await request.app.state.ask(wish)
    if isinstance(answer, Refused) and answer.reason != "not-open":
        raise NotAllowed
    return go(f"/room/{session_id}" if joins or isinstance(answer, Refused) else f"/room/{session_id}/not-tonight")


@router.post("/room/{session_id}/help")
async def ask_for_help(request: Request, session_id: Key, who: Member) -> Response:
    """“I need help now”, from the page of somebody who was asked to step out: the adults and the desk know."""
    await checked_form(request)
    answer = await request.app.state.ask(AskForHelp(session_id=session_id, person_id=who.person_id))
    if isinstance(answer, Refused):
        raise NotAllowed
    return go(f"/room/{session_id}")


@router.get("/room/{session_id}/not-tonight")
async def show_not_tonight(request: Request, session_id: Key, who: Member, now: Now) -> Response:
    """A good answer, and a page of its own."""
    view = await read_room(request, session_id, who)
    return page(request, "not_tonight.html", view=view, **words_for(view, now))


def check_in_mistakes(typed: Mapping[str, str], joins: bool) -> dict[str, str]:
    """What to look at again. Somebody who does not come tonight need not say why."""
    found = {}
    if typed["feeling"] not in {str(number) for number, _ in FEELINGS} and (joins or typed["feeling"]):
        found["feeling"] = "Pick the one that fits best. Nearly is fine."
    if typed["alone"] not in set(Alone) and (joins or typed["alone"]):
        found["alone"] = "Pick one, so that we know how much you can say."
    if len(typed["text"]) > TEXT_MAX_CHARS:
        found["text"] = "That’s a bit long for this box. Could you make it shorter? You can say more in the room."
    return found


def check_in_page(
    request: Request, view: RoomView, now: datetime, typed: Mapping[str, str], errors: dict[str, str]
) -> Response:
    """The page of the three questions, with what was typed."""
    status = 422 if errors else 200
    more: dict[str, Any] = {
        "typed": typed,
        "errors": errors,
        "feelings": FEELINGS,
        "places": PLACES,
        **words_for(view, now),
    }
    return page(request, "check_in.html", status_code=status, view=view, **more)


@router.get("/console/{session_id}")
async def show_console(request: Request, session_id: Key, who: Facilitator, now: Now) -> Response:
    """The room, for an adult who leads it, with what waits for them; a supervisor watches it, and that is on record."""
    if who.is_any(SUPERVISES):
        await put_on_record(request, session_id, who)
    try:
        view = await read_room(request, session_id, who)
    except NotAllowed:
        if not who.is_any(FACILITATES):
            raise
        raise Elsewhere(f"/console/{session_id}/take-over") from None
    if view.you.speaker is not Speaker.FACILITATOR:
        raise NotAllowed
    notes = await request.app.state.ask(ReadCheckIns(session_id=session_id, staff_id=who.person_id))
    check_ins = {note.member_id: note for note in notes.notes} if isinstance(notes, CheckIns) else {}
    more: dict[str, Any] = {"check_ins": check_ins, "feelings": dict(FEELINGS), "places": dict(PLACES)}
    more |= {"passed_on": await passed_on_to(request, session_id, who)}
    return page(request, "console.html", view=view, **more, **words_for(view, now))


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
        "doors_at": view.starts_at - timedelta(minutes=15),
        "minutes_left": max(0, round((ends_at - max(now, view.starts_at)).total_seconds() / 60)),
        "leaders": " and ".join(leaders) or "Your facilitators",
        "today": view.starts_at - now < timedelta(hours=18),
    }
