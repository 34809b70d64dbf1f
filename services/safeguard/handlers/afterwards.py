"""Afterwards: an evening is over, and some of those who were there may need somebody."""

from harbour.contracts.chat import AttendanceTaken, DebriefWritten
from harbour.contracts.follow_ups import FinishFollowUp, FollowUpDone, ReadFollowUps
from harbour.contracts.messages import Refused
from harbour.contracts.safeguard import MessageFlagged
from harbour.contracts.tasks import TaskFinished, Tasks
from harbour.runtime.rooms import Says
from services.safeguard import following, rules
from services.safeguard.handlers.doors import FollowUpBook, Now, RotaBook, router


@router.hears(AttendanceTaken)
async def open_follow_ups(event: AttendanceTaken, follow_ups: FollowUpBook, now: Now) -> Says:
    """Open a task for everybody who left after something of theirs came up, once for each person and evening."""
    for gone in following.departures(event):
        await follow_ups.gone(gone)
    wanted = following.after_evening(event, await follow_ups.concerns(event.session_id), now)
    return [following.opened(event, one) for one in wanted if await follow_ups.open(one)]


@router.hears(MessageFlagged)
async def follow_up_late(event: MessageFlagged, follow_ups: FollowUpBook, now: Now) -> Says:
    """Open it all the same where something comes up only after the evening was counted."""
    gone = await follow_ups.departure(event.session_id, event.member_id)
    if gone is None:
        return None
    one = following.after_all(gone, (await follow_ups.concerns(event.session_id))[event.member_id], now)
    return following.opened(event, one) if one is not None and await follow_ups.open(one) else None


@router.hears(DebriefWritten)
async def take_worries(event: DebriefWritten, rota: RotaBook, follow_ups: FollowUpBook, now: Now) -> Says:
    """Open a task for everybody an adult who led the evening worries about, once for each who says so; and where they
    would like to talk with somebody, tell the leads."""
    wanted = following.worries(event, now)
    opened = [following.opened(event, one) for one in wanted if await follow_ups.open(one)]
    return [*opened, *following.would_talk(event, await rota.everyone())]


@router.answers(ReadFollowUps)
async def read_follow_ups(wish: ReadFollowUps, rota: RotaBook, follow_ups: FollowUpBook, now: Now) -> Tasks | Refused:
    """What there is to follow up, for those who answer alerts."""
    if refused := rules.why_not_read(await rota.find(wish.staff_id)):
        return refused
    return Tasks(tasks=tuple(await follow_ups.listed(now - following.SHOWN_FOR)))


@router.answers(FinishFollowUp)
async def finish_follow_up(wish: FinishFollowUp, rota: RotaBook, follow_ups: FollowUpBook, now: Now) -> Says:
    """Keep what was done, with who and when; the same wish again is answered again."""
    who = await rota.find(wish.staff_id)
    if refused := rules.why_not_read(who):
        return refused
    one, done_with = await follow_ups.hold(wish.task_id)
    if done_with == wish.id:
        return TaskFinished(task_id=wish.task_id)
    if refused := following.why_not_finish(one, wish.note):
        return refused
    await follow_ups.finish(wish.task_id, now, who.name, wish.note, wish.id)
    return [TaskFinished(task_id=wish.task_id), FollowUpDone.after(wish)]
