"""Closing: an alert is done, with its outcome and the reason, and a second person's word where it was urgent."""

from harbour.contracts.closing import SignedOff, SignOffClock, SignOffClosing
from harbour.contracts.safeguard import ClaimClock, ResolveAlert
from harbour.runtime.rooms import Says
from services.safeguard import alarms, closing, hands, rules, views
from services.safeguard.handlers.doors import ClosingBook, DeskBook, Now, RotaBook, TheClocks, TheLeases, router


@router.answers(ResolveAlert)
async def resolve_alert(
    wish: ResolveAlert, desk: DeskBook, closings: ClosingBook, rota: RotaBook, clocks: TheClocks, now: Now
) -> Says:
    """Close an alert, or ask a second person to, and stop its clock where one still runs."""
    alert, who = await desk.hold(wish.alert_id), await rota.find(wish.staff_id)
    if alert is None:
        return rules.why_not_read(who) or rules.NO_SUCH_ALERT
    if alert.resolved_with == wish.id:
        return views.taken(alert)
    if refused := rules.why_not_resolve(who, alert, wish.note):
        return refused
    one = closing.asked(wish, who, now, clocks)
    alert = closing.closed(alert, who, now, one)
    await closings.put(one)
    await desk.change(alert)
    await desk.record(alert.alert_id, wish.id, now, closing.deed_of(alert), who, wish.note, closing.facts(one))
    stopped = ClaimClock.cancelled(wish, alert_id=alert.alert_id)
    return [views.taken(alert), *closing.news_of_asking(wish, alert, one), stopped]


@router.answers(SignOffClosing)
async def sign_off_closing(
    wish: SignOffClosing, desk: DeskBook, closings: ClosingBook, rota: RotaBook, leases: TheLeases, now: Now
) -> Says:
    """Keep the second person's word: it is done, or in hand again with a lease of its own."""
    alert, who = await desk.hold(wish.alert_id), await rota.find(wish.staff_id)
    if await closings.signed_with(wish.id):
        return SignedOff(alert_id=wish.alert_id, agreed=wish.agree)
    one = await closings.find(alert.resolved_with) if alert else None
    if refused := closing.why_not_sign_off(who, alert, one, wish):
        return refused
    assert alert
    assert one
    one = closing.signed(one, wish, who, now)
    alert = closing.after_sign_off(alert, one)
    await closings.change(one)
    await desk.change(alert)
    await desk.record(alert.alert_id, wish.id, now, closing.deed_of_sign_off(one), who, wish.note, closing.facts(one))
    back = [] if one.agreed else [views.lease_clock(wish, alert, hands.lease_until(alert, None, leases))]
    return [SignedOff(alert_id=wish.alert_id, agreed=wish.agree), *closing.news_of_sign_off(wish, one), *back]


@router.hears(SignOffClock)
async def call_for_sign_off(
    event: SignOffClock, desk: DeskBook, closings: ClosingBook, rota: RotaBook, clocks: TheClocks, now: Now
) -> Says:
    """Tell the leads, and then everybody else, that a closing waits; set the next clock."""
    alert, one = await desk.hold(event.alert_id), await closings.find(event.closing_id)
    if one is None or not closing.waits(alert, one.closing_id):
        return None
    if one.reminders != event.step:
        return closing.clock(event, one)
    page = closing.who_to_remind(event.step, one.staff_id, await rota.everyone())
    one = closing.reminded(one, now, clocks)
    await closings.change(one)
    await desk.record(one.alert_id, event.id, now, "reminded", views.CLOCK, views.names(page))
    alarms.reminded(one.alert_id, len(page))
    return [closing.reminder(event, one, page), closing.clock(event, one)]
