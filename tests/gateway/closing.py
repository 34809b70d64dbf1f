"""How the house of the tests closes alerts: high and immediate ones with a second person."""

from datetime import UTC, datetime
from typing import Any

from harbour.contracts.cases import CaseOfAlert, FindCase
from harbour.contracts.closing import ClosingAsked, ClosingHandedBack, ClosingView, SignedOff, SignOffClosing
from harbour.contracts.concerns import Urgency
from harbour.contracts.messages import Answer, Refused
from harbour.contracts.safeguard import AlertResolved, AlertState, ResolveAlert


async def no_case(wish: FindCase) -> Answer:
    """No alert of the house has a case."""
    return CaseOfAlert()


async def resolve(house: Any, wish: ResolveAlert) -> Answer:
    """Close it, or wait for a second person."""
    alert = house.alert(wish.alert_id)
    if alert is None:
        return Refused(reason="no-such-alert")
    if alert.claimed_by != wish.staff_id:
        return Refused(reason="not-yours")
    if not wish.note:
        return Refused(reason="note-needed")
    if alert.urgency.rank < Urgency.HIGH.rank:
        house.did(wish, "resolved", wish.note)
        await house.say(AlertResolved.after(wish))
        done: Answer = house.taking(house.change(alert, state=AlertState.RESOLVED, outcome=wish.outcome))
        return done
    name, now = house.officers[wish.staff_id], datetime.now(UTC)
    closing = ClosingView(outcome=wish.outcome, staff_id=wish.staff_id, name=name, since=now)
    house.did(wish, "closing", wish.note)
    await house.say(ClosingAsked.after(wish))
    waits: Answer = house.taking(house.change(alert, state=AlertState.CLOSING, closing=closing))
    return waits


async def sign_off(house: Any, wish: SignOffClosing) -> Answer:
    """The second person's word."""
    alert = house.alert(wish.alert_id)
    if alert is None:
        return Refused(reason="no-such-alert")
    if wish.agree and alert.closing.staff_id == wish.staff_id:
        return Refused(reason="your-own")
    if not wish.agree and not wish.note:
        return Refused(reason="note-needed")
    house.did(wish, "signed-off" if wish.agree else "handed-back", wish.note)
    if wish.agree:
        house.change(alert, state=AlertState.RESOLVED, closing=None, outcome=alert.closing.outcome)
        await house.say(AlertResolved.after(wish, staff_id=alert.closing.staff_id, signed_by=wish.staff_id))
    else:
        house.change(alert, state=AlertState.CLAIMED, closing=None)
        await house.say(ClosingHandedBack.after(wish))
    return SignedOff(alert_id=wish.alert_id, agreed=wish.agree)
