"""Coming in to lead an evening of others: in place of an adult who leads it, or beside them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from harbour.contracts.chat import Evenings, EveningView, ListEvenings, TakeOver
from harbour.contracts.messages import Key, Refused
from services.gateway.auth import NotAllowed, Visitor, staff
from services.gateway.web.pages import checked_form, field, go, page

router = APIRouter()

Facilitator = Annotated[Visitor, Depends(staff())]
BESIDE = "nobody"
"""What stands for coming in beside those who lead."""
WORDS_MAX_CHARS = 1500
NO_WORDS = "Tell the others in a few words why you’re here. They read it beside the room."
SORRY = {
    "counsellor-needed": "There’d be no counsellor left. Pick the youth worker, or come in as well.",
    "no-such-person": "They don’t lead this evening any more. Pick again.",
    "too-early": "You can take over an evening from about the day before it begins.",
}


async def evenings_of_others(request: Request, who: Visitor) -> tuple[EveningView, ...]:
    """Tonight's evenings that somebody does not lead and may come to."""
    answer = await request.app.state.ask(ListEvenings(staff_id=who.person_id))
    return answer.evenings if isinstance(answer, Evenings) else ()


@router.get("/console/{session_id}/take-over")
async def ask_from_whom(request: Request, session_id: Key, who: Facilitator) -> Response:
    """From whom, and a word to the others."""
    return take_over_page(request, await to_take_over(request, session_id, who), {}, {})


@router.post("/console/{session_id}/take-over")
async def take_over(request: Request, session_id: Key, who: Facilitator) -> Response:
    """Lead from now on, and on to the console."""
    form = await checked_form(request)
    typed = {name: field(form, name, longest=20_000) for name in ("from", "words")}
    evening = await to_take_over(request, session_id, who)
    if errors := mistakes(evening, typed):
        return take_over_page(request, evening, typed, errors)
    instead_of = "" if typed["from"] == BESIDE else typed["from"]
    wish = TakeOver(session_id=session_id, staff_id=who.person_id, instead_of=instead_of, words=typed["words"])
    answer = await request.app.state.ask(wish)
    if isinstance(answer, Refused) and answer.reason in SORRY:
        return take_over_page(request, evening, typed, {"from": SORRY[answer.reason]})
    if isinstance(answer, Refused) and answer.reason != "leads":
        raise NotAllowed
    return go(f"/console/{session_id}")


async def to_take_over(request: Request, session_id: str, who: Visitor) -> EveningView:
    """The evening, where it is one of tonight's that somebody may come in to lead."""
    every = await evenings_of_others(request, who)
    evening = next((one for one in every if one.session_id == session_id and one.may_take_over), None)
    if evening is None:
        raise NotAllowed
    return evening


def mistakes(evening: EveningView, typed: dict[str, str]) -> dict[str, str]:
    """What to look at again."""
    found = {}
    if typed["from"] not in {BESIDE, *(one.person_id for one in evening.led_by)}:
        found["from"] = "Pick who you’re taking over from, or that you’re coming in as well."
    if not typed["words"]:
        found["words"] = NO_WORDS
    elif len(typed["words"]) > WORDS_MAX_CHARS:
        found["words"] = "That’s longer than a note can be. Could you shorten it?"
    return found


def take_over_page(request: Request, evening: EveningView, typed: dict[str, str], errors: dict[str, str]) -> Response:
    """The page, with what was typed."""
    status = 422 if errors else 200
    return page(
        request, "take_over.html", status_code=status, evening=evening, typed=typed, errors=errors, beside=BESIDE
    )
