"""What is left to do after an evening, and what enrolment says and answers of it: who came, and whom to ask after."""

from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from harbour.contracts.chat.attendance import Came
from harbour.contracts.enrolment import Part
from harbour.contracts.messages import Answer, Command, Event, Key, Query

TaskNote = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]


class TaskWhy(StrEnum):
    """Why somebody is to be looked after."""

    NEVER_CAME = "never-came"
    """They had a seat, did not come, and did not say "not tonight"."""
    LEFT_AFTER_CONCERN = "left-after-concern"
    """They left early, after something of theirs came up or was held."""
    LEFT_AFTER_HELP = "left-after-help"
    """They left early, after "I need help now"."""
    HARD_EVENING = "hard-evening"
    """They said at the check-in that it is very hard, and did not stay."""
    TOLD_US = "told-us"
    """They wrote something for the adults at the check-in, and did not come in."""
    SHOWN = "shown"
    """A message that was taken back had been on their screen."""
    WORRY = "worry"
    """An adult who led the evening is worried about them."""


class Task(Part):
    """Something to do for one young person after one evening. One of its kind for each person and evening."""

    task_id: Key
    session_id: Key
    member_id: Key
    nickname: str
    badge: str = ""
    title: str
    """The group and the week."""
    evening: AwareDatetime
    """When it began."""
    why: tuple[TaskWhy, ...]
    words: str = Field(default="", repr=False)
    """What an adult wrote about a worry."""
    by: str = ""
    """Who wrote it."""
    missed: int = 0
    """How many evenings of the course they have missed in this way by now."""
    opened_at: AwareDatetime
    done_at: AwareDatetime | None = None
    done_by: str = ""
    """The name of who did it."""
    note: str = Field(default="", repr=False)
    """What was done."""


# ── what it says ──────────────────────────────────────────────────────────────────────────────────────────────


class TaskOpened(Event, fact="enrolment.task-opened", key=("task_id",)):
    """A coordinator is to look after somebody."""

    task_id: Key
    session_id: Key
    member_id: Key
    why: tuple[TaskWhy, ...]


class TaskDone(Event, fact="enrolment.task-done", key=("task_id",)):
    """A coordinator has; their note is on record."""

    task_id: Key
    staff_id: Key


# ── what it answers ───────────────────────────────────────────────────────────────────────────────────────────


class Tasks(Answer):
    """What is open, oldest first, and then what was done of late, newest first."""

    tasks: tuple[Task, ...]


class ReadTasks(Query[Tasks], ask="enrolment.read-tasks"):
    """What is there to do for a coordinator? Refused with `not-allowed`."""

    staff_id: Key


class TaskFinished(Answer):
    """It is done."""

    task_id: Key


class FinishTask(Command[TaskFinished], ask="enrolment.finish-task"):
    """Say what was done. Refused with `not-allowed`, `no-such-task`, `note-needed`, `done` (say names who)."""

    task_id: Key
    staff_id: Key
    note: TaskNote = Field(repr=False)


class SeatCounted(Part):
    """What became of one seat on one evening."""

    nickname: str
    badge: str = ""
    came: Came
    first_at: AwareDatetime | None = None
    last_at: AwareDatetime | None = None
    minutes: int = 0


class EveningCounted(Part):
    """Who came to one evening."""

    session_id: Key
    title: str
    week: int
    starts_at: AwareDatetime
    seats: tuple[SeatCounted, ...]


class Attendance(Answer):
    """Who came, the latest evening first."""

    evenings: tuple[EveningCounted, ...]


class ReadAttendance(Query[Attendance], ask="enrolment.read-attendance"):
    """Who came to the evenings of late, for a coordinator? Refused with `not-allowed`."""

    staff_id: Key
