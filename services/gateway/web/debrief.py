"""The debrief: five minutes after an evening for each adult who led it; and the page of those who look after them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import JSONResponse
from starlette.datastructures import FormData
from starlette.responses import Response

from harbour.contracts.chat import (
    Attended,
    Came,
    Debrief,
    DebriefForm,
    Debriefs,
    HowItWent,
    HowYouAre,
    OwedDebrief,
    OwedDebriefs,
    PassedOn,
    PassedOnNote,
    ReadDebrief,
    ReadDebriefs,
    ReadOwedDebriefs,
    ReadPassedOn,
    SaveDebrief,
)
from harbour.contracts.enrolment import FACILITATES
from harbour.contracts.messages import Key, Refused
from harbour.runtime.asking import Unavailable
from services.gateway.auth import NotAllowed, Visitor, staff
from services.gateway.web.pages import checked_form, field, go, page

router = APIRouter(default_response_class=Response)
Facilitator = Annotated[Visitor, Depends(staff())]
Lead = Annotated[Visitor, Depends(staff())]

WORDS_MAX_CHARS = 3000
TEXTS = ("words", "worry", "tell_next", "you_words")
WENT: Mapping[HowItWent, str] = {
    HowItWent.WELL: "Well", HowItWent.MIXED: "Some of each", HowItWent.HARD: "Hard going",
}  # fmt: skip
YOU: Mapping[HowYouAre, str] = {
    HowYouAre.FINE: "Fine", HowYouAre.TIRED: "Tired", HowYouAre.HEAVY: "It sits heavy",
}  # fmt: skip
CAME: Mapping[Came, str] = {
    Came.STAYED: "came", Came.LEFT_EARLY: "left early", Came.STEPPED_OUT: "stepped out",
    Came.NOT_TONIGHT: "said “not tonight”", Came.NEVER_CAME: "didn’t come",
}  # fmt: skip
NOTHING: Mapping[str, str] = {}
TOO_LONG = f"That’s more than this box holds, which is {WORDS_MAX_CHARS:,} letters."
WHO_IS_IT = "Tick who it’s about, so that the desk can look after them."


# ── one's own ─────────────────────────────────────────────────────────────────────────────────────────────────


@router.get("/debrief/{session_id}")
async def show_debrief(request: Request, session_id: Key, who: Facilitator) -> Response:
    """The form with what was kept of it; thanks, once it is done."""
    form = await read_form(request, session_id, who)
    return debrief_page(request, form, form.debrief, saved="kept" in request.query_params)


@router.post("/debrief/{session_id}")
async def save_debrief(request: Request, session_id: Key, who: Facilitator) -> Response:
    """Keep it for later, or finish it; what needs another look stays as it was typed."""
    typed = await checked_form(request)
    form, done = await read_form(request, session_id, who), typed.get("do") == "done"
    if form.done:
        return go(f"/debrief/{session_id}")
    debrief, wrong = read_debrief(typed, form.seats)
    if not wrong:
        wish = SaveDebrief(session_id=session_id, staff_id=who.person_id, debrief=debrief, done=done)
        answer = await request.app.state.ask(wish)
        if isinstance(answer, Refused) and answer.reason == "who-is-it":
            wrong = {"worried": WHO_IS_IT}
    if wrong:
        return debrief_page(request, form, debrief, wrong=wrong)
    return go(f"/debrief/{session_id}" if done else f"/debrief/{session_id}?kept")


@router.post("/debrief/{session_id}/draft")
async def keep_draft(request: Request, session_id: Key, who: Facilitator) -> Response:
    """Keep what is typed so far, while it is typed."""
    typed = await checked_form(request)
    form = await read_form(request, session_id, who)
    debrief, wrong = read_debrief(typed, form.seats)
    if not wrong and not form.done:
        wish = SaveDebrief(session_id=session_id, staff_id=who.person_id, debrief=debrief, done=False)
        await request.app.state.ask(wish)
    return JSONResponse({"kept": not wrong})


async def read_form(request: Request, session_id: str, who: Visitor) -> DebriefForm:
    """Somebody's own debrief of an evening they led, once it is over; else the page that says so."""
    form = await request.app.state.ask(ReadDebrief(session_id=session_id, staff_id=who.person_id))
    if isinstance(form, Refused):
        if form.reason == "not-yours":
            raise NotAllowed
        raise HTTPException(404)
    assert isinstance(form, DebriefForm)
    return form


def read_debrief(typed: FormData, seats: Iterable[Attended]) -> tuple[Debrief, dict[str, str]]:
    """What was typed, and what to look at again."""
    texts: dict[str, Any] = {name: field(typed, name, longest=20_000) for name in TEXTS}
    wrong = {name: TOO_LONG for name, text in texts.items() if len(text) > WORDS_MAX_CHARS}
    ticked, went, you = set(typed.getlist("worried")), field(typed, "went"), field(typed, "you")
    debrief = Debrief.model_construct(
        went=HowItWent(went) if went in set(HowItWent) else None,
        you=HowYouAre(you) if you in set(HowYouAre) else None,
        worried_about=tuple(seat.member_id for seat in seats if seat.member_id in ticked),
        talk=bool(field(typed, "talk")),
        **texts,
    )
    return debrief, wrong


def debrief_page(
    request: Request,
    form: DebriefForm,
    debrief: Debrief,
    *,
    wrong: Mapping[str, str] = NOTHING,
    saved: bool = False,
) -> Response:
    """The form, or thanks."""
    template = "staff/debrief_done.html" if form.done else "staff/debrief.html"
    names = {seat.member_id: seat.nickname for seat in form.seats}
    more: dict[str, Any] = {"errors": wrong, "went": WENT, "you": YOU, "longest": WORDS_MAX_CHARS}
    more |= {"came": who_came(form.seats), "worried": [names[one] for one in debrief.worried_about if one in names]}
    return page(request, template, status_code=422 if wrong else 200, form=form, typed=debrief, saved=saved, **more)


def who_came(seats: Iterable[Attended]) -> str:
    """Who came, in one line, e.g. `5 came, 1 left early, 1 said “not tonight”`."""
    found = Counter(seat.came for seat in seats)
    return ", ".join(f"{found[came]} {words}" for came, words in CAME.items() if found[came])


async def owed_to(request: Request, who: Visitor) -> tuple[OwedDebrief, ...]:
    """The evenings somebody has not said how they went; none where nobody can say just now."""
    if not who.is_any(FACILITATES):
        return ()
    try:
        found = await request.app.state.ask(ReadOwedDebriefs(staff_id=who.person_id))
    except Unavailable:
        return ()
    return found.owed if isinstance(found, OwedDebriefs) else ()


async def passed_on_to(request: Request, session_id: str, who: Visitor) -> tuple[PassedOnNote, ...]:
    """What those who led the evening before wanted the next leaders to know."""
    found = await request.app.state.ask(ReadPassedOn(session_id=session_id, staff_id=who.person_id))
    return found.notes if isinstance(found, PassedOn) else ()


# ── for those who look after them ─────────────────────────────────────────────────────────────────────────────


@router.get("/debriefs")
async def show_debriefs(request: Request, who: Lead) -> Response:
    """How the evenings went, and how those are who led them."""
    found = await request.app.state.ask(ReadDebriefs(staff_id=who.person_id))
    if isinstance(found, Refused):
        raise NotAllowed
    assert isinstance(found, Debriefs)
    return page(request, "staff/debriefs.html", written=found.written, went=WENT, you=YOU)
