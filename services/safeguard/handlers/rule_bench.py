"""The rule bench: see how rules do, draft one, try it, have a second person publish it, and go back."""

from datetime import timedelta

from harbour.contracts.messages import Refused, derived_id
from harbour.contracts.rule_bench import (
    AddLine,
    Bench,
    DecideDraft,
    DraftChecked,
    DraftShown,
    DraftState,
    DropDraft,
    DropLine,
    Editions,
    HarmlessLine,
    HarmlessLines,
    LineAdded,
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
    SaveDraft,
    ShadowDraft,
    TrialDue,
    TrialMessages,
    TryDraft,
)
from harbour.runtime.rooms import Says
from services.safeguard.bench import publishing, rules, trying, views, workshop
from services.safeguard.bench.doors import (
    BringsBook,
    DraftsBook,
    EditionsBook,
    HarmlessBook,
    TheCopies,
    TheDatabase,
    TrialsBook,
)
from services.safeguard.bench.rules import Kept
from services.safeguard.bench.store import SHOWN_MOST
from services.safeguard.chain import JSON
from services.safeguard.handlers.doors import ChainBook, DeskBook, Now, RotaBook, router

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


@router.answers(ReadRule)
async def read_rule(
    wish: ReadRule, rota: RotaBook, brings: BringsBook, drafts: DraftsBook, editions: EditionsBook, lines: HarmlessBook,
    now: Now,
) -> RuleShown | Refused:  # fmt: skip
    """One rule with its figures, as it is shipped, and the drafts about it."""
    if refused := rules.why_not_read(await rota.find(wish.staff_id)):
        return refused
    book = await editions.newest()
    rule, shipped = rules.in_force(book).get(wish.rule_id), rules.shipped_rule(wish.rule_id)
    shown = rule or shipped
    if shown is None:
        return rules.NO_SUCH_RULE
    known = rules.figures(await brings.since(now - timedelta(days=wish.days)))
    typed = [one.text for one in await lines.all() if wish.rule_id in one.rules]
    return RuleShown(
        rule=shown,
        line=rules.line_of(shown, book, known),
        shipped=shipped,
        drafts=tuple(one for one in await drafts.open() if one.rule_id == wish.rule_id),
        suggestions=rules.suggestions(shown, typed),
    )


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


# ── publishing ────────────────────────────────────────────────────────────────────────────────────────────────


@router.answers(ProposeDraft)
async def propose_draft(
    wish: ProposeDraft, drafts: DraftsBook, editions: EditionsBook, rota: RotaBook, chain: ChainBook, now: Now
) -> DraftShown | Refused:
    """Ask a second person to publish a draft that was tried."""
    who, kept, book = await rota.find(wish.staff_id), await drafts.hold(wish.draft_id), await editions.newest()
    if kept is None or rules.why_not_read(who):
        return rules.why_not_read(who) or rules.NO_SUCH_DRAFT
    if refused := rules.why_not_propose(kept.draft, book.number, wish.reason):
        return refused
    kept = views.proposed(kept, who, wish.reason)
    await drafts.put(kept)
    facts: dict[str, JSON] = {"text": kept.draft.text_hash, "edition": book.number}
    cause = derived_id(wish.id, "proposed")
    await chain.add("rules.proposed", wish.draft_id, now, who.staff_id, facts, wish.reason, cause)
    return views.shown(kept, who, book)


@router.answers(DecideDraft)
async def decide_draft(
    wish: DecideDraft, drafts: DraftsBook, editions: EditionsBook, rota: RotaBook, chain: ChainBook, now: Now
) -> Says:
    """Publish what somebody else proposed, or send it back with a word on why."""
    who, kept, book = await rota.find(wish.staff_id), await drafts.hold(wish.draft_id), await editions.newest()
    if kept is None or rules.why_not_read(who):
        return rules.why_not_read(who) or rules.NO_SUCH_DRAFT
    if kept.decided_with == wish.id:
        return views.shown(kept, who, book)
    if refused := rules.why_not_decide(who, kept, wish.publish, wish.said):
        return refused
    if not wish.publish:
        kept = views.decided(kept, who, DraftState.DRAFT, now, wish)
        await drafts.put(kept)
        cause = derived_id(wish.id, "sent-back")
        await chain.add("rules.sent-back", wish.draft_id, now, who.staff_id, {}, wish.said, cause)
        return views.shown(kept, who, book)
    return await publishing.publish_draft(wish, kept, who, book, (drafts, editions, chain), now)


