"""The safeguarding queue: what waits, one alert, and what an adult does with it."""

from typing import Any

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from harbour.contracts.alerts import AlertState
from harbour.contracts.closing import Outcome
from harbour.contracts.messages import Key, Refused, new_id
from harbour.contracts.safeguard import (
    ClaimAlert,
    ConfirmOnCall,
    EndOnCall,
    ResolveAlert,
    SeeCanary,
)
from services.gateway.auth import Visitor
from services.gateway.web.desk_filters import STATES, counts, evenings, read_filters, shows
from services.gateway.web.desk_page import (
    READING_SECONDS,
    Officer,
    alert_page,
    only_known,
    read_around,
    read_queue,
    reading,
    stay_here,
)
from services.gateway.web.envelope_parts import envelopes_waiting
from services.gateway.web.pages import checked_form, field, go, page

router = APIRouter()

NOTE_MAX_CHARS = 4000
SORRY = {
    "note-needed": "Say in a few words what was done. It stays on record.",
    "too-long": f"That is longer than {NOTE_MAX_CHARS} characters. Could you shorten it?",
}


@router.get("/queue")
async def show_queue(request: Request, who: Officer) -> Response:
    """Everything that waits or is in hand."""
    queue, filters, you = await read_queue(request, who), read_filters(request.query_params), who.person_id
    chosen: dict[str, Any] = {
        "filters": filters,
        "counts": counts(queue, you),
        "evenings": evenings(queue),
        "states": STATES,
    }
    chosen |= {"shown": [one for one in queue.alerts if shows(filters, one, you)]}
    chosen |= await envelopes_waiting(request, who)
    chosen |= {"suggest_break": await stay_here(request, who)}
    return page(request, "desk/queue.html", queue=queue, you=you, **chosen)


@router.post("/queue/canary/{canary_id}")
async def see_canary(request: Request, canary_id: Key, who: Officer) -> Response:
    """Say that a practice alert is on this screen."""
    await checked_form(request)
    only_known(await request.app.state.ask(SeeCanary(canary_id=canary_id, staff_id=who.person_id)))
    return go("/queue")


@router.post("/queue/on-call")
async def confirm_on_call(request: Request, who: Officer) -> Response:
    """Say that one is there tonight."""
    await checked_form(request)
    only_known(await request.app.state.ask(ConfirmOnCall(staff_id=who.person_id)))
    return go("/queue")


@router.post("/queue/on-call/end")
async def end_on_call(request: Request, who: Officer) -> Response:
    """Say that one is there no more."""
    await checked_form(request)
    only_known(await request.app.state.ask(EndOnCall(staff_id=who.person_id)))
    return go("/queue")


@router.get("/queue/{alert_id}")
async def show_alert(request: Request, alert_id: Key, who: Officer) -> Response:
    """One alert: why it came up; its words once they were opened on this screen."""
    await stay_here(request, who)
    return await alert_page(request, alert_id, who)


@router.post("/queue/{alert_id}/open")
async def open_alert(request: Request, alert_id: Key, who: Officer) -> Response:
    """Open the words; that goes on record, once for each time the button is pressed."""
    await checked_form(request)
    await request.app.state.redis.set(reading(who, alert_id), new_id(), ex=READING_SECONDS)
    return go(f"/queue/{alert_id}")


@router.post("/queue/{alert_id}/claim")
async def claim_alert(request: Request, alert_id: Key, who: Officer) -> Response:
    """Take it on. Where somebody else was quicker, the page says who."""
    await checked_form(request)
    answer = await request.app.state.ask(ClaimAlert(alert_id=alert_id, staff_id=who.person_id))
    only_known(answer)
    return go(f"/queue/{alert_id}")


@router.post("/queue/{alert_id}/resolve")
async def resolve_alert(request: Request, alert_id: Key, who: Officer) -> Response:
    """Close it with a note; without one the page asks for it and keeps what was typed."""
    form = await checked_form(request)
    note, chosen = field(form, "note", longest=20_000), field(form, "outcome") or Outcome.DONE.value
    if chosen not in list(Outcome):
        raise HTTPException(404)
    if len(note) > NOTE_MAX_CHARS:
        return await alert_page(request, alert_id, who, note=note, chosen=chosen, wrong={"note": SORRY["too-long"]})
    wish = ResolveAlert(alert_id=alert_id, staff_id=who.person_id, note=note, outcome=Outcome(chosen))
    answer = await request.app.state.ask(wish)
    only_known(answer)
    if isinstance(answer, Refused) and answer.reason in SORRY:
        return await alert_page(request, alert_id, who, note=note, chosen=chosen, wrong={"note": SORRY[answer.reason]})
    if isinstance(answer, Refused) and note and not await _closed_it(request, alert_id, who):
        return await alert_page(request, alert_id, who, kept=note, kept_why=answer.say)
    return go("/queue")


async def _closed_it(request: Request, alert_id: str, who: Visitor) -> bool:
    """Whether they have closed it already, or asked to, as when a button was pressed twice."""
    alert = (await read_around(request, alert_id, who)).alert
    if alert.closing:
        return alert.closing.staff_id == who.person_id
    return alert.state is AlertState.RESOLVED and alert.claimed_by == who.person_id
