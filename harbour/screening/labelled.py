"""The labelled rows that ship with the project, and what a change of the rules brings up of them or loses.

They were written for this project and are nobody's words. Each is held against the rules that differ, and only where
those make something else of it against all of them: thousands of rows take about a second. Should the words of a new
rule have other rules read a text otherwise, the lines of those show it, and not these rows.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from harbour.contracts.concerns import Category, Urgency
from harbour.contracts.rule_bench import EditionData, RowCounts, RowsFired, RowsTried, RowTried
from harbour.screening.drafting import compare
from harbour.screening.editions import compile_edition
from harbour.screening.judging import rules_that_fire
from harbour.screening.rulebook import Rulebook

SHOWN_MOST = 20
_LEAST = {"none": Urgency.LOW, Urgency.LOW.value: Urgency.HIGH}
"""From which urgency on a row that needs nobody comes up all the same."""
SEVERITIES = ("immediate", "high", "medium", "low", "none")
"""What a label says of how severe a row is, the worst first."""
NEED_AN_ADULT = frozenset(SEVERITIES) - _LEAST.keys()


class Labelled(NamedTuple):
    """A text, how severe whoever wrote it says it is, and what it is about."""

    text: str
    label: str
    categories: tuple[Category, ...]


def shipped_rows() -> list[Labelled]:
    """The rows that ship with the project."""
    # Imported here, because whoever only looks at the door needs neither the training nor numpy.
    from harbour.screening.training import rows

    return [
        Labelled(one.text, rows.SEVERITIES[one.severity], tuple(map(Category, one.categories)))
        for one in rows.our_rows()
    ]


def comes_up(severity: str, urgency: Urgency | None) -> bool:
    """Whether a row of this severity comes up: one that needs an adult at medium or above, a low one at high or above,
    and one that is nothing at all at any urgency."""
    return urgency is not None and urgency.rank >= _LEAST.get(severity, Urgency.MEDIUM).rank


def rows_changed(now: Rulebook, then: Rulebook, rows: Iterable[Labelled]) -> list[RowTried]:
    """The rows that come up by one of the books and not by the other."""
    apart = _differing(now, then), _differing(then, now)
    return [found for row in rows if (found := _changed(row, now, then, apart))]


def _differing(book: Rulebook, other: Rulebook) -> frozenset[int]:
    known = {one.rule.id: one.rule for one in other.rules}
    return frozenset(at for at, one in enumerate(book.rules) if known.get(one.rule.id) != one.rule)


def _changed(
    row: Labelled, now: Rulebook, then: Rulebook, apart: tuple[frozenset[int], frozenset[int]]
) -> RowTried | None:
    pairs = zip((now, then), apart, strict=True)
    fired = [rules_that_fire(row.text, book, only=only) if only else {} for book, only in pairs]
    changed = compare(row.text, (), now, then) if fired[0] != fired[1] else None
    if changed is None or comes_up(row.label, changed.now) == comes_up(row.label, changed.then):
        return None
    what = "new" if comes_up(row.label, changed.then) else "gone"
    known = {"text": row.text, "label": row.label, "categories": row.categories}
    return RowTried.model_validate({**known, "what": what, "now": changed.now, "then": changed.then})


def tried(rows: Sequence[Labelled], found: Sequence[RowTried]) -> RowsTried:
    """The figures, most severe first, and some of the rows: those that speak against the change first."""
    of, changed = Counter(row.label for row in rows), Counter((one.label, one.what) for one in found)
    counts = tuple(
        RowCounts(label=one, rows=of[one], new=changed[one, "new"], gone=changed[one, "gone"]) for one in SEVERITIES
    )
    return RowsTried(counts=counts, shown=tuple(sorted(found, key=_speaks_for)[:SHOWN_MOST]))


def _speaks_for(one: RowTried) -> tuple[bool, int]:
    wanted = "new" if one.label in NEED_AN_ADULT else "gone"
    return one.what == wanted, SEVERITIES.index(one.label)


@lru_cache(maxsize=256)
def fired_on(data: EditionData, rule_id: str) -> tuple[RowsFired, ...]:
    """On how many rows of each severity a rule of this edition fires, the most severe first. Meant for a thread."""
    book, rows = compile_edition(data), shipped_rows()
    only = frozenset(at for at, one in enumerate(book.rules) if one.rule.id == rule_id)
    of = Counter(row.label for row in rows)
    fired = Counter(row.label for row in rows if rules_that_fire(row.text, book, only=only))
    return tuple(RowsFired(label=one, rows=of[one], fired=fired[one]) for one in SEVERITIES)
