"""Who may do what at the rule bench, what a draft is, and what it would make of the edition in force: pure."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from harbour.contracts.closing import Outcome
from harbour.contracts.messages import Refused
from harbour.contracts.rule_bench import (
    Draft,
    DraftState,
    EditionData,
    Kind,
    RuleData,
    RuleFigures,
    RuleLine,
    Trial,
)
from harbour.screening import drafting
from harbour.screening.editions import as_data
from harbour.screening.rulebook import shipped_sources
from services.safeguard.model import Colleague
from services.safeguard.rules import NO_SUCH_ALERT, why_not_read

NO_SUCH_DRAFT = Refused(reason="no-such-draft", say="There is no such draft.")
NO_SUCH_RULE = Refused(reason="no-such-rule", say="There is no rule of this name.")
NO_SUCH_LINE = Refused(reason="no-such-line", say="There is no such line.")
MOVED = Refused(reason="moved", say="Another edition was published meanwhile. Try the draft against it, then decide.")
_TRY_FIRST = "Try it first: as it stands now, against the edition in force, and with nothing in the way."
OPEN = frozenset({DraftState.DRAFT, DraftState.PROPOSED})

__all__ = ["NO_SUCH_ALERT", "why_not_read"]


@dataclass(frozen=True)
class Kept:
    """A draft, and what only this room has to know of it."""

    draft: Draft
    authors: tuple[str, ...]
    """The ids of everybody who changed it as it now stands."""
    proposed_by: str
    proposed_by_lead: bool
    decided_with: str


def text_hash(kind: Kind, rule_id: str, rule: RuleData | None, restores: int | None) -> str:
    """What tells one draft's content from another's."""
    content = [str(kind), rule_id, rule.model_dump(mode="json") if rule else None, restores]
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


def in_force(edition: EditionData) -> dict[str, RuleData]:
    """Every rule of an edition by its id."""
    found = {rule_id: as_data(rule) for rule_id, (_, rule) in shipped_sources().rules.items()}
    found |= {one.id: one for one in edition.rules}
    return {rule_id: one for rule_id, one in found.items() if rule_id not in edition.off}


def shipped_rule(rule_id: str) -> RuleData | None:
    """A rule as it is shipped."""
    known = shipped_sources().rules.get(rule_id)
    return as_data(known[1]) if known else None


def next_edition(draft: Draft, now: EditionData, earlier: EditionData | None) -> EditionData:
    """The edition that this draft would make of the one in force; `earlier` is what it restores."""
    if draft.kind is Kind.RULE:
        assert draft.rule is not None
        return drafting.laid_over(now, draft.rule)
    if draft.kind is Kind.OFF:
        return drafting.without(now, draft.rule_id)
    if draft.kind is Kind.ON:
        return drafting.as_shipped(now, draft.rule_id)
    assert earlier is not None
    return drafting.restored(now, earlier)


def what_changed(draft: Draft, now: EditionData) -> str:
    """What a draft does, in a few words."""
    if draft.kind is Kind.RULE:
        return f"{'Changed' if draft.rule_id in in_force(now) else 'Added'} {draft.rule_id}"
    if draft.kind is Kind.RESTORE:
        return f"Back to edition {draft.restores}" if draft.restores else "Back to the rules as they are shipped"
    return f"Switched off {draft.rule_id}" if draft.kind is Kind.OFF else f"Put {draft.rule_id} back as it is shipped"


# ── who may do what ───────────────────────────────────────────────────────────────────────────────────────────


def why_not_save(kind: Kind, rule_id: str, now: EditionData) -> Refused | None:
    """A rule is switched off where it is in force, and put back where it differs from what is shipped."""
    differs = rule_id in now.off or any(one.id == rule_id for one in now.rules)
    if kind is Kind.OFF and rule_id not in in_force(now):
        return NO_SUCH_RULE
    if kind is Kind.ON and not (differs and rule_id in shipped_sources().rules):
        return NO_SUCH_RULE
    return None


def why_not_work(draft: Draft) -> Refused | None:
    """What was published or laid aside stays as it is."""
    if draft.state in OPEN:
        return None
    return Refused(reason="decided", say=f"This draft is {draft.state} already.")


def why_not_change(who: Colleague, kept: Kept | None) -> Refused | None:
    """Those who answer alerts work on what is there and is not decided."""
    return why_not_read(who) or (why_not_work(kept.draft) if kept else NO_SUCH_DRAFT)


def why_not_propose(draft: Draft, edition: int, reason: str) -> Refused | None:
    """A draft is proposed once it was tried as it stands, against what is in force, and with a reason."""
    if refused := why_not_work(draft):
        return refused
    if draft.state is DraftState.PROPOSED:
        return Refused(reason="decided", say="It waits for a second person already.")
    if refused := why_not_tried(draft, edition):
        return refused
    if not reason.strip():
        return Refused(reason="reason-needed", say="Say why it is to count; whoever decides reads it.")
    return None


def why_not_tried(draft: Draft, edition: int) -> Refused | None:
    """A trial counts for the very words that were tried, and for the edition it was held against."""
    if draft.kind is Kind.RESTORE or is_tried(draft, draft.trial, edition):
        return None
    return Refused(reason="not-tried", say=_TRY_FIRST)


def is_tried(draft: Draft, trial: Trial | None, edition: int) -> bool:
    """Whether this trial was of this draft as it is, against this edition, and has seen everything."""
    of_this = trial is not None and trial.text_hash == draft.text_hash and trial.edition == edition
    return bool(of_this and trial and trial.is_over and not trial.faults)


def why_not_decide(who: Colleague, kept: Kept, publish: bool, said: str) -> Refused | None:
    """A second person decides, never one who wrote or proposed it, and one of the two is a lead.

    To go back to an earlier edition, which two people agreed on when it was published, any second person will do.
    Sending back what one proposed oneself is taking it back.
    """
    draft = kept.draft
    if refused := why_not_work(draft):
        return refused
    if draft.state is not DraftState.PROPOSED:
        return Refused(reason="not-proposed", say="Nobody has proposed it yet.")
    if not publish:
        return None if said.strip() else Refused(reason="reason-needed", say="Say what should be otherwise.")
    if who.staff_id in (*kept.authors, kept.proposed_by):
        return Refused(reason="own-draft", say="Somebody else decides about a draft of yours.")
    if draft.kind is not Kind.RESTORE and not (who.lead or kept.proposed_by_lead):
        return Refused(reason="lead-needed", say="One of the two has to be a lead.")
    return None


def may_restore_alone(who: Colleague, number: int, now: int) -> bool:
    """A lead goes back one step alone: in a bad night that has to be quick, and two people had agreed on it before.

    Further back is older knowledge, so it takes two people, as everything else does.
    """
    return who.lead and number == now - 1


def why_not_restore(earlier: EditionData | None, now: EditionData, reason: str) -> Refused | None:
    """There has to be something to go back to that is not in force, and a reason."""
    if earlier is None:
        return Refused(reason="no-such-edition", say="There is no such edition.")
    if earlier.number == now.number:
        return Refused(reason="in-force", say="That edition is in force.")
    if not reason.strip():
        return Refused(reason="reason-needed", say="Say why; it stays on record.")
    return None


_NO_LINE = {
    "empty": "Write a few words that say the same kind of thing.",
    "too-long": f"That is longer than {drafting.LINE_MOST_CHARS} letters. One sentence is enough.",
    "contact": "This holds what looks like a contact detail. Leave it out.",
    "same-words": "These are too nearly the words that were said. Say the same kind of thing in words of your own.",
}


def why_not_add_line(text: str, message: str, outcome: Outcome | None) -> Refused | None:
    """A line is a paraphrase, typed by a person, of a message whose alert was closed as a false alarm."""
    if outcome is not Outcome.FALSE_ALARM:
        return Refused(reason="not-closed", say="Close the alert as a false alarm first.")
    why = drafting.why_no_paraphrase(text, message)
    return Refused(reason=why, say=_NO_LINE[why]) if why else None


# ── figures ───────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Brought:
    """An alert as far as figures go: when, by which rules, and whether it was a false alarm."""

    at: datetime
    rules: tuple[str, ...]
    false_alarm: bool


def figures(alerts: Iterable[Brought]) -> dict[str, RuleFigures]:
    """How each rule did, by its id."""
    found: dict[str, RuleFigures] = {}
    for alert in alerts:
        alone = len(alert.rules) == 1
        for rule_id in alert.rules:
            so_far = found.get(rule_id, RuleFigures())
            found[rule_id] = RuleFigures(
                fired=so_far.fired + 1,
                alone=so_far.alone + alone,
                false_alarms=so_far.false_alarms + alert.false_alarm,
                alone_false=so_far.alone_false + (alone and alert.false_alarm),
                last_at=max(so_far.last_at or alert.at, alert.at),
            )
    return found


def listed(now: EditionData, known: dict[str, RuleFigures]) -> list[RuleLine]:
    """Every rule, those that are off too, in the order of their names."""
    rules = in_force(now)
    off = {rule_id: rule for rule_id in now.off if (rule := shipped_rule(rule_id))}
    return [line_of(one, now, known) for _, one in sorted({**rules, **off}.items())]


def line_of(rule: RuleData, now: EditionData, known: dict[str, RuleFigures]) -> RuleLine:
    """One rule as the list shows it."""
    laid_over = any(one.id == rule.id for one in now.rules)
    state = "off" if rule.id in now.off else "shipped"
    if laid_over:
        state = "changed" if rule.id in shipped_sources().rules else "added"
    return RuleLine.model_validate(
        {
            "rule_id": rule.id,
            "category": rule.category,
            "urgency": rule.urgency,
            "why": rule.why,
            "state": state,
            "lines": len(rule.must_fire) + len(rule.must_not_fire),
            "figures": known.get(rule.id, RuleFigures()),
        }
    )


def suggestions(rule: RuleData, lines: Sequence[str]) -> tuple[str, ...]:
    """Harmless lines that a rule does not name among its own yet."""
    return tuple(line for line in dict.fromkeys(lines) if line not in rule.must_not_fire)
