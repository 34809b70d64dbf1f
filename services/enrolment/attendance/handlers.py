"""What happens when an evening was counted, and when a coordinator looks after those who were missed."""

from typing import Annotated

from harbour.contracts.chat import AttendanceTaken
from harbour.contracts.messages import Refused
from harbour.contracts.tasks import Attendance, FinishTask, ReadAttendance, ReadTasks, TaskDone, TaskFinished, Tasks
from harbour.runtime.database import book
from harbour.runtime.rooms import Says
from services.enrolment.attendance import rules
from services.enrolment.attendance.store import Attendances
from services.enrolment.doorway import Now, router
from services.enrolment.store import StaffBook

AttendanceBook = Annotated[Attendances, book(Attendances)]
PeopleBook = Annotated[StaffBook, book(StaffBook)]


@router.hears(AttendanceTaken)
async def keep_attendance(event: AttendanceTaken, attendances: AttendanceBook, now: Now) -> Says:
    """Keep who came, and open a task for everybody who was missed, once for each person and evening."""
    said = []
    for seat in event.seats:
        await attendances.keep(event, seat)
        if rules.is_missed(seat):
            one = rules.task(event, seat, await attendances.missed(event.course_id, seat.member_id), now)
            if await attendances.open(one):
                said.append(rules.opened(event, one))
    return said


@router.answers(ReadTasks)
async def read_tasks(wish: ReadTasks, people: PeopleBook, attendances: AttendanceBook, now: Now) -> Tasks | Refused:
    """What there is to do, for coordinators."""
    if refused := rules.why_not_read(await people.read(wish.staff_id)):
        return refused
    return Tasks(tasks=tuple(await attendances.listed(now - rules.SHOWN_FOR)))


@router.answers(ReadAttendance)
async def read_attendance(
    wish: ReadAttendance, people: PeopleBook, attendances: AttendanceBook
) -> Attendance | Refused:
    """Who came to the evenings of late, for coordinators."""
    if refused := rules.why_not_read(await people.read(wish.staff_id)):
        return refused
    return Attendance(evenings=tuple(await attendances.counted()))


@router.answers(FinishTask)
async def finish_task(wish: FinishTask, people: PeopleBook, attendances: AttendanceBook, now: Now) -> Says:
    """Keep what a coordinator did, with who and when; the same wish again is answered again."""
    who = await people.read(wish.staff_id)
    refused = rules.why_not_read(who)
    if refused or who is None:
        return refused
    one, done_with = await attendances.hold(wish.task_id)
    if done_with == wish.id:
        return TaskFinished(task_id=wish.task_id)
    if refused := rules.why_not_finish(one, wish.note):
        return refused
    await attendances.finish(wish.task_id, now, who.name, wish.note, wish.id)
    return [TaskFinished(task_id=wish.task_id), TaskDone.after(wish)]
