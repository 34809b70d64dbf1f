"""The form in which a rule is written: what was typed is kept until nothing needs another look."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from harbour.contracts.messages import Key, Refused
from harbour.contracts.rule_bench import (
    DraftChecked,
    DraftShown,
    Fault,
    Kind,
    ReadDraft,
    ReadRule,
    RuleData,
    RuleShown,
    SaveDraft,
)
from services.gateway.auth import Visitor, staff
from services.gateway.web.pages import checked_form, field, go, page
from services.gateway.web.rule_words import CATEGORIES, URGENCIES
from services.gateway.web.rules import asked

router = APIRouter(prefix="/rules", default_response_class=Response)
Officer = Annotated[Visitor, Depends(staff())]

LISTS = ("patterns", "unless", "softer", "must_fire", "must_not_fire")
TEXT_MAX_CHARS = 30_000
NEW = RuleData(id="", category="", urgency="medium", why="")


@router.get("/new")
async def write_rule(request: Request, who: Officer) -> Response:
    """A new rule."""
    return form_page(request, NEW, "/rules/new")


@router.post("/new")
async def save_new(request: Request, who: Officer) -> Response:
    """Keep it as a draft."""
    return await save(request, who, "/rules/new")


@router.get("/rule/{rule_id}/change")
async def change_rule(request: Request, rule_id: str, who: Officer) -> Response:
    """A change of a rule."""
    shown: RuleShown = await asked(request, ReadRule(staff_id=who.person_id, rule_id=rule_id))
    return form_page(request, shown.rule, f"/rules/rule/{rule_id}/change", suggestions=shown.suggestions)


@router.post("/rule/{rule_id}/change")
async def save_change(request: Request, rule_id: str, who: Officer) -> Response:
    """Keep it as a draft."""
    return await save(request, who, f"/rules/rule/{rule_id}/change", rule_id=rule_id)


@router.post("/rule/{rule_id}/{kind}")
async def switch_rule(request: Request, rule_id: str, kind: Kind, who: Officer) -> Response:
    """A draft that switches a rule off, or has it as it is shipped."""
    await checked_form(request)
    answer = await asked(request, SaveDraft(staff_id=who.person_id, kind=kind, rule_id=rule_id))
    if isinstance(answer, Refused) or answer.draft is None:
        return go(f"/rules/rule/{rule_id}")
    return go(f"/rules/drafts/{answer.draft.draft_id}")


@router.get("/drafts/{draft_id}/change")
async def change_draft(request: Request, draft_id: Key, who: Officer) -> Response:
    """A draft once more."""
    shown: DraftShown = await asked(request, ReadDraft(staff_id=who.person_id, draft_id=draft_id))
    if shown.draft.rule is None:
        return go(f"/rules/drafts/{draft_id}")
    return form_page(request, shown.draft.rule, f"/rules/drafts/{draft_id}/change")


@router.post("/drafts/{draft_id}/change")
async def save_draft(request: Request, draft_id: Key, who: Officer) -> Response:
    """Keep it in place of what it was."""
    return await save(request, who, f"/rules/drafts/{draft_id}/change", draft_id=draft_id)


async def save(request: Request, who: Visitor, action: str, *, rule_id: str = "", draft_id: str = "") -> Response:
    """Check what was typed; on to the draft, or back to the form with what needs another look."""
    rule = read_rule(await checked_form(request), rule_id)
    answer = await asked(request, SaveDraft(staff_id=who.person_id, draft_id=draft_id, rule=rule))
    if isinstance(answer, Refused):
        return form_page(request, rule, action, [Fault(field="", say=answer.say)])
    assert isinstance(answer, DraftChecked)
    if answer.draft is None:
        return form_page(request, rule, action, answer.faults)
    return go(f"/rules/drafts/{answer.draft.draft_id}")


def read_rule(form: FormData, rule_id: str = "") -> RuleData:
    """What was typed, as a rule."""
    lists: dict[str, Any] = {name: lines_of(field(form, name, longest=TEXT_MAX_CHARS)) for name in LISTS}
    category = field(form, "category")
    also = tuple(one for one in form.getlist("also") if isinstance(one, str) and one != category)
    return RuleData(
        id=rule_id or field(form, "id", longest=80),
        category=category,
        also=also,
        urgency=field(form, "urgency"),
        why=field(form, "why", longest=500),
        peers_may_see=bool(field(form, "peers_may_see")),
        detector=field(form, "detector"),
        **lists,
    )


def lines_of(text: str) -> tuple[str, ...]:
    """One entry a line, without the empty ones."""
    return tuple(line for each in text.splitlines() if (line := " ".join(each.split())))


def form_page(
    request: Request,
    rule: RuleData,
    action: str,
    faults: Any = (),
    suggestions: tuple[str, ...] = (),
) -> Response:
    """The form with a rule in it."""
    errors: dict[str, str] = {}
    for one in faults:
        words = f"Line {one.line}: {one.say}" if one.line else one.say
        errors[one.field or "rule"] = f"{errors.get(one.field or 'rule', '')} {words}".strip()
    more: dict[str, Any] = {
        "action": action,
        "errors": errors,
        "suggestions": suggestions,
        "fixed": action != "/rules/new",
    }
    status = 422 if errors else 200
    words = {"categories": CATEGORIES, "urgencies": URGENCIES}
    return page(request, "rules/form.html", status_code=status, rule=rule, **more, **words)
