"""What safeguard says and answers: what was flagged, the alerts, and their clocks."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from harbour.contracts.alerts import AlertState as AlertState
from harbour.contracts.alerts import CheckInAnswers
from harbour.contracts.closing import ClosingView, Outcome
from harbour.contracts.concerns import Category, Reason, Urgency
from harbour.contracts.enrolment import Part
from harbour.contracts.messages import Answer, Command, Event, Key, Query, Timer

# ── what it says ──────────────────────────────────────────────────────────────────────────────────────────────


class MessageFlagged(Event, fact="safeguard.message-flagged", key=("session_id", "member_id")):
    """A message an adult should see. It never carries the text."""

    session_id: Key
    member_id: Key
    alert_id: Key
    message_id: str
    urgency: Urgency
    categories: tuple[Category, ...]
    reasons: tuple[Reason, ...]
    version: str
    """The version of the rules that judged it."""


class AlertRaised(Event, fact="safeguard.alert-raised", key=("alert_id",)):
    """An alert is on the queue and its clock runs."""

    alert_id: Key
    urgency: Urgency
    due_at: AwareDatetime


class AlertClaimed(Event, fact="safeguard.alert-claimed", key=("alert_id",)):
    """An adult has taken it on."""

    alert_id: Key
    staff_id: Key


class AlertResolved(Event, fact="safeguard.alert-resolved", key=("alert_id",)):
    """It is done, with a note on record; a high or immediate one only once a second person has signed it off."""

    alert_id: Key
    staff_id: Key
    """Who closed it."""
    outcome: Outcome = Outcome.DONE
    signed_by: str = ""
    """The second person, where there was one."""


class AlertOverdue(Event, fact="safeguard.alert-overdue", key=("alert_id",)):
    """Nobody has claimed it in time; these members of staff are to be paged."""

    alert_id: Key
    urgency: Urgency
    step: int
    """0 for the duty officer, then the next on the rota, the lead, and from then on everyone on call."""
    page: tuple[Key, ...]


class CanaryRaised(Event, fact="safeguard.canary-raised", key=("canary_id",)):
    """Tonight's practice alert is on the queue."""

    canary_id: Key
    session_id: Key


class CanarySeen(Event, fact="safeguard.canary-seen", key=("canary_id",)):
    """Somebody on a real staff screen has said that they see it."""

    canary_id: Key
    session_id: Key
    staff_id: Key


class OnCallConfirmed(Event, fact="safeguard.on-call-confirmed", key=("staff_id",)):
    """An officer has said that they are there tonight."""

    staff_id: Key
    name: str
    until: AwareDatetime


class OnCallEnded(Event, fact="safeguard.on-call-ended", key=("staff_id",)):
    """An officer is no longer on call."""

    staff_id: Key


class ClaimClock(Timer, fact="safeguard.claim-clock", key=("alert_id",)):
    """The time to claim an alert has run out, unless somebody has."""

    alert_id: Key
    step: int


class SilenceDue(Timer, fact="safeguard.silence-due", key=("session_id", "member_id")):
    """A message read like a goodbye, and by now its author should have said something else."""

    session_id: Key
    member_id: Key
    message_id: str


# ── what it answers ───────────────────────────────────────────────────────────────────────────────────────────


class AlertView(Part):
    """An alert as the queue lists it: no text."""

    alert_id: Key
    urgency: Urgency
    categories: tuple[Category, ...]
    why: tuple[str, ...]
    nickname: str
    session_id: Key
    title: str
    raised_at: AwareDatetime
    due_at: AwareDatetime
    """When the present clock runs out: the first, or that of the last page."""
    state: AlertState
    claimed_by: str = ""
    claimed_name: str = ""
    pages: int = 0
    """How often somebody was paged because nobody had claimed it."""
    held: bool = False
    """Whether the message was held at the door, so that peers have not seen it."""
    closing: ClosingView | None = None
    """Who asks to close it, where that waits for a second person."""
    outcome: Outcome | None = None
    """What became of it, once it is closed."""
    lease_until: AwareDatetime | None = None
    """Until when it stays in hand if whoever has it does nothing more at the desk."""
    offered_to: str = ""
    offered_name: str = ""
    """The colleague it was offered to, who has not answered yet."""
    merged_into: str = ""
    """The alert that speaks for this one."""
    asked: tuple[Key, ...] = ()
    """The colleagues who were asked for a second opinion and have not given it yet."""
    speaks_for: int = 0
    """How many others of the same young person were merged into it."""


