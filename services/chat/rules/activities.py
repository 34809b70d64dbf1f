"""Activities: which steps can be pushed, what may be chosen, and how the numbers stand."""

from collections.abc import Iterable
from datetime import datetime

from harbour.contracts.chat import Activity, Speaker
from harbour.contracts.enrolment import Step, StepKind
from harbour.contracts.messages import derived_id
from services.chat.rules.evening import SPEAKING, Seat

PRIVATE = frozenset({StepKind.REFLECTION, StepKind.CHALLENGE})
"""What is answered in the writer's own book; here it is only counted."""
WRITTEN = 0
"""What stands in place of a choice where somebody wrote for themselves."""
SCALE = 5
"""A scale goes from 1 to this."""

ALWAYS = (
    Step(
        step_id="always-breathing",
        kind=StepKind.BREATHING,
        title="A minute to breathe",
        minutes=1,
        text="Breathe along with the circle if you like. There’s no wrong way to do it.",
    ),
    Step(
        step_id="always-scale",
        kind=StepKind.SCALE,
        title="How is it right now?",
        minutes=2,
        text="Only how many chose what is shown, never who.",
        low="Hard going",
        high="Okay",
    ),
)
"""Steps that every evening has at hand, whatever its programme."""


def pushable(steps: Iterable[Step], step_id: str) -> Step | None:
    """The step of this name, where it is one to do together; words are for an adult to say."""
    found = next((one for one in (*steps, *ALWAYS) if one.step_id == step_id), None)
    return found if found is not None and found.kind is not StepKind.WORDS else None


def why_not_push(place: Seat) -> str | None:
    """Activities are for an evening that is on."""
    return None if place.room.state in SPEAKING else "not-live"


def choices(kind: StepKind, options: tuple[str, ...]) -> int:
    """How many things there are to choose from; 0 where nothing is chosen."""
    return {StepKind.POLL: len(options), StepKind.SCALE: SCALE}.get(kind, 0)


def opened(step: Step, cause: str, now: datetime) -> Activity:
    """The activity that begins with this step."""
    return Activity(
        activity_id=derived_id("activity", cause),
        step_id=step.step_id,
        kind=step.kind,
        title=step.title,
        minutes=step.minutes,
        text=step.text,
        options=step.options,
        low=step.low,
        high=step.high,
        opened_at=now,
        tallies=(0,) * choices(step.kind, step.options),
    )


def closed(activity: Activity, now: datetime) -> Activity:
    """It is over; one that was over stays as it was."""
    if activity.closed_at is not None:
        return activity
    return activity.model_copy(update={"closed_at": now, "revision": activity.revision + 1})


def why_not_answer(place: Seat, activity: Activity | None, choice: int) -> str | None:
    """Why this choice of this person does not count."""
    if reason := _why_not_now(place, activity):
        return reason
    return None if activity and choice < len(activity.tallies) else "no-such-choice"


def why_not_count(place: Seat, activity: Activity | None) -> str | None:
    """Why words that this person keeps for themselves are not counted here."""
    if reason := _why_not_now(place, activity):
        return reason
    return None if activity and activity.kind in PRIVATE else "not-private"


def _why_not_now(place: Seat, activity: Activity | None) -> str | None:
    if place.person.speaker is not Speaker.MEMBER:
        return "not-yours"
    if activity is None:
        return "no-such-activity"
    return "closed" if activity.closed_at is not None else None


def counted(activity: Activity, chosen: Iterable[int]) -> Activity:
    """The activity with these choices of everybody; the same numbers again are no news."""
    every = tuple(chosen)
    numbers = {"tallies": tuple(every.count(choice) for choice in range(len(activity.tallies))), "answered": len(every)}
    if numbers == {"tallies": activity.tallies, "answered": activity.answered}:
        return activity
    return activity.model_copy(update={**numbers, "revision": activity.revision + 1})
