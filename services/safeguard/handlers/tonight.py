"""Tonight: who is on call, and whether an alert would reach a real screen."""

from harbour.contracts.chat import CanarySent
from harbour.contracts.safeguard import (
    CanaryRaised,
    CanarySeen,
    CanaryTaken,
    ConfirmOnCall,
    EndOnCall,
    OnCallConfirmed,
    OnCallEnded,
    OnCallStands,
    SeeCanary,
)
from harbour.runtime.rooms import Says
from services.safeguard import rules, worries
from services.safeguard.handlers.doors import Now, RotaBook, TonightBook, router


@router.hears(CanarySent)
async def put_canary_on_queue(event: CanarySent, tonight: TonightBook, now: Now) -> Says:
    """Put a practice alert on the queue, where a real one would be, and set the clock that looks for it."""
    await tonight.put_canary(event, now)
    return [CanaryRaised.after(event), worries.canary_clock(event, event.canary_id, event.session_id, event.due_at)]


@router.answers(SeeCanary)
async def see_canary(wish: SeeCanary, tonight: TonightBook, rota: RotaBook, now: Now) -> Says:
    """Take it off the queue, because somebody has said that they see it."""
    if refused := rules.why_not_read(await rota.find(wish.staff_id)):
        return refused
    session_id = await tonight.canary_seen(wish.canary_id, wish.staff_id, now)
    if session_id is None:
        return rules.NO_SUCH_ALERT
    seen = CanarySeen.after(wish, session_id=session_id, at=now)
    return [CanaryTaken(canary_id=wish.canary_id), seen]


@router.answers(ConfirmOnCall)
async def confirm_on_call(wish: ConfirmOnCall, tonight: TonightBook, rota: RotaBook, now: Now) -> Says:
    """Keep that an officer is there, and until when."""
    who = await rota.find(wish.staff_id)
    if refused := rules.why_not_read(who):
        return refused
    until = rules.on_call_until(now, wish.hours)
    await tonight.set_on_call(who, until)
    confirmed = OnCallConfirmed.after(wish, name=who.name, until=until, at=now)
    return [OnCallStands(staff_id=who.staff_id, until=until), confirmed]


@router.answers(EndOnCall)
async def end_on_call(wish: EndOnCall, tonight: TonightBook, rota: RotaBook, now: Now) -> Says:
    """Keep that an officer has gone."""
    who = await rota.find(wish.staff_id)
    if refused := rules.why_not_read(who):
        return refused
    await tonight.set_on_call(who, now)
    return [OnCallStands(staff_id=who.staff_id, until=now), OnCallEnded.after(wish, at=now)]