class CanaryView(Part):
    """A practice alert that waits for somebody to say that they see it."""

    canary_id: Key
    title: str
    due_at: AwareDatetime


class OnCallView(Part):
    """An officer who is on call now."""

    staff_id: Key
    name: str
    until: AwareDatetime


class Queue(Answer):
    """What waits and what is in hand, most urgent first, then the soonest due."""

    alerts: tuple[AlertView, ...]
    waiting: int
    resolved_today: int = 0
    canaries: tuple[CanaryView, ...] = ()
    on_call: tuple[OnCallView, ...] = ()


class ReadQueue(Query[Queue], ask="safeguard.read-queue"):
    """What is on the queue? Refused with `not-allowed`."""

    staff_id: Key


class ContextLine(Part):
    """A message said around the one that was flagged."""

    at: AwareDatetime
    nickname: str
    speaker: str
    text: str = Field(repr=False)
    flagged: bool = False


What = Literal[
    "raised", "opened", "claimed", "paged", "resolved",
    "closing", "reminded", "signed-off", "handed-back",
    "returned", "offered", "handed", "declined", "asked", "opinion", "merged",
    "envelope-asked", "envelope-opened", "envelope-refused", "envelope-alone", "envelope-looked", "envelope-closed",
    "envelope-lapsed", "envelope-signed", "envelope-breach", "envelope-held",
]  # fmt: skip
"""What may be done with an alert; up to 16 letters each."""


class Deed(Part):
    """Something an adult, or a clock, did with an alert."""

    at: AwareDatetime
    name: str
    what: What
    note: str = Field(default="", repr=False)


class AlertDetails(Answer):
    """One alert, whole."""

    alert: AlertView
    text: str = Field(repr=False)
    version: str
    reasons: tuple[Reason, ...]
    context: tuple[ContextLine, ...]
    """Up to six messages before and after, in order, the flagged one among them."""
    deeds: tuple[Deed, ...]
    check_ins: tuple[CheckInAnswers, ...] = ()
    """What this young person said before the room that evening."""


class OpenAlert(Command[AlertDetails], ask="safeguard.open-alert"):
    """Read one alert with its words; each opening is put on record. Refused with `not-allowed`, `no-such-alert`."""

    alert_id: Key
    staff_id: Key


class AlertTaken(Answer):
    """The alert is in hand, or done."""

    alert_id: Key
    state: AlertState
    claimed_by: str
    claimed_name: str


class ClaimAlert(Command[AlertTaken], ask="safeguard.claim-alert"):
    """Take an alert on.

    Refused with `not-allowed`, `no-such-alert`, `claimed` (say names who), `closing`, `resolved`, `merged`.
    """

    alert_id: Key
    staff_id: Key
    by_link: bool = False
    """Whether they used the link in a page that was sent to them."""


class ResolveAlert(Command[AlertTaken], ask="safeguard.resolve-alert"):
    """Close an alert with its outcome and the reason; a high or immediate one then waits for a second person.

    Refused with `not-allowed`, `no-such-alert`, `not-yours`, `note-needed`, `closing`, `resolved`.
    """

    alert_id: Key
    staff_id: Key
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)] = Field(repr=False)
    """What was done, and why it can be closed."""
    outcome: Outcome = Outcome.DONE


class CanaryTaken(Answer):
    """The evening knows that this screen works."""

    canary_id: Key


class SeeCanary(Command[CanaryTaken], ask="safeguard.see-canary"):
    """Say that a practice alert is on one's screen. Refused with `not-allowed`, `no-such-alert`."""

    canary_id: Key
    staff_id: Key


class OnCallStands(Answer):
    """Until when somebody is on call; the past where they are not."""

    staff_id: Key
    until: AwareDatetime


class ConfirmOnCall(Command[OnCallStands], ask="safeguard.confirm-on-call"):
    """Say that one is there for alerts, for so many hours. Refused with `not-allowed`."""

    staff_id: Key
    hours: int = Field(default=4, ge=1, le=14)


class EndOnCall(Command[OnCallStands], ask="safeguard.end-on-call"):
    """Say that one is no longer there for alerts. Refused with `not-allowed`."""

    staff_id: Key
