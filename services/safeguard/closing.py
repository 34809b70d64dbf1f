"""How an alert is closed: alone where it was medium or low, by two people where it was more. Pure, like the rules."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import JsonValue

from harbour.contracts.closing import (
    ClosingAsked,
    ClosingHandedBack,
    ClosingView,
    Outcome,
    SignOffClock,
    SignOffClosing,
)
from harbour.contracts.concerns import Urgency
from harbour.contracts.messages import Event, Message, Refused, Timer, derived_id
from harbour.contracts.reminders import ReminderWhy, StaffReminded
from harbour.contracts.safeguard import AlertResolved, AlertState, ResolveAlert, What
from services.safeguard import rules
from services.safeguard.model import Alert, Clocks, Colleague


@dataclass(frozen=True)
class Closing:
    """Somebody's word that an alert is done, and a second person's where one is needed."""

    closing_id: str
    """The id of the wish that asked."""
    alert_id: str
    outcome: Outcome
    staff_id: str
    name: str
    at: datetime
    due_at: datetime
    """When somebody is next called to sign it off."""
    reminders: int = 0
    signed_by: str = ""
    signed_name: str = ""
    signed_at: datetime | None = None
    signed_with: str = ""
    agreed: bool = False


def needs_two(urgency: Urgency) -> bool:
    """Whether closing it waits for a second person."""
    return urgency.rank >= Urgency.HIGH.rank


def asked(wish: ResolveAlert, who: Colleague, now: datetime, clocks: Clocks) -> Closing:
    """The word of the first."""
    due_at = now + clocks.sign_off
    return Closing(wish.id, wish.alert_id, wish.outcome, who.staff_id, who.name, now, due_at)


def closed(alert: Alert, who: Colleague, now: datetime, closing: Closing) -> Alert:
    """The alert after it: done, or waiting for a second person."""
    done = rules.resolved(alert, who, now, closing.closing_id)
    return replace(done, state=AlertState.CLOSING, resolved_at=None) if needs_two(alert.urgency) else done


def signed(closing: Closing, wish: SignOffClosing, who: Colleague, now: datetime) -> Closing:
    """The word of the second."""
    by, name = who.staff_id, who.name
    return replace(closing, signed_by=by, signed_name=name, signed_at=now, signed_with=wish.id, agreed=wish.agree)


def after_sign_off(alert: Alert, closing: Closing) -> Alert:
    """Done where the second person agrees, in hand again where not."""
    if closing.agreed:
        return replace(alert, state=AlertState.RESOLVED, resolved_at=closing.signed_at)
    return replace(alert, state=AlertState.CLAIMED, resolved_with="", claimed_at=closing.signed_at)


def deed_of(alert: Alert) -> What:
    """How the record puts it that somebody closed it, or asks to."""
    return "closing" if alert.state is AlertState.CLOSING else "resolved"


def facts(closing: Closing) -> dict[str, JsonValue]:
    """What the record keeps beside the words."""
    return {"outcome": closing.outcome.value, "asked_by": closing.staff_id}


def deed_of_sign_off(closing: Closing) -> What:
    """How the record puts the second person's word."""
    return "signed-off" if closing.agreed else "handed-back"


def waits(alert: Alert | None, closing_id: str) -> bool:
    """Whether this closing still waits for its second person."""
    return alert is not None and alert.state is AlertState.CLOSING and alert.resolved_with == closing_id


def why_not_sign_off(
    who: Colleague, alert: Alert | None, closing: Closing | None, wish: SignOffClosing
) -> Refused | None:
    """Nobody signs off their own closing; handing back takes a note, and who asked may take it back."""
    if refused := rules.why_not_read(who):
        return refused
    if alert is None:
        return rules.NO_SUCH_ALERT
    if closing is None or not waits(alert, closing.closing_id):
        return Refused(reason="not-closing", say="This alert does not wait for anybody to sign it off.")
    if wish.agree and closing.staff_id == who.staff_id:
        return Refused(reason="your-own", say="You asked to close this one, so somebody else signs it off.")
    if not wish.agree and not wish.note:
        return Refused(reason="note-needed", say="Say why it is not done yet, so that they know.")
    return None


def who_to_remind(step: int, asked_by: str, rota: Iterable[Colleague]) -> tuple[Colleague, ...]:
    """The leads first, then everybody, but never who asked; empty only where there is nobody else."""
    others = sorted((one for one in rota if one.safeguards and one.staff_id != asked_by), key=lambda one: one.staff_id)
    leads = tuple(one for one in others if one.lead)
    return leads if leads and step == 0 else tuple(others)


def reminded(closing: Closing, now: datetime, clocks: Clocks) -> Closing:
    """The closing after somebody was called: the next clock runs."""
    return replace(closing, reminders=closing.reminders + 1, due_at=now + clocks.sign_off)


# ── for staff and for the bus ─────────────────────────────────────────────────────────────────────────────────


def view(closing: Closing) -> ClosingView:
    """What waits, as the queue shows it."""
    return ClosingView(outcome=closing.outcome, staff_id=closing.staff_id, name=closing.name, since=closing.at)


def clock(cause: Message, closing: Closing) -> SignOffClock:
    """The clock the closing now waits on."""
    now_on = {"closing_id": closing.closing_id, "step": closing.reminders, "due": closing.due_at}
    return SignOffClock.after(cause, alert_id=closing.alert_id, **now_on)


def clock_again(closing: Closing, moment: datetime) -> SignOffClock:
    """A clock in place of one that was lost: it runs out at once."""
    clock_id = derived_id("sign-off-again", closing.closing_id, closing.reminders, moment.isoformat())
    return SignOffClock(
        id=clock_id, alert_id=closing.alert_id, closing_id=closing.closing_id, step=closing.reminders, due=moment
    )


def news_of_asking(wish: ResolveAlert, alert: Alert, closing: Closing) -> list[Message]:
    """What there is to say once somebody has closed it, or asks to."""
    if alert.state is AlertState.CLOSING:
        return [ClosingAsked.after(wish), clock(wish, closing)]
    return [AlertResolved.after(wish)]


def news_of_sign_off(wish: SignOffClosing, closing: Closing) -> list[Message]:
    """What there is to say of the second person's word; its clock stops."""
    said: Event = ClosingHandedBack.after(wish)
    if closing.agreed:
        said = AlertResolved.after(
            wish, staff_id=closing.staff_id, outcome=closing.outcome, signed_by=closing.signed_by
        )
    return [said, SignOffClock.cancelled(wish, alert_id=closing.alert_id)]


def reminder(cause: Timer, closing: Closing, page: Iterable[Colleague]) -> StaffReminded:
    """Nobody has signed it off in time; these people are to be told."""
    why = ReminderWhy.ALERT_SIGN_OFF
    return StaffReminded.after(cause, about_id=closing.alert_id, why=why, page=tuple(one.staff_id for one in page))
