"""What staff see of the rule bench, and how a draft stands after each step: pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

from harbour.contracts.messages import derived_id
from harbour.contracts.rule_bench import (
    AddLine,
    CopyView,
    DecideDraft,
    Draft,
    DraftShown,
    DraftState,
    DropDraft,
    EditionData,
    EditionView,
    HarmlessLine,
    Kind,
    RestoreEdition,
    RulesRunning,
    ShadowView,
    Trial,
    TrialCounts,
    TryDraft,
)
from harbour.runtime.copies import Heard
from harbour.screening.rulebook import shipped
from services.safeguard.bench import rules
from services.safeguard.bench.rules import Kept
from services.safeguard.model import Alert, Colleague

SHIPPED_VIEW = EditionView(number=0, version=shipped().version, published_at=None, what="The rules as they are shipped")


def in_force(history: Sequence[EditionView]) -> EditionView:
    """The newest of all editions; the shipped rules where there is none."""
    return history[0] if history else SHIPPED_VIEW


def copies(heard: Iterable[Heard[RulesRunning]], edition: EditionView) -> Iterable[CopyView]:
    """Every copy as it says itself, and whether it goes by another edition than the one in force."""
    for one in heard:
        said = one.report
        yield CopyView(
            service=said.service,
            copy_id=said.copy_id,
            edition=said.edition,
            version=said.version,
            since=said.since,
            heard_seconds=round(one.seconds, 1),
            behind=said.edition != edition.number or one.silent,
            trouble=said.trouble or ("It has not said anything for a while." if one.silent else ""),
        )


def shown(kept: Kept, who: Colleague, now: EditionData) -> DraftShown:
    """A draft, the rule as it is now, and what stands in the way of proposing and of publishing it."""
    propose = rules.why_not_propose(kept.draft, now.number, "given")
    approve = rules.why_not_decide(who, kept, publish=True, said="") or rules.why_not_tried(kept.draft, now.number)
    return DraftShown(
        draft=kept.draft,
        now=rules.in_force(now).get(kept.draft.rule_id),
        why_not_propose=propose.say if propose else "",
        why_not_approve=approve.say if approve else "",
    )


def trial(wish: TryDraft, draft: Draft, edition: int, by: str, total: int, at: datetime) -> Trial:
    """A trial that begins now."""
    known = {"draft_id": draft.draft_id, "text_hash": draft.text_hash, "edition": edition, "by": by}
    return Trial.model_validate({"trial_id": derived_id("trial", wish.id), **known, "started_at": at, "total": total})


def found_by(draft: Draft, of: Literal["trial", "shadow"]) -> str:
    """Under which id it is kept what was found."""
    if of == "shadow":
        return draft.draft_id
    return draft.trial.trial_id if draft.trial else ""


def in_shadow(kept: Kept, since: datetime | None) -> Kept:
    """The draft judged in shadow from now on, or no more."""
    shadow = ShadowView(since=since, judged=0, counts=TrialCounts()) if since else None
    return replace(kept, draft=kept.draft.model_copy(update={"shadow": shadow}))


def proposed(kept: Kept, who: Colleague, reason: str) -> Kept:
    """The draft that waits for a second person."""
    fresh = {"said": "", "decided_by": "", "decided_at": None}
    draft = kept.draft.model_copy(update={"state": DraftState.PROPOSED, "reason": reason, **fresh})
    return replace(kept, draft=draft, proposed_by=who.staff_id, proposed_by_lead=who.lead)


def decided(
    kept: Kept,
    who: Colleague,
    state: DraftState,
    at: datetime,
    wish: DecideDraft | DropDraft,
    edition: int | None = None,
) -> Kept:
    """The draft after somebody has decided: published, sent back or laid aside. Only one sent back stays in shadow."""
    said = wish.said if isinstance(wish, DecideDraft) else ""
    about = {"state": state, "decided_by": who.name, "decided_at": at, "said": said, "edition": edition}
    shadow = kept.draft.shadow if state is DraftState.DRAFT else None
    return replace(kept, draft=kept.draft.model_copy(update={**about, "shadow": shadow}), decided_with=wish.id)


def restoring(wish: RestoreEdition, who: Colleague, at: datetime) -> Draft:
    """The draft that goes back to an earlier edition."""
    return Draft(
        draft_id=derived_id("draft", wish.id),
        kind=Kind.RESTORE,
        rule=None,
        restores=wish.number,
        state=DraftState.DRAFT,
        author_id=who.staff_id,
        author=who.name,
        changed_at=at,
        text_hash=rules.text_hash(Kind.RESTORE, "", None, wish.number),
        reason=wish.reason,
    )


def line_of(wish: AddLine, alert: Alert, who: Colleague, at: datetime) -> HarmlessLine:
    """A harmless line, with the rules that had brought the message up."""
    brought = tuple(dict.fromkeys(reason.rule for reason in alert.reasons))
    text = " ".join(wish.text.split())
    return HarmlessLine(line_id=derived_id("line", wish.id), text=text, rules=brought, by=who.name, at=at)
