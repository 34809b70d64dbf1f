"""Checking a draft takes a few hundred milliseconds, so it is done in a thread and outside any transaction."""

import asyncio
from datetime import datetime

from harbour.contracts.messages import Refused, derived_id
from harbour.contracts.rule_bench import Draft, DraftChecked, DraftState, EditionData, Fault, Kind, SaveDraft
from harbour.runtime.database import Database
from harbour.screening import drafting
from services.safeguard.bench import rules
from services.safeguard.bench.rules import Kept
from services.safeguard.bench.store import Drafts, EditionBook, Trials
from services.safeguard.store import Rota


async def save(database: Database, wish: SaveDraft, at: datetime) -> DraftChecked | Refused:
    """Check what was typed and keep it as a draft; or say what needs another look."""
    async with database.reading() as tx:
        who, now = await Rota(tx).find(wish.staff_id), await EditionBook(tx).newest()
        kept = await Drafts(tx).find(wish.draft_id) if wish.draft_id else None
    rule_id = wish.rule.id if wish.rule else wish.rule_id
    if refused := rules.why_not_read(who) or _why_not(wish, kept, rule_id, now):
        return refused
    draft = _draft(wish, kept, rule_id, at, who.name)
    if faults := await asyncio.to_thread(_faults, draft, now):
        return DraftChecked(draft=None, faults=tuple(faults))
    authors = (*(one for one in (kept.authors if kept else ()) if one != who.staff_id), who.staff_id)
    async with database.begin() as tx:
        held = await Drafts(tx).hold(draft.draft_id)
        if held and (refused := rules.why_not_work(held.draft)):
            return refused
        await Trials(tx).forget(draft.draft_id)
        await Drafts(tx).put(Kept(draft, authors, "", proposed_by_lead=False, decided_with=""))
        found = await Drafts(tx).find(draft.draft_id)
    return DraftChecked(draft=found.draft if found else draft)


def _why_not(wish: SaveDraft, kept: Kept | None, rule_id: str, now: EditionData) -> Refused | None:
    if wish.draft_id and kept is None:
        return rules.NO_SUCH_DRAFT
    if (wish.kind is Kind.RULE) != (wish.rule is not None) or wish.kind is Kind.RESTORE:
        return rules.NO_SUCH_RULE
    if kept and (refused := rules.why_not_work(kept.draft)):
        return refused
    return rules.why_not_save(wish.kind, rule_id, now)


def _draft(wish: SaveDraft, kept: Kept | None, rule_id: str, at: datetime, name: str) -> Draft:
    return Draft(
        draft_id=kept.draft.draft_id if kept else derived_id("draft", wish.id),
        kind=wish.kind,
        rule=wish.rule,
        rule_id=rule_id,
        state=DraftState.DRAFT,
        author_id=wish.staff_id,
        author=name,
        changed_at=at,
        text_hash=rules.text_hash(wish.kind, rule_id, wish.rule, None),
    )


def _faults(draft: Draft, now: EditionData) -> list[Fault]:
    if draft.rule and (faults := drafting.faults_of(draft.rule)):
        return faults
    return drafting.book_of(rules.next_edition(draft, now, None), draft.rule)[1]
