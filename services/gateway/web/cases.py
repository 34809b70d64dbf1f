"""Cases: the list, one case, and what is written into it. Every form works without a script."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from harbour.contracts.cases import (
    ActionKind,
    AddEntry,
    AnswerAction,
    CaseDetails,
    CaseList,
    CaseOutcome,
    CaseTaken,
    CloseCase,
    EntryKind,
    HandOverCase,
    ListCases,
    OpenCase,
    ReadCase,
    ReopenCase,
    SignOffCase,
)
from harbour.contracts.messages import Command, Key, Refused, new_id
from services.gateway.auth import NotAllowed, Visitor
from services.gateway.stands import of_cases
from services.gateway.web.desk_page import READING_SECONDS, Officer, stay_here
from services.gateway.web.pages import checked_form, field, go, page, present
from services.gateway.web.typed import read_moment, some_key

router = APIRouter()
Now = Annotated[datetime, Depends(present)]

WORDS_MAX_CHARS, LINE_MAX_CHARS = 4000, 300
TOO_LONG = "That is longer than {most:,} characters. Could you shorten it?"
A_MINUTE = timedelta(minutes=1)
"""By so much a browser's clock may be ahead of ours."""
WRITES = {"fact": EntryKind.FACT, "discussion": EntryKind.DISCUSSION, "decision": EntryKind.DECISION,
          "action": EntryKind.ACTION}  # fmt: skip
BESIDE = {"words-needed": "words", "source-needed": "source", "reason-needed": "reason", "action-needed": "action",
          "whom-needed": "whom", "reference-needed": "reference", "nobody": "to", "unanswered": "words",
          "your-own": "words", "another-open": "words"}  # fmt: skip
"""Beside which field of a form a refusal is said."""
WRITTEN = ("words", "reason", "source", "whom", "reference", "next")
GONE_ON = {"closed", "closing", "not-closing", "not-closed", "not-yours", "answered", "no-such-entry"}
"""Refusals after which the page as it stands now has no such form."""


@router.get("/cases")
async def show_cases(request: Request, who: Officer) -> Response:
    """The cases that are not closed, those that wait for somebody first; or those that are."""
    closed = "closed" in request.query_params
    await stay_here(request, who)
    found = await request.app.state.ask(ListCases(staff_id=who.person_id, closed=closed))
    known(found)
    assert isinstance(found, CaseList)
    return page(request, "cases/list.html", cases=found.cases, closed=closed, stood=of_cases(found.cases))


@router.post("/queue/{alert_id}/case")
async def open_case(request: Request, alert_id: Key, who: Officer) -> Response:
    """Open a case from an alert, or let it join the one of the same young person."""
    await checked_form(request)
    answer = await request.app.state.ask(OpenCase(alert_ids=(alert_id,), staff_id=who.person_id))
    known(answer)
    return go(f"/cases/{answer.case_id}" if isinstance(answer, CaseTaken) else f"/queue/{alert_id}")


@router.get("/cases/{case_id}")
async def show_case(request: Request, case_id: Key, who: Officer) -> Response:
    """One case; that it is read goes on record, once in a quarter of an hour on each screen."""
    await stay_here(request, who)
    return await case_page(request, case_id, who)


@router.post("/cases/{case_id}/entry")
async def add_entry(request: Request, case_id: Key, who: Officer, now: Now) -> Response:
    """Write something into it; where something is missing, the page asks for it and keeps what was typed."""
    form = await checked_form(request)
    which = field(form, "kind")
    if which not in WRITES:
        raise HTTPException(404)
    typed, wrong = _typed(form, which, ("words", "reason"), ("source", "whom", "reference", "next", "done", "action"))
    done_at, late = _moment(typed.get(f"{which}-done", ""), now)
    action = typed.get(f"{which}-action", "")
    typed["chase"] = field(form, "chase")
    if late:
        wrong[f"{which}-done"] = late
    if wrong or (action and action not in list(ActionKind)):
        return await case_page(request, case_id, who, typed=typed, wrong=wrong)
    said: dict[str, Any] = {one: typed[f"{which}-{one}"] for one in WRITTEN}
    wish = AddEntry(
        case_id=case_id, staff_id=who.person_id, kind=WRITES[which],
        action=ActionKind(action) if action else None, done_at=done_at, chase=bool(typed["chase"]), **said,
    )  # fmt: skip
    return await _said(request, case_id, who, wish, which, typed)


@router.post("/cases/{case_id}/answer/{entry_id}")
async def answer_action(request: Request, case_id: Key, entry_id: Key, who: Officer) -> Response:
    """Write what came of something that was asked of others."""
    form = await checked_form(request)
    which = f"answer-{entry_id}"
    typed, wrong = _typed(form, which, ("words",))
    if wrong:
        return await case_page(request, case_id, who, typed=typed, wrong=wrong)
    words, again = typed[f"{which}-words"], bool(field(form, "again"))
    wish = AnswerAction(case_id=case_id, entry_id=entry_id, staff_id=who.person_id, words=words, again=again)
    return await _said(request, case_id, who, wish, which, typed)


@router.post("/cases/{case_id}/hand-over")
async def hand_over(request: Request, case_id: Key, who: Officer) -> Response:
    """Give the case to a colleague."""
    form = await checked_form(request)
    typed, wrong = _typed(form, "hand", ("words",), ("to",))
    if wrong:
        return await case_page(request, case_id, who, typed=typed, wrong=wrong)
    wish = HandOverCase(
        case_id=case_id, staff_id=who.person_id, to=some_key(typed["hand-to"]), words=typed["hand-words"]
    )
    return await _said(request, case_id, who, wish, "hand", typed)


