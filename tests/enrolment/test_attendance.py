"""Who came is kept, and a coordinator asks after those who were missed: once for each person and evening."""

from datetime import UTC, datetime, timedelta

from harbour.contracts.chat import AttendanceTaken, Attended, Came
from harbour.contracts.enrolment import Role
from harbour.contracts.messages import Refused
from harbour.contracts.tasks import FinishTask, ReadTasks, Task, TaskDone, TaskFinished, TaskOpened, Tasks, TaskWhy
from tests.enrolment.people import new_adult
from tests.rooms import Stage, rehearsed

EVENING = datetime(2026, 3, 3, 19, 0, tzinfo=UTC)


def counted(week: int, **came: Came) -> AttendanceTaken:
    """An evening of the course is over; this became of its seats."""
    starts_at = EVENING + timedelta(weeks=week - 1)
    return AttendanceTaken(
        id=f"counted-{week}", session_id=f"s{week}", course_id="c1", title="Tuesday group", week=week,
        starts_at=starts_at, ended_at=starts_at + timedelta(minutes=90),
        seats=tuple(Attended(member_id=who, nickname=who.title(), came=what) for who, what in came.items()),
    )  # fmt: skip


async def colleague(room: Stage, name: str, role: Role) -> str:
    """Somebody of staff; their id."""
    made = await room.asks(new_adult(name, role))
    staff_id: str = made.staff_id
    return staff_id


async def listed(room: Stage, staff_id: str) -> tuple[Task, ...]:
    """A coordinator's list."""
    found = await room.asks(ReadTasks(staff_id=staff_id))
    assert isinstance(found, Tasks), found
    return found.tasks


async def test_who_never_came_is_one_task_and_not_tonight_is_none(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        cleo = await colleague(room, "Cleo Reed", Role.COORDINATOR)
        evening = counted(1, robin=Came.NEVER_CAME, wren=Came.NOT_TONIGHT, heron=Came.STAYED, finch=Came.LEFT_EARLY)
        for _ in range(2):
            await room.hears(evening)
        await room.hears(counted(2, robin=Came.NEVER_CAME, heron=Came.NEVER_CAME))
        tasks = await listed(room, cleo)
        assert [(one.nickname, one.title, one.missed) for one in tasks if one.nickname == "Robin"] == [
            ("Robin", "Tuesday group, week 1", 1),
            ("Robin", "Tuesday group, week 2", 2),
        ]
        assert [(one.why, one.missed) for one in tasks if one.nickname == "Heron"] == [((TaskWhy.NEVER_CAME,), 1)]
        assert len(tasks) == 3
        opened = [one for one in room.said if isinstance(one, TaskOpened)]
        assert len({one.id for one in opened}) == len(opened) == 3


async def test_a_task_is_done_once_with_a_note_by_whom_and_when(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        cleo = await colleague(room, "Cleo Reed", Role.COORDINATOR)
        await room.hears(counted(1, robin=Came.NEVER_CAME))
        [one] = await listed(room, cleo)
        done = FinishTask(task_id=one.task_id, staff_id=cleo, note="Wrote to them.")
        refused = await room.asks(done.model_copy(update={"note": ""}))
        assert (type(refused), refused.reason) == (Refused, "note-needed")
        for _ in range(2):
            assert isinstance(await room.asks(done), TaskFinished)
        assert (await room.asks(done.model_copy(update={"id": "late"}))).say == "Cleo Reed has done it."
        [kept] = await listed(room, cleo)
        assert (kept.done_by, kept.note, kept.done_at is not None) == ("Cleo Reed", "Wrote to them.", True)
        assert len([one for one in room.said if isinstance(one, TaskDone)]) == 1


async def test_only_coordinators_see_the_list(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        sam = await colleague(room, "Sam Okoro", Role.COUNSELLOR)
        for staff_id in (sam, "stranger"):
            for wish in (ReadTasks(staff_id=staff_id), FinishTask(task_id="t", staff_id=staff_id, note="x")):
                assert (await room.asks(wish)).reason == "not-allowed"
