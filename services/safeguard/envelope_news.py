"""What the record and the bus learn of an envelope, and which members of staff are told. Pure, like the rules."""

from collections.abc import Iterable
from datetime import datetime

from pydantic import JsonValue

from harbour.contracts.envelope import (
    AgreeEnvelope,
    CountersignClock,
    CountersignEnvelope,
    EnvelopeAsked,
    EnvelopeBreached,
    EnvelopeClosed,
    EnvelopeCountersigned,
    EnvelopeExpires,
    EnvelopeGranted,
    EnvelopeState,
    RequestEnvelope,
)
from harbour.contracts.messages import Message, Timer, derived_id
from harbour.contracts.reminders import ReminderWhy, StaffReminded
from harbour.contracts.safeguard import What
from services.safeguard.envelopes import Envelope, is_due, is_over, others_than, who_countersigns
from services.safeguard.model import Colleague

# ── who is told ───────────────────────────────────────────────────────────────────────────────────────────────


def who_hears_of_breach(rota: Iterable[Colleague]) -> tuple[Colleague, ...]:
    """Everybody who answers alerts; who opened it too, because they may call a lead."""
    return tuple(sorted((each for each in rota if each.safeguards), key=lambda each: each.staff_id))


def leads_to_tell(one: Envelope, rota: Iterable[Colleague]) -> tuple[Colleague, ...]:
    """The leads who had no part in it."""
    return tuple(each for each in others_than(one, rota) if each.lead and each.staff_id not in one.staff)


def who_may_agree(one: Envelope, rota: Iterable[Colleague]) -> tuple[Colleague, ...]:
    """Everybody who could be the second person."""
    return others_than(one, rota)


# ── for the record ────────────────────────────────────────────────────────────────────────────────────────────


def deed_of_asking(one: Envelope) -> What:
    """How the record puts it that somebody asked, or opened it alone."""
    return "envelope-alone" if one.alone else "envelope-asked"


def deed_of_answer(one: Envelope) -> What:
    """How the record puts the second person's word."""
    return "envelope-opened" if one.state is EnvelopeState.OPEN else "envelope-refused"


def deed_of_expiry(one: Envelope) -> What:
    """How the record puts it that the time is up."""
    return "envelope-closed" if one.state is EnvelopeState.CLOSED else "envelope-lapsed"


def facts(one: Envelope) -> dict[str, JsonValue]:
    """What the record keeps beside the words."""
    return {
        "grant_id": one.grant_id,
        "why": one.why.value,
        "staff": list(one.staff),
        "until": one.until.isoformat(),
        "countersign": one.countersign.value,
    }


# ── for the bus ───────────────────────────────────────────────────────────────────────────────────────────────


def told(cause: Message, one: Envelope, why: ReminderWhy, page: Iterable[Colleague]) -> list[Message]:
    """Members of staff are to be told; nothing where there is nobody."""
    ids = tuple(each.staff_id for each in page)
    if not ids:
        return []
    about = {"about_id": one.alert_id, "why": why, "page": ids}
    return [StaffReminded.after(cause, id=derived_id(cause.id, one.grant_id, why), **about)]


def news_of_asking(wish: RequestEnvelope, one: Envelope, rota: Iterable[Colleague]) -> list[Message]:
    """A colleague is wanted; or it is open, and a lead is called to countersign."""
    if not one.alone:
        said = EnvelopeAsked.after(wish, grant_id=one.grant_id)
        return [said, expires(wish, one), *told(wish, one, ReminderWhy.ENVELOPE, who_may_agree(one, rota))]
    clocks: list[Message] = [expires(wish, one), countersign_clock(wish, one)]
    return [granted(wish, one), *clocks, *told(wish, one, ReminderWhy.COUNTERSIGN, who_countersigns(one, rota))]


def news_of_answer(wish: AgreeEnvelope, one: Envelope, rota: Iterable[Colleague]) -> list[Message]:
    """Who may look, until when, and that the leads are told; a request that was declined has no clock any more."""
    if one.state is EnvelopeState.DECLINED:
        return [EnvelopeExpires.cancelled(wish, grant_id=one.grant_id)]
    leads = told(wish, one, ReminderWhy.ENVELOPE_OPEN, leads_to_tell(one, rota))
    return [granted(wish, one), expires(wish, one), *leads]


def granted(cause: Message, one: Envelope) -> EnvelopeGranted:
    """Who may look from now on."""
    its = {"member_id": one.member_id, "grant_id": one.grant_id, "staff": one.staff}
    return EnvelopeGranted.after(cause, until=one.until, alone=one.alone, **its)


def closed(cause: Message, one: Envelope) -> EnvelopeClosed:
    """Nobody may look any more."""
    return EnvelopeClosed.after(cause, member_id=one.member_id, grant_id=one.grant_id)


def expires(cause: Message, one: Envelope) -> EnvelopeExpires:
    """The clock it now waits on."""
    return EnvelopeExpires.after(cause, grant_id=one.grant_id, alert_id=one.alert_id, due=one.until)


def countersign_clock(cause: Message, one: Envelope) -> CountersignClock:
    """The clock of the lead's word."""
    return CountersignClock.after(cause, grant_id=one.grant_id, alert_id=one.alert_id, due=one.countersign_due)


def news_of_countersign(wish: CountersignEnvelope, before: Envelope, after: Envelope) -> list[Message]:
    """A lead's word, and that it is closed where it ended it; its clocks stop."""
    said: list[Message] = [EnvelopeCountersigned.after(wish, agreed=wish.agree)]
    said.append(CountersignClock.cancelled(wish, grant_id=after.grant_id))
    if before.state is after.state:
        return said
    return [*said, closed(wish, after), EnvelopeExpires.cancelled(wish, grant_id=after.grant_id)]


def clocks_again(one: Envelope, moment: datetime) -> list[Timer]:
    """Clocks in place of those that were lost: they run out at once."""
    about = {"grant_id": one.grant_id, "alert_id": one.alert_id, "due": moment}
    again = derived_id("envelope-again", one.grant_id, one.until.isoformat(), moment.isoformat())
    found: list[Timer] = [EnvelopeExpires(id=again, **about)] if is_over(one, moment) else []
    if is_due(one, moment):
        found.append(CountersignClock(id=derived_id("countersign-again", again), **about))
    return found


def breach(cause: Message, one: Envelope, page: Iterable[Colleague]) -> EnvelopeBreached:
    """Nobody countersigned in time."""
    ids = tuple(each.staff_id for each in page)
    return EnvelopeBreached.after(cause, grant_id=one.grant_id, alert_id=one.alert_id, page=ids)
