"""Alerts: something is said that an adult should see, and what happens until one has."""

from functools import partial

from harbour.contracts.chat import (
    HelpAsked,
    MemberCheckedIn,
    MessageHeld,
    MessagePosted,
    MessageReported,
    PersonLetBack,
    PersonRemoved,
    PrivateWordSent,
)
from harbour.contracts.enrolment import CourseScheduled, StaffAdded
from harbour.contracts.messages import Refused
from harbour.contracts.safeguard import (
    AlertClaimed,
    AlertDetails,
    ClaimAlert,
    ClaimClock,
    OpenAlert,
    Queue,
    ReadQueue,
)
from harbour.runtime.delivery import NotYet
from harbour.runtime.rooms import Says
from services.safeguard import alarms, calls, hands, judging, rules, views
from services.safeguard.bench.doors import Shadow
from services.safeguard.handlers.bringing import bring_up, bring_up_all
from services.safeguard.handlers.context import as_answer, taken_back, wait_for_word, with_earlier
from services.safeguard.handlers.doors import (
    CheckIns,
    DeskBook,
    DutyBook,
    HeardBook,
    Now,
    OpinionBook,
    RotaBook,
    TheClocks,
    TheLeases,
    TonightBook,
    router,
)
from services.safeguard.rota import who_to_page

EARLIER = 6
"""How many of the same author's messages before it a message is judged with."""
AROUND = 6
"""How many messages before and after a flagged one staff see with it."""


# ── who answers, and for which evenings ───────────────────────────────────────────────────────────────────────


@router.hears(StaffAdded)
async def know_colleague(event: StaffAdded, rota: RotaBook) -> None:
    """Keep who answers alerts."""
    await rota.know(rules.colleague_of(event))


@router.hears(CourseScheduled)
async def name_evenings(event: CourseScheduled, rota: RotaBook) -> None:
    """Keep what each evening is called on the queue."""
    await rota.name_sessions(rules.titles_of(event), event.at)


# ── a message ─────────────────────────────────────────────────────────────────────────────────────────────────


@router.hears(MessagePosted, MessageHeld, PrivateWordSent, MemberCheckedIn, at_once=8)
async def screen_message(
    event: rules.Said, heard: HeardBook, desk: DeskBook, clocks: TheClocks, now: Now, shadow: Shadow
) -> Says:
    """Look at one message in depth, with what its author said around it, and raise one alert if an adult should see."""
    if not (line := rules.line_of(event)).text:
        return None
    line = rules.as_first_heard(line, await heard.keep(line))
    if rules.is_release(event):
        await heard.release(line.message_id, event.at)
    before = await heard.before(line, EARLIER, own=True)
    after = await heard.after(line, EARLIER, own=True)
    await shadow.look(line, before)
    found = await as_answer(line, rules.judge_around(line, before, after, judging.judge_message), heard)
    said = await wait_for_word(event, line, found, desk, clocks, now)
    found += await taken_back(line, desk)
    return [*said, *await bring_up_all(event, found, desk, clocks, now, partial(with_earlier, desk))]


@router.hears(HelpAsked)
async def raise_for_help(event: HelpAsked, desk: DeskBook, clocks: TheClocks, now: Now) -> Says:
    """Put a call for help on the desk at once, once."""
    return await bring_up(event, calls.line_of_call(event), calls.asked_for_help(), desk, clocks, now)


@router.hears(MessageReported)
async def raise_for_report(
    event: MessageReported, heard: HeardBook, desk: DeskBook, clocks: TheClocks, now: Now
) -> Says:
    """Put a reported message on the desk; where there is an alert on it already, the report joins that."""
    line = await heard.find(calls.origin_of(event))
    if line is None and calls.may_still_come(event, now):
        raise NotYet("the reported message was not heard yet")
    return await bring_up(event, line or calls.line_without_words(event), calls.reported(event), desk, clocks, now)


@router.hears(PersonRemoved)
async def raise_for_removal(event: PersonRemoved, desk: DeskBook, clocks: TheClocks, now: Now) -> Says:
    """Put somebody who was asked to step out on the desk, once, with the reason."""
    return await bring_up(event, calls.line_of_removal(event), calls.stepped_out(), desk, clocks, now)


