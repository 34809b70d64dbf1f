"""Drafts in shadow: judged beside the edition in force on what is said now, counted, and without any effect."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from faststream import Depends
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from harbour.runtime.context import Context
from harbour.runtime.database import Database
from harbour.screening import drafting
from harbour.screening.drafting import Changed
from harbour.screening.editions import compile_edition
from harbour.screening.rulebook import Rulebook, rulebook
from harbour.screening.schema import BadRules
from services.safeguard import alarms
from services.safeguard.bench import rules
from services.safeguard.bench.store import Drafts, EditionBook, Trials
from services.safeguard.model import Line
from services.safeguard.rules import is_judged

REFRESHED_SECONDS = 2.0


@dataclass(frozen=True)
class Candidate:
    """A draft as a book."""

    text_hash: str
    edition: int
    book: Rulebook


class Shadows:
    """The drafts that this copy judges in shadow; read anew on a short beat, compiled in a thread."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._candidates: dict[str, Candidate] = {}

    def changed(self, line: Line, before: Sequence[Line]) -> list[tuple[str, Changed]]:
        """The drafts that would make something else of a line, and what. Never raises: it is only beside."""
        if not self._candidates or not is_judged(line):
            return []
        found = []
        earlier = [one.text for one in before]
        for draft_id, candidate in list(self._candidates.items()):
            try:
                changed = drafting.compare(line.text, earlier, rulebook(), candidate.book)
            except Exception as error:  # a draft must never come between a message and its alert
                alarms.shadow_failed(type(error).__name__)
                continue
            if changed:
                found.append((draft_id, changed))
        return found

    async def refresh(self) -> None:
        """Know which drafts are in shadow now."""
        async with self._database.reading() as tx:
            wanted = {draft_id: text_hash for draft_id, text_hash, _ in await Drafts(tx).in_shadow()}
            now = await EditionBook(tx).newest()
            known = {
                draft_id: one
                for draft_id, one in self._candidates.items()
                if (wanted.get(draft_id), now.number) == (one.text_hash, one.edition)
            }
            found = [await Drafts(tx).find(draft_id) for draft_id in wanted if draft_id not in known]
            fresh = [(one.draft, await EditionBook(tx).behind(one.draft)) for one in found if one is not None]
        for draft, earlier in fresh:
            try:
                book = await asyncio.to_thread(compile_edition, rules.next_edition(draft, now, earlier))
            except BadRules as error:
                alarms.shadow_failed(type(error).__name__)
                continue
            known[draft.draft_id] = Candidate(draft.text_hash, now.number, book)
        self._candidates = known

    async def keep_refreshing(self) -> None:
        """Refresh until cancelled."""
        while True:
            try:
                await self.refresh()
            except (SQLAlchemyError, OSError) as error:
                alarms.beat_failed(type(error).__name__)
            await asyncio.sleep(REFRESHED_SECONDS)


class Beside:
    """What goes on beside the judgement of a message, in its transaction."""

    def __init__(self, tx: AsyncConnection, shadows: Shadows) -> None:
        self.tx, self._shadows = tx, shadows

    async def look(self, line: Line, before: Sequence[Line]) -> None:
        """Count a line for each draft in shadow that would make something else of it."""
        for draft_id, changed in self._shadows.changed(line, before):
            await Trials(self.tx).keep_hit(draft_id, line.message_id, changed, line.at)


def beside() -> Any:
    """The same as a FastStream dependency."""

    async def opened(transaction: Any = Context("transaction"), shadows: Any = Context("shadows")) -> Beside:  # noqa: B008
        return Beside(transaction, shadows)

    return Depends(opened, use_cache=False)
