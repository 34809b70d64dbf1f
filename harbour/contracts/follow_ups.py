"""What safeguard says and answers about those who may need somebody after an evening: tasks of the desk."""

from pydantic import Field

from harbour.contracts.messages import Command, Event, Key, Query
from harbour.contracts.tasks import TaskFinished, TaskNote, Tasks, TaskWhy

# ── what it says ──────────────────────────────────────────────────────────────────────────────────────────────


class FollowUpOpened(Event, fact="safeguard.follow-up-opened", key=("task_id",)):
    """The desk is to look after somebody. It never carries words of theirs or about them."""

    task_id: Key
    session_id: Key
    member_id: Key
    why: tuple[TaskWhy, ...]


class FollowUpDone(Event, fact="safeguard.follow-up-done", key=("task_id",)):
    """The desk has; the note is on record."""

    task_id: Key
    staff_id: Key


# ── what it answers ───────────────────────────────────────────────────────────────────────────────────────────


class ReadFollowUps(Query[Tasks], ask="safeguard.read-follow-ups"):
    """What is there to follow up for the desk? Refused with `not-allowed`."""

    staff_id: Key


class FinishFollowUp(Command[TaskFinished], ask="safeguard.finish-follow-up"):
    """Say what was done. Refused with `not-allowed`, `no-such-task`, `note-needed`, `done` (say names who)."""

    task_id: Key
    staff_id: Key
    note: TaskNote = Field(repr=False)
