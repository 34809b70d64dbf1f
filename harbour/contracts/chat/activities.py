"""The run-sheet of an evening: what is planned, what is pushed to everybody, and what came of it in numbers."""

from pydantic import AwareDatetime, Field

from harbour.contracts.enrolment import Part, Step, StepKind, Wording
from harbour.contracts.messages import Answer, Command, Event, Key, Query


class Activity(Part):
    """Something everybody was given to do together, as it stands."""

    activity_id: Key
    step_id: Key
    kind: StepKind
    title: str
    minutes: int
    """How long it was planned to take."""
    text: str = ""
    options: tuple[str, ...] = ()
    low: str = ""
    high: str = ""
    opened_at: AwareDatetime
    closed_at: AwareDatetime | None = None
    tallies: tuple[int, ...] = ()
    """How many chose each of a poll's options, or each of a scale's 1 to 5; empty where nothing is chosen."""
    answered: int = 0
    """How many have answered; of something private it is all that anybody but the writer learns."""
    revision: int = 1
    """One more with each answer and with its closing."""


# ── what it says ──────────────────────────────────────────────────────────────────────────────────────────────


class ActivityPushed(Event, fact="chat.activity-pushed", key=("session_id",)):
    """Everybody in the room was given something to do; what was open before is closed."""

    session_id: Key
    staff_id: Key
    activity: Activity


class ActivityAnswered(Event, fact="chat.activity-answered", key=("session_id",)):
    """Somebody answered, or answered in another way: how many chose what now. Who it was is not said."""

    session_id: Key
    activity: Activity


class ActivityClosed(Event, fact="chat.activity-closed", key=("session_id",)):
    """Nobody can answer any more; what came of it stays in sight."""

    session_id: Key
    staff_id: Key
    activity: Activity


# ── what it answers ───────────────────────────────────────────────────────────────────────────────────────────


class ActivityShown(Answer):
    """An activity as it stands, for one person."""

    activity: Activity
    mine: int | None = None
    """What this person chose, counted from 0."""


class PushActivity(Command[ActivityShown], ask="chat.push-activity"):
    """Give everybody a step of the run-sheet to do; one that is open already is not given twice.

    Refused with `no-such-session`, `not-yours`, `not-live`, `no-such-step`.
    """

    session_id: Key
    staff_id: Key
    step_id: Key


class CloseActivity(Command[ActivityShown], ask="chat.close-activity"):
    """Let nobody answer any more. Refused with `no-such-session`, `not-yours`, `no-such-activity`."""

    session_id: Key
    staff_id: Key
    activity_id: Key


class AnswerActivity(Command[ActivityShown], ask="chat.answer-activity"):
    """A young person chooses; they may choose again while it is open.

    Refused with `no-such-session`, `not-yours`, `no-such-activity`, `no-such-choice`, `closed`.
    """

    session_id: Key
    person_id: Key
    activity_id: Key
    choice: int = Field(ge=0, le=20)


class CountAnswer(Command[ActivityShown], ask="chat.count-answer"):
    """A young person has kept words of their own about something private: that they have, and never what they wrote.

    Refused with `no-such-session`, `not-yours`, `no-such-activity`, `not-private`, `closed`.
    """

    session_id: Key
    person_id: Key
    activity_id: Key


class Sheet(Answer):
    """The run-sheet: what is planned for the evening, and what happened."""

    session_id: Key
    starts_at: AwareDatetime
    aim: str = ""
    steps: tuple[Step, ...] = ()
    wordings: tuple[Wording, ...] = ()
    happened: tuple[Activity, ...] = ()
    """Everything that was pushed, in order."""


class ReadSheet(Query[Sheet], ask="chat.read-sheet"):
    """What is planned for this evening, and what happened? Refused with `no-such-session`, `not-yours`."""

    session_id: Key
    staff_id: Key
