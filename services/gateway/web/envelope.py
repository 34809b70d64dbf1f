"""The sealed envelope, as pages: asking, agreeing, looking, countersigning; and what a young person reads of it."""

import asyncio
from datetime import UTC, datetime, time
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import Response

from harbour.contracts.envelope import (
    AgreeEnvelope,
    CountersignEnvelope,
    EnvelopeContents,
    EnvelopeStands,
    EnvelopeView,
    EnvelopeWhy,
    HoldBackEnvelope,
    OpenEnvelope,
    OwnRecord,
    ReadOwnRecord,
    RequestEnvelope,
)
from harbour.contracts.messages import Answer, Key, Refused
from services.gateway.auth import NotAllowed, Visitor, member
from services.gateway.evenings import LONDON
from services.gateway.stands import of_envelopes
from services.gateway.web.desk_page import Officer, alert_page, only_known
from services.gateway.web.envelope_parts import may_look, read_envelopes, words
from services.gateway.web.pages import checked_form, field, go, page
from services.gateway.web.typed import read_day

router = APIRouter(default_response_class=Response)
Member = Annotated[Visitor, Depends(member)]

REASON_MAX_CHARS = 2000
TOO_LONG = f"That is longer than {REASON_MAX_CHARS:,} characters. Could you shorten it?"
SORRY = {
    "reason-needed": "Say in a few words why. It stays on record.",
    "not-waiting": "It does not wait for anybody any more.",
    "same-person": "You asked for it, so this takes somebody else.",
    "not-due": "Somebody has countersigned it already.",
    "past": "That day is over. Choose one that is still to come.",
    "too-long": "At most four weeks from now. You can hold it back again then.",
}
HEARD_SECONDS = 0.3
HEARD_TRIES = 5
"""How often the vault is asked again that may not have heard yet of what was granted a moment ago."""


# ── asking ────────────────────────────────────────────────────────────────────────────────────────────────────


@router.post("/queue/{alert_id}/envelope")
async def request_envelope(request: Request, alert_id: Key, who: Officer) -> Response:
    """Ask a colleague, or open it at once on an immediate alert; what was typed is kept where something is missing."""
    form = await checked_form(request)
    why, reason = field(form, "why"), field(form, "envelope-reason", longest=20_000)
    typed = {"why": why, "envelope-reason": reason}
    wrong = {} if why in list(EnvelopeWhy) else {"why": "Choose what comes closest."}
    if len(reason) > REASON_MAX_CHARS:
        wrong["envelope-reason"] = TOO_LONG
    if wrong:
        return await alert_page(request, alert_id, who, typed=typed, wrong=wrong)
    asked = {"alert_id": alert_id, "staff_id": who.person_id, "why": EnvelopeWhy(why), "reason": reason}
    answer = await request.app.state.ask(RequestEnvelope(**asked, alone=field(form, "do") == "alone"))
    only_known(answer)
    if isinstance(answer, Refused) and answer.reason == "open-already":
        return go(f"/queue/{alert_id}")
    if isinstance(answer, Refused):
        words = SORRY.get(answer.reason) or answer.say
        return await alert_page(request, alert_id, who, typed=typed, wrong={"envelope-reason": words})
    assert isinstance(answer, EnvelopeStands)
    return go(f"/envelopes/{answer.grant_id}")


# ── one envelope ──────────────────────────────────────────────────────────────────────────────────────────────


@router.get("/envelopes")
async def show_envelopes(request: Request, who: Officer) -> Response:
    """What was asked for of late, what waits for somebody first."""
    found = await read_envelopes(request, who)
    return page(request, "envelope/list.html", envelopes=found, stood=of_envelopes(found), **words())


@router.get("/envelopes/{grant_id}")
async def show_envelope(request: Request, grant_id: Key, who: Officer) -> Response:
    """One request: who asked, why, what became of it, and what this person may do."""
    return await envelope_page(request, grant_id, who)


@router.post("/envelopes/{grant_id}/agree")
async def agree(request: Request, grant_id: Key, who: Officer) -> Response:
    """The second person's word."""
    form, typed = await _reasoned(request, "agree-reason")
    if typed is None:
        return await envelope_page(request, grant_id, who, wrong={"agree-reason": TOO_LONG})
    agrees = field(form, "word") == "agree"
    wish = AgreeEnvelope(grant_id=grant_id, staff_id=who.person_id, agree=agrees, reason=typed)
    return await _said(request, grant_id, who, await request.app.state.ask(wish), "agree-reason", typed)


@router.post("/envelopes/{grant_id}/countersign")
async def countersign(request: Request, grant_id: Key, who: Officer) -> Response:
    """A lead's word on an envelope that one officer opened alone."""
    form, typed = await _reasoned(request, "sign-reason")
    if typed is None:
        return await envelope_page(request, grant_id, who, wrong={"sign-reason": TOO_LONG})
    agrees = field(form, "word") == "agree"
    wish = CountersignEnvelope(grant_id=grant_id, staff_id=who.person_id, agree=agrees, reason=typed)
    answer = await request.app.state.ask(wish)
    if isinstance(answer, Refused) and answer.reason == "not-allowed":
        wrong = {"sign-reason": answer.say}
        return await envelope_page(request, grant_id, who, typed={"sign-reason": typed}, wrong=wrong)
    return await _said(request, grant_id, who, answer, "sign-reason", typed)


