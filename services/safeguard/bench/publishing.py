"""How a draft becomes an edition: kept, put on record, and said to every copy."""

import asyncio
from datetime import datetime

from harbour.contracts.messages import Message, Refused, derived_id
from harbour.contracts.rule_bench import (
    DecideDraft,
    Draft,
    DraftState,
    EditionData,
    EditionPublished,
    EditionView,
    Kind,
    Restored,
    RestoreEdition,
)
from harbour.runtime.rooms import Says
from harbour.screening.editions import compile_edition, version_of
from harbour.screening.schema import BadRules
from services.safeguard.bench import rules, views
from services.safeguard.bench.rules import Kept
from services.safeguard.bench.store import Drafts, EditionBook
from services.safeguard.chain import JSON, Chain
from services.safeguard.model import Colleague

Books = tuple[Drafts, EditionBook, Chain]


async def publish_draft(
    wish: DecideDraft, kept: Kept, who: Colleague, now: EditionData, books: Books, at: datetime
) -> Says:
    """Publish what was proposed, if it is what whoever decides has read, and was tried against what is in force."""
    drafts, draft = books[0], kept.draft
    if draft.text_hash != wish.text_hash:
        return rules.MOVED
    if refused := rules.why_not_tried(draft, now.number):
        return refused
    said = await _publish(wish, draft, who.name, now, books[1], at)
    if isinstance(said, Refused):
        return said
    kept = views.decided(kept, who, DraftState.PUBLISHED, at, wish, said.edition.number)
    await drafts.put(kept)
    await _record(wish, kept.draft, said.edition, who, books[2], wish.said)
    return [views.shown(kept, who, said.edition), said]


async def restore(
    wish: RestoreEdition, draft: Draft, who: Colleague, now: EditionData, books: Books, at: datetime
) -> Says:
    """Go back at once."""
    said = await _publish(wish, draft, "", now, books[1], at)
    if isinstance(said, Refused):
        return said
    await _record(wish, draft, said.edition, who, books[2], wish.reason)
    return [Restored(edition=said.edition.number), said]


async def _publish(
    wish: DecideDraft | RestoreEdition,
    draft: Draft,
    approver: str,
    now: EditionData,
    editions: EditionBook,
    at: datetime,
) -> EditionPublished | Refused:
    data = rules.next_edition(draft, now, await editions.behind(draft))
    if draft.kind is Kind.RESTORE:
        try:
            await asyncio.to_thread(compile_edition, data)
        except BadRules as error:
            return Refused(reason="cannot-be-used", say=f"That edition does not fit these rules any more: {error}.")
    view = EditionView(
        number=data.number,
        version=version_of(data),
        published_at=at,
        author=draft.author,
        approver=approver,
        reason=draft.reason,
        said=wish.said if isinstance(wish, DecideDraft) else "",
        what=rules.what_changed(draft, now),
        restores=draft.restores,
    )
    if not await editions.publish(data, view, wish.id):
        return rules.MOVED
    return EditionPublished.after(wish, edition=data, published_at=at, at=at)


async def _record(wish: Message, draft: Draft, data: EditionData, who: Colleague, chain: Chain, words: str) -> None:
    facts: dict[str, JSON] = {
        "edition": data.number,
        "digest": data.digest,
        "kind": str(draft.kind),
        "rule": draft.rule_id,
        "text": draft.text_hash,
        "restores": draft.restores,
        "author": draft.author_id,
    }
    at = draft.decided_at or draft.changed_at
    await chain.add("rules.published", draft.draft_id, at, who.staff_id, facts, words, derived_id(wish.id, "published"))
