"""Whose hands an alert is in, as pages: staying at the desk, handing over, a second opinion, merging."""

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from harbour.contracts.desk import (
    AnswerOffer,
    AskOpinion,
    GiveOpinion,
    MergeAlerts,
    OfferAlert,
    StayAtDesk,
)
from harbour.contracts.messages import Command, Key, Refused
from harbour.contracts.safeguard import AlertTaken
from services.gateway.auth import Visitor
from services.gateway.web.desk_page import Officer, alert_page, only_known
from services.gateway.web.pages import checked_form, field, go
from services.gateway.web.typed import some_key

router = APIRouter(prefix="/queue")

NOTE_MAX_CHARS = 2000
TOO_LONG = f"That is longer than {NOTE_MAX_CHARS:,} characters. Could you shorten it?"


@router.post("/here")
async def stay(request: Request, who: Officer) -> Response:
    """Say that one is still at work here, so that what one has stays in hand; a script says so now and then."""
    await checked_form(request)
    await request.app.state.ask(StayAtDesk(staff_id=who.person_id))
    return Response(status_code=204)


@router.post("/{alert_id}/stay")
async def stay_with(request: Request, alert_id: Key, who: Officer) -> Response:
    """The same, by a button on the page of an alert."""
    await checked_form(request)
    await request.app.state.ask(StayAtDesk(staff_id=who.person_id))
    return go(f"/queue/{alert_id}")


@router.post("/{alert_id}/offer")
async def offer(request: Request, alert_id: Key, who: Officer) -> Response:
    """Ask a colleague to take it over."""
    form, typed, wrong = await _noted(request, "offer")
    if wrong:
        return await alert_page(request, alert_id, who, typed=typed, wrong=wrong)
    to_id = some_key(field(form, "offer-to"))
    wish = OfferAlert(alert_id=alert_id, staff_id=who.person_id, to_id=to_id, note=typed["offer-note"])
    return await _said(request, wish, who, typed, {"nobody": "offer-to", "note-needed": "offer-note"})


@router.post("/{alert_id}/offer/answer")
async def answer_offer(request: Request, alert_id: Key, who: Officer) -> Response:
    """Take over what was offered, or say no, or take the offer back."""
    form = await checked_form(request)
    accepts = field(form, "answer") == "yes"
    wish = AnswerOffer(alert_id=alert_id, staff_id=who.person_id, accepts=accepts, note=field(form, "note"))
    only_known(await request.app.state.ask(wish))
    return go(f"/queue/{alert_id}")


@router.post("/{alert_id}/ask")
async def ask_opinion(request: Request, alert_id: Key, who: Officer) -> Response:
    """Ask a colleague what they think."""
    form, typed, wrong = await _noted(request, "ask")
    if wrong:
        return await alert_page(request, alert_id, who, typed=typed, wrong=wrong)
    of_id = some_key(field(form, "ask-to"))
    wish = AskOpinion(alert_id=alert_id, staff_id=who.person_id, of_id=of_id, note=typed["ask-note"])
    return await _said(request, wish, who, typed, {"nobody": "ask-to"})


@router.post("/{alert_id}/opinion")
async def give_opinion(request: Request, alert_id: Key, who: Officer) -> Response:
    """Say what one thinks."""
    _, typed, wrong = await _noted(request, "opinion")
    if wrong:
        return await alert_page(request, alert_id, who, typed=typed, wrong=wrong)
    wish = GiveOpinion(alert_id=alert_id, staff_id=who.person_id, words=typed["opinion-note"])
    return await _said(request, wish, who, typed, {"note-needed": "opinion-note"})


@router.post("/{alert_id}/merge")
async def merge(request: Request, alert_id: Key, who: Officer) -> Response:
    """Let the most urgent of several alerts speak for the others; the page of that one follows."""
    form = await checked_form(request)
    others = tuple(some_key(one) for one in form.getlist("other") if isinstance(one, str))
    wish = MergeAlerts(alert_id=alert_id, staff_id=who.person_id, others=others)
    fields = {"nothing-to-merge": "merge", "somebody-else": "merge"}
    return await _said(request, wish, who, {}, fields)


async def _noted(request: Request, which: str) -> tuple[FormData, dict[str, str], dict[str, str]]:
    """A form with a note: what was typed, and what to look at again."""
    form = await checked_form(request)
    typed = {f"{which}-note": field(form, f"{which}-note", longest=20_000), f"{which}-to": field(form, f"{which}-to")}
    too_long = len(typed[f"{which}-note"]) > NOTE_MAX_CHARS
    return form, typed, {f"{which}-note": TOO_LONG} if too_long else {}


async def _said(
    request: Request, wish: Command[AlertTaken], who: Visitor, typed: dict[str, str], fields: dict[str, str]
) -> Response:
    """Ask, and show the alert; where it was refused for something on the form, that is said beside the field."""
    answer = await request.app.state.ask(wish)
    only_known(answer)
    alert_id: str = getattr(wish, "alert_id")  # noqa: B009  # each of these wishes is about an alert
    if isinstance(answer, Refused):
        if answer.reason in fields:
            return await alert_page(request, alert_id, who, typed=typed, wrong={fields[answer.reason]: answer.say})
        note = next((words for name, words in typed.items() if name.endswith("-note")), "")
        if note:
            return await alert_page(request, alert_id, who, kept=note, kept_why=answer.say)
        return go(f"/queue/{alert_id}")
    assert isinstance(answer, AlertTaken)
    return go(f"/queue/{answer.alert_id}")
