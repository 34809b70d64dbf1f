"""Scheduling a course: once, with its dates and its adults."""

from datetime import UTC, datetime, timedelta

import pytest

from harbour.contracts.enrolment import CourseMade, CourseScheduled, ListCourses, ReadStaff, Role, StaffMade, StaffView
from tests.enrolment.evenings import told, why, with_a_course
from tests.enrolment.people import new_adult, new_course
from tests.rooms import rehearsed


async def test_a_course_is_scheduled_with_its_evenings_and_its_adults(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        sam = await room.asks(new_adult("Sam Okoro", Role.COUNSELLOR))
        ash = await room.asks(new_adult("Ash Bell", Role.YOUTH_WORKER))
        assert isinstance(sam, StaffMade)
        assert isinstance(ash, StaffMade)
        room.said.clear()
        wish = new_course("tuesdays", sam.staff_id, ash.staff_id)
        made = await room.asks(wish)
        (scheduled,) = room.said
    assert isinstance(made, CourseMade)
    assert made.session_ids == tuple(f"tuesdays-w{week}" for week in range(1, 8))
    assert isinstance(scheduled, CourseScheduled)
    assert [adult.role for adult in scheduled.staff] == [Role.COUNSELLOR, Role.YOUTH_WORKER]
    assert (scheduled.title, scheduled.seats) == ("Seven weeks, one step at a time", 8)
    assert scheduled.sessions[0].starts_at == wish.starts_at
    assert tuple(plan.session_id for plan in scheduled.sessions) == made.session_ids


async def test_the_same_course_again_changes_nothing_and_is_said_once(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        sam = await room.asks(new_adult())
        room.said.clear()
        first = await room.asks(new_course("tuesdays", sam.staff_id))
        later = datetime.now(UTC) + timedelta(days=30)
        again = await room.asks(new_course("tuesdays", sam.staff_id, starts_at=later, title="Another", seats=3))
        view = (await room.asks(ListCourses())).courses
        assert len(told(room)) == 1
    assert first.session_ids == again.session_ids
    assert [(course.title, course.seats) for course in view] == [("Seven weeks, one step at a time", 8)]
    assert view[0].sessions[0].starts_at < later


@pytest.mark.parametrize(
    ("fields", "reason"),
    [({"programme": "no-weeks"}, "no-such-programme"), ({"staff": ("nobody",)}, "no-such-staff")],
)
async def test_a_course_needs_a_programme_and_adults_we_know(
    database_url: str, fields: dict[str, object], reason: str
) -> None:
    async with rehearsed("enrolment", database_url) as room:
        sam = await room.asks(new_adult())
        assert why(await room.asks(new_course("tuesdays", sam.staff_id).model_copy(update=fields))) == reason
        assert (await room.asks(ListCourses())).courses == ()


async def test_courses_are_listed_soonest_first(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        soon = datetime.now(UTC) + timedelta(hours=2)
        for name, days in (("later", 9), ("soon", 0), ("next", 2)):
            await with_a_course(room, name, starts_at=soon + timedelta(days=days), title=name.title())
        courses = (await room.asks(ListCourses())).courses
    assert [course.title for course in courses] == ["Soon", "Next", "Later"]
    assert {(course.seats, course.free, course.waiting) for course in courses} == {(8, 8, 0)}


async def test_staff_see_the_courses_they_lead_and_officers_lead_none(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        sam = await with_a_course(room)
        kit = (await room.asks(new_adult("Kit", Role.OFFICER))).staff_id
        assert why(await room.asks(new_course("wednesdays", kit))) == "no-such-staff"
        seen = [await room.asks(ReadStaff(staff_id=staff_id)) for staff_id in (sam, kit)]
    assert all(isinstance(view, StaffView) for view in seen)
    assert [[course.course_id for course in view.courses] for view in seen] == [["tuesdays"], []]
