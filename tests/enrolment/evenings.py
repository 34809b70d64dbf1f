"""A stage with a course on it."""

from typing import Any

from harbour.contracts.enrolment import CourseMade, Role, StaffMade
from harbour.contracts.messages import Refused
from tests.enrolment.people import new_adult, new_course
from tests.rooms import Stage


async def with_a_course(room: Stage, course_id: str = "tuesdays", **fields: Any) -> str:
    """Put a course on the calendar that Sam leads; gives Sam's id."""
    made = await room.asks(new_adult("Sam Okoro", Role.COUNSELLOR, id="an account for Sam"))
    assert isinstance(made, StaffMade)
    assert isinstance(await room.asks(new_course(course_id, made.staff_id, **fields)), CourseMade)
    room.said.clear()
    return made.staff_id


def told(room: Stage) -> list[tuple[str, str]]:
    """What was said since last asked, as kind and id."""
    said = [(type(event).__name__, event.id) for event in room.said]
    room.said.clear()
    return said


def why(answer: object) -> str:
    """The reason of a refusal."""
    assert isinstance(answer, Refused), answer
    return answer.reason
