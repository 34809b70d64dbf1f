"""What a course takes from its programme: run-sheets for the adults who lead it, and no note for anybody else."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from harbour.contracts.enrolment import CourseScheduled, Enrolled, FindMember, ListCourses, ReadMember, ReadStaff, Role
from harbour.contracts.messages import read_event
from services.enrolment.programmes import ProgrammeUnreadable, load_programmes
from tests.enrolment.people import application, new_adult, new_course
from tests.enrolment.programme_files import WHOLE
from tests.rooms import rehearsed

PROGRAMME = load_programmes()["seven-weeks"]
NATS_MAX_BYTES = 1024 * 1024


async def test_a_scheduled_course_carries_aims_run_sheets_and_wordings(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        sam = await room.asks(new_adult("Sam Okoro", Role.COUNSELLOR))
        room.said.clear()
        await room.asks(new_course("tuesdays", sam.staff_id))
        (scheduled,) = room.said
    assert isinstance(scheduled, CourseScheduled)
    assert [plan.aim for plan in scheduled.sessions] == [week.aim for week in PROGRAMME.weeks]
    assert [plan.steps for plan in scheduled.sessions] == [week.run_sheet for week in PROGRAMME.weeks]
    assert scheduled.wordings == PROGRAMME.prepared
    assert read_event(scheduled.headers("enrolment"), scheduled.body()) == scheduled
    assert len(scheduled.body()) < NATS_MAX_BYTES / 4


async def test_no_page_gets_a_run_sheet_and_every_page_gets_the_aim(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        sam = await room.asks(new_adult("Sam Okoro", Role.COUNSELLOR))
        await room.asks(new_course("tuesdays", sam.staff_id))
        await room.asks(application(1))
        (member,) = [event.member_id for event in room.said if isinstance(event, Enrolled)]
        answers = [
            await room.asks(wish)
            for wish in (
                ListCourses(),
                FindMember(contact="young1@example.org"),
                ReadMember(member_id=member),
                ReadStaff(staff_id=sam.staff_id),
            )
        ]
    notes = [step.notes for week in PROGRAMME.weeks for step in week.run_sheet]
    for answer in answers:
        told = answer.model_dump_json()
        assert PROGRAMME.weeks[0].aim in told
        assert not [note for note in notes if note in told]
    (course,) = answers[0].courses
    assert [plan.steps for plan in course.sessions] == [()] * 7


async def test_six_weeks_are_six_evenings(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        sam = await room.asks(new_adult("Sam Okoro", Role.COUNSELLOR))
        made = await room.asks(new_course("thursdays", sam.staff_id, programme="six-weeks"))
    assert made.session_ids == tuple(f"thursdays-w{week}" for week in range(1, 7))


async def test_enrolment_does_not_start_on_a_fault_and_says_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "small.yaml").write_text(WHOLE.replace("[Yes, No]", "[Yes]"), encoding="utf-8")
    monkeypatch.setenv("ENROLMENT_PROGRAMMES_FOLDER", str(tmp_path))
    with capture_logs() as lines, pytest.raises(ProgrammeUnreadable):
        async with rehearsed("enrolment", f"sqlite+aiosqlite:///{tmp_path}/enrolment.db"):
            pass
    assert [line["fault"] for line in lines if "fault" in line] == [
        "small.yaml:19: weeks[0].steps[1].options: a poll needs 2 to 6 options"
    ]
