"""How a draft comes to count: proposed, decided by a second person, and taken back."""

from harbour.contracts.messages import Refused, derived_id
from harbour.contracts.rule_bench import (
    DecideDraft,
    DraftShown,
    DraftState,
    DropDraft,
    Editions,
    ProposeDraft,
    ReadEditions,
    Restored,
    RestoreEdition,
)
from harbour.runtime.rooms import Says
from services.safeguard.bench import publishing, rules, views
from services.safeguard.bench.doors import DraftsBook, EditionsBook
from services.safeguard.bench.rules import Kept
from services.safeguard.chain import JSON
from services.safeguard.handlers.doors import ChainBook, Now, RotaBook, router


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
