"""The run-sheet: what is planned, what is pushed to everybody, what they choose."""

from datetime import datetime

from harbour.contracts.chat import (
    Activity,
    ActivityAnswered,
    ActivityClosed,
    ActivityPushed,
    ActivityShown,
    AnswerActivity,
    CloseActivity,
    CountAnswer,
    PushActivity,
    ReadSheet,
    Sheet,
)
from harbour.contracts.enrolment import CourseScheduled
from harbour.contracts.messages import Refused
from harbour.runtime.rooms import Says
from services.chat import rules
from services.chat.handlers.doors import Now, RoomBook, TheObservers, TheSheets, TheTerms, TheWays, router
from services.chat.store import Sheets


@router.hears(CourseScheduled)
async def lay_out_sheets(event: CourseScheduled, sheets: TheSheets) -> None:
    """Know what is planned for each evening of a course."""
    await sheets.plan(event)


@router.answers(ReadSheet)
async def read_sheet(
    wish: ReadSheet, rooms: RoomBook, sheets: TheSheets, observers: TheObservers, terms: TheTerms, now: Now
) -> Sheet | Refused:
    """Show the adults what is planned, and what happened."""
    watching = await observers.of(wish.session_id)
    place = rules.adult_seat(await rooms.gathering(wish.session_id), wish.staff_id, watching, now, terms.away)
    if isinstance(place, Refused):
        return place
    aim, steps, wordings = await sheets.planned(wish.session_id)
    return Sheet(
        session_id=wish.session_id,
        starts_at=place.room.starts_at,
        aim=aim,
        steps=(*steps, *rules.ALWAYS),
        wordings=wordings,
        happened=await sheets.happened(wish.session_id),
    )


@router.answers(PushActivity)
async def push_activity(wish: PushActivity, rooms: RoomBook, ways: TheWays, sheets: TheSheets, now: Now) -> Says:
    """Give everybody a step to do, and close what was open."""
    place = rules.leading_seat(await rooms.gathering(wish.session_id), wish.staff_id)
    if isinstance(place, Refused):
        return place
    _, steps, _ = await sheets.planned(wish.session_id)
    step = rules.pushable(steps, wish.step_id)
    if reason := rules.why_not_push(place) or (None if step else "no-such-step"):
        return Refused(reason=reason)
    assert step
    await ways.to_change(wish.session_id)  # of two adults at once, the second waits here and finds it open
    still_open = [one for one in await sheets.happened(wish.session_id) if one.closed_at is None]
    if same := next((one for one in still_open if one.step_id == step.step_id), None):
        return ActivityShown(activity=same)
    activity = rules.opened(step, wish.id, now)
    await sheets.keep(wish.session_id, *(rules.closed(one, now) for one in still_open), activity)
    return [ActivityShown(activity=activity), ActivityPushed.after(wish, activity=activity, at=now)]


@router.answers(CloseActivity)
async def close_activity(wish: CloseActivity, rooms: RoomBook, sheets: TheSheets, now: Now) -> Says:
    """Let nobody answer any more; closing again changes nothing."""
    place = rules.leading_seat(await rooms.gathering(wish.session_id), wish.staff_id)
    if isinstance(place, Refused):
        return place
    before = await sheets.to_change(wish.session_id, wish.activity_id)
    if before is None:
        return Refused(reason="no-such-activity")
    after = rules.closed(before, now)
    if after == before:
        return ActivityShown(activity=after)
    await sheets.keep(wish.session_id, after)
    return [ActivityShown(activity=after), ActivityClosed.after(wish, activity=after, at=now)]


@router.answers(AnswerActivity)
async def answer_activity(wish: AnswerActivity, rooms: RoomBook, sheets: TheSheets, now: Now) -> Says:
    """Count what somebody chooses, once per person."""
    place = rules.seat(await rooms.gathering(wish.session_id), wish.person_id)
    if isinstance(place, Refused):
        return place
    before = await sheets.to_change(wish.session_id, wish.activity_id)
    reason = rules.why_not_answer(place, before, wish.choice)
    if reason or before is None:
        return Refused(reason=reason or "no-such-activity")
    return await _counted(wish, before, wish.choice, sheets, now)


@router.answers(CountAnswer)
async def count_answer(wish: CountAnswer, rooms: RoomBook, sheets: TheSheets, now: Now) -> Says:
    """Count that somebody has written something for themselves; what they wrote never comes here."""
    place = rules.seat(await rooms.gathering(wish.session_id), wish.person_id)
    if isinstance(place, Refused):
        return place
    before = await sheets.to_change(wish.session_id, wish.activity_id)
    reason = rules.why_not_count(place, before)
    if reason or before is None:
        return Refused(reason=reason or "no-such-activity")
    return await _counted(wish, before, rules.WRITTEN, sheets, now)


async def _counted(
    wish: AnswerActivity | CountAnswer, before: Activity, choice: int, sheets: Sheets, now: datetime
) -> Says:
    """One answer per person; the same again is no news."""
    after = rules.counted(before, await sheets.choose(before.activity_id, wish.person_id, choice))
    shown = ActivityShown(activity=after, mine=choice)
    if after == before:
        return shown
    await sheets.keep(wish.session_id, after)
    return [shown, ActivityAnswered.after(wish, activity=after, at=now)]
