"""Whether the record is whole: every entry judged by its own hash, by the one before it, by what it stands for, and by
what the bus was told of it. Pure, like the rules."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import rfc8785

from harbour.contracts.record import RecordAnchored
from services.safeguard.chain import DEED, ERASED, Entry, Head, are_the_words, moment

MOST_NAMED = 200
"""So many faults are named one by one; the others are counted."""
NEIGHBOURS = 8
"""How far from its place an entry is looked for before it counts as edited."""


class Wrong(StrEnum):
    """What may be wrong with an entry."""

    EDITED = "edited"
    DROPPED = "dropped"
    REORDERED = "reordered"
    WORDS_CHANGED = "words changed"
    WORDS_GONE = "words gone"
    DEED_CHANGED = "deed changed"
    ADDED = "added past the record"
    ANCHOR = "anchor mismatch"


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, by its number in the chain; 0 for what has none."""

    number: int
    kind: str
    subject: str
    wrong: Wrong
    say: str


@dataclass(frozen=True)
class Row:
    """An entry as it was found, with its words wherever they stand and the deed it is about."""

    entry: Entry
    facts: str = field(repr=False)
    """As they are kept: canonical."""
    hash: str = ""
    words: str | None = field(default=None, repr=False)
    salt: str | None = field(default=None, repr=False)
    deed: Mapping[str, Any] | None = None
    """The deed of this entry, and None where there is none."""


