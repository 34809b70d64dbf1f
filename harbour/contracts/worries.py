"""What safeguard says and answers about what adults bring to the desk themselves, and about the practice alerts."""

from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from harbour.contracts.concerns import Urgency
from harbour.contracts.enrolment import Part
from harbour.contracts.messages import Answer, Command, Key, Query, Timer


class CanaryClock(Timer, fact="safeguard.canary-clock", key=("canary_id",)):
    """By now somebody should have said that they see the practice alert."""

    canary_id: Key
    session_id: Key


class ConcernTaken(Answer):
    """The desk has it."""

    alert_id: Key


class RaiseConcern(Command[ConcernTaken], ask="safeguard.raise-concern"):
    """Tell the desk that one worries about a young person. Refused with `not-allowed`, `words-needed`."""

    session_id: Key
    member_id: Key
    nickname: str
    staff_id: Key
    urgency: Urgency
    words: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = Field(repr=False)


class CanaryRun(Part):
    """One practice alert, and what became of it."""

    canary_id: Key
    title: str
    sent_at: AwareDatetime | None = None
    raised_at: AwareDatetime | None = None
    due_at: AwareDatetime
    seen_at: AwareDatetime | None = None
    seen_by: str = ""
    """The name of who said that they see it."""
    in_time: bool = False
    """Whether that was before the time was up."""
    waits: bool = False
    """Whether there is still time."""


class CanaryRuns(Answer):
    """The practice alerts of late, the newest first."""

    runs: tuple[CanaryRun, ...]


class ReadCanaries(Query[CanaryRuns], ask="safeguard.read-canaries"):
    """How have the practice alerts gone? Refused with `not-allowed`."""

    staff_id: Key
