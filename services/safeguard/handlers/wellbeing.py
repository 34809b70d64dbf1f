"""How the staff of the desk are: what they have read, and two minutes to say how that was."""

from harbour.contracts.messages import Refused
from harbour.contracts.wellbeing import CareTaken, KeepTalk, ReadWellbeing, Wellbeing, WriteShiftDebrief
from harbour.runtime.rooms import Says
from services.safeguard import care, rules
from services.safeguard.handlers.doors import CareBook, Now, RotaBook, TheBudget, router


@router.answers(ReadWellbeing)
async def read_wellbeing(
    wish: ReadWellbeing, rota: RotaBook, book: CareBook, budget: TheBudget, now: Now
) -> Wellbeing | Refused:
    """What one has read and written; for whoever supervises, how their colleagues are, by name."""
    who, supervisors = await rota.find(wish.staff_id), await rota.supervisors()
    supervises = care.looks_after(who, supervisors)
    if refused := care.why_not_see(who, supervises):
        return refused
    opened, written = await book.opened(care.shift_since(now, budget)), await book.written()
    since = care.counted_since(now, await book.last(who.staff_id), budget)
    since_last = (await book.opened(since)).get(who.staff_id, 0)
    mine = care.own(who, opened.get(who.staff_id, 0), since_last, written.get(who.staff_id, []), budget)
    if not supervises:
        return mine
    others = sorted(
        (one for one in await rota.everyone() if one.staff_id != who.staff_id), key=lambda one: (one.name, one.staff_id)
    )
    theirs = (
        care.of_colleague(one.name, opened.get(one.staff_id, 0), written.get(one.staff_id, []), budget)
        for one in others
    )
    return mine.model_copy(update={"supervises": True, "colleagues": tuple(theirs)})


@router.answers(WriteShiftDebrief)
async def write_shift_debrief(wish: WriteShiftDebrief, rota: RotaBook, book: CareBook, now: Now) -> Says:
    """Keep how somebody is, and tell whoever supervises where they would like to talk."""
    who = await rota.find(wish.staff_id)
    if refused := rules.why_not_read(who):
        return refused
    await book.write(wish, who, now)
    whom = care.whom_to_tell(await rota.everyone(), await rota.supervisors(), but=who.staff_id)
    return [CareTaken(), *care.told(wish, whom)]


@router.answers(KeepTalk)
async def keep_talk(wish: KeepTalk, rota: RotaBook, book: CareBook, now: Now) -> CareTaken | Refused:
    """Keep that a supervisor has talked with them."""
    who = await rota.find(wish.staff_id)
    if not care.looks_after(who, await rota.supervisors()):
        return Refused(reason="not-allowed")
    await book.talked(wish.debrief_id, who, now)
    return CareTaken()
