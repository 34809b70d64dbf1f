"""The rule bench: each rule's figures, drafts and their trials, publishing with a second person, and going back."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Path, Request
from starlette.responses import Response

from harbour.contracts.messages import Answer, Key, Refused, Wish
from harbour.contracts.rule_bench import (
    AddLine,
    Bench,
    DecideDraft,
    DraftShown,
    DropDraft,
    DropLine,
    Editions,
    HarmlessLines,
    OpenTrialMessages,
    ProposeDraft,
    ReadBench,
    ReadDraft,
    ReadEditions,
    ReadLines,
    ReadRule,
    Restored,
    RestoreEdition,
    RuleShown,
    ShadowDraft,
    TrialMessages,
    TryDraft,
)
from services.gateway.auth import NotAllowed, Visitor, staff
from services.gateway.web.pages import checked_form, field, go, page
from services.gateway.web.rule_words import BY, CATEGORIES, DAYS, STATES, URGENCIES, WHAT, filtered, read_filters

router = APIRouter(prefix="/rules", default_response_class=Response)
Officer = Annotated[Visitor, Depends(staff())]
Number = Annotated[int, Path(ge=0, lt=2**31)]

REASON_MAX_CHARS = 1000
TOO_LONG = f"That is more than this box holds, which is {REASON_MAX_CHARS:,} letters."


async def asked(request: Request, wish: Wish[Any]) -> Any:
    """The answer; a page that says so where it is not theirs or not there. Other refusals come back as they are."""
    answer: Answer = await request.app.state.ask(wish)
    if isinstance(answer, Refused) and answer.reason == "not-allowed":
        raise NotAllowed
    if isinstance(answer, Refused) and answer.reason.startswith("no-such"):
        raise HTTPException(404)
    return answer


# ── how the rules do ──────────────────────────────────────────────────────────────────────────────────────────


@router.get("")
async def show_rules(request: Request, who: Officer) -> Response:
    """Every rule with its figures, by what the address asks for; the drafts that are open; who runs what."""
    filters = read_filters(request.query_params)
    bench: Bench = await asked(request, ReadBench(staff_id=who.person_id, days=filters.days))
    rules = filtered(bench.rules, filters)
    words: dict[str, Any] = {"categories": CATEGORIES, "urgencies": URGENCIES, "states": STATES}
    words |= {"spans": DAYS, "orders": BY}
    return page(request, "rules/list.html", view=bench, rules=rules, filters=filters, **words)


@router.get("/rule/{rule_id}")
async def show_rule(request: Request, rule_id: str, who: Officer) -> Response:
    """One rule, whole."""
    days = read_filters(request.query_params).days
    shown: RuleShown = await asked(request, ReadRule(staff_id=who.person_id, rule_id=rule_id, days=days, rows=True))
    words: dict[str, Any] = {"categories": CATEGORIES, "states": STATES, "spans": DAYS}
    return page(request, "rules/rule.html", shown=shown, rule=shown.rule, line=shown.line, days=days, **words)


@router.get("/editions")
async def show_editions(request: Request, who: Officer) -> Response:
    """What was published, and the way back."""
    return await editions_page(request, who)


@router.post("/editions/{number}/restore")
async def restore_edition(request: Request, number: Number, who: Officer) -> Response:
    """Go back to an earlier edition, or propose it."""
    reason = field(await checked_form(request), "reason", longest=20_000)
    if len(reason) > REASON_MAX_CHARS:
        return await editions_page(request, who, number, reason, TOO_LONG)
    answer = await asked(request, RestoreEdition(staff_id=who.person_id, number=number, reason=reason))
    if isinstance(answer, Refused):
        return await editions_page(request, who, number, reason, answer.say)
    assert isinstance(answer, Restored)
    return go(f"/rules/drafts/{answer.draft_id}" if answer.draft_id else "/rules/editions?done")


async def editions_page(
    request: Request, who: Visitor, number: int = -1, reason: str = "", wrong: str = ""
) -> Response:
    """The history, with what was typed and what to look at again."""
    found: Editions = await asked(request, ReadEditions(staff_id=who.person_id))
    bench: Bench = await asked(request, ReadBench(staff_id=who.person_id))
    errors = {f"reason-{number}": wrong} if wrong else {}
    more: dict[str, Any] = {"bench_view": bench, "typed": {number: reason}, "errors": errors}
    status, done = 422 if wrong else 200, "done" in request.query_params
    return page(request, "rules/editions.html", status_code=status, found=found, done=done, **more)


# ── one draft ─────────────────────────────────────────────────────────────────────────────────────────────────


@router.get("/drafts/{draft_id}")
async def show_draft(request: Request, draft_id: Key, who: Officer) -> Response:
    """A draft, what it would change, and what comes next."""
    return await draft_page(request, draft_id, who)


@router.post("/drafts/{draft_id}/try")
async def try_draft(request: Request, draft_id: Key, who: Officer) -> Response:
    """Begin a trial."""
    await checked_form(request)
    return await after(request, draft_id, who, TryDraft(staff_id=who.person_id, draft_id=draft_id), "trial")


@router.post("/drafts/{draft_id}/shadow")
async def shadow_draft(request: Request, draft_id: Key, who: Officer) -> Response:
    """Begin or end to judge what is said now by the draft as well."""
    on = field(await checked_form(request), "on") == "yes"
    return await after(request, draft_id, who, ShadowDraft(staff_id=who.person_id, draft_id=draft_id, on=on), "shadow")


@router.post("/drafts/{draft_id}/propose")
async def propose_draft(request: Request, draft_id: Key, who: Officer) -> Response:
    """Ask a second person."""
    reason = field(await checked_form(request), "reason", longest=20_000)
    if len(reason) > REASON_MAX_CHARS:
        return await draft_page(request, draft_id, who, typed={"reason": reason}, wrong={"reason": TOO_LONG})
    wish = ProposeDraft(staff_id=who.person_id, draft_id=draft_id, reason=reason)
    return await after(request, draft_id, who, wish, "reason", reason)


@router.post("/drafts/{draft_id}/decide")
async def decide_draft(request: Request, draft_id: Key, who: Officer) -> Response:
    """Publish it, or send it back."""
    form = await checked_form(request)
    said, text_hash = field(form, "said", longest=20_000), field(form, "text_hash")
    if len(said) > REASON_MAX_CHARS:
        return await draft_page(request, draft_id, who, typed={"said": said}, wrong={"said": TOO_LONG})
    known: dict[str, Any] = {"text_hash": text_hash, "publish": field(form, "do") == "publish", "said": said}
    return await after(
        request, draft_id, who, DecideDraft(staff_id=who.person_id, draft_id=draft_id, **known), "said", said
    )


@router.post("/drafts/{draft_id}/drop")
async def drop_draft(request: Request, draft_id: Key, who: Officer) -> Response:
    """Lay it aside for good."""
    await checked_form(request)
    return await after(request, draft_id, who, DropDraft(staff_id=who.person_id, draft_id=draft_id), "drop")


@router.post("/drafts/{draft_id}/messages")
async def open_messages(request: Request, draft_id: Key, who: Officer) -> Response:
    """Read the messages of which the draft would make something else; each time goes on record."""
    form = await checked_form(request)
    of, what = field(form, "of"), field(form, "what")
    known: dict[str, Any] = {"of": "shadow" if of == "shadow" else "trial", "what": what if what in WHAT else ""}
    found: TrialMessages = await asked(request, OpenTrialMessages(staff_id=who.person_id, draft_id=draft_id, **known))
    return page(request, "rules/messages.html", found=found, draft=found.draft, what=WHAT)


async def after(request: Request, draft_id: str, who: Visitor, wish: Wish[Any], name: str, typed: str = "") -> Response:
    """On to the draft; or the draft with what was typed, and what stands in the way."""
    answer = await asked(request, wish)
    if isinstance(answer, Refused):
        return await draft_page(request, draft_id, who, typed={name: typed}, wrong={name: answer.say})
    return go(f"/rules/drafts/{draft_id}")


async def draft_page(
    request: Request,
    draft_id: str,
    who: Visitor,
    *,
    typed: dict[str, str] | None = None,
    wrong: dict[str, str] | None = None,
) -> Response:
    """A draft with what was typed and what to look at again."""
    shown: DraftShown = await asked(request, ReadDraft(staff_id=who.person_id, draft_id=draft_id))
    more: dict[str, Any] = {"typed": typed or {}, "errors": wrong or {}, "categories": CATEGORIES, "what": WHAT}
    status = 422 if wrong else 200
    return page(request, "rules/draft.html", status_code=status, shown=shown, draft=shown.draft, **more)


# ── harmless lines ────────────────────────────────────────────────────────────────────────────────────────────


@router.get("/lines")
async def show_lines(request: Request, who: Officer) -> Response:
    """Every harmless line."""
    found: HarmlessLines = await asked(request, ReadLines(staff_id=who.person_id))
    return page(request, "rules/lines.html", lines=found.lines, done="done" in request.query_params)


@router.post("/lines/{alert_id}")
async def add_line(request: Request, alert_id: Key, who: Officer) -> Response:
    """Keep a paraphrase; where it is none, the page says why and keeps what was typed."""
    typed = field(await checked_form(request), "line", longest=4000)
    answer = await asked(request, AddLine(staff_id=who.person_id, alert_id=alert_id, text=typed))
    if isinstance(answer, Refused):
        wrong = {"line": answer.say}
        return page(request, "rules/line.html", status_code=422, alert_id=alert_id, typed=typed, errors=wrong)
    return go("/rules/lines?done")


@router.post("/lines/{line_id}/drop")
async def drop_line(request: Request, line_id: Key, who: Officer) -> Response:
    """Take a line out again."""
    await checked_form(request)
    await asked(request, DropLine(staff_id=who.person_id, line_id=line_id))
    return go("/rules/lines")
