"""The sealed envelope: who may look at a young person's contact details, for how long, and who learns of it."""

from harbour.contracts.envelope import (
    AgreeEnvelope,
    CountersignClock,
    CountersignEnvelope,
    EnvelopeExpires,
    EnvelopeLooked,
    Envelopes,
    HoldBackEnvelope,
    OwnRecord,
    ReadEnvelopes,
    ReadOwnRecord,
    RequestEnvelope,
)
from harbour.contracts.messages import Refused
from harbour.contracts.reminders import ReminderWhy
from harbour.runtime.delivery import NotYet
from harbour.runtime.rooms import Says
from services.safeguard import alarms, envelope_news, envelopes, rules, views
from services.safeguard.handlers.doors import DeskBook, EnvelopesBook, Now, RotaBook, router

# ── asking and agreeing ───────────────────────────────────────────────────────────────────────────────────────


@router.answers(RequestEnvelope)
async def request_envelope(
    wish: RequestEnvelope, desk: DeskBook, book: EnvelopesBook, rota: RotaBook, now: Now
) -> Says:
    """Keep that somebody asks, or open it at once for one officer where life may be at risk; call who is needed."""
    alert, who = await desk.hold(wish.alert_id), await rota.find(wish.staff_id)
    if (before := await book.find(envelopes.grant_id_of(wish))) is not None:
        return before.stands()
    if refused := envelopes.why_not_ask(who, alert, wish, await book.of_alert(wish.alert_id), now):
        return refused
    assert alert
    one = envelopes.asked(wish, alert, who, now)
    await book.put(one)
    what, facts = envelope_news.deed_of_asking(one), envelope_news.facts(one)
    await desk.record(one.alert_id, one.grant_id, now, what, who, wish.reason, facts)
    return [one.stands(), *envelope_news.news_of_asking(wish, one, await rota.everyone())]


@router.answers(AgreeEnvelope)
async def agree_envelope(wish: AgreeEnvelope, desk: DeskBook, book: EnvelopesBook, rota: RotaBook, now: Now) -> Says:
    """Open it for the two of them, or keep that the second person would not."""
    await desk.hold(await book.alert_of(wish.grant_id))
    one, who = await book.find(wish.grant_id), await rota.find(wish.staff_id)
    if one is not None and one.last_wish == wish.id:
        return one.stands()
    if refused := envelopes.why_not_agree(who, one, wish, now):
        return refused
    assert one
    one = envelopes.answered(one, wish, who, now)
    await book.change(one)
    what, facts = envelope_news.deed_of_answer(one), envelope_news.facts(one)
    await desk.record(one.alert_id, wish.id, now, what, who, wish.reason, facts)
    return [one.stands(), *envelope_news.news_of_answer(wish, one, await rota.everyone())]


@router.hears(EnvelopeLooked)
async def note_look(event: EnvelopeLooked, desk: DeskBook, book: EnvelopesBook, rota: RotaBook) -> None:
    """Put on record that somebody looked, once for each look."""
    await desk.hold(await book.alert_of(event.grant_id))
    one = await book.find(event.grant_id)
    if one is None:
        raise NotYet("the grant was not kept yet")
    who, facts = await rota.find(event.staff_id), envelope_news.facts(one)
    if await desk.record(one.alert_id, event.id, event.at, "envelope-looked", who, facts=facts):
        await book.looked(one.grant_id)


@router.hears(EnvelopeExpires)
async def close_envelope(event: EnvelopeExpires, desk: DeskBook, book: EnvelopesBook, now: Now) -> Says:
    """Say that its time is up; a clock that was set before it was agreed to changes nothing."""
    await desk.hold(event.alert_id)
    one = await book.find(event.grant_id)
    if one is None or not envelopes.is_over(one, now):
        return None if one is None or envelopes.is_settled(one) else envelope_news.expires(event, one)
    one = envelopes.expired(one)
    await book.change(one)
    what, facts = envelope_news.deed_of_expiry(one), envelope_news.facts(one)
    await desk.record(one.alert_id, event.id, now, what, views.CLOCK, facts=facts)
    return envelope_news.closed(event, one)


