"""The safeguarding queue: what waits, one alert, and what an adult does with it."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import Response

from harbour.contracts.closing import Outcome
from harbour.contracts.messages import Key, Refused, new_id
from harbour.contracts.safeguard import (
    AlertDetails,
    AlertView,
    ClaimAlert,
    ConfirmOnCall,
    EndOnCall,
    OpenAlert,
    Queue,
    ReadQueue,
    ResolveAlert,
    SeeCanary,
)
from services.gateway.auth import NotAllowed, Visitor, staff
from services.gateway.web.alert_parts import around
from services.gateway.web.marking import TIERS, marked, quoted
from services.gateway.web.pages import checked_form, field, go, page

router = APIRouter()

Officer = Annotated[Visitor, Depends(staff())]

READING_SECONDS = 15 * 60
"""How long an alert that was opened stays open on that screen."""
NOTE_MAX_CHARS = 4000
SORRY = {
    "note-needed": "Say in a few words what was done. It stays on record.",
    "too-long": f"That is longer than {NOTE_MAX_CHARS} characters. Could you shorten it?",
    "not-yours": "Take it on first; then you can close it.",
}


@router.get("/queue")
async def show_queue(request: Request, who: Officer) -> Response:
    """Everything that waits or is in hand."""
    return page(request, "desk/queue.html", queue=await read_queue(request, who), you=who.person_id)


@router.post("/queue/canary/{canary_id}")
async def see_canary(request: Request, canary_id: Key, who: Officer) -> Response:
    """Say that a practice alert is on this screen."""
    await checked_form(request)
    _only_known(await request.app.state.ask(SeeCanary(canary_id=canary_id, staff_id=who.person_id)))
    return go("/queue")


@router.post("/queue/on-call")
async def confirm_on_call(request: Request, who: Officer) -> Response:
    """Say that one is there tonight."""
    await checked_form(request)
    _only_known(await request.app.state.ask(ConfirmOnCall(staff_id=who.person_id)))
    return go("/queue")


@router.post("/queue/on-call/end")
async def end_on_call(request: Request, who: Officer) -> Response:
    """Say that one is there no more."""
    await checked_form(request)
    _only_known(await request.app.state.ask(EndOnCall(staff_id=who.person_id)))
    return go("/queue")


@router.get("/queue/{alert_id}")
async def show_alert(request: Request, alert_id: Key, who: Officer) -> Response:
    """One alert: why it came up; its words once they were opened on this screen."""
    return await alert_page(request, alert_id, who)


@router.post("/queue/{alert_id}/open")
async def open_alert(request: Request, alert_id: Key, who: Officer) -> Response:
    """Open the words; that goes on record, once for each time the button is pressed."""
    await checked_form(request)
    await request.app.state.redis.set(_reading(who, alert_id), new_id(), ex=READING_SECONDS)
    return go(f"/queue/{alert_id}")


@router.post("/queue/{alert_id}/claim")
async def claim_alert(request: Request, alert_id: Key, who: Officer) -> Response:
    """Take it on. Where somebody else was quicker, the page says who."""
    await checked_form(request)
    answer = await request.app.state.ask(ClaimAlert(alert_id=alert_id, staff_id=who.person_id))
    _only_known(answer)
    return go(f"/queue/{alert_id}")


@router.post("/queue/{alert_id}/resolve")
async def resolve_alert(request: Request, alert_id: Key, who: Officer) -> Response:
    """Close it with a note; without one the page asks for it and keeps what was typed."""
    form = await checked_form(request)
    note, chosen = field(form, "note", longest=20_000), field(form, "outcome") or Outcome.DONE.value
    if chosen not in list(Outcome):
        raise HTTPException(404)
    again = {"note": note, "chosen": chosen}
    if len(note) > NOTE_MAX_CHARS:
        return await alert_page(request, alert_id, who, **again, wrong={"note": SORRY["too-long"]})
    wish = ResolveAlert(alert_id=alert_id, staff_id=who.person_id, note=note, outcome=Outcome(chosen))
    answer = await request.app.state.ask(wish)
    _only_known(answer)
    if isinstance(answer, Refused) and answer.reason in SORRY:
        return await alert_page(request, alert_id, who, **again, wrong={"note": SORRY[answer.reason]})
    return go("/queue")


async def read_queue(request: Request, who: Visitor) -> Queue:
    """The queue, for those who may see it."""
    queue = await request.app.state.ask(ReadQueue(staff_id=who.person_id))
    if isinstance(queue, Refused):
        raise NotAllowed
    assert isinstance(queue, Queue)
    return queue


async def alert_page(
    request: Request,
    alert_id: str,
    who: Visitor,
    *,
    note: str = "",
    chosen: str = "",
    wrong: Mapping[str, str] | None = None,
) -> Response:
    """The page of one alert, beside the queue where there is room; `wrong` says what to look at again, by field."""
    queue = await read_queue(request, who)
    details = await _details(request, alert_id, who)
    alert: AlertView | None = next((one for one in queue.alerts if one.alert_id == alert_id), None)
    if alert is None and details is not None:
        alert = details.alert
    return page(
        request,
        "desk/alert.html",
        status_code=422 if wrong else 200,
        queue=queue,
        alert_id=alert_id,
        alert=alert,
        details=details,
        note=note,
        chosen=chosen,
        errors=wrong or {},
        pieces=marked(details.text, details.reasons) if details else [],
        evidence=[(one, quoted(details.text, one)) for one in details.reasons] if details else [],
        tiers=TIERS,
        **await around(request, who, alert_id, alert),
    )


async def _details(request: Request, alert_id: str, who: Visitor) -> AlertDetails | None:
    """The words, where this screen has opened them. The same opening is the same wish, and on record once."""
    opening = await request.app.state.redis.get(_reading(who, alert_id))
    if not opening:
        return None
    details = await request.app.state.ask(OpenAlert(id=opening, alert_id=alert_id, staff_id=who.person_id))
    _only_known(details)
    assert isinstance(details, AlertDetails)
    return details


def _only_known(answer: object) -> None:
    """Lead on to the page that says so where the alert is not there or not theirs to see."""
    if isinstance(answer, Refused) and answer.reason == "no-such-alert":
        raise HTTPException(404)
    if isinstance(answer, Refused) and answer.reason == "not-allowed":
        raise NotAllowed


def _reading(who: Visitor, alert_id: str) -> str:
    return f"gateway:reading:{who.token_hash}:{alert_id}"
