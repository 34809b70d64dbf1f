"""The debrief: five minutes after an evening for each adult who led it, and what becomes of it."""

from harbour.contracts.chat import (
    DebriefForm,
    Debriefs,
    DebriefSaved,
    OwedDebriefs,
    PassedOn,
    ReadDebrief,
    ReadDebriefs,
    ReadOwedDebriefs,
    ReadPassedOn,
    SaveDebrief,
)
from harbour.contracts.messages import Refused
from harbour.runtime.rooms import Says
from services.chat import rules
from services.chat.handlers.doors import DebriefBook, Now, RoomBook, StayBook, TheColleagues, router


@router.answers(ReadDebrief)
async def read_debrief(
    wish: ReadDebrief, rooms: RoomBook, stays: StayBook, debriefs: DebriefBook
) -> DebriefForm | Refused:
    """Show an adult their own debrief as it stands, with who came."""
    gathering = await rooms.gathering(wish.session_id)
    place = rules.debriefing_seat(gathering, wish.staff_id)
    if isinstance(place, Refused) or gathering is None:
        return place if isinstance(place, Refused) else rules.NO_SUCH_SESSION
    seats = rules.seats(gathering, await stays.of(wish.session_id), await rooms.check_ins(wish.session_id))
    return rules.debrief_form(place, await debriefs.of(wish.session_id, wish.staff_id), seats)


@router.answers(SaveDebrief)
async def save_debrief(wish: SaveDebrief, rooms: RoomBook, debriefs: DebriefBook, now: Now) -> Says:
    """Keep a debrief to go on with, or finish it, once; the same wish again is answered again."""
    place = rules.debriefing_seat(await rooms.gathering(wish.session_id), wish.staff_id)
    if isinstance(place, Refused):
        return place
    kept, one = await debriefs.of(wish.session_id, wish.staff_id), rules.kept_debrief(place, wish, now)
    if kept is not None and kept.done_with == wish.id:
        return DebriefSaved(done=True)
    if refused := rules.why_not_save(kept, one):
        return refused
    if not await debriefs.keep(one):
        return Refused(reason="done")
    saved = DebriefSaved(done=wish.done)
    return [saved, rules.debrief_written(wish, place, one)] if wish.done else saved


@router.answers(ReadOwedDebriefs)
async def read_owed_debriefs(wish: ReadOwedDebriefs, debriefs: DebriefBook, now: Now) -> OwedDebriefs:
    """Remind somebody of the evenings they have not said how they went."""
    return OwedDebriefs(owed=tuple(await debriefs.owed(wish.staff_id, now - rules.ASKED_FOR)))


@router.answers(ReadDebriefs)
async def read_debriefs(wish: ReadDebriefs, colleagues: TheColleagues, debriefs: DebriefBook) -> Debriefs | Refused:
    """How the evenings went, for those who look after the adults who lead them."""
    if not rules.reads_debriefs(await colleagues.find(wish.staff_id)):
        return Refused(reason="not-allowed")
    return Debriefs(written=tuple(await debriefs.written(wish.limit)))


@router.answers(ReadPassedOn)
async def read_passed_on(wish: ReadPassedOn, rooms: RoomBook, debriefs: DebriefBook) -> PassedOn | Refused:
    """What those who led the evening before passed on, for the adults of the next."""
    place = rules.leading_seat(await rooms.gathering(wish.session_id), wish.staff_id)
    if isinstance(place, Refused):
        return place
    return PassedOn(notes=tuple(await debriefs.passed_on(wish.session_id)))
