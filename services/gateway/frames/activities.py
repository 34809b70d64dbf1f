"""The frames of activities: what everybody is given to do, what came of it in numbers, and the run-sheet."""

from typing import Literal, TypeAlias

from pydantic import AwareDatetime, Field

from harbour.contracts.chat import Activity
from harbour.contracts.chat import Sheet as SheetAnswer
from harbour.contracts.enrolment import Step, Wording
from harbour.contracts.messages import Key
from services.gateway.frames.frame import Frame

# ── server to browser ─────────────────────────────────────────────────────────────────────────────────────────

_ACTIVITY = {
    "activity_id": "a-1", "step_id": "s-2", "kind": "poll", "title": "What helps you most?", "minutes": 10, "text": "",
    "options": ["A walk", "Music"], "low": "", "high": "", "opened_at": "2026-03-03T19:20:00Z", "closed_at": None,
    "tallies": [2, 1], "revision": 4,
}  # fmt: skip


class ActivityFrame(Frame):
    """What everybody was given to do, as it stands: newer is what was opened later, then what has more revisions.

    `mine` is what this person chose, counted from 0, where the server knows; null leaves it as it was.
    """

    example = {"type": "activity", "activity": _ACTIVITY, "mine": 1}
    type: Literal["activity"] = "activity"
    activity: Activity
    mine: int | None = None


class SheetFrame(Frame):
    """To the facilitator who asked: what is planned, and what happened."""

    example = {
        "type": "sheet", "starts_at": "2026-03-03T19:00:00Z", "aim": "To meet.", "happened": [_ACTIVITY],
        "steps": [{"step_id": "s-2", "kind": "poll", "title": "What helps you most?", "minutes": 10}],
        "wordings": [{"key": "quiet", "topic": "A quiet moment", "text": "No hurry."}],
    }  # fmt: skip
    type: Literal["sheet"] = "sheet"
    starts_at: AwareDatetime
    aim: str
    steps: tuple[Step, ...]
    wordings: tuple[Wording, ...]
    happened: tuple[Activity, ...]


# ── browser to server ─────────────────────────────────────────────────────────────────────────────────────────


class Push(Frame):
    """A facilitator gives everybody a step of the run-sheet to do."""

    example = {"type": "push", "step_id": "s-2"}
    type: Literal["push"] = "push"
    step_id: Key


class Shut(Frame):
    """A facilitator closes an activity: nobody can answer any more."""

    example = {"type": "shut", "activity_id": "a-1"}
    type: Literal["shut"] = "shut"
    activity_id: Key


class Choose(Frame):
    """A young person answers, or answers in another way while it is open."""

    example = {"type": "choose", "activity_id": "a-1", "choice": 1}
    type: Literal["choose"] = "choose"
    activity_id: Key
    choice: int = Field(ge=0, le=20)


class AskSheet(Frame):
    """A facilitator asks for the run-sheet."""

    example = {"type": "sheet"}
    type: Literal["sheet"] = "sheet"


SAID: tuple[type[Frame], ...] = (ActivityFrame, SheetFrame)
HEARD: tuple[type[Frame], ...] = (Push, Shut, Choose, AskSheet)
Heard: TypeAlias = Push | Shut | Choose | AskSheet


# ── from the contracts ────────────────────────────────────────────────────────────────────────────────────────


def sheet(found: SheetAnswer) -> SheetFrame:
    """The run-sheet as an adult sees it."""
    return SheetFrame(
        starts_at=found.starts_at,
        aim=found.aim,
        steps=found.steps,
        wordings=found.wordings,
        happened=found.happened,
    )
