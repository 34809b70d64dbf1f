"""Cases: what the desk does for one young person over more than one alert, entry by entry, until two people agree.

Nothing here rates anybody: a case has facts, discussion, decisions with reasons, actions and an outcome.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from harbour.contracts.closing import Outcome
from harbour.contracts.concerns import Category, Urgency
from harbour.contracts.enrolment import Part
from harbour.contracts.messages import Answer, Command, Event, Key, Query, Timer

Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]
"""What is written in a case."""
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
"""Something short: a name, a reference, a source."""


class CaseState(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    CLOSING = "closing"
    """Somebody asks to close it, and it waits for a second person."""
    CLOSED = "closed"


class CaseOutcome(StrEnum):
    """What became of a case."""

    SUPPORTED = "supported"
    """They have the support they need, here or at home."""
    PASSED_ON = "passed-on"
    """Others look after it now and have said so."""
    NOT_REACHED = "not-reached"
    """They could not be reached, and what could be done was done."""
    NO_CONCERN = "no-concern"
    """There was nothing to be worried about after all."""


class EntryKind(StrEnum):
    """What an entry is. Entries are added and never changed."""

    OPENED = "opened"
    ALERT = "alert"
    """A further alert joined the case."""
    READ = "read"
    FACT = "fact"
    DISCUSSION = "discussion"
    DECISION = "decision"
    ACTION = "action"
    ANSWER = "answer"
    """What came of an action."""
    REMINDED = "reminded"
    HANDED_OVER = "handed-over"
    CLOSING = "closing"
    SIGNED_OFF = "signed-off"
    HANDED_BACK = "handed-back"
    CLOSED = "closed"
    REOPENED = "reopened"
    EXPORTED = "exported"


class ActionKind(StrEnum):
    """What was done, or asked of others."""

    SPOKE = "spoke"
    """Spoke with the young person."""
    FAMILY = "family"
    """Spoke with a parent or carer."""
    FACILITATOR = "facilitator"
    """The facilitator was informed."""
    EMERGENCY = "emergency"
    """Emergency services were called."""
    CAMHS = "camhs"
    GP = "gp"
    SOCIAL_CARE = "social-care"
    OTHER = "other"


REFERRALS = frozenset({ActionKind.CAMHS, ActionKind.GP, ActionKind.SOCIAL_CARE})
"""Referrals: chased at one working day unless somebody says otherwise."""


class Entry(Part):
    """One entry of a case."""

    entry_id: Key
    at: AwareDatetime
    """When it was written."""
    kind: EntryKind
    staff_id: str
    name: str
    words: str = Field(default="", repr=False)
    reason: str = Field(default="", repr=False)
    """Why it was decided so."""
    source: str = Field(default="", repr=False)
    """Where a fact is from."""
    action: ActionKind | None = None
    whom: str = Field(default="", repr=False)
    """With whom, or to whom."""
    reference: str = Field(default="", repr=False)
    """The number of a call or a referral."""
    done_at: AwareDatetime | None = None
    """When it was done."""
    next: str = Field(default="", repr=False)
    """What comes next."""
    chase_at: AwareDatetime | None = None
    """When somebody asks what came of it."""
    answered: bool = False
    """Whether somebody has written what came of it."""
    about: str = ""
    """The entry or the alert this one is about."""
    outcome: CaseOutcome | None = None
    erased: bool = False
    """Whether its words were erased; that it was there stays."""
    number: int = 0
    """Its place in the record of the desk."""
    hash: str = ""


class CaseAlert(Part):
    """An alert of a case: no text."""

    alert_id: Key
    urgency: Urgency
    categories: tuple[Category, ...]
    why: tuple[str, ...]
    state: str
    raised_at: AwareDatetime
    claimed_name: str = ""
    outcome: Outcome | None = None


class CaseView(Part):
    """A case as the list shows it: no words."""

    case_id: Key
    nickname: str
    badge: str = ""
    group: str = ""
    state: CaseState
    owner_id: Key
    owner_name: str
    opened_at: AwareDatetime
    changed_at: AwareDatetime
    alerts: int
    chase_at: AwareDatetime | None = None
    """When the next thing asked of others is to be chased."""
    outcome: CaseOutcome | None = None
    closing_by: str = ""
    closing_name: str = ""
    """Who asks to close it, where that waits for a second person."""
    closing_since: AwareDatetime | None = None


class CaseColleague(Part):
    """Somebody a case can be handed to."""

    staff_id: Key
    name: str


# ── what safeguard says ───────────────────────────────────────────────────────────────────────────────────────


class CaseOpened(Event, fact="safeguard.case-opened", key=("case_id",)):
    """There is a case. It never carries words."""

    case_id: Key
    member_id: Key
    staff_id: Key


class CaseClosed(Event, fact="safeguard.case-closed", key=("case_id",)):
    """It is closed; where an alert of it was high or immediate, a second person has signed that off."""

    case_id: Key
    staff_id: Key
    outcome: CaseOutcome
    signed_by: str = ""


class CaseReopened(Event, fact="safeguard.case-reopened", key=("case_id",)):
    """It is open again; the reason is on record."""

    case_id: Key
    staff_id: Key


class ChaseClock(Timer, fact="safeguard.chase-clock", key=("entry_id",)):
    """A working day has gone by since something was asked of others, unless they have answered."""

    entry_id: Key
    case_id: Key
    step: int


class CaseSignOffClock(Timer, fact="safeguard.case-sign-off-clock", key=("case_id",)):
    """The closing of a case has waited long enough for its second person."""

    case_id: Key
    closing_id: Key
    step: int


# ── what it answers ───────────────────────────────────────────────────────────────────────────────────────────


class CaseTaken(Answer):
    """It is on record."""

    case_id: Key
    state: CaseState
    entry_id: str = ""
    """The entry that was added."""


class OpenCase(Command[CaseTaken], ask="safeguard.open-case"):
    """Open a case from alerts of one young person; where they have an open one, the alerts join it.

    Refused with `not-allowed`, `no-such-alert`, `another-person`, `no-member`.
    """

    alert_ids: Annotated[tuple[Key, ...], Field(min_length=1, max_length=50)]
    staff_id: Key


class CaseList(Answer):
    """Cases, those that wait for somebody first."""

    cases: tuple[CaseView, ...]


class ListCases(Query[CaseList], ask="safeguard.list-cases"):
    """Which cases are there? Refused with `not-allowed`."""

    staff_id: Key
    closed: bool = False
    """Those that are closed instead, the latest first, up to a hundred."""


class CaseOfAlert(Answer):
    """The case an alert belongs to, or the open one of the same young person."""

    case: CaseView | None = None
    joined: bool = False
    """Whether the alert is in it."""
    member_known: bool = True
    """Whether the alert is about a young person, so that a case can be opened."""


class FindCase(Query[CaseOfAlert], ask="safeguard.find-case"):
    """Which case does an alert belong to? Refused with `not-allowed`, `no-such-alert`."""

    alert_id: Key
    staff_id: Key


class CaseDetails(Answer):
    """One case, whole."""

    case: CaseView
    alerts: tuple[CaseAlert, ...]
    entries: tuple[Entry, ...]
    needs_two: bool
    """Whether closing it waits for a second person."""
    colleagues: tuple[CaseColleague, ...]


class ReadCase(Command[CaseDetails], ask="safeguard.read-case"):
    """Read one case; each reading goes on record. Refused with `not-allowed`, `no-such-case`."""

    case_id: Key
    staff_id: Key


class AddEntry(Command[CaseTaken], ask="safeguard.add-entry"):
    """Write something into a case.

    Refused with `not-allowed`, `no-such-case`, `closed`, `words-needed`, `source-needed`, `reason-needed`,
    `action-needed`, `whom-needed`, `reference-needed`.
    """

    case_id: Key
    staff_id: Key
    kind: Literal[EntryKind.FACT, EntryKind.DISCUSSION, EntryKind.DECISION, EntryKind.ACTION]
    words: Words = Field(default="", repr=False)
    reason: Words = Field(default="", repr=False)
    source: Line = Field(default="", repr=False)
    action: ActionKind | None = None
    whom: Line = Field(default="", repr=False)
    reference: Line = Field(default="", repr=False)
    done_at: AwareDatetime | None = None
    next: Line = Field(default="", repr=False)
    chase: bool = False
    """Ask after one working day what came of it."""


class AnswerAction(Command[CaseTaken], ask="safeguard.answer-action"):
    """Write what came of an action, so that it is chased no more, or only after another working day.

    Refused with `not-allowed`, `no-such-case`, `closed`, `no-such-entry`, `answered`, `words-needed`.
    """

    case_id: Key
    entry_id: Key
    staff_id: Key
    words: Words = Field(repr=False)
    again: bool = False


class HandOverCase(Command[CaseTaken], ask="safeguard.hand-over-case"):
    """Give a case to a colleague. Refused with `not-allowed`, `no-such-case`, `closed`, `not-yours`, `nobody`,
    `words-needed`."""

    case_id: Key
    staff_id: Key
    to: Key
    words: Words = Field(repr=False)


class CloseCase(Command[CaseTaken], ask="safeguard.close-case"):
    """Close a case with its outcome and the reason, or ask a second person to.

    Refused with `not-allowed`, `no-such-case`, `closed`, `closing`, `not-yours`, `words-needed`, `unanswered`.
    """

    case_id: Key
    staff_id: Key
    outcome: CaseOutcome
    words: Words = Field(repr=False)


class SignOffCase(Command[CaseTaken], ask="safeguard.sign-off-case"):
    """Agree that a case is closed, or hand it back with a note; who asked may only take it back.

    Refused with `not-allowed`, `no-such-case`, `not-closing`, `your-own`, `words-needed`.
    """

    case_id: Key
    staff_id: Key
    agree: bool
    words: Words = Field(default="", repr=False)


class ReopenCase(Command[CaseTaken], ask="safeguard.reopen-case"):
    """Open a closed case again. Refused with `not-allowed`, `no-such-case`, `not-closed`, `another-open`,
    `words-needed`."""

    case_id: Key
    staff_id: Key
    words: Words = Field(repr=False)


class ChronologyLine(Part):
    """Something that happened, in a chronology."""

    at: AwareDatetime
    what: str
    """What kind of thing it is, e.g. `alert.heard`, `deed.claimed`, `case.decision`."""
    about: Key
    """The alert or the case."""
    who: str
    words: dict[str, str] = Field(default_factory=dict, repr=False)
    """What was written, by what it is: `text`, `note`, `words`, `reason`, `source`, `whom`, `reference`, `next`."""
    facts: dict[str, str] = Field(default_factory=dict)
    erased: bool = False
    number: int = 0
    hash: str = ""


class Chronology(Answer):
    """A case and its alerts in the order they happened, with reasons."""

    case: CaseView
    alerts: tuple[CaseAlert, ...]
    lines: tuple[ChronologyLine, ...]
    exported_at: AwareDatetime
    exported_by: str
    reason: str = Field(repr=False)


class ExportCase(Command[Chronology], ask="safeguard.export-case"):
    """Take the chronology of a case out, for a reason that stays on record.

    Refused with `not-allowed`, `no-such-case`, `words-needed`.
    """

    case_id: Key
    staff_id: Key
    reason: Words = Field(repr=False)
    form: Literal["pdf", "json"]
