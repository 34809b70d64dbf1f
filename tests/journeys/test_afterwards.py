"""After an evening, in memory alone, where nobody has to wait until it is over."""

from datetime import timedelta
from pathlib import Path

from harbour.contracts.chat import (
    Alone,
    AttendanceTaken,
    Came,
    CheckIn,
    Debrief,
    EndSession,
    ReadPassedOn,
    RecordStays,
    SaveDebrief,
    Stay,
)
from harbour.contracts.enrolment import AddStaff, Role
from harbour.contracts.follow_ups import FinishFollowUp, FollowUpOpened, ReadFollowUps
from harbour.contracts.tasks import FinishTask, ReadAttendance, ReadTasks, TaskOpened, TaskWhy
from harbour.rehearsal.lines import WORRYING
from tests.journeys.memory import MemoryTown, in_memory
from tests.journeys.people import Course, given_an_evening, says
from tests.journeys.town import granted, refused

COORDINATOR = AddStaff(
    name="Cleo", email="cleo@example.org", password="a lamp in the window", roles=(Role.COORDINATOR,)
)  # fmt: skip


async def over(town: MemoryTown, course: Course, robin: str) -> None:
    """Robin is there for twenty minutes of an evening that Sam ends after an hour; then it is counted."""
    began_at = town.clock.now()
    stay = Stay(
        session_id=course.session_id, person_id=robin, began_at=began_at, until=began_at + timedelta(minutes=20)
    )  # fmt: skip
    await granted(town, RecordStays(stays=(stay,)))
    await town.time_passes(began_at + timedelta(minutes=60))
    await granted(town, EndSession(session_id=course.session_id, staff_id=course.team.sam.staff_id))
    await town.time_passes(town.clock.now() + timedelta(minutes=3))


async def test_each_who_left_or_never_came_is_looked_after_once_by_those_it_concerns(tmp_path: Path) -> None:
    async with in_memory(tmp_path) as town:
        course, [robin, wren, heron] = await given_an_evening(town, "after", "Robin", "Wren", "Heron")
        cleo = (await granted(town, COORDINATOR)).staff_id
        sam, ada, about = course.team.sam.staff_id, course.team.ada.staff_id, {"session_id": course.session_id}
        await says(town, course, robin, WORRYING[0])
        await granted(town, CheckIn(**about, member_id=wren, feeling=3, alone=Alone.YES, joins=False))
        await over(town, course, robin)

        [counted] = await town.facts(AttendanceTaken, **about)
        came = {one.member_id: one.came for one in counted.seats}
        assert came == {robin: Came.LEFT_EARLY, wren: Came.NOT_TONIGHT, heron: Came.NEVER_CAME}
        [left] = (await granted(town, ReadFollowUps(staff_id=ada))).tasks
        [missed] = (await granted(town, ReadTasks(staff_id=cleo))).tasks
        assert (left.nickname, left.why) == ("Robin", (TaskWhy.LEFT_AFTER_CONCERN,))
        assert (missed.nickname, missed.why, missed.missed) == ("Heron", (TaskWhy.NEVER_CAME,), 1)
        [evening] = (await granted(town, ReadAttendance(staff_id=cleo))).evenings
        assert [(one.nickname, one.came, one.minutes) for one in evening.seats] == [
            ("Heron", Came.NEVER_CAME, 0),
            ("Robin", Came.LEFT_EARLY, 20),
            ("Wren", Came.NOT_TONIGHT, 0),
        ]
        assert (evening.week, evening.session_id) == (1, course.session_id)
        assert await refused(town, ReadAttendance(staff_id=ada)) == "not-allowed"
        assert await refused(town, ReadFollowUps(staff_id=cleo)) == "not-allowed"
        assert await refused(town, ReadTasks(staff_id=ada)) == "not-allowed"

        debrief = Debrief(worried_about=(heron,), worry="We missed them.", tell_next="Begin gently.")
        await granted(town, SaveDebrief(**about, staff_id=sam, debrief=debrief, done=True))
        tasks = (await granted(town, ReadFollowUps(staff_id=ada))).tasks
        assert [(one.nickname, one.by, one.words) for one in tasks[1:]] == [("Heron", "Sam", "We missed them.")]
        passed_on = await granted(town, ReadPassedOn(session_id="after-w2", staff_id=course.team.jo.staff_id))
        assert [one.words for one in passed_on.notes] == ["Begin gently."]

        for one in tasks:
            await granted(town, FinishFollowUp(task_id=one.task_id, staff_id=ada, note="Spoke with them."))
        await granted(town, FinishTask(task_id=missed.task_id, staff_id=cleo, note="Wrote to them."))
        assert len(await town.facts(FollowUpOpened, **about)) == 2
        assert len(await town.facts(TaskOpened, **about)) == 1
