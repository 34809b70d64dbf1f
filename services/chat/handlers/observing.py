"""A supervisor watches: on record from the first moment to the last, seen by the adults, and never one of them."""

from harbour.contracts.chat import Evenings, KeepObserving, ListEvenings, ObserverDue, ObserverHeard
from harbour.contracts.enrolment import StaffAdded
from harbour.contracts.messages import Refused
from harbour.runtime.rooms import Says
from services.chat import rules
from services.chat.handlers.doors import Now, RoomBook, TheColleagues, TheObservers, TheTerms, router


@router.hears(StaffAdded)
async def know_colleague(event: StaffAdded, colleagues: TheColleagues) -> None:
    """Keep who works here, and as what."""
    await colleagues.know(rules.colleague_of(event))


@router.answers(KeepObserving)
async def keep_observing(
    wish: KeepObserving, rooms: RoomBook, colleagues: TheColleagues, observers: TheObservers, terms: TheTerms, now: Now
) -> Says:
    """Keep that a supervisor's page was heard; the first time begins their watching, and says so."""
    who = await colleagues.find(wish.staff_id)
    refused = rules.why_not_observe(await rooms.gathering(wish.session_id), who, wish.staff_id)
    if refused or who is None:
        return refused or Refused(reason="not-yours")
    one, begins = await observers.hear(wish.session_id, who, now)
    heard = ObserverHeard(since=one.since)
    return [heard, rules.observing_begun(one), ObserverDue.after(wish, due=now + terms.away)] if begins else heard


@router.hears(ObserverDue)
async def end_observing(event: ObserverDue, observers: TheObservers, terms: TheTerms, now: Now) -> Says:
    """Say that somebody watches no more, once their page has fallen silent; otherwise look again."""
    one = await observers.find(event.session_id, event.staff_id)
    if one is None or one.until:
        return None
    if one.here(now, terms.away):
        return ObserverDue.after(event, due=one.heard_at + terms.away)
    await observers.end(one)
    return rules.observing_ended(one)


@router.answers(ListEvenings)
async def list_evenings(wish: ListEvenings, rooms: RoomBook, colleagues: TheColleagues, now: Now) -> Evenings:
    """Tonight's evenings of others that somebody may come to, soonest first."""
    who = await colleagues.find(wish.staff_id)
    if who is None:
        return Evenings(evenings=())
    about_now = await rooms.between(now - rules.LOOKS_BACK, now + rules.LOOKS_AHEAD)
    found = [rules.evening_for(gathering, who) for gathering in about_now]
    return Evenings(evenings=tuple(one for one in found if one))