@router.post("/cases/{case_id}/close")
async def close_case(request: Request, case_id: Key, who: Officer) -> Response:
    """Close it, or ask a second person to."""
    form = await checked_form(request)
    typed, wrong = _typed(form, "close", ("words",), ("outcome",))
    outcome = typed["close-outcome"] or CaseOutcome.SUPPORTED.value
    if wrong or outcome not in list(CaseOutcome):
        return await case_page(request, case_id, who, typed=typed, wrong=wrong)
    words = typed["close-words"]
    wish = CloseCase(case_id=case_id, staff_id=who.person_id, outcome=CaseOutcome(outcome), words=words)
    return await _said(request, case_id, who, wish, "close", typed)


@router.post("/cases/{case_id}/sign-off")
async def sign_off(request: Request, case_id: Key, who: Officer) -> Response:
    """Agree that it is closed, or hand it back."""
    form = await checked_form(request)
    typed, wrong = _typed(form, "sign", ("words",))
    if wrong:
        return await case_page(request, case_id, who, typed=typed, wrong=wrong)
    agree, words = field(form, "word") == "agree", typed["sign-words"]
    wish = SignOffCase(case_id=case_id, staff_id=who.person_id, agree=agree, words=words)
    return await _said(request, case_id, who, wish, "sign", typed)


@router.post("/cases/{case_id}/reopen")
async def reopen_case(request: Request, case_id: Key, who: Officer) -> Response:
    """Open a closed case again."""
    form = await checked_form(request)
    typed, wrong = _typed(form, "reopen", ("words",))
    if wrong:
        return await case_page(request, case_id, who, typed=typed, wrong=wrong)
    wish = ReopenCase(case_id=case_id, staff_id=who.person_id, words=typed["reopen-words"])
    return await _said(request, case_id, who, wish, "reopen", typed)


# ── the page ──────────────────────────────────────────────────────────────────────────────────────────────────


async def case_page(
    request: Request,
    case_id: str,
    who: Visitor,
    *,
    typed: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
    kept: str = "",
    kept_why: str = "",
) -> Response:
    """The page of one case with what was typed; `wrong` says what to look at again, by field; `kept` is what was
    written for a form that is no longer on the page."""
    redis = request.app.state.redis
    key = f"gateway:reading-case:{who.token_hash}:{case_id}"
    await redis.set(key, new_id(), ex=READING_SECONDS, nx=True)
    details = await request.app.state.ask(ReadCase(id=await redis.get(key), case_id=case_id, staff_id=who.person_id))
    known(details)
    assert isinstance(details, CaseDetails)
    area = request.query_params.get("area", "").strip().upper()[:2]
    return page(
        request,
        "cases/case.html",
        status_code=422 if wrong else 409 if kept else 200,
        one=details,
        case=details.case,
        stood=of_cases([details.case]),
        waiting=[entry for entry in details.entries if entry.chase_at and not entry.answered and entry.action],
        written=[entry for entry in details.entries if entry.kind is not EntryKind.READ],
        readings=[entry for entry in details.entries if entry.kind is EntryKind.READ],
        names={entry.entry_id: entry for entry in details.entries},
        typed=typed or {},
        errors=wrong or {},
        kept=kept,
        kept_why=kept_why,
        knowledge=request.app.state.knowledge,
        area=area,
    )


def known(answer: object) -> None:
    """Lead on to the page that says so where there is nothing like that, or it is not theirs to see."""
    reason = answer.reason if isinstance(answer, Refused) else ""
    if reason in ("no-such-case", "no-such-alert"):
        raise HTTPException(404)
    if reason == "not-allowed":
        raise NotAllowed


async def _said(
    request: Request, case_id: str, who: Visitor, wish: Command[CaseTaken], which: str, typed: Mapping[str, str]
) -> Response:
    answer = await request.app.state.ask(wish)
    known(answer)
    if isinstance(answer, Refused) and answer.reason not in GONE_ON:
        name = f"{which}-{BESIDE.get(answer.reason, 'words')}"
        return await case_page(request, case_id, who, typed=typed, wrong={name: answer.say})
    if isinstance(answer, Refused) and (kept := _all_of(typed)):
        return await case_page(request, case_id, who, kept=kept, kept_why=answer.say)
    entry = getattr(answer, "entry_id", "")
    return go(f"/cases/{case_id}" + (f"#entry-{entry}" if entry else ""))


def _typed(
    form: FormData, which: str, words: tuple[str, ...], lines: tuple[str, ...] = ()
) -> tuple[dict[str, str], dict[str, str]]:
    """What was typed into the fields of a form, by their names, and which of it is too long."""
    typed, wrong = {}, {}
    for names, most in ((words, WORDS_MAX_CHARS), (lines, LINE_MAX_CHARS)):
        for name in (f"{which}-{one}" for one in names):
            typed[name] = field(form, name, longest=20_000)
            if len(typed[name]) > most:
                wrong[name] = TOO_LONG.format(most=most)
    return typed, wrong


def _all_of(typed: Mapping[str, str]) -> str:
    """All somebody wrote into a form, to be copied from."""
    return "\n".join(words for name, words in typed.items() if words and name.rpartition("-")[2] in WRITTEN)


def _moment(typed: str, now: datetime) -> tuple[datetime | None, str]:
    """When something was done, and what is wrong with it."""
    if not typed:
        return None, ""
    done_at = read_moment(typed)
    if done_at is None:
        return None, "We couldn’t read that time. Write it like 2026-11-23 19:30."
    return (None, "That is still to come. Write down what was done.") if done_at > now + A_MINUTE else (done_at, "")
