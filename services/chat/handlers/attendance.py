"""Who came: gateways tell while an evening lasts, and a while after its end it is said once."""

from harbour.contracts.chat import AttendanceDue, RecordStays, RoomState, StaysRecorded
from harbour.runtime.rooms import Says
from services.chat import rules
from services.chat.handlers.doors import RoomBook, StayBook, router


@router.answers(RecordStays)
async def record_stays(wish: RecordStays, stays: StayBook) -> StaysRecorded:
    """Keep who had a room open, and until when."""
    await stays.keep(wish.stays)
    return StaysRecorded()


@router.hears(AttendanceDue)
async def take_attendance(event: AttendanceDue, rooms: RoomBook, stays: StayBook) -> Says:
    """Say who came to an evening, who left early, who said "not tonight", and who never came."""
    gathering = await rooms.gathering(event.session_id)
    if gathering is None or gathering.room.state is not RoomState.ENDED:
        return None
    return rules.attendance(event, gathering, await stays.of(event.session_id), await rooms.check_ins(event.session_id))
