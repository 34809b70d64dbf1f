"""Closing alerts: a second person signs off what was high or immediate, or hands it back."""

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from harbour.contracts.closing import SignOffClosing
from harbour.contracts.messages import Key, Refused
from services.gateway.auth import NotAllowed
from services.gateway.web.desk_page import Officer, alert_page
from services.gateway.web.pages import checked_form, field, go
from services.gateway.web.queue import NOTE_MAX_CHARS

router = APIRouter()

SORRY = {
    "note-needed": "Say in a few words why it is not done yet, so that they know.",
    "too-long": f"That is longer than {NOTE_MAX_CHARS} characters. Could you shorten it?",
    "your-own": "You asked to close this one, so somebody else signs it off.",
}


@router.post("/queue/{alert_id}/sign-off")
async def sign_off_closing(request: Request, alert_id: Key, who: Officer) -> Response:
    """Agree, or hand it back with a note; what was typed is kept where something is missing."""
    form = await checked_form(request)
    agree, note = field(form, "word") == "agree", field(form, "note", longest=20_000)
    if len(note) > NOTE_MAX_CHARS:
        return await alert_page(request, alert_id, who, note=note, wrong={"sign": SORRY["too-long"]})
    wish = SignOffClosing(alert_id=alert_id, staff_id=who.person_id, agree=agree, note=note)
    answer = await request.app.state.ask(wish)
    reason = answer.reason if isinstance(answer, Refused) else ""
    if reason == "not-allowed":
        raise NotAllowed
    if reason == "no-such-alert":
        raise HTTPException(404)
    if reason in SORRY:
        return await alert_page(request, alert_id, who, note=note, wrong={"sign": SORRY[reason]})
    if isinstance(answer, Refused) and note:
        return await alert_page(request, alert_id, who, kept=note, kept_why=answer.say)
    return go("/queue" if agree else f"/queue/{alert_id}")
