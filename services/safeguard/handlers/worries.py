"""What comes to the desk without a message: an adult's own worry, a missed week, a practice alert that nobody saw."""

from harbour.contracts.chat import AttendanceTaken
from harbour.contracts.messages import Refused
from harbour.contracts.worries import CanaryClock, CanaryRuns, ConcernTaken, RaiseConcern, ReadCanaries
from harbour.runtime.rooms import Says
from services.safeguard import rules, views, worries
from services.safeguard.handlers.bringing import bring_up, bring_up_all
from services.safeguard.handlers.doors import DeskBook, Now, OpenBook, RotaBook, TheClocks, TonightBook, router


@router.answers(RaiseConcern)
async def raise_concern(wish: RaiseConcern, desk: DeskBook, rota: RotaBook, clocks: TheClocks, now: Now) -> Says:
    """Put an adult's own worry on the desk, once, as urgent as they say."""
    who = await rota.find(wish.staff_id)
    if refused := worries.why_not_raise(who, wish):
        return refused
    line = worries.line_of_worry(wish, who, now)
    said = await bring_up(wish, line, worries.worried(wish, who), desk, clocks, now)
    return [ConcernTaken(alert_id=rules.alert_id_for(line.message_id)), *said]


@router.hears(AttendanceTaken)
async def raise_for_missed(
    event: AttendanceTaken, desk: DeskBook, open_concerns: OpenBook, clocks: TheClocks, now: Now
) -> Says:
    """Put everybody on the desk who did not come while something of theirs was open, once for each evening."""
    open_now = await open_concerns.of([seat.member_id for seat in event.seats], event.session_id)
    missing = worries.missing(event, open_now)
    found = [(worries.line_of_missing(event, seat), worries.missed(seat, kinds)) for seat, kinds in missing]
    return await bring_up_all(event, found, desk, clocks, now)


@router.hears(CanaryClock)
async def raise_for_canary(
    event: CanaryClock, desk: DeskBook, tonight: TonightBook, clocks: TheClocks, now: Now
) -> Says:
    """Call somebody where nobody has seen the practice alert in time."""
    if await tonight.was_seen(event.canary_id):
        return None
    alert = worries.failed_canary(event, now, clocks)
    if not await desk.put(alert):
        return None
    await desk.begin_record(alert)
    await desk.record(alert.alert_id, event.id, now, "raised", views.CLOCK, alert.reasons[0].why)
    return worries.news_of_canary(event, alert)


@router.answers(ReadCanaries)
async def read_canaries(wish: ReadCanaries, tonight: TonightBook, rota: RotaBook, now: Now) -> CanaryRuns | Refused:
    """How the practice alerts of late have gone."""
    if refused := rules.why_not_read(await rota.find(wish.staff_id)):
        return refused
    return CanaryRuns(runs=tuple(worries.as_run(one, now) for one in await tonight.canary_runs()))
