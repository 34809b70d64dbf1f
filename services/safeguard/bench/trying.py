"""A trial, step by step: each step judges for about a second in a thread and keeps how far it has come, so that it goes
on wherever a copy stopped."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from harbour.contracts.messages import Message
from harbour.contracts.rule_bench import EditionData, RowTried, RuleData, Trial, TrialDue
from harbour.runtime.database import Database
from harbour.screening import drafting, labelled
from harbour.screening.drafting import Changed
from harbour.screening.editions import compile_edition
from harbour.screening.judging import rules_that_fire
from harbour.screening.rulebook import Rulebook
from harbour.screening.schema import BadRules
from services.safeguard.bench import rules
from services.safeguard.bench.store import Drafts, EditionBook, Harmless, Place, Trials, place_of
from services.safeguard.model import Line
from services.safeguard.store import Heard

BATCH = 400
ROWS = 2000
"""So many labelled rows are judged in one go."""
STEP_SECONDS = 1.0
EARLIER = 4
"""How many of the same author's messages before it a message is read on from."""

Books = tuple[Rulebook, Rulebook]


@dataclass(frozen=True)
class Work:
    """What is held against each other: the edition in force, and the one that the draft would make of it."""

    now: EditionData
    then: EditionData
    rule: RuleData | None

    def books(self) -> Books | None:
        """Both, compiled; None where they cannot be."""
        try:
            return compile_edition(self.now), compile_edition(self.then)
        except BadRules:
            return None


async def step(database: Database, cause: TrialDue, at: datetime) -> list[Message]:
    """One step of a trial, and the next one where there is more to see."""
    begun, found = time.monotonic(), await _wanted(database, cause.trial_id)
    if found is None:
        return []
    trial, upto, work = found
    books = await asyncio.to_thread(work.books)
    if not trial.lines:
        trial = await _try_lines(database, trial, books, work)
    if trial.faults or books is None:
        await _end(database, trial, at)
        return []
    if trial.labelled is None:
        trial = await _try_rows(database, trial, books)
    trial, upto, more = await _try_batch(database, trial, upto, books)
    while more and time.monotonic() - begun < STEP_SECONDS:
        trial, upto, more = await _try_batch(database, trial, upto, books)
    if not more:
        await _end(database, trial, at)
        return []
    return [TrialDue.after(cause, trial_id=trial.trial_id, due=at)]


async def _wanted(database: Database, trial_id: str) -> tuple[Trial, Place | None, Work] | None:
    """The trial, where it has come to, and what there is to hold against each other; None where it is over, or its
    draft or the edition in force is another by now."""
    async with database.begin() as tx:
        known = await Trials(tx).find(trial_id)
        if known is None or known[0].is_over:
            return None
        trial, upto = known
        kept, now = await Drafts(tx).find(trial.draft_id), await EditionBook(tx).newest()
        same = kept and kept.draft.text_hash == trial.text_hash and not rules.why_not_work(kept.draft)
        if kept is None or not same or now.number != trial.edition:
            await Trials(tx).end(trial, trial.started_at)
            return None
        then = rules.next_edition(kept.draft, now, await EditionBook(tx).behind(kept.draft))
        return trial, upto, Work(now, then, kept.draft.rule)


async def _try_lines(database: Database, trial: Trial, books: Books | None, work: Work) -> Trial:
    """The trial with what the development lines show."""
    async with database.reading() as tx:
        lines = [(one.text, one.by) for one in await Harmless(tx).all()]
    _, faults = await asyncio.to_thread(drafting.book_of, work.then, work.rule)
    count, changed = await asyncio.to_thread(drafting.try_lines, *books, lines) if books else (0, [])
    trial = trial.model_copy(update={"lines": count, "lines_changed": tuple(changed), "faults": tuple(faults)})
    async with database.begin() as tx:
        await Trials(tx).note_lines(trial)
    return trial


async def _try_rows(database: Database, trial: Trial, books: Books) -> Trial:
    """The trial with what the labelled rows show."""
    rows, found = await asyncio.to_thread(labelled.shipped_rows), list[RowTried]()
    for at in range(0, len(rows), ROWS):
        found += await asyncio.to_thread(labelled.rows_changed, *books, rows[at : at + ROWS])
    trial = trial.model_copy(update={"labelled": labelled.tried(rows, found)})
    async with database.begin() as tx:
        await Trials(tx).note_rows(trial)
    return trial


async def _try_batch(
    database: Database, trial: Trial, upto: Place | None, books: Books
) -> tuple[Trial, Place | None, bool]:
    """Judge the next messages; the trial as it stands then, where it has come to, and whether there are more."""
    async with database.reading() as tx:
        lines = await Trials(tx).batch(upto, trial.started_at, BATCH)
        before = await Heard(tx).before(lines[0], EARLIER, own=True) if lines else []
    if not lines:
        return trial, upto, False
    found, spent = await asyncio.to_thread(_judged, before, lines, books)
    last, done = place_of(lines[-1]), trial.done + len(lines)
    costs = {"before_us": _mean(trial.before_us, trial.done, spent[0], done)}
    costs |= {"after_us": _mean(trial.after_us, trial.done, spent[1], done)}
    next_one = trial.model_copy(update={"done": done, **costs})
    async with database.begin() as tx:
        for line, changed in found:
            await Trials(tx).keep_hit(trial.trial_id, line.message_id, changed, line.at)
        await Trials(tx).go_on(next_one, trial.done, last)
    return next_one, last, len(lines) == BATCH


def _mean(so_far: float, of: int, seconds: float, then: int) -> float:
    return (so_far * of + seconds * 1e6) / then


def _judged(
    before: Sequence[Line], lines: Sequence[Line], books: Books
) -> tuple[list[tuple[Line, Changed]], tuple[float, float]]:
    """What the second book makes of these lines that the first does not, and the seconds each took for all."""
    earlier, author, found = [one.text for one in before], (lines[0].session_id, lines[0].member_id), []
    spent = [0.0, 0.0]
    for line in lines:
        if (line.session_id, line.member_id) != author:
            earlier, author = [], (line.session_id, line.member_id)
        fired = []
        for at, book in enumerate(books):
            begun = time.thread_time()
            fired.append(rules_that_fire(line.text, book, earlier))
            spent[at] += time.thread_time() - begun
        if changed := drafting.changed(*fired):
            found.append((line, changed))
        earlier = [*earlier, line.text][-EARLIER:]
    return found, (spent[0], spent[1])


async def _end(database: Database, trial: Trial, at: datetime) -> None:
    async with database.begin() as tx:
        await Trials(tx).end(trial, at)
