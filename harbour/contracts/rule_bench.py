"""The rule bench: what safeguard says and answers about the rules, their editions, drafts, trials and figures.

Rules are data of ours. Their lines are made up by whoever writes them; no message of anybody's stands in them.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from harbour.contracts.concerns import Category, Urgency
from harbour.contracts.enrolment import Part
from harbour.contracts.messages import Answer, Command, Event, Key, Query, Timer

Said = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)]
"""What somebody types to say why."""
RULES: Literal["rules"] = "rules"
"""The key of the one subject that every edition is said on, so that the stream's last of it is the newest."""


class RuleData(Part):
    """One rule as data, as it is written. Whether it makes sense is for the screening to say."""

    id: str = Field(max_length=80)
    category: str
    also: tuple[str, ...] = ()
    urgency: str
    why: str
    peers_may_see: bool = False
    patterns: tuple[str, ...] = ()
    detector: str = ""
    unless: tuple[str, ...] = ()
    softer: tuple[str, ...] = ()
    must_fire: tuple[str, ...] = Field(default=(), repr=False)
    must_not_fire: tuple[str, ...] = Field(default=(), repr=False)


class EditionData(Part):
    """What an edition lays over the shipped rules."""

    number: int = Field(ge=0)
    """0 for the shipped rules alone."""
    digest: str
    """The first 12 hexadecimal digits of the SHA-256 of its rules and of what is off."""
    rules: tuple[RuleData, ...] = ()
    """Added, or in place of the shipped rule of the same id."""
    off: tuple[str, ...] = ()
    """The ids of shipped rules that are switched off."""


# ── what it says ──────────────────────────────────────────────────────────────────────────────────────────────


class EditionPublished(Event, fact="safeguard.edition-published", key=("book",)):
    """These rules count from now on: every running copy of chat and safeguard puts them in force."""

    book: Literal["rules"] = RULES
    edition: EditionData
    published_at: AwareDatetime


class TrialDue(Timer, fact="safeguard.trial-due", key=("trial_id",)):
    """A trial goes on from where it stands."""

    trial_id: Key


class RulesRunning(Part):
    """Which rules one copy of a service goes by, read from the rules it judges with. Said on a beat, kept nowhere."""

    service: Key
    copy_id: Key
    edition: int
    version: str
    since: AwareDatetime
    trouble: str = ""
    """Why it keeps what it has, where it was given a newer edition that it cannot use."""
    gone: bool = False
    """It stops now."""


# ── what it answers ───────────────────────────────────────────────────────────────────────────────────────────


class Fault(Part):
    """What needs another look in a draft: in which field, in which line of it (from 1; 0 for the field), and how."""

    field: str
    line: int = 0
    say: str


class Kind(StrEnum):
    """What a draft would do."""

    RULE = "rule"
    """Add a rule, or change one."""
    OFF = "off"
    """Switch a rule off."""
    ON = "on"
    """Have a rule be again as it is shipped."""
    RESTORE = "restore"
    """Go back to an earlier edition."""


class DraftState(StrEnum):
    """Where a draft stands."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    """It waits for a second person."""
    PUBLISHED = "published"
    DROPPED = "dropped"


class TrialCounts(Part):
    """What would come up otherwise, in how many messages or lines."""

    new: int = 0
    """Nothing of the rules now, something then."""
    more: int = 0
    """More urgent then."""
    less: int = 0
    """Less urgent then."""
    gone: int = 0
    """Something of the rules now, nothing then."""

    @property
    def changed(self) -> int:
        """How many in all."""
        return self.new + self.more + self.less + self.gone


class LineTried(Part):
    """A development line of which the rules would make something else."""

    line: str = Field(repr=False)
    rule: str = ""
    """The rule whose line it is."""
    by: str = ""
    """Or who typed it after a false alarm."""
    now: Urgency | None
    then: Urgency | None
    wrong: str = ""
    """Why that is not as the line says it must be; empty where it is fine."""


class RowTried(Part):
    """A labelled row, written for this project, that comes up by some rules and not by others."""

    text: str = Field(repr=False)
    label: str
    """How severe it is by its label: an urgency, or `none`."""
    categories: tuple[Category, ...] = ()
    what: Literal["new", "gone"]
    now: Urgency | None
    then: Urgency | None


class RowCounts(Part):
    """How many labelled rows of one severity come up newly, and how many no more.

    Those of medium and above, which need an adult, come up at medium or above; low ones at high or above; those that
    are nothing at any urgency.
    """

    label: str
    rows: int
    new: int = 0
    gone: int = 0


class RowsTried(Part):
    """A draft held against the labelled rows."""

    counts: tuple[RowCounts, ...]
    """The most severe first."""
    shown: tuple[RowTried, ...] = ()
    """Some of those that come up otherwise, first those that speak against the draft."""

    @property
    def rows(self) -> int:
        """How many there are in all."""
        return sum(one.rows for one in self.counts)

    @property
    def changed(self) -> int:
        """How many come up otherwise."""
        return sum(one.new + one.gone for one in self.counts)


class Trial(Part):
    """A draft held against the development lines, the labelled rows and the messages of late."""

    trial_id: Key
    draft_id: Key
    text_hash: str
    """Of the draft as it was tried."""
    edition: int
    """The edition in force that it was held against."""
    by: str
    started_at: AwareDatetime
    ended_at: AwareDatetime | None = None
    total: int
    """How many messages of late there were when it began."""
    done: int = 0
    counts: TrialCounts = TrialCounts()
    lines: int = 0
    """How many development lines were tried."""
    lines_changed: tuple[LineTried, ...] = ()
    labelled: RowsTried | None = None
    """What the labelled rows show; None until they were tried."""
    faults: tuple[Fault, ...] = ()
    """What stands in the way of publishing it."""
    before_us: float = 0
    """What judging one message by rules costs now, in microseconds of a processor."""
    after_us: float = 0
    """The same with the draft."""

    @property
    def is_over(self) -> bool:
        """Whether it has seen everything."""
        return self.ended_at is not None


class ShadowView(Part):
    """A draft that is judged beside the edition in force, on what is said now, without any effect."""

    since: AwareDatetime
    judged: int
    counts: TrialCounts


class Draft(Part):
    """A change of the rules that does not count yet."""

    draft_id: Key
    kind: Kind
    rule: RuleData | None
    """The rule as it would be; None where the draft is not about one rule's words."""
    rule_id: str = ""
    restores: int | None = None
    state: DraftState
    author_id: str
    author: str
    changed_at: AwareDatetime
    text_hash: str
    reason: str = Field(default="", repr=False)
    """Why it is to count."""
    decided_by: str = ""
    decided_at: AwareDatetime | None = None
    said: str = Field(default="", repr=False)
    """What whoever decided said to it."""
    edition: int | None = None
    """The edition it became."""
    trial: Trial | None = None
    """The last one."""
    shadow: ShadowView | None = None


