"""The page of one alert, and what every page of the desk needs: who may see it, and that whoever does is at work."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from starlette.responses import Response

from harbour.contracts.desk import AlertAround, AtDesk, ReadAlert, StayAtDesk
from harbour.contracts.messages import Refused
from harbour.contracts.safeguard import AlertDetails, OpenAlert, Queue, ReadQueue
from services.gateway.auth import NotAllowed, Visitor, staff
from services.gateway.web.alert_parts import around
from services.gateway.web.marking import TIERS, marked, quoted
from services.gateway.web.pages import page
from services.gateway.web.room import FEELINGS, PLACES

Officer = Annotated[Visitor, Depends(staff())]
READING_SECONDS = 15 * 60
"""How long an alert that was opened stays open on that screen."""


async def read_queue(request: Request, who: Visitor) -> Queue:
    """The queue, for those who may see it."""
    queue = await request.app.state.ask(ReadQueue(staff_id=who.person_id))
    if isinstance(queue, Refused):
        raise NotAllowed
    assert isinstance(queue, Queue)
    return queue


async def stay_here(request: Request, who: Visitor) -> bool:
    """Whoever loads a page of the desk is at work, so what they have stays in hand, with or without a script. Whether
    they have read so much that a break would be good."""
    answer = await request.app.state.ask(StayAtDesk(staff_id=who.person_id))
    return isinstance(answer, AtDesk) and answer.suggest_break


async def alert_page(
    request: Request,
    alert_id: str,
    who: Visitor,
    *,
    note: str = "",
    chosen: str = "",
    typed: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
    kept: str = "",
    kept_why: str = "",
) -> Response:
    """The page of one alert, beside the queue where there is room; with what was typed; `wrong` says what to
    look at again, by field; `kept` is what was written for a form that is no longer on the page.
    """
    queue, beside = await read_queue(request, who), await read_around(request, alert_id, who)
    details = await _details(request, alert_id, who)
    return page(
        request,
        "desk/alert.html",
        status_code=422 if wrong else 409 if kept else 200,
        queue=queue,
        shown=queue.alerts,
        alert_id=alert_id,
        alert=beside.alert,
        beside=beside,
        details=details,
        note=note,
        chosen=chosen,
        typed=typed or {},
        errors=wrong or {},
        kept=kept,
        kept_why=kept_why,
        pieces=marked(details.text, details.reasons) if details else [],
        evidence=[(one, quoted(details.text, one)) for one in details.reasons] if details else [],
        tiers=TIERS,
        feelings=dict(FEELINGS),
        places={str(place): words for place, words in PLACES},
        **await around(request, who, alert_id, beside.alert),
    )


async def read_around(request: Request, alert_id: str, who: Visitor) -> AlertAround:
    """What stands beside an alert."""
    answer = await request.app.state.ask(ReadAlert(alert_id=alert_id, staff_id=who.person_id))
    only_known(answer)
    assert isinstance(answer, AlertAround)
    return answer


async def _details(request: Request, alert_id: str, who: Visitor) -> AlertDetails | None:
    """The words, where this screen has opened them. The same opening is the same wish, and on record once."""
    opening = await request.app.state.redis.get(reading(who, alert_id))
    if not opening:
        return None
    details = await request.app.state.ask(OpenAlert(id=opening, alert_id=alert_id, staff_id=who.person_id))
    only_known(details)
    assert isinstance(details, AlertDetails)
    return details


def only_known(answer: object) -> None:
    """Lead on to the page that says so where the alert is not there or not theirs to see."""
    if isinstance(answer, Refused) and answer.reason == "no-such-alert":
        raise HTTPException(404)
    if isinstance(answer, Refused) and answer.reason == "not-allowed":
        raise NotAllowed


def reading(who: Visitor, alert_id: str) -> str:
    """Under which key Redis keeps that this screen has opened the words of this alert."""
    return f"gateway:reading:{who.token_hash}:{alert_id}"