@router.answers(DropDraft)
async def drop_draft(
    wish: DropDraft, drafts: DraftsBook, editions: EditionsBook, rota: RotaBook, chain: ChainBook, now: Now
) -> DraftShown | Refused:
    """Lay a draft aside for good."""
    who, kept = await rota.find(wish.staff_id), await drafts.hold(wish.draft_id)
    if kept is None or rules.why_not_read(who):
        return rules.why_not_read(who) or rules.NO_SUCH_DRAFT
    if kept.decided_with != wish.id:
        if refused := rules.why_not_work(kept.draft):
            return refused
        kept = views.decided(kept, who, DraftState.DROPPED, now, wish)
        await drafts.put(kept)
        await chain.add("rules.dropped", wish.draft_id, now, who.staff_id, {}, cause=derived_id(wish.id, "dropped"))
    return views.shown(kept, who, await editions.newest())


@router.answers(ReadEditions)
async def read_editions(wish: ReadEditions, editions: EditionsBook, rota: RotaBook) -> Editions | Refused:
    """Every edition there was."""
    who = await rota.find(wish.staff_id)
    if refused := rules.why_not_read(who):
        return refused
    return Editions(editions=(*await editions.views(), views.SHIPPED_VIEW), may_restore=who.lead)


@router.answers(RestoreEdition)
async def restore_edition(
    wish: RestoreEdition, drafts: DraftsBook, editions: EditionsBook, rota: RotaBook, chain: ChainBook, now: Now
) -> Says:
    """Go back one step at once where a lead says so; otherwise propose it."""
    who, book, earlier = await rota.find(wish.staff_id), await editions.newest(), await editions.find(wish.number)
    if refused := rules.why_not_read(who):
        return refused
    if (number := await editions.made_by(wish.id)) is not None:
        return Restored(edition=number)
    if refused := rules.why_not_restore(earlier, book, wish.reason):
        return refused
    draft = views.restoring(wish, who, now)
    if rules.may_restore_alone(who, wish.number, book.number):
        return await publishing.restore(wish, draft, who, book, (drafts, editions, chain), now)
    kept = views.proposed(Kept(draft, (who.staff_id,), "", proposed_by_lead=False, decided_with=""), who, wish.reason)
    await drafts.put(kept)
    cause = derived_id(wish.id, "proposed")
    facts: dict[str, JSON] = {"restores": wish.number, "edition": book.number}
    await chain.add("rules.proposed", draft.draft_id, now, who.staff_id, facts, wish.reason, cause)
    return Restored(draft_id=draft.draft_id)


# ── harmless lines ────────────────────────────────────────────────────────────────────────────────────────────


@router.answers(AddLine)
async def add_line(
    wish: AddLine, lines: HarmlessBook, desk: DeskBook, brings: BringsBook, rota: RotaBook, chain: ChainBook, now: Now
) -> LineAdded | Refused:
    """Keep a paraphrase, where it is one."""
    who, shown = await rota.find(wish.staff_id), await desk.show(wish.alert_id)
    if refused := rules.why_not_read(who):
        return refused
    if shown is None:
        return rules.NO_SUCH_ALERT
    outcome = await brings.outcome(wish.alert_id)
    if refused := rules.why_not_add_line(wish.text, shown.alert.line.text, outcome):
        return refused
    line = views.line_of(wish, shown.alert, who, now)
    await lines.add(line, wish.alert_id, who.staff_id)
    await chain.add("rules.line-added", line.line_id, now, who.staff_id, {"alert": wish.alert_id}, line.text, wish.id)
    return LineAdded(line=line)


@router.answers(DropLine)
async def drop_line(
    wish: DropLine, lines: HarmlessBook, rota: RotaBook, chain: ChainBook, now: Now
) -> LineAdded | Refused:
    """Take a line out again."""
    who = await rota.find(wish.staff_id)
    if refused := rules.why_not_read(who):
        return refused
    line: HarmlessLine | None = await lines.drop(wish.line_id, now)
    if line is None:
        return rules.NO_SUCH_LINE
    cause = derived_id(wish.id, "line-dropped")
    await chain.add("rules.line-dropped", line.line_id, now, who.staff_id, {}, cause=cause)
    return LineAdded(line=line)


@router.answers(ReadLines)
async def read_lines(wish: ReadLines, lines: HarmlessBook, rota: RotaBook) -> HarmlessLines | Refused:
    """Every harmless line, or those of one alert."""
    if refused := rules.why_not_read(await rota.find(wish.staff_id)):
        return refused
    return HarmlessLines(lines=tuple(await lines.all(wish.alert_id)))