class EditionView(Part):
    """One edition, as the history shows it."""

    number: int
    version: str
    published_at: AwareDatetime | None
    author: str = ""
    approver: str = ""
    reason: str = Field(default="", repr=False)
    said: str = Field(default="", repr=False)
    what: str = ""
    """What changed, in a few words."""
    restores: int | None = None


class CopyView(Part):
    """One running copy, as it says itself."""

    service: str
    copy_id: str
    edition: int
    version: str
    since: AwareDatetime
    heard_seconds: float
    """How long ago it last said so."""
    behind: bool
    """Whether that is not the edition in force."""
    trouble: str = ""


class RuleFigures(Part):
    """How a rule did in a span of time."""

    fired: int = 0
    """Alerts with it among their reasons."""
    alone: int = 0
    """Alerts for which it was the only reason."""
    false_alarms: int = 0
    """Alerts with it that an adult closed as a false alarm."""
    alone_false: int = 0
    """Those of them for which it was the only reason."""
    last_at: AwareDatetime | None = None


class RuleLine(Part):
    """A rule in the list."""

    rule_id: str
    category: str
    urgency: str
    why: str
    state: Literal["shipped", "changed", "added", "off"]
    lines: int
    """How many lines show it."""
    figures: RuleFigures


class Bench(Answer):
    """The rules in force with their figures, the drafts that are open, and who runs what."""

    rules: tuple[RuleLine, ...]
    days: int
    alerts: int
    """How many alerts there were in these days."""
    drafts: tuple[Draft, ...]
    edition: EditionView
    copies: tuple[CopyView, ...]


class ReadBench(Query[Bench], ask="safeguard.read-bench"):
    """How do the rules do? Refused with `not-allowed`."""

    staff_id: Key
    days: int = Field(default=30, ge=1, le=730)


class RowsFired(Part):
    """On how many of the labelled rows of one severity a rule fires."""

    label: str
    rows: int
    fired: int


class RuleShown(Answer):
    """One rule, whole."""

    rule: RuleData
    line: RuleLine
    shipped: RuleData | None
    """As it is shipped, where it is shipped at all."""
    drafts: tuple[Draft, ...]
    suggestions: tuple[str, ...] = ()
    """Harmless lines, typed after false alarms of this rule, that it does not name among its own yet."""
    rows: tuple[RowsFired, ...] = ()
    """The labelled rows it fires on as it runs, the most severe first; empty where that was not asked or it is off."""


class ReadRule(Query[RuleShown], ask="safeguard.read-rule"):
    """Refused with `not-allowed`, `no-such-rule`."""

    staff_id: Key
    rule_id: str
    days: int = Field(default=30, ge=1, le=730)
    rows: bool = False
    """Whether to count the labelled rows it fires on as well."""


class DraftChecked(Answer):
    """What was made of what was typed: kept as a draft where nothing needs another look."""

    draft: Draft | None
    faults: tuple[Fault, ...] = ()


class SaveDraft(Command[DraftChecked], ask="safeguard.save-draft"):
    """Check a draft and keep it; with `draft_id` in place of what it was, which takes a proposal back.

    Refused with `not-allowed`, `no-such-draft`, `decided`, `no-such-rule`.
    """

    staff_id: Key
    draft_id: str = ""
    kind: Kind = Kind.RULE
    rule: RuleData | None = None
    rule_id: str = ""


