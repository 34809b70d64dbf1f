"""How somebody comes tonight: a short private word with the adults before the room."""

from harbour.contracts.chat import CheckedIn, CheckIn, CheckIns, MemberCheckedIn, ReadCheckIns
from harbour.contracts.messages import Refused
from harbour.runtime.rooms import Says
from services.chat import rules
from services.chat.handlers.doors import Now, RoomBook, router


@router.answers(CheckIn)
async def check_in(wish: CheckIn, rooms: RoomBook, now: Now) -> Says:
    """Keep how a young person comes tonight, and let the adults know; "not tonight" is a good answer."""
    place = rules.seat(await rooms.gathering(wish.session_id), wish.member_id)
    if isinstance(place, Refused) or place.leads:
        return place if isinstance(place, Refused) else Refused(reason="not-yours")
    if place.room.state in rules.OVER:
        return Refused(reason="not-open")
    note = MemberCheckedIn.after(wish, nickname=place.person.nickname, badge=place.person.badge, at=now)
    await rooms.check_in(note)
    return [CheckedIn(joins=wish.joins), note]


@router.answers(ReadCheckIns)
async def read_check_ins(wish: ReadCheckIns, rooms: RoomBook) -> CheckIns | Refused:
    """How everybody comes tonight, for the adults of the room."""
    place = rules.leading_seat(await rooms.gathering(wish.session_id), wish.staff_id)
    if isinstance(place, Refused):
        return place
    return CheckIns(notes=tuple(await rooms.check_ins(wish.session_id)))
