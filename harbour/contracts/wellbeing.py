"""What safeguard answers about how the staff of the desk are: private to each, and to whoever supervises them."""

from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from harbour.contracts.enrolment import Part
from harbour.contracts.messages import Answer, Command, Key, Query


class Feels(StrEnum):
    """How somebody is after what they have read."""

    FINE = "fine"
    HEAVY = "heavy"
    TOO_MUCH = "too-much"


class ShiftDebrief(Part):
    """Two minutes after heavy reading."""

    debrief_id: Key
    name: str
    at: AwareDatetime
    feels: Feels
    words: str = Field(default="", repr=False)
    wants_talk: bool = False
    talked_at: AwareDatetime | None = None
    talked_by: str = ""
    """Who has talked with them since."""


class ColleagueCare(Part):
    """How a colleague is, for whoever supervises them. Colleagues are listed by name and never ranked."""

    name: str
    opened: int
    """How many urgent messages they have read in this shift."""
    had_much: bool
    debriefs: tuple[ShiftDebrief, ...]
    """The latest first."""


class Wellbeing(Answer):
    """What one has read in this shift, and what one wrote; for supervisors, their colleagues too."""

    opened: int
    budget: int
    suggest_break: bool
    hours: int
    """How long a shift counts."""
    debriefs: tuple[ShiftDebrief, ...]
    reads: bool
    """Whether they read such messages at all."""
    supervises: bool
    colleagues: tuple[ColleagueCare, ...] = ()


class ReadWellbeing(Query[Wellbeing], ask="safeguard.read-wellbeing"):
    """How am I, and how are those I supervise? Refused with `not-allowed`."""

    staff_id: Key


class CareTaken(Answer):
    """It is kept."""


class WriteShiftDebrief(Command[CareTaken], ask="safeguard.write-shift-debrief"):
    """Say how one is. Refused with `not-allowed`."""

    staff_id: Key
    feels: Feels
    words: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = Field(default="", repr=False)
    wants_talk: bool = False


class KeepTalk(Command[CareTaken], ask="safeguard.keep-talk"):
    """Keep that a supervisor has talked with somebody. Refused with `not-allowed`."""

    staff_id: Key
    debrief_id: Key
