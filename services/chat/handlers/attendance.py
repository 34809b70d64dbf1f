"""Who came: gateways tell while an evening lasts, and a while after its end it is said once."""

from harbour.contracts.chat import AttendanceDue, LeavingDue, RecordStays, RoomState, StaysRecorded
from harbour.runtime.rooms import Says
from services.chat import rules
from services.chat.handlers.doors import RoomBook, StayBook, router


@router.answers(RecordStays)
async def record_stays(wish: RecordStays, stays: StayBook) -> Says:
    """Keep who had a room open, and until when; look again soon whether those who have gone are seen elsewhere."""
    await stays.keep(wish.stays)
    return [StaysRecorded(), *rules.leavings(wish)]


@router.hears(LeavingDue)
async def say_who_left(event: LeavingDue, rooms: RoomBook, stays: StayBook) -> Says:
    """Say that somebody left a room that goes on, unless anybody still sees them there."""
    there = await stays.of(event.session_id)
    return rules.left(event, await rooms.gathering(event.session_id), there.get(event.member_id, ()))


@router.hears(AttendanceDue)
async def take_attendance(event: AttendanceDue, rooms: RoomBook, stays: StayBook) -> Says:
    """Say who came to an evening, who left early, who said "not tonight", and who never came."""
    gathering = await rooms.gathering(event.session_id)
    if gathering is None or gathering.room.state is not RoomState.ENDED:
        return None
    return rules.attendance(event, gathering, await stays.of(event.session_id), await rooms.check_ins(event.session_id))
