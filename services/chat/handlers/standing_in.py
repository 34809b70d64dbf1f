"""Somebody who was not planned for tonight takes over."""

from harbour.contracts.chat import TakeOver, TookOver
from harbour.contracts.messages import Refused
from harbour.runtime.rooms import Says
from services.chat import rules
from services.chat.handlers.doors import Now, RoomBook, TheColleagues, TheNotes, TheStandIns, router


@router.answers(TakeOver)
async def take_over(
    wish: TakeOver, rooms: RoomBook, colleagues: TheColleagues, stand_ins: TheStandIns, notes: TheNotes, now: Now
) -> Says:
    """Let a counsellor or youth worker lead an evening in place of another or beside them, and tell everybody."""
    watch = await rooms.watch(wish.session_id, now)  # of two who come at once, the second waits here
    gathering, who = (watch.gathering if watch else None), await colleagues.find(wish.staff_id)
    refused = rules.why_not_take_over(gathering, who, wish, now)
    if refused or gathering is None or who is None:
        return refused or Refused(reason="not-yours")
    changes = rules.changes_of(gathering, who, wish, now)
    await stand_ins.keep(*changes)
    note = rules.note_of_take_over(wish, changes)
    await notes.keep(wish.session_id, note)
    told = rules.said_to_adults(wish.session_id, note)
    return [TookOver(session_id=wish.session_id), rules.taken_over(gathering, changes, wish), told]
