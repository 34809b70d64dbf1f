"""Editions: the shipped rules with what was published since laid over them, and how a process comes to run one."""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from harbour.contracts.rule_bench import EditionData, EditionPublished, RuleData, RulesRunning
from harbour.screening.judging import rules_that_fire
from harbour.screening.rulebook import (
    Rulebook,
    Sources,
    compile_sources,
    put_in_force,
    rulebook,
    shipped,
    shipped_sources,
)
from harbour.screening.schema import BadRules, Rule, parse

SHIPPED = EditionData(number=0, digest="")
"""The rules as they are shipped, with nothing laid over them."""


def edition(number: int, rules: Iterable[RuleData] = (), off: Iterable[str] = ()) -> EditionData:
    """An edition of these rules, in an order of its own, with its hash."""
    laid_over, switched_off = tuple(sorted(rules, key=lambda one: one.id)), tuple(sorted(set(off)))
    content = {"rules": [one.model_dump(mode="json") for one in laid_over], "off": switched_off}
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    digest = hashlib.sha256(canonical.encode()).hexdigest()[:12]
    return EditionData(number=number, digest=digest, rules=laid_over, off=switched_off)


def as_data(rule: Rule) -> RuleData:
    """A rule as it is written."""
    fields = rule.model_dump(mode="json")
    return RuleData.model_validate({**fields, "detector": rule.detector or ""})


def as_rule(data: RuleData, name: str) -> Rule:
    """What was written as a rule; raises BadRules, naming `name`, the rule and the field."""
    fields = data.model_dump(mode="json")
    return parse(Rule, f"{name}, rule {data.id}", {**fields, "detector": data.detector or None})


def sources_of(data: EditionData) -> Sources:
    """The shipped rules with this edition laid over them; raises BadRules."""
    base = shipped_sources()
    rules = {rule_id: one for rule_id, one in base.rules.items() if rule_id not in data.off}
    for one in data.rules:
        rules[one.id] = (f"edition {data.number}", as_rule(one, f"edition {data.number}"))
    if not rules:
        raise BadRules(f"edition {data.number}: it has no rules at all")
    return replace(base, rules=rules)


def version_of(data: EditionData) -> str:
    """What a book of this edition calls itself on these shipped rules."""
    return shipped().version + _mark(data)


@lru_cache(maxsize=8)
def compile_edition(data: EditionData) -> Rulebook:
    """The book of an edition, which has judged each line of its own rules once; raises BadRules.

    About 40 ms of a processor, as the shipped rules are not compiled again; a line of which judging fails is a book
    that would hold every message.
    """
    book = compile_sources(sources_of(data), data.number, _mark(data), shipped())
    for one in data.rules:
        for line in (*one.must_fire, *one.must_not_fire):
            try:
                rules_that_fire(line, book)
            except Exception as error:
                why = type(error).__name__
                raise BadRules(f"edition {data.number}, rule {one.id}: judging fails ({why})") from None
    return book


def _mark(data: EditionData) -> str:
    return f".e{data.number}-{data.digest[:6]}" if data.number else ""


# ── what this process runs ────────────────────────────────────────────────────────────────────────────────────


class Shelf:
    """Takes editions for one process: the book that judges is changed in one step, or stays and the shelf says why.

    `look` and `put` are the book in force and how another is put there; tests that stand for several processes have
    their own.
    """

    def __init__(
        self,
        service: str,
        copy_id: str,
        now: Callable[[], datetime],
        look: Callable[[], Rulebook] = rulebook,
        put: Callable[[Rulebook], None] = put_in_force,
    ) -> None:
        self._service, self._copy_id = service, copy_id
        self._now, self._look, self._put = now, look, put
        self._since, self._trouble = now(), ""

    def take(self, data: EditionData) -> bool:
        """Put this edition in force; False where it is not one that can be used here. Meant for a thread."""
        if self._look().version == version_of(data):
            self._trouble = ""
            return True
        try:
            book = compile_edition(data)
        except BadRules as error:
            self._trouble = str(error)
            return False
        self._since, self._trouble = self._now(), ""
        self._put(book)
        return True

    def take_published(self, said: EditionPublished) -> bool:
        """The same, of the news of it."""
        return self.take(said.edition)

    def running(self, gone: bool = False) -> RulesRunning:
        """What is in force now, read from the book that judges."""
        book = self._look()
        return RulesRunning(
            service=self._service,
            copy_id=self._copy_id,
            edition=book.edition,
            version=book.version,
            since=self._since,
            trouble=self._trouble,
            gone=gone,
        )
