"""The rule bench: see how rules do, draft one, and try it."""

from datetime import timedelta

from harbour.contracts.messages import Refused, derived_id
from harbour.contracts.rule_bench import (
    Bench,
    DraftChecked,
    DraftShown,
    OpenTrialMessages,
    ReadBench,
    ReadDraft,
    ReadRule,
    RuleShown,
    SaveDraft,
    ShadowDraft,
    TrialDue,
    TrialMessages,
    TryDraft,
)
from harbour.runtime.rooms import Says
from services.safeguard.bench import rules, showing, trying, views, workshop
from services.safeguard.bench.doors import (
    BringsBook,
    DraftsBook,
    EditionsBook,
    TheCopies,
    TheDatabase,
    TrialsBook,
)
from services.safeguard.bench.store import SHOWN_MOST
from services.safeguard.chain import JSON
from services.safeguard.handlers.doors import ChainBook, Now, RotaBook, router

# ── how the rules do ──────────────────────────────────────────────────────────────────────────────────────────


@router.answers(ReadBench)
async def read_bench(
    wish: ReadBench, rota: RotaBook, brings: BringsBook, drafts: DraftsBook, editions: EditionsBook, copies: TheCopies,
    now: Now,
) -> Bench | Refused:  # fmt: skip
    """The rules in force with their figures, the drafts that are open, and which rules every copy runs."""
    if refused := rules.why_not_read(await rota.find(wish.staff_id)):
        return refused
    alerts, book = await brings.since(now - timedelta(days=wish.days)), await editions.newest()
    history = await editions.views()
    edition = views.in_force(history)
    return Bench(
        rules=tuple(rules.listed(book, rules.figures(alerts))),
        days=wish.days,
        alerts=len(alerts),
        drafts=tuple(await drafts.open()),
        edition=edition,
        copies=tuple(views.copies(copies.heard(), edition)),
    )


@router.answers(ReadRule, transaction=False)
async def read_rule(wish: ReadRule, database: TheDatabase, now: Now) -> RuleShown | Refused:
    """One rule with its figures, as it is shipped, and the drafts about it."""
    return await showing.show(database, wish, now)


# ── a draft ───────────────────────────────────────────────────────────────────────────────────────────────────


@router.answers(SaveDraft, transaction=False)
async def save_draft(wish: SaveDraft, database: TheDatabase, now: Now) -> DraftChecked | Refused:
    """Check what was typed and keep it; or say what needs another look."""
    return await workshop.save(database, wish, now)


@router.answers(ReadDraft)
async def read_draft(
    wish: ReadDraft, drafts: DraftsBook, editions: EditionsBook, rota: RotaBook
) -> DraftShown | Refused:
    """One draft, the rule as it is now, and what stands in the way."""
    who, kept = await rota.find(wish.staff_id), await drafts.find(wish.draft_id)
    if refused := rules.why_not_read(who):
        return refused
    return views.shown(kept, who, await editions.newest()) if kept else rules.NO_SUCH_DRAFT


@router.answers(TryDraft)
async def try_draft(
    wish: TryDraft, drafts: DraftsBook, trials: TrialsBook, editions: EditionsBook, rota: RotaBook, chain: ChainBook,
    now: Now,
) -> Says:  # fmt: skip
    """Begin a trial; it goes on by itself, step by step."""
    who, kept, book = await rota.find(wish.staff_id), await drafts.hold(wish.draft_id), await editions.newest()
    if kept is None or rules.why_not_change(who, kept):
        return rules.why_not_change(who, kept) or rules.NO_SUCH_DRAFT
    trial = views.trial(wish, kept.draft, book.number, who.name, await trials.how_many(now), now)
    await trials.begin(trial)
    facts: dict[str, JSON] = {"trial": trial.trial_id, "text": trial.text_hash, "edition": book.number}
    await chain.add("rules.tried", wish.draft_id, now, who.staff_id, facts, cause=derived_id(wish.id, "tried"))
    found = await drafts.find(wish.draft_id)
    return [views.shown(found or kept, who, book), TrialDue.after(wish, trial_id=trial.trial_id, due=now)]


@router.hears(TrialDue, transaction=False)
async def go_on_with_trial(event: TrialDue, database: TheDatabase, now: Now) -> Says:
    """Judge for a second, keep how far it has come, and go on later."""
    return await trying.step(database, event, now)


@router.answers(ShadowDraft)
async def shadow_draft(
    wish: ShadowDraft, drafts: DraftsBook, trials: TrialsBook, editions: EditionsBook, rota: RotaBook,
    chain: ChainBook, now: Now,
) -> DraftShown | Refused:  # fmt: skip
    """Begin or end to judge what is said now by the draft as well."""
    who, kept = await rota.find(wish.staff_id), await drafts.hold(wish.draft_id)
    if kept is None or rules.why_not_change(who, kept):
        return rules.why_not_change(who, kept) or rules.NO_SUCH_DRAFT
    if wish.on != (kept.draft.shadow is not None):
        await trials.forget(wish.draft_id)
        await drafts.put(views.in_shadow(kept, now if wish.on else None))
        facts: dict[str, JSON] = {"on": wish.on, "text": kept.draft.text_hash}
        await chain.add("rules.shadowed", wish.draft_id, now, who.staff_id, facts, cause=derived_id(wish.id, "shadow"))
    found = await drafts.find(wish.draft_id)
    return views.shown(found or kept, who, await editions.newest())


@router.answers(OpenTrialMessages)
async def open_trial_messages(
    wish: OpenTrialMessages, drafts: DraftsBook, trials: TrialsBook, rota: RotaBook, chain: ChainBook, now: Now
) -> TrialMessages | Refused:
    """The messages a draft would make something else of; that they were read goes on record."""
    who, kept = await rota.find(wish.staff_id), await drafts.find(wish.draft_id)
    if refused := rules.why_not_read(who):
        return refused
    if kept is None:
        return rules.NO_SUCH_DRAFT
    of = views.found_by(kept.draft, wish.of)
    messages = await trials.messages(of, wish.what)
    facts: dict[str, JSON] = {"of": wish.of, "messages": len(messages)}
    cause = derived_id(wish.id, "opened")
    await chain.add("rules.messages-opened", wish.draft_id, now, who.staff_id, facts, cause=cause)
    counts = await trials.counts(of)
    count = getattr(counts, wish.what) if wish.what else counts.changed
    more = max(0, count - len(messages)) if len(messages) >= SHOWN_MOST else 0
    return TrialMessages(draft=kept.draft, of=wish.of, messages=tuple(messages), more=more)
