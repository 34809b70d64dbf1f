"""Whose hands an alert is in: who is at the desk, hand-overs, second opinions, merging."""

from harbour.contracts.chat import MemberCheckedIn
from harbour.contracts.desk import (
    AlertAround,
    AlertHanded,
    AlertOffered,
    AlertOfferEnded,
    AlertOpinionAsked,
    AlertOpinionGiven,
    AlertReturned,
    AnswerOffer,
    AskOpinion,
    AtDesk,
    GiveOpinion,
    LeaseClock,
    MergeAlerts,
    OfferAlert,
    ReadAlert,
    StayAtDesk,
)
from harbour.contracts.messages import Message, Refused, derived_id
from harbour.contracts.reminders import ReminderWhy
from harbour.contracts.safeguard import AlertClaimed, ClaimClock
from harbour.runtime.rooms import Says
from services.safeguard import care, hands, rules, views
from services.safeguard.handlers.doors import (
    CareBook,
    CheckIns,
    DeskBook,
    Now,
    OpinionBook,
    PresenceBook,
    RotaBook,
    TheBudget,
    TheClocks,
    TheLeases,
    TonightBook,
    router,
)

EARLIER_MOST = 20
"""How many other alerts of a young person stand beside one."""


@router.hears(MemberCheckedIn)
async def keep_check_in(event: MemberCheckedIn, check_ins: CheckIns) -> None:
    """Keep what a young person said before the room, for whoever opens an alert of theirs."""
    await check_ins.keep(event)


@router.answers(ReadAlert)
async def read_alert(
    wish: ReadAlert,
    desk: DeskBook,
    rota: RotaBook,
    opinions: OpinionBook,
    tonight: TonightBook,
    leases: TheLeases,
    now: Now,
) -> AlertAround | Refused:
    """What stands beside an alert; nothing of what was said, so it is not an opening."""
    who, shown = await rota.find(wish.staff_id), await desk.show(wish.alert_id)
    if refused := rules.why_not_read(who):
        return refused
    if shown is None:
        return rules.NO_SUCH_ALERT
    others = await desk.of_member(shown.alert.line.member_id, wish.alert_id, EARLIER_MOST)
    people = views.colleagues(await rota.everyone(), await tonight.on_call(now), wish.staff_id)
    return views.around(shown, others, await opinions.about(wish.alert_id), people, who, leases)


# ── the lease ─────────────────────────────────────────────────────────────────────────────────────────────────


@router.answers(StayAtDesk)
async def stay_at_desk(
    wish: StayAtDesk, presence: PresenceBook, rota: RotaBook, book: CareBook, budget: TheBudget, now: Now
) -> AtDesk | Refused:
    """Keep that somebody is at work here, so that what they have in hand stays theirs; and whether a break is due."""
    if refused := rules.why_not_read(await rota.find(wish.staff_id)):
        return refused
    await presence.seen(wish.staff_id, now)
    since = care.counted_since(now, await book.last(wish.staff_id), budget)
    opened = (await book.opened(since)).get(wish.staff_id, 0)
    return AtDesk(at=now, suggest_break=care.suggests_break(opened, budget))


@router.hears(LeaseClock)
async def return_if_gone(
    event: LeaseClock, desk: DeskBook, presence: PresenceBook, clocks: TheClocks, leases: TheLeases, now: Now
) -> Says:
    """Put an alert back on the queue, with its clock, where whoever had it has gone; else look again later."""
    alert = await desk.hold(event.alert_id)
    if alert is None or not alert.claimed_by:
        return None
    active_at = await presence.last(alert.claimed_by)
    if not hands.has_gone(alert, active_at, leases, now):
        return views.look_again(event, alert, active_at, leases, now)
    back = hands.returned(alert, clocks, now)
    await desk.change(back)
    await desk.record(alert.alert_id, event.id, now, "returned", views.CLOCK, views.had_it(alert))
    return [AlertReturned.after(event, staff_id=alert.claimed_by), views.clock(event, back)]


# ── a named colleague ─────────────────────────────────────────────────────────────────────────────────────────


@router.answers(OfferAlert)
async def offer_alert(wish: OfferAlert, desk: DeskBook, rota: RotaBook, now: Now) -> Says:
    """Ask a named colleague to take an alert over. Until they do, it stays where it is."""
    alert, who, other = await desk.hold(wish.alert_id), await rota.find(wish.staff_id), await rota.find(wish.to_id)
    if refused := hands.why_not_offer(who, alert, other, wish.note):
        return refused
    assert alert is not None
    alert = hands.offered(alert, other)
    await desk.change(alert)
    await desk.record(
        alert.alert_id, wish.id, now, "offered", who, f"To {other.name}: {wish.note}", {"to": other.staff_id}
    )
    return [views.taken(alert), AlertOffered.after(wish), views.told(wish, ReminderWhy.OFFERED, other)]


