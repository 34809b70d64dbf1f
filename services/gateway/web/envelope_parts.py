"""What pages of the desk show of sealed envelopes: those of one alert, and those that wait for somebody."""

from typing import Any

from fastapi import Request

from harbour.contracts.envelope import Countersign, Envelopes, EnvelopeState, EnvelopeView, EnvelopeWhy, ReadEnvelopes
from harbour.contracts.messages import Refused
from harbour.contracts.safeguard import AlertView
from harbour.runtime.asking import Unavailable
from services.gateway.auth import NotAllowed, Visitor
from services.gateway.stands import of_envelopes, of_waiting

WHY = {
    EnvelopeWhy.NOT_SAFE: "They may not be safe now",
    EnvelopeWhy.EMERGENCY: "Somebody has to reach them in person, such as an ambulance",
    EnvelopeWhy.NOT_REACHED: "They could not be reached in any other way",
    EnvelopeWhy.OTHERS: "Somebody else may not be safe",
}
STATES = {
    EnvelopeState.WAITING: "waits for a second person",
    EnvelopeState.OPEN: "open",
    EnvelopeState.DECLINED: "declined",
    EnvelopeState.LAPSED: "lapsed: nobody agreed within half an hour",
    EnvelopeState.CLOSED: "closed",
}
SIGNED = {
    Countersign.DUE: "a lead has to countersign",
    Countersign.BREACHED: "not countersigned in time",
    Countersign.AGREED: "countersigned",
    Countersign.DISAGREED: "countersigned: should not have been opened",
}
UNSIGNED = frozenset({Countersign.DUE, Countersign.BREACHED})


async def read_envelopes(request: Request, who: Visitor, alert_id: str = "") -> tuple[EnvelopeView, ...]:
    """What was asked for, about one alert or of late."""
    answer = await request.app.state.ask(ReadEnvelopes(staff_id=who.person_id, alert_id=alert_id))
    if isinstance(answer, Refused):
        raise NotAllowed
    assert isinstance(answer, Envelopes)
    return answer.envelopes


def may_look(one: EnvelopeView, who: Visitor) -> bool:
    """Whether this one may look now."""
    return one.state is EnvelopeState.OPEN and who.person_id in (one.asked_by, one.second_by)


def waits_for(one: EnvelopeView, who: Visitor) -> bool:
    """Whether somebody else than who asked is wanted for it."""
    return who.person_id != one.asked_by and (one.state is EnvelopeState.WAITING or one.countersign in UNSIGNED)


def words() -> dict[str, Any]:
    """How pages put what an envelope says."""
    return {"WHY": WHY, "ENVELOPE_STATES": STATES, "SIGNED": SIGNED, "may_look": may_look, "waits_for": waits_for}


async def envelopes_of(request: Request, who: Visitor, alert_id: str, alert: AlertView) -> dict[str, Any]:
    """For the page of one alert."""
    found = await read_envelopes(request, who, alert_id)
    return {"envelopes": found, "envelopes_stood": of_envelopes(found), **words()}


async def envelopes_waiting(request: Request, who: Visitor) -> dict[str, Any]:
    """For the queue: those that wait for this person. None where nobody can say just now."""
    try:
        found = await read_envelopes(request, who)
    except Unavailable:
        found = ()
    mine = tuple(one for one in found if waits_for(one, who))
    return {"envelopes": mine, "envelopes_stood": of_waiting(found), **words()}
