"""What is left to do after an evening: the desk sees the desk's, coordinators theirs."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import Response

from harbour.contracts.cases import CaseList, CaseState, CaseView, ListCases
from harbour.contracts.enrolment import SAFEGUARDS, Role
from harbour.contracts.follow_ups import FinishFollowUp, ReadFollowUps
from harbour.contracts.messages import Command, Key, Query, Refused
from harbour.contracts.tasks import (
    Attendance,
    FinishTask,
    ReadAttendance,
    ReadTasks,
    Task,
    TaskFinished,
    Tasks,
    TaskWhy,
)
from services.gateway.auth import NotAllowed, Visitor, staff
from services.gateway.web.debrief import CAME
from services.gateway.web.pages import checked_form, field, go, page

router = APIRouter(prefix="/tasks", default_response_class=Response)
Colleague = Annotated[Visitor, Depends(staff())]
Coordinator = Annotated[Visitor, Depends(staff())]
List = Literal["desk", "groups"]

NOTE_MAX_CHARS = 2000
WHOSE: Mapping[List, frozenset[Role]] = {"desk": SAFEGUARDS, "groups": frozenset({Role.COORDINATOR})}
READ: Mapping[List, type[Query[Tasks]]] = {"desk": ReadFollowUps, "groups": ReadTasks}
FINISH: Mapping[List, type[Command[TaskFinished]]] = {"desk": FinishFollowUp, "groups": FinishTask}
TITLES: Mapping[List, str] = {"desk": "For the desk", "groups": "For coordinators"}
WHY: Mapping[TaskWhy, str] = {
    TaskWhy.NEVER_CAME: "Had a seat, didn’t come, and didn’t say “not tonight”.",
    TaskWhy.LEFT_AFTER_CONCERN: "Left early, after something of theirs came up or was held.",
    TaskWhy.LEFT_AFTER_HELP: "Left early, after “I need help now”.",
    TaskWhy.HARD_EVENING: "Said before the room that it’s really hard, and didn’t stay.",
    TaskWhy.TOLD_US: "Wrote something for the adults before the room, and didn’t come in.",
    TaskWhy.SHOWN: "A message that was taken back had been on their screen. Ask how they are, without repeating it.",
    TaskWhy.WORRY: "An adult who led the evening is worried about them.",
}
SORRY = {
    "note-needed": "A few words on what was done. They stay on record.",
    "too-long": f"That’s more than a note holds, which is {NOTE_MAX_CHARS:,} letters.",
}


@router.get("")
async def show_tasks(request: Request, who: Colleague) -> Response:
    """What is open, and what was done of late."""
    return await tasks_page(request, who)


@router.get("/attendance")
async def show_attendance(request: Request, who: Coordinator) -> Response:
    """Who came to the evenings of late."""
    found = await request.app.state.ask(ReadAttendance(staff_id=who.person_id))
    if isinstance(found, Refused):
        raise NotAllowed
    assert isinstance(found, Attendance)
    return page(request, "staff/attendance.html", evenings=found.evenings, came=CAME)


@router.post("/{which}/{task_id}")
async def finish_task(request: Request, which: List, task_id: Key, who: Colleague) -> Response:
    """Say what was done; without a word on it the page asks for one. Where somebody else was quicker, it shows so."""
    note = field(await checked_form(request), "note", longest=20_000)
    if not who.is_any(WHOSE[which]):
        raise NotAllowed
    if len(note) > NOTE_MAX_CHARS:
        return await tasks_page(request, who, task_id, note, "too-long")
    answer = await request.app.state.ask(FINISH[which](task_id=task_id, staff_id=who.person_id, note=note))
    reason = answer.reason if isinstance(answer, Refused) else ""
    if reason == "not-allowed":
        raise NotAllowed
    if reason == "no-such-task":
        raise HTTPException(404)
    return await tasks_page(request, who, task_id, note, reason) if reason in SORRY else go("/tasks?done")


async def tasks_page(request: Request, who: Visitor, task_id: str = "", note: str = "", wrong: str = "") -> Response:
    """The lists that are theirs, with what was typed and what to look at again."""
    lists = [(which, TITLES[which], await _read(request, which, who)) for which in WHOSE if who.is_any(WHOSE[which])]
    more: dict[str, Any] = {"typed": {task_id: note}, "wrong": {task_id: SORRY[wrong]} if wrong else {}}
    saved, waiting = "done" in request.query_params, await _waiting_cases(request, who)
    return page(
        request,
        "staff/tasks.html",
        status_code=422 if wrong else 200,
        lists=lists,
        cases=waiting,
        why=WHY,
        saved=saved,
        **more,
    )


async def _waiting_cases(request: Request, who: Visitor) -> tuple[CaseView, ...]:
    """The cases in which something is to be chased or signed off, for the desk."""
    if not who.is_any(SAFEGUARDS):
        return ()
    answer = await request.app.state.ask(ListCases(staff_id=who.person_id))
    found = answer.cases if isinstance(answer, CaseList) else ()
    return tuple(one for one in found if one.chase_at or one.state is CaseState.CLOSING)


async def _read(request: Request, which: List, who: Visitor) -> tuple[Task, ...]:
    answer = await request.app.state.ask(READ[which](staff_id=who.person_id))
    if isinstance(answer, Refused):
        raise NotAllowed
    assert isinstance(answer, Tasks)
    return answer.tasks
