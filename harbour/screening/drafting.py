"""Drafts of rules: what needs another look before one can count, and what it would change."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from harbour.contracts.concerns import Category, Urgency
from harbour.contracts.rule_bench import EditionData, Fault, LineTried, RuleData
from harbour.screening.contacts import DETECTORS
from harbour.screening.editions import compile_edition, edition
from harbour.screening.judging import rules_that_fire
from harbour.screening.patterns import BadPattern, Language
from harbour.screening.rulebook import Rulebook, shipped_sources
from harbour.screening.schema import BadRules

PATTERNS_MOST, LINES_MOST = 80, 60
PATTERN_MOST_CHARS, LINE_MOST_CHARS = 200, 300
GAPS_MOST = 3
"""In one pattern: each may end in several places, and the places of several multiply."""
_ID = re.compile(r"[a-z_]+(\.[a-z0-9-]+)+")
_LISTS = ("patterns", "unless", "softer", "must_fire", "must_not_fire")


# ── what needs another look ───────────────────────────────────────────────────────────────────────────────────


def faults_of(rule: RuleData) -> list[Fault]:
    """What needs another look in a rule as it was typed, by field and line; not what it does."""
    return [*_of_fields(rule), *_of_lists(rule), *_of_patterns(rule)]


def _of_fields(rule: RuleData) -> Iterable[Fault]:
    if not _ID.fullmatch(rule.id) or len(rule.id) > 60:
        yield Fault(field="id", say="Small letters, a full stop, then a name with hyphens, e.g. self_harm.asks-how.")
    if rule.category not in set(Category):
        yield Fault(field="category", say="Choose what it is about.")
    if rule.urgency not in set(Urgency):
        yield Fault(field="urgency", say="Choose how soon an adult must look.")
    if not 10 <= len(rule.why) <= 160:
        yield Fault(field="why", say="Say in 10 to 160 letters why this comes up, with no word of a message.")
    for one in rule.also:
        if one not in set(Category):
            yield Fault(field="also", say=f"There is nothing called {one}.")
    if rule.detector and rule.detector not in DETECTORS:
        yield Fault(field="detector", say=f"There is no detector {rule.detector}: there are {', '.join(DETECTORS)}.")
    if bool(rule.patterns) == bool(rule.detector):
        yield Fault(field="patterns", say="Write at least one pattern, one a line.")


def _of_lists(rule: RuleData) -> Iterable[Fault]:
    for field in ("must_fire", "must_not_fire"):
        lines: tuple[str, ...] = getattr(rule, field)
        if not lines:
            yield Fault(field=field, say="Write at least one line: it shows what is meant, and is tried each time.")
        if rule.category != Category.CONTACT_OR_PII:
            yield from (
                Fault(field=field, line=at, say="This holds what looks like a contact detail. Leave it out.")
                for at, line in enumerate(lines, 1)
                if holds_contact(line)
            )
    for field in _LISTS:
        entries: tuple[str, ...] = getattr(rule, field)
        most = LINES_MOST if field.startswith("must") else PATTERNS_MOST
        longest = LINE_MOST_CHARS if field.startswith("must") else PATTERN_MOST_CHARS
        if len(entries) > most:
            yield Fault(field=field, say=f"That is {len(entries)} lines; a rule holds {most}. Make two rules of it.")
        for at, entry in enumerate(entries, 1):
            if len(entry) > longest:
                yield Fault(field=field, line=at, say=f"This is longer than {longest} letters.")


def _of_patterns(rule: RuleData) -> Iterable[Fault]:
    language = shipped_sources().language()
    contexts = shipped_sources().words.contexts
    for at, text in enumerate(rule.patterns, 1):
        if say := _why_no_pattern(language, text):
            yield Fault(field="patterns", line=at, say=say)
    for field in ("unless", "softer"):
        for at, text in enumerate(getattr(rule, field), 1):
            if text.startswith(":"):
                if text[1:] not in contexts:
                    known = ", ".join(f":{name}" for name in contexts)
                    yield Fault(field=field, line=at, say=f"There is no context {text}; there are {known}.")
            elif say := _why_no_context(language, text):
                yield Fault(field=field, line=at, say=say)


def _why_no_pattern(language: Language, text: str) -> str:
    if text.count("*") > GAPS_MOST:
        return f"This has more than {GAPS_MOST} gaps (*), which makes judging slow. Use fewer."
    try:
        return "" if language.pattern(text).anchors() else "No word in this must be there. Add one without ?."
    except BadPattern as error:
        return _sentence(error)


def _why_no_context(language: Language, text: str) -> str:
    try:
        language.context(text)
    except BadPattern as error:
        return _sentence(error)
    return ""


def _sentence(error: Exception) -> str:
    said = str(error)
    return f"{said[0].upper()}{said[1:]}."


def holds_contact(text: str) -> bool:
    """Whether there is what looks like a contact detail in a text."""
    return any(detector(text) for detector in DETECTORS.values())


# ── what it does ──────────────────────────────────────────────────────────────────────────────────────────────


def laid_over(now: EditionData, rule: RuleData) -> EditionData:
    """The next edition with this rule added, or in place of the one with its id."""
    rules = [one for one in now.rules if one.id != rule.id]
    return edition(now.number + 1, [*rules, rule], [one for one in now.off if one != rule.id])


def without(now: EditionData, rule_id: str) -> EditionData:
    """The next edition with this rule switched off."""
    off = [*now.off, rule_id] if rule_id in shipped_sources().rules else list(now.off)
    return edition(now.number + 1, [one for one in now.rules if one.id != rule_id], off)


def as_shipped(now: EditionData, rule_id: str) -> EditionData:
    """The next edition with this rule as it is shipped."""
    rules = [one for one in now.rules if one.id != rule_id]
    return edition(now.number + 1, rules, [one for one in now.off if one != rule_id])


def restored(now: EditionData, earlier: EditionData) -> EditionData:
    """The next edition with the rules of an earlier one."""
    return edition(now.number + 1, earlier.rules, earlier.off)


def book_of(data: EditionData, rule: RuleData | None = None) -> tuple[Rulebook | None, list[Fault]]:
    """The book of an edition, or what stands in the way: it cannot be compiled, or a line is not as it must be.

    Lines of `rule` are named by field and line. Takes a few hundred milliseconds, so it is meant for a thread.
    """
    try:
        book = compile_edition(data)
    except BadRules as error:
        return None, [Fault(field="", say=f"The rules do not fit together: {error}.")]
    return book, [*_own_lines(book, rule), *_others_lines(book, rule)]


def _own_lines(book: Rulebook, rule: RuleData | None) -> Iterable[Fault]:
    if rule is None:
        return
    for at, line in enumerate(rule.must_fire, 1):
        fired = rules_that_fire(line, book).get(rule.id)
        if fired is None:
            yield Fault(field="must_fire", line=at, say="The rule does not fire on this line.")
        elif fired != rule.urgency:
            yield Fault(field="must_fire", line=at, say=f"The rule fires here as {fired}, not as {rule.urgency}.")
    for at, line in enumerate(rule.must_not_fire, 1):
        if rule.id in rules_that_fire(line, book):
            yield Fault(field="must_not_fire", line=at, say="The rule fires on this line.")


def _others_lines(book: Rulebook, rule: RuleData | None) -> Iterable[Fault]:
    for compiled in book.rules:
        other = compiled.rule
        if rule is not None and other.id == rule.id:
            continue
        wrong = sum(rules_that_fire(line, book).get(other.id) is not other.urgency for line in other.must_fire)
        wrong += sum(other.id in rules_that_fire(line, book) for line in other.must_not_fire)
        if wrong:
            yield Fault(field="", say=f"With this, {wrong} of the lines of {other.id} are no longer as they must be.")


# ── what it would change ──────────────────────────────────────────────────────────────────────────────────────

Change = Literal["new", "more", "less", "gone"]


@dataclass(frozen=True)
class Changed:
    """A text of which two books make something else."""

    what: Change
    now: Urgency | None
    then: Urgency | None


def compare(text: str, earlier: Sequence[str], now: Rulebook, then: Rulebook) -> Changed | None:
    """What the rules of `then` would make of a text that those of `now` do not; None where it is the same urgency."""
    return changed(rules_that_fire(text, now, earlier), rules_that_fire(text, then, earlier))


def changed(now: Mapping[str, Urgency], then: Mapping[str, Urgency]) -> Changed | None:
    """The same, of what fired."""
    before, after = _worst(now), _worst(then)
    if before is after:
        return None
    if before is None or after is None:
        return Changed("new" if before is None else "gone", before, after)
    return Changed("more" if after.rank > before.rank else "less", before, after)


def _worst(fired: Mapping[str, Urgency]) -> Urgency | None:
    return max(fired.values(), key=lambda urgency: urgency.rank, default=None)


def try_lines(now: Rulebook, then: Rulebook, harmless: Iterable[tuple[str, str]]) -> tuple[int, list[LineTried]]:
    """How many development lines there are, and those of which `then` would make something else, or what it must not.

    They are the lines of every rule, and the `harmless` ones with who typed them.
    """
    count, found = 0, []
    for compiled in {one.rule.id: one.rule for book in (now, then) for one in book.rules}.values():
        for line in (*compiled.must_fire, *compiled.must_not_fire):
            count += 1
            if other := compare(line, (), now, then):
                found.append(LineTried(line=line, rule=compiled.id, now=other.now, then=other.then))
    for line, by in harmless:
        count += 1
        before, after = (_worst(rules_that_fire(line, book)) for book in (now, then))
        if before is not after or after is not None:
            wrong = "It is a harmless line, and something comes up." if after is not None else ""
            found.append(LineTried(line=line, by=by, now=before, then=after, wrong=wrong))
    return count, found


# ── a paraphrase ──────────────────────────────────────────────────────────────────────────────────────────────

RUN = 4
"""So many words in a row that stand in the message too are no paraphrase."""
SAME_MOST = 0.6
"""At most this part of the words may be the message's, where there are more than a few."""


def why_no_paraphrase(text: str, message: str) -> str:
    """Why a line cannot stand for a message without being it: `empty`, `too-long`, `contact`, `same-words`, or ""."""
    typed, said = _words(text), _words(message)
    if len(typed) < 2:
        return "empty"
    if len(text) > LINE_MOST_CHARS:
        return "too-long"
    if holds_contact(text):
        return "contact"
    if typed == said or _runs(typed, RUN) & _runs(said, RUN):
        return "same-words"
    shared = len(set(typed) & set(said)) / len(set(typed))
    alike = len(set(typed) & set(said)) / len(set(typed) | set(said)) if said else 0.0
    return "same-words" if alike > SAME_MOST or (shared > 0.85 and len(set(typed)) > 2) else ""


def _words(text: str) -> list[str]:
    return re.findall(r"[\w']+", text.casefold().replace("’", "'"))


def _runs(words: Sequence[str], length: int) -> set[tuple[str, ...]]:
    return {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}