@router.hears(PersonLetBack)
async def note_let_back(event: PersonLetBack, desk: DeskBook, clocks: TheClocks, now: Now) -> Says:
    """Say on the same alert that they were let back in."""
    alert = await desk.hold(rules.alert_id_for(event.removal_id))
    if alert is None:
        raise NotYet("the removal was not heard yet")
    return await bring_up(event, alert.line, calls.let_back(), desk, clocks, now)


# ── its clock ─────────────────────────────────────────────────────────────────────────────────────────────────


@router.hears(ClaimClock)
async def page_next(event: ClaimClock, desk: DeskBook, duties: DutyBook, clocks: TheClocks, now: Now) -> Says:
    """Page the next person for an alert that nobody has claimed, and set the next clock.

    An old clock that fires again only sets the present one once more, which it may have displaced.
    """
    alert = await desk.hold(event.alert_id)
    if alert is None or not rules.is_waiting(alert):
        return None
    if not rules.is_present_clock(alert, event.step, event.due):
        return views.clock(event, alert)
    page = who_to_page(await duties.standing(now), await duties.called(alert.alert_id))
    await duties.call(alert.alert_id, page, now)
    alert = rules.paged(alert, now, clocks)
    await desk.change(alert)
    await desk.record(alert.alert_id, event.id, now, "paged", views.CLOCK, views.names(page))
    alarms.paged(alert.alert_id, len(page))
    return [views.overdue(event, alert, page), views.clock(event, alert)]


# ── the queue ─────────────────────────────────────────────────────────────────────────────────────────────────


@router.answers(ReadQueue)
async def read_queue(
    wish: ReadQueue,
    desk: DeskBook,
    rota: RotaBook,
    tonight: TonightBook,
    opinions: OpinionBook,
    leases: TheLeases,
    now: Now,
) -> Queue | Refused:
    """What waits and what is in hand, for those who answer alerts."""
    if refused := rules.why_not_read(await rota.find(wish.staff_id)):
        return refused
    closed = await desk.resolved_since(rules.start_of_day(now))
    queue = views.queue(await desk.on_queue(), closed, leases, await opinions.waiting())
    return views.tonight(queue, await tonight.canaries(now), await tonight.on_call(now))


@router.answers(OpenAlert)
async def open_alert(
    wish: OpenAlert,
    heard: HeardBook,
    desk: DeskBook,
    rota: RotaBook,
    check_ins: CheckIns,
    leases: TheLeases,
    now: Now,
) -> AlertDetails | Refused:
    """One alert with its words and those around it; that it was opened goes on record."""
    who, shown = await rota.find(wish.staff_id), await desk.show(wish.alert_id)
    if refused := rules.why_not_read(who):
        return refused
    if shown is None:
        return rules.NO_SUCH_ALERT
    await desk.record(wish.alert_id, wish.id, now, "opened", who)
    before = await heard.before(shown.alert.line, AROUND)
    after = await heard.after(shown.alert.line, AROUND)
    said = await check_ins.of(shown.alert.line.session_id, shown.alert.line.member_id)
    return views.details(shown, before, after, await desk.deeds(wish.alert_id), said, leases)


@router.answers(ClaimAlert)
async def claim_alert(wish: ClaimAlert, desk: DeskBook, rota: RotaBook, leases: TheLeases, now: Now) -> Says:
    """Give an alert to one adult, never two; its clock stops and their lease begins."""
    alert, who = await desk.hold(wish.alert_id), await rota.find(wish.staff_id)
    if alert is None:
        return rules.why_not_read(who) or rules.NO_SUCH_ALERT
    if refused := rules.why_not_claim(who, alert):
        return refused
    if not rules.is_waiting(alert):
        return views.taken(alert)
    alert = rules.claimed(alert, who, now)
    await desk.change(alert)
    await desk.record(alert.alert_id, wish.id, now, "claimed", who, views.by_link(wish))
    lease = views.lease_clock(wish, alert, hands.lease_until(alert, None, leases))
    stopped = ClaimClock.cancelled(wish, alert_id=alert.alert_id)
    return [views.taken(alert), AlertClaimed.after(wish), stopped, lease]