@dataclass
class Check:
    """A look at the whole chain, from the first entry to the last, a batch at a time."""

    anchors: Sequence[RecordAnchored]
    reached: Head = field(default_factory=Head)
    """The last entry that was looked at, by the hash it has."""
    faults: list[Fault] = field(default_factory=list)
    unnamed: int = 0
    """Faults that are not in the list any more."""
    erased: int = 0
    _gone: dict[int, Row] = field(default_factory=dict)
    _said_gone: set[int] = field(default_factory=set)
    _link_broken: bool = False
    _last: Row | None = None

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong with what was looked at."""
        return not self.faults

    def look(self, rows: Iterable[Row]) -> None:
        """Look at the next entries, in the order of their numbers."""
        anchors = {number: [one for one in self.anchors if one.number == number] for number in self._anchored()}
        for row in rows:
            self._follow(row)
            self._judge_content(row)
            self._judge_words(row)
            for anchor in anchors.get(row.entry.number, ()):
                self._judge_anchor(row, anchor)
            self.reached, self._last = Head(row.entry.number, row.hash), row

    def note_erasures(self, rows: Iterable[Row]) -> None:
        """Know of words that were erased on record meanwhile; those entries themselves are looked at next time."""
        for row in rows:
            if self._is_itself(row):
                self._said_gone.update(row.entry.facts.get("numbers", ()))

    def end(self, head: Head, strays: Iterable[tuple[str, str]] = ()) -> None:
        """The chain is at its end. `head`: where it should end; `strays`: kind and subject of what stands in the book
        without an entry."""
        last = self.reached.number
        if head.number > last:
            self._name(Fault(last + 1, "", "", Wrong.DROPPED, _missing(last + 1, head.number)))
        elif head.number < last:
            say = f"The chain is said to end at number {head.number}, and goes on to {last}."
            self._name(Fault(head.number + 1, "", "", Wrong.ADDED, say))
        elif head.hash != self.reached.hash and self._last is not None and not self._link_broken:
            say = "It was changed together with its hash: the end of the chain still holds the one from before."
            self._name(self._fault(self._last, Wrong.EDITED, say))
        for anchor in self.anchors:
            if anchor.number > max(last, head.number):
                say = f"On {anchor.day} the record had {anchor.number} entries, and now it has {last}."
                self._name(Fault(anchor.number, "", "", Wrong.DROPPED, say))
        for number, row in self._gone.items():
            if number not in self._said_gone:
                say = "Its words are gone, and no entry says who erased them."
                self._name(self._fault(row, Wrong.WORDS_GONE, say))
        self.erased = len(self._gone.keys() & self._said_gone)
        for kind, subject in strays:
            say = "It stands in the book, and the chain has no entry of it."
            self._name(Fault(0, kind, subject, Wrong.ADDED, say))

    # ── one entry ─────────────────────────────────────────────────────────────────────────────────────────────

    def _follow(self, row: Row) -> None:
        due, number = self.reached.number + 1, row.entry.number
        if number > due:
            self._name(Fault(due, "", "", Wrong.DROPPED, _missing(due, number - 1)))
        elif row.entry.previous != self.reached.hash and self._is_itself(row) and not self._link_broken:
            self._blame_the_one_before(row)

    def _blame_the_one_before(self, row: Row) -> None:
        if self._last is None:
            say = "It holds the hash of an entry before it, and there is none: the beginning is gone."
            self._name(self._fault(row, Wrong.DROPPED, say))
        else:
            say = f"It was changed together with its hash: number {row.entry.number} still holds the one from before."
            self._name(self._fault(self._last, Wrong.EDITED, say))

    def _judge_content(self, row: Row) -> None:
        self._link_broken = not self._is_itself(row)
        if not self._link_broken:
            self._judge_deed(row)
            if row.entry.kind == ERASED:
                self._said_gone.update(row.entry.facts.get("numbers", ()))
        elif place := self._place_of(row):
            self._name(self._fault(row, Wrong.REORDERED, f"It was number {place} when it was written."))
        else:
            self._name(self._fault(row, Wrong.EDITED, "What it says is not what it said when it was written."))

    def _is_itself(self, row: Row) -> bool:
        return rfc8785.dumps(row.entry.facts).decode() == row.facts and row.entry.hash() == row.hash

    def _place_of(self, row: Row) -> int:
        """The number an entry had when it was written, where that is near; 0 where it is not."""
        number = row.entry.number
        near = (number + sign * step for step in range(1, NEIGHBOURS + 1) for sign in (-1, 1))
        if row.entry.facts is None:
            return 0
        return next((one for one in near if replace(row.entry, number=one).hash() == row.hash), 0)

    def _judge_words(self, row: Row) -> None:
        if not row.entry.words:
            return
        if row.salt is None:
            self._gone[row.entry.number] = row
        elif not are_the_words(row.words or "", row.salt, row.entry.words):
            self._name(self._fault(row, Wrong.WORDS_CHANGED, "Its words are not those that were written."))

    def _judge_deed(self, row: Row) -> None:
        entry = row.entry
        if not entry.kind.startswith(DEED):
            return
        if row.deed is None:
            self._name(self._fault(row, Wrong.DEED_CHANGED, "Its deed is gone from the book of the desk."))
        elif _of_deed(row.deed) != (entry.subject, entry.at, entry.who, entry.facts["name"], entry.facts["what"]):
            self._name(self._fault(row, Wrong.DEED_CHANGED, "The book of the desk says something else."))

    def _judge_anchor(self, row: Row, anchor: RecordAnchored) -> None:
        if anchor.hash != row.hash:
            say = f"On {anchor.day} it had another hash: what stands up to here was written anew since."
            self._name(self._fault(row, Wrong.ANCHOR, say))

    # ── what is found ─────────────────────────────────────────────────────────────────────────────────────────

    def _anchored(self) -> set[int]:
        return {one.number for one in self.anchors if one.number}

    def _fault(self, row: Row, wrong: Wrong, say: str) -> Fault:
        return Fault(row.entry.number, row.entry.kind, row.entry.subject, wrong, say)

    def _name(self, fault: Fault) -> None:
        if len(self.faults) < MOST_NAMED:
            self.faults.append(fault)
        else:
            self.unnamed += 1


def row_of(found: Mapping[Any, Any]) -> Row:
    """An entry as the database has it, with its deed and the text of its alert beside it."""
    facts = _read(found["facts"])
    entry = Entry(
        number=found["number"],
        previous=found["previous"],
        kind=found["kind"],
        subject=found["subject"],
        at=moment(found["at"]),
        who=found["who"],
        facts=facts,
        cause=found["cause"],
        place=found["place"],
        words=found["words_hash"],
    )
    deed = None if found["deed_id"] is None else {name: found[f"deed_{name}"] for name in _DEED}
    words = {"deed": found["deed_note"], "alert": found["alert_text"]}.get(entry.place, found["words"])
    return Row(entry, found["facts"], found["hash"], words, found["salt"], deed)


_DEED = ("alert", "at", "staff", "name", "what")


def _of_deed(deed: Mapping[str, Any]) -> tuple[Any, ...]:
    return deed["alert"], moment(deed["at"]), deed["staff"] or deed["name"], deed["name"], deed["what"]


def _read(facts: str) -> Any:
    """The facts; None where what stands there never was canonical JSON, so that nothing of it is believed."""
    try:
        known = json.loads(facts)
        rfc8785.dumps(known)
    except (ValueError, rfc8785.CanonicalizationError):
        return None
    return known


def _missing(first: int, last: int) -> str:
    return "It is gone." if first == last else f"Numbers {first} to {last} are gone."
