"""The debrief: five minutes after an evening for each adult who led it, and who reads it."""

from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from harbour.contracts.chat.attendance import Attended
from harbour.contracts.enrolment import Part
from harbour.contracts.messages import Answer, Command, Event, Key, Query

DebriefWords = Annotated[str, StringConstraints(strip_whitespace=True, max_length=3000)]


class HowItWent(StrEnum):
    """How an evening went, for one adult who led it."""

    WELL = "well"
    MIXED = "mixed"
    HARD = "hard"


class HowYouAre(StrEnum):
    """How that adult is after it."""

    FINE = "fine"
    TIRED = "tired"
    HEAVY = "heavy"
    """It sits heavy."""


class Debrief(Part):
    """What one adult says of one evening; every part may be left out."""

    went: HowItWent | None = None
    words: DebriefWords = Field(default="", repr=False)
    worried_about: tuple[Key, ...] = Field(default=(), max_length=20)
    """The young people they worry about, by id."""
    worry: DebriefWords = Field(default="", repr=False)
    tell_next: DebriefWords = Field(default="", repr=False)
    """For whoever leads the next evening."""
    you: HowYouAre | None = None
    you_words: DebriefWords = Field(default="", repr=False)
    talk: bool = False
    """They would like somebody to talk with them about the evening."""


class Worry(Part):
    """A young person somebody worries about."""

    member_id: Key
    nickname: str
    badge: str = ""


# ── what it says ──────────────────────────────────────────────────────────────────────────────────────────────


class DebriefWritten(Event, fact="chat.debrief-written", key=("session_id",)):
    """An adult has finished their debrief of an evening; it is not changed after that."""

    session_id: Key
    course_id: Key
    title: str
    week: int
    starts_at: AwareDatetime
    staff_id: Key
    name: str
    debrief: Debrief
    worries: tuple[Worry, ...] = ()
    """Whom they worry about, by name."""


# ── what it answers ───────────────────────────────────────────────────────────────────────────────────────────


class DebriefSaved(Answer):
    """It is kept."""

    done: bool


class SaveDebrief(Command[DebriefSaved], ask="chat.save-debrief"):
    """Keep a debrief to go on with later, or finish it.

    Refused with `no-such-session`, `not-yours`, `not-over`, `done`, and when it is to be finished with a worry about
    nobody, `who-is-it`.
    """

    session_id: Key
    staff_id: Key
    debrief: Debrief
    done: bool


class DebriefForm(Answer):
    """An adult's own debrief as it stands, and the evening it is about."""

    session_id: Key
    title: str
    week: int
    topic: str
    starts_at: AwareDatetime
    name: str
    debrief: Debrief
    done: bool
    seats: tuple[Attended, ...]
    """Who came, as it is known by now."""


class ReadDebrief(Query[DebriefForm], ask="chat.read-debrief"):
    """How far is my debrief? Refused with `no-such-session`, `not-yours`, `not-over`."""

    session_id: Key
    staff_id: Key


class OwedDebrief(Part):
    """An evening somebody led and has not said how it went."""

    session_id: Key
    title: str
    week: int
    starts_at: AwareDatetime
    begun: bool
    """Whether something is kept to go on with."""


class OwedDebriefs(Answer):
    """The latest first."""

    owed: tuple[OwedDebrief, ...]


class ReadOwedDebriefs(Query[OwedDebriefs], ask="chat.read-owed-debriefs"):
    """Of which evenings of the last two weeks, at which my page was open, have I not said how they went?"""

    staff_id: Key


class WrittenDebrief(Part):
    """A debrief as those who look after the adults read it."""

    session_id: Key
    title: str
    week: int
    starts_at: AwareDatetime
    name: str
    done_at: AwareDatetime
    debrief: Debrief
    worries: tuple[Worry, ...] = ()


class Debriefs(Answer):
    """What was written, the latest evening first."""

    written: tuple[WrittenDebrief, ...]


class ReadDebriefs(Query[Debriefs], ask="chat.read-debriefs"):
    """How did the evenings go? Refused with `not-allowed`."""

    staff_id: Key
    limit: int = Field(default=50, ge=1, le=100)


class PassedOnNote(Part):
    """What one adult wanted the next leaders to know."""

    name: str
    week: int
    words: str = Field(repr=False)


class PassedOn(Answer):
    """What those who led the evening before this one passed on."""

    notes: tuple[PassedOnNote, ...]


class ReadPassedOn(Query[PassedOn], ask="chat.read-passed-on"):
    """What should we know from last time? Refused with `no-such-session`, `not-yours`."""

    session_id: Key
    staff_id: Key