@router.post("/envelopes/{grant_id}/hold-back")
async def hold_back(request: Request, grant_id: Key, who: Officer) -> Response:
    """A lead has the young person's page say nothing of it until a day that they choose."""
    form, typed = await _reasoned(request, "hold-reason")
    until = _morning(field(form, "hold-until"))
    if typed is None or until is None:
        wrong = {"hold-reason": TOO_LONG} if typed is None else {"hold-until": "Choose a day."}
        return await envelope_page(request, grant_id, who, wrong=wrong, typed={"hold-reason": typed or ""})
    wish = HoldBackEnvelope(grant_id=grant_id, staff_id=who.person_id, until=until, reason=typed)
    answer = await request.app.state.ask(wish)
    about = "hold-until" if isinstance(answer, Refused) and answer.reason in ("past", "too-long") else "hold-reason"
    return await _said(request, grant_id, who, answer, about, typed)


@router.post("/envelopes/{grant_id}/open")
async def look(request: Request, grant_id: Key, who: Officer) -> Response:
    """The contact details themselves, once for each time the button is pressed, and each time on record."""
    await checked_form(request)
    one = await find(request, grant_id, who)
    if not may_look(one, who):
        return await envelope_page(request, grant_id, who)
    answer = await asked_of_vault(request, grant_id, who)
    if isinstance(answer, Refused):
        shown = answer.reason if answer.reason == "nothing-kept" else "closed"
        return page(request, "envelope/empty.html", one=one, reason=shown)
    assert isinstance(answer, EnvelopeContents)
    return page(request, "envelope/contents.html", one=one, contents=answer, **words())


async def asked_of_vault(request: Request, grant_id: str, who: Visitor) -> Answer:
    """What the vault answers; it may hear of a grant a moment after it was made."""
    for left in reversed(range(HEARD_TRIES)):
        answer: Answer = await request.app.state.ask(OpenEnvelope(grant_id=grant_id, staff_id=who.person_id))
        if not (isinstance(answer, Refused) and answer.reason == "not-yours" and left):
            break
        await asyncio.sleep(HEARD_SECONDS)
    return answer


async def find(request: Request, grant_id: str, who: Visitor) -> EnvelopeView:
    """One request; else the page that says there is none."""
    for one in await read_envelopes(request, who):
        if one.grant_id == grant_id:
            return one
    raise HTTPException(404)


async def envelope_page(
    request: Request,
    grant_id: str,
    who: Visitor,
    *,
    typed: dict[str, str] | None = None,
    wrong: dict[str, str] | None = None,
) -> Response:
    """The page of one request, with what was typed and what to look at again."""
    one, status = await find(request, grant_id, who), 422 if wrong else 200
    more: dict[str, Any] = {"typed": typed or {}, "errors": wrong or {}, "stood": of_envelopes([one]), **words()}
    return page(request, "envelope/one.html", status_code=status, one=one, **more)


async def _reasoned(request: Request, name: str) -> tuple[Any, str | None]:
    """A form and the reason in it; None where that is too long."""
    form = await checked_form(request)
    reason = field(form, name, longest=20_000)
    return form, reason if len(reason) <= REASON_MAX_CHARS else None


async def _said(request: Request, grant_id: str, who: Visitor, answer: Answer, about: str, typed: str) -> Response:
    if isinstance(answer, Refused) and answer.reason == "no-such-envelope":
        raise HTTPException(404)
    if isinstance(answer, Refused) and answer.reason == "not-allowed":
        raise NotAllowed
    if isinstance(answer, Refused):
        wrong = {about: SORRY.get(answer.reason) or answer.say}
        return await envelope_page(request, grant_id, who, typed={about: typed}, wrong=wrong)
    return go(f"/envelopes/{grant_id}")


def _morning(typed: str) -> datetime | None:
    """The morning of a day in London, as a date field gives it; None for anything else."""
    day = read_day(typed)
    return datetime.combine(day, time(9), LONDON).astimezone(UTC) if day else None


# ── a young person's own ──────────────────────────────────────────────────────────────────────────────────────


@router.get("/my/record")
async def show_own_record(request: Request, who: Member) -> Response:
    """Who looked at my contact details, when and why, as soon as that is safe to show."""
    answer = await request.app.state.ask(ReadOwnRecord(member_id=who.person_id))
    assert isinstance(answer, OwnRecord)
    return page(request, "envelope/own.html", looks=answer.looks, because=BECAUSE)


BECAUSE = {
    EnvelopeWhy.NOT_SAFE: "we were worried that you might not be safe",
    EnvelopeWhy.EMERGENCY: "somebody had to reach you in person",
    EnvelopeWhy.NOT_REACHED: "we couldn’t reach you any other way and wanted to know that you were safe",
    EnvelopeWhy.OTHERS: "we were worried that somebody else might not be safe",
}
