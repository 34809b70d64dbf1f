"""The rota: who is on duty when, and who would be called now."""

from datetime import timedelta

from harbour.contracts.messages import Refused
from harbour.contracts.rota import PutOnDuty, ReadRota, RotaChanged, RotaTaken, RotaView, TakeOffDuty
from harbour.runtime.rooms import Says
from services.safeguard import rota as planning
from services.safeguard import views
from services.safeguard.handlers.doors import ChainBook, DutyBook, GroupBook, Now, RotaBook, TonightBook, router


@router.answers(ReadRota)
async def read_rota(
    wish: ReadRota, rota: RotaBook, duties: DutyBook, tonight: TonightBook, groups: GroupBook, now: Now
) -> RotaView | Refused:
    """Who is on duty, when nobody is, on which evenings that is so, and who would be called at this moment."""
    who = await rota.find(wish.staff_id)
    if refused := planning.why_not_see(who):
        return refused
    ends = wish.begins + timedelta(days=wish.days)
    listed, standing = await duties.between(wish.begins, ends), await duties.standing(now)
    evenings = await groups.planned(wish.begins, ends)
    return RotaView(
        duties=tuple(listed),
        gaps=tuple(planning.gaps(listed, wish.begins, ends)),
        unwatched=tuple(planning.unwatched(evenings, listed, max(wish.begins, now), ends)),
        next=planning.names(planning.turns(standing)),
        people=tuple(views.colleagues(standing.people, await tonight.on_call(now), but="")),
        may_change=planning.may_change(who),
    )


@router.answers(PutOnDuty)
async def put_on_duty(wish: PutOnDuty, rota: RotaBook, duties: DutyBook, chain: ChainBook, now: Now) -> Says:
    """Keep that somebody is on duty."""
    who, other = await rota.find(wish.staff_id), await rota.find(wish.of_id)
    if refused := planning.why_not_put(who, other, wish, now):
        return refused
    if await duties.put(wish):
        await chain.add("rota.put", wish.of_id, now, who.staff_id, planning.facts(wish), cause=wish.id)
    return [RotaTaken(of_id=wish.of_id), RotaChanged.after(wish)]


@router.answers(TakeOffDuty)
async def take_off_duty(wish: TakeOffDuty, rota: RotaBook, duties: DutyBook, chain: ChainBook, now: Now) -> Says:
    """Keep that somebody is not on duty after all."""
    who, of_id = await rota.find(wish.staff_id), await duties.find(wish.duty_id)
    if not planning.may_change(who):
        return Refused(reason="not-allowed")
    if of_id is None:
        return Refused(reason="no-such-duty")
    await duties.take(wish.duty_id)
    await chain.add("rota.taken", of_id, now, who.staff_id, {"duty_id": wish.duty_id}, cause=wish.id)
    return [RotaTaken(of_id=of_id), RotaChanged.after(wish, of_id=of_id)]
