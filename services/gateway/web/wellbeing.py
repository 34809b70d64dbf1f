"""How the staff of the desk are: what they have read, two minutes to say how that was, and who looks after them."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from harbour.contracts.messages import Key, Refused
from harbour.contracts.wellbeing import Feels, KeepTalk, ReadWellbeing, Wellbeing, WriteShiftDebrief
from services.gateway.auth import NotAllowed, Visitor, staff
from services.gateway.web.pages import checked_form, field, go, page

router = APIRouter(prefix="/wellbeing")

Colleague = Annotated[Visitor, Depends(staff())]
WORDS_MAX_CHARS = 2000
FEELS = {
    Feels.FINE: ("Fine", "I can carry this"),
    Feels.HEAVY: ("Heavy", "I notice it"),
    Feels.TOO_MUCH: ("Too much", "I need to stop for now"),
}


@router.get("")
async def show_wellbeing(request: Request, who: Colleague) -> Response:
    """One's own; for whoever supervises, how their colleagues are."""
    return await wellbeing_page(request, who)


@router.post("")
async def write_debrief(request: Request, who: Colleague) -> Response:
    """Two minutes: how it was. What was typed is kept where something needs another look."""
    form = await checked_form(request)
    typed = {name: field(form, name, longest=20_000) for name in ("feels", "words", "talk")}
    wrong = {}
    if typed["feels"] not in list(Feels):
        wrong["feels"] = "Choose the nearest one."
    if len(typed["words"]) > WORDS_MAX_CHARS:
        wrong["words"] = f"That is longer than {WORDS_MAX_CHARS:,} characters. Could you shorten it?"
    if wrong:
        return await wellbeing_page(request, who, typed, wrong)
    wants = typed["talk"] == "yes"
    wish = WriteShiftDebrief(
        staff_id=who.person_id, feels=Feels(typed["feels"]), words=typed["words"], wants_talk=wants
    )
    if isinstance(await request.app.state.ask(wish), Refused):
        raise NotAllowed
    return go("/wellbeing?kept")


@router.post("/{debrief_id}/talked")
async def keep_talk(request: Request, debrief_id: Key, who: Colleague) -> Response:
    """Say that one has talked with them."""
    await checked_form(request)
    answer = await request.app.state.ask(KeepTalk(staff_id=who.person_id, debrief_id=debrief_id))
    if isinstance(answer, Refused):
        raise NotAllowed
    return go("/wellbeing")


async def wellbeing_page(
    request: Request, who: Visitor, typed: Mapping[str, str] | None = None, wrong: Mapping[str, str] | None = None
) -> Response:
    """The page, with what was typed."""
    answer = await request.app.state.ask(ReadWellbeing(staff_id=who.person_id))
    if isinstance(answer, Refused):
        raise NotAllowed
    assert isinstance(answer, Wellbeing)
    context = {"typed": typed or {}, "errors": wrong or {}, "feels": FEELS, "kept": "kept" in request.query_params}
    return page(request, "desk/wellbeing.html", status_code=422 if wrong else 200, care=answer, **context)