@router.answers(AnswerOffer)
async def answer_offer(wish: AnswerOffer, desk: DeskBook, rota: RotaBook, leases: TheLeases, now: Now) -> Says:
    """Let the colleague take it over, or keep that it stays with its owner."""
    alert, who = await desk.hold(wish.alert_id), await rota.find(wish.staff_id)
    if refused := hands.why_not_answer(who, alert, wish.accepts):
        return views.taken(alert) if alert and wish.accepts and alert.claimed_by == who.staff_id else refused
    assert alert is not None
    now_theirs = rules.claimed(alert, who, now) if wish.accepts else hands.not_offered(alert)
    await desk.change(now_theirs)
    await desk.record(alert.alert_id, wish.id, now, "handed" if wish.accepts else "declined", who, wish.note)
    if not wish.accepts:
        return [views.taken(now_theirs), AlertOfferEnded.after(wish)]
    lease = views.lease_clock(wish, now_theirs, hands.lease_until(now_theirs, None, leases))
    return [views.taken(now_theirs), AlertHanded.after(wish, from_id=alert.claimed_by), lease]


@router.answers(AskOpinion)
async def ask_opinion(wish: AskOpinion, desk: DeskBook, rota: RotaBook, opinions: OpinionBook, now: Now) -> Says:
    """Ask a named colleague what they think; the alert stays with its owner."""
    alert, who, other = await desk.hold(wish.alert_id), await rota.find(wish.staff_id), await rota.find(wish.of_id)
    if refused := hands.why_not_ask(who, alert, other):
        return refused
    assert alert is not None
    await opinions.ask(wish.id, wish.alert_id, who, other, wish.note, now)
    await desk.record(
        alert.alert_id, wish.id, now, "asked", who, f"{other.name}: {wish.note}".strip(": "), {"of": other.staff_id}
    )
    return [views.taken(alert), AlertOpinionAsked.after(wish), views.told(wish, ReminderWhy.OPINION, other)]


@router.answers(GiveOpinion)
async def give_opinion(wish: GiveOpinion, desk: DeskBook, rota: RotaBook, opinions: OpinionBook, now: Now) -> Says:
    """Keep what a colleague thinks, where somebody asked them."""
    alert, who = await desk.hold(wish.alert_id), await rota.find(wish.staff_id)
    if alert is None:
        return rules.why_not_read(who) or rules.NO_SUCH_ALERT
    if refused := rules.why_not_read(who) or hands.why_not_say(wish.words):
        return refused
    if not await opinions.give(wish, now):
        return Refused(reason="not-asked")
    await desk.record(alert.alert_id, wish.id, now, "opinion", who, wish.words)
    return [views.taken(alert), AlertOpinionGiven.after(wish)]


# ── one that speaks for several ───────────────────────────────────────────────────────────────────────────────


@router.answers(MergeAlerts)
async def merge_alerts(wish: MergeAlerts, desk: DeskBook, rota: RotaBook, leases: TheLeases, now: Now) -> Says:
    """Let the most urgent of a young person's alerts speak for the others, whose clocks stop."""
    who, held = await rota.find(wish.staff_id), await desk.hold_all([wish.alert_id, *wish.others])
    alert, others = held.get(wish.alert_id), [held.get(one) for one in dict.fromkeys(wish.others)]
    if refused := hands.why_not_merge(who, alert, others):
        return refused
    lead = hands.speaker(held.values())
    said: list[Message] = []
    if lead.claimed_by != who.staff_id:
        lead = rules.claimed(lead, who, now)
        await desk.change(lead)
        await desk.record(lead.alert_id, wish.id, now, "claimed", who)
        claimed = AlertClaimed.after(wish, alert_id=lead.alert_id)
        lease = views.lease_clock(wish, lead, hands.lease_until(lead, None, leases))
        said += [claimed, ClaimClock.cancelled(wish, alert_id=lead.alert_id), lease]
    for one in held.values():
        if one.alert_id != lead.alert_id:
            await desk.change(hands.merged(one, lead))
            await desk.speak_for(lead.alert_id, of=one.alert_id)
            await desk.record(one.alert_id, wish.id, now, "merged", who, hands.FOLLOWS, {"into": lead.alert_id})
            said += views.merged(wish, one, lead)
    await desk.record(lead.alert_id, derived_id(wish.id, "lead"), now, "merged", who, hands.how_many(len(held) - 1))
    return [views.taken(lead), *said]