# ── the lead's word ───────────────────────────────────────────────────────────────────────────────────────────


@router.answers(CountersignEnvelope)
async def countersign_envelope(
    wish: CountersignEnvelope, desk: DeskBook, book: EnvelopesBook, rota: RotaBook, now: Now
) -> Says:
    """Keep what a lead says of an envelope that one officer opened alone; its clock stops."""
    await desk.hold(await book.alert_of(wish.grant_id))
    one, who = await book.find(wish.grant_id), await rota.find(wish.staff_id)
    if one is not None and one.last_wish == wish.id:
        return one.stands()
    if refused := envelopes.why_not_countersign(who, one, wish, await rota.everyone()):
        return refused
    assert one
    before, one = one, envelopes.countersigned(one, wish, who, now)
    await book.change(one)
    await desk.record(one.alert_id, wish.id, now, "envelope-signed", who, wish.reason, envelope_news.facts(one))
    return [one.stands(), *envelope_news.news_of_countersign(wish, before, one)]


@router.hears(CountersignClock)
async def call_breach(event: CountersignClock, desk: DeskBook, book: EnvelopesBook, rota: RotaBook, now: Now) -> Says:
    """Tell everybody that nobody countersigned in time, once, and keep it."""
    await desk.hold(event.alert_id)
    one = await book.find(event.grant_id)
    if one is None or not envelopes.is_due(one, now):
        return None
    one, page = envelopes.breached(one), envelope_news.who_hears_of_breach(await rota.everyone())
    await book.change(one)
    facts = envelope_news.facts(one)
    await desk.record(one.alert_id, event.id, now, "envelope-breach", views.CLOCK, views.names(page), facts)
    alarms.envelope_breached(one.grant_id, len(page))
    return [envelope_news.breach(event, one, page), *envelope_news.told(event, one, ReminderWhy.ENVELOPE_BREACH, page)]


@router.answers(HoldBackEnvelope)
async def hold_back_envelope(
    wish: HoldBackEnvelope, desk: DeskBook, book: EnvelopesBook, rota: RotaBook, now: Now
) -> Says:
    """Have the young person's page say nothing of it until then, because a lead says why."""
    await desk.hold(await book.alert_of(wish.grant_id))
    one, who = await book.find(wish.grant_id), await rota.find(wish.staff_id)
    if one is not None and one.last_wish == wish.id:
        return one.stands()
    if refused := envelopes.why_not_hold_back(who, one, wish, now):
        return refused
    assert one
    one = envelopes.held_back(one, wish, who)
    await book.change(one)
    facts = {**envelope_news.facts(one), "held_back_until": wish.until.isoformat()}
    await desk.record(one.alert_id, wish.id, now, "envelope-held", who, wish.reason, facts)
    return one.stands()


# ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────


@router.answers(ReadEnvelopes)
async def read_envelopes(wish: ReadEnvelopes, book: EnvelopesBook, rota: RotaBook, now: Now) -> Envelopes | Refused:
    """What was asked for, about one alert or of late, for those who answer alerts."""
    if refused := rules.why_not_read(await rota.find(wish.staff_id)):
        return refused
    since = now - envelopes.SHOWN_FOR
    kept = await (book.about_alert(wish.alert_id) if wish.alert_id else book.asked_since(since))
    return Envelopes(envelopes=envelopes.in_order(envelopes.view(one, now) for one in kept))


@router.answers(ReadOwnRecord)
async def read_own_record(wish: ReadOwnRecord, book: EnvelopesBook, now: Now) -> OwnRecord:
    """What a young person may know by now, newest first."""
    kept = await book.about_member(wish.member_id)
    return OwnRecord(looks=tuple(envelopes.own_look(one.envelope) for one in kept if envelopes.is_told(one, now)))