class DraftShown(Answer):
    """One draft, and who is looking at it may do."""

    draft: Draft
    now: RuleData | None
    """The rule as it is in force; None where there is none."""
    why_not_propose: str = ""
    why_not_approve: str = ""


class ReadDraft(Query[DraftShown], ask="safeguard.read-draft"):
    """Refused with `not-allowed`, `no-such-draft`."""

    staff_id: Key
    draft_id: Key


class TryDraft(Command[DraftShown], ask="safeguard.try-draft"):
    """Hold a draft against the development lines and the messages of late; it goes on by itself.

    Refused with `not-allowed`, `no-such-draft`, `decided`.
    """

    staff_id: Key
    draft_id: Key


class ShadowDraft(Command[DraftShown], ask="safeguard.shadow-draft"):
    """Begin or end to judge what is said now by the draft as well, without any effect.

    Refused with `not-allowed`, `no-such-draft`, `decided`.
    """

    staff_id: Key
    draft_id: Key
    on: bool


class ProposeDraft(Command[DraftShown], ask="safeguard.propose-draft"):
    """Ask a second person to publish it. Refused with `not-allowed`, `no-such-draft`, `decided`, `not-yours`,
    `not-tried`, `reason-needed`."""

    staff_id: Key
    draft_id: Key
    reason: Said = Field(repr=False)


class DecideDraft(Command[DraftShown], ask="safeguard.decide-draft"):
    """Publish what somebody else proposed, or send it back. Refused with `not-allowed`, `no-such-draft`, `decided`,
    `not-proposed`, `own-draft`, `lead-needed`, `not-tried`, `moved`, `reason-needed`, `cannot-be-used`."""

    staff_id: Key
    draft_id: Key
    publish: bool
    text_hash: str
    """Of the draft as whoever decides has read it."""
    said: Said = Field(default="", repr=False)


class DropDraft(Command[DraftShown], ask="safeguard.drop-draft"):
    """Lay a draft aside for good. Refused with `not-allowed`, `no-such-draft`, `decided`."""

    staff_id: Key
    draft_id: Key


class TrialMessage(Part):
    """A message of late of which the rules would make something else."""

    message_id: str
    at: AwareDatetime
    what: Literal["new", "more", "less", "gone"]
    now: Urgency | None
    then: Urgency | None
    text: str = Field(repr=False)


class TrialMessages(Answer):
    """Those messages, the newest first."""

    draft: Draft
    of: Literal["trial", "shadow"]
    messages: tuple[TrialMessage, ...]
    more: int
    """How many there are besides."""


class OpenTrialMessages(Command[TrialMessages], ask="safeguard.open-trial-messages"):
    """Read the messages of which a draft would make something else; that goes on record.

    Refused with `not-allowed`, `no-such-draft`.
    """

    staff_id: Key
    draft_id: Key
    of: Literal["trial", "shadow"] = "trial"
    what: Literal["", "new", "more", "less", "gone"] = ""


class Editions(Answer):
    """Every edition, the newest first; the shipped rules last."""

    editions: tuple[EditionView, ...]
    may_restore: bool
    """Whether who asks may go back one step alone."""


class ReadEditions(Query[Editions], ask="safeguard.read-editions"):
    """Refused with `not-allowed`."""

    staff_id: Key


class Restored(Answer):
    """What going back came to: a new edition, or a proposal that waits for a second person."""

    edition: int | None = None
    draft_id: str = ""


class RestoreEdition(Command[Restored], ask="safeguard.restore-edition"):
    """Go back to an earlier edition. A lead may go back one step alone; whatever else needs a second person.

    Refused with `not-allowed`, `no-such-edition`, `in-force`, `reason-needed`, `moved`, `cannot-be-used`.
    """

    staff_id: Key
    number: int = Field(ge=0)
    reason: Said = Field(repr=False)


class HarmlessLine(Part):
    """A line that must bring nothing up, typed by a person after a false alarm; no word-for-word message."""

    line_id: Key
    text: str = Field(repr=False)
    rules: tuple[str, ...]
    """The rules that had brought the message up."""
    by: str
    at: AwareDatetime


class LineAdded(Answer):
    """It is kept, and tried with every draft from now on."""

    line: HarmlessLine


class AddLine(Command[LineAdded], ask="safeguard.add-line"):
    """Keep a paraphrase of a message whose alert was dismissed as a harmless line for development.

    Refused with `not-allowed`, `no-such-alert`, `not-closed`, `empty`, `same-words`, `contact`, `too-long`.
    """

    staff_id: Key
    alert_id: Key
    text: str = Field(repr=False, max_length=4000)


class DropLine(Command[LineAdded], ask="safeguard.drop-line"):
    """Take a line out again. Refused with `not-allowed`, `no-such-line`."""

    staff_id: Key
    line_id: Key


class HarmlessLines(Answer):
    """Every harmless line, the newest first."""

    lines: tuple[HarmlessLine, ...]


class ReadLines(Query[HarmlessLines], ask="safeguard.read-lines"):
    """Refused with `not-allowed`. With `alert_id`, only those typed for that alert."""

    staff_id: Key
    alert_id: str = ""
