"""Whose hands an alert is in: leases, hand-overs, second opinions and merging, on each database."""

import asyncio
from datetime import timedelta
from typing import Any

from harbour.contracts.alerts import AlertState
from harbour.contracts.concerns import Urgency
from harbour.contracts.desk import (
    AlertAround,
    AlertHanded,
    AlertMerged,
    AlertOffered,
    AlertReturned,
    AnswerOffer,
    AskOpinion,
    GiveOpinion,
    LeaseClock,
    MergeAlerts,
    OfferAlert,
    ReadAlert,
    StayAtDesk,
)
from harbour.contracts.messages import Refused, TimerCancelled
from harbour.contracts.reminders import ReminderWhy, StaffReminded
from harbour.contracts.safeguard import AlertOverdue, AlertTaken, AlertView, ClaimAlert, ClaimClock
from services.safeguard.beat import beat
from services.safeguard.settings import SafeguardSettings
from tests.safeguard.copies import Copies
from tests.safeguard.people import EVENING, TEAM, added, held, posted


async def with_ada(copies: Copies, text: str = "quince") -> AlertView:
    """One alert, in Ada's hands."""
    await copies.hears(*TEAM, posted(text))
    alert = await copies.only_alert()
    await copies.asks(ClaimAlert(alert_id=alert.alert_id, staff_id="ada"))
    return await copies.only_alert()


async def around(copies: Copies, alert_id: str, staff_id: str = "ada") -> AlertAround:
    """What stands beside an alert."""
    answer = await copies.asks(ReadAlert(alert_id=alert_id, staff_id=staff_id))
    assert isinstance(answer, AlertAround)
    return answer


def at(copies: Copies, minutes: float) -> None:
    """Let so many minutes of the evening have passed."""
    copies.now = EVENING + timedelta(minutes=minutes)


# ── the lease ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_what_somebody_claims_is_theirs_for_ten_minutes(copies: Copies) -> None:
    alert = await with_ada(copies)
    assert alert.lease_until == EVENING + timedelta(minutes=10)
    [look] = copies.heard_of(LeaseClock)
    assert look.due == alert.lease_until


async def test_what_is_less_urgent_stays_in_hand_for_longer(copies: Copies) -> None:
    assert (await with_ada(copies, "plum")).lease_until == EVENING + timedelta(hours=2)


async def test_doing_something_at_the_desk_keeps_it_in_hand(copies: Copies) -> None:
    await with_ada(copies)
    at(copies, 7)
    await copies.asks(StayAtDesk(staff_id="ada"))
    [look] = copies.heard_of(LeaseClock)
    at(copies, 10)
    copies.said.clear()
    await copies.hears(look)
    assert (await copies.only_alert()).claimed_by == "ada"
    [again] = copies.heard_of(LeaseClock)
    assert again.due == EVENING + timedelta(minutes=17)


async def test_promise_6_when_somebody_goes_it_waits_again_and_its_clock_runs(copies: Copies) -> None:
    alert = await with_ada(copies)
    [look] = copies.heard_of(LeaseClock)
    at(copies, 10)
    copies.said.clear()
    await copies.hears(look)
    back = await copies.only_alert()
    assert (back.state, back.claimed_by) == (AlertState.WAITING, "")
    assert back.due_at == EVENING + timedelta(minutes=15)
    [clock] = copies.heard_of(ClaimClock)
    assert clock.due == back.due_at
    assert [one.staff_id for one in copies.heard_of(AlertReturned)] == ["ada"]
    assert [one.what for one in (await copies.opens(alert.alert_id)).deeds][2] == "returned"
    at(copies, 15)
    await copies.hears(clock)
    assert len(copies.heard_of(AlertOverdue)) == 1


async def test_a_look_that_is_heard_twice_returns_it_once(copies: Copies) -> None:
    await with_ada(copies)
    [look] = copies.heard_of(LeaseClock)
    at(copies, 10)
    await copies.hears(look)
    await copies.asks(ClaimAlert(alert_id=look.alert_id, staff_id="bea"))
    await copies.hears(look)
    assert (await copies.only_alert()).claimed_by == "bea"
    assert len(copies.heard_of(AlertReturned)) == 1


async def test_promise_6_an_old_claim_clock_that_fires_after_a_return_pages_nobody_before_its_time(
    copies: Copies,
) -> None:
    await with_ada(copies)
    [first] = copies.heard_of(ClaimClock)
    [look] = copies.heard_of(LeaseClock)
    at(copies, 10)
    await copies.hears(look, first)
    assert copies.heard_of(AlertOverdue) == []


async def test_promise_6_a_lease_that_was_lost_is_looked_at_by_the_beat(copies: Copies) -> None:
    alert = await with_ada(copies)
    database, settings = copies.databases[0], SafeguardSettings(beat_seconds=30)
    await beat(database, settings, EVENING + timedelta(minutes=10))
    look = f"timers.set.safeguard.lease-clock.{alert.alert_id}"
    assert look not in await copies.kept_to_say()
    await beat(database, settings, EVENING + timedelta(minutes=11))
    assert look in await copies.kept_to_say()


# ── a named colleague ─────────────────────────────────────────────────────────────────────────────────────────


async def offers(copies: Copies, alert_id: str, to_id: str = "bea", note: str = "She is with Sam.") -> Any:
    """Ada asks a colleague to take it over."""
    return await copies.asks(OfferAlert(alert_id=alert_id, staff_id="ada", to_id=to_id, note=note))


async def test_what_is_offered_stays_with_its_owner_until_the_colleague_takes_it(copies: Copies) -> None:
    alert = await with_ada(copies)
    await offers(copies, alert.alert_id)
    offered = await copies.only_alert()
    assert (offered.claimed_by, offered.offered_to, offered.offered_name) == ("ada", "bea", "Bea")
    assert [one.to_id for one in copies.heard_of(AlertOffered)] == ["bea"]
    assert [(one.why, one.page) for one in copies.heard_of(StaffReminded)] == [(ReminderWhy.OFFERED, ("bea",))]
    at(copies, 3)
    await copies.asks(AnswerOffer(alert_id=alert.alert_id, staff_id="bea", accepts=True))
    taken = await copies.only_alert()
    assert (taken.claimed_by, taken.offered_to) == ("bea", "")
    assert taken.lease_until == EVENING + timedelta(minutes=13)
    assert [(one.staff_id, one.from_id) for one in copies.heard_of(AlertHanded)] == [("bea", "ada")]


async def test_a_colleague_may_say_no_and_the_owner_may_take_the_offer_back(copies: Copies) -> None:
    alert = await with_ada(copies)
    for who in ("bea", "ada"):
        await offers(copies, alert.alert_id)
        await copies.asks(AnswerOffer(alert_id=alert.alert_id, staff_id=who, accepts=False))
        assert (await copies.only_alert()).offered_to == ""
    assert (await copies.only_alert()).claimed_by == "ada"


async def test_nobody_else_takes_what_was_offered(copies: Copies) -> None:
    alert = await with_ada(copies)
    await offers(copies, alert.alert_id)
    for who in ("lou", "ada"):
        answer = await copies.asks(AnswerOffer(alert_id=alert.alert_id, staff_id=who, accepts=True))
        assert isinstance(answer, AlertTaken | Refused)
        assert (await copies.only_alert()).claimed_by == "ada"


async def test_an_offer_needs_a_colleague_and_a_note(copies: Copies) -> None:
    alert = await with_ada(copies)
    assert (await offers(copies, alert.alert_id, note=" ")).reason == "note-needed"
    for nobody in ("ada", "cas", "unknown"):
        assert (await offers(copies, alert.alert_id, to_id=nobody)).reason == "nobody"
    not_hers = OfferAlert(alert_id=alert.alert_id, staff_id="bea", to_id="lou", note="n")
    assert (await copies.asks(not_hers)).reason == "not-yours"


async def test_when_the_owner_goes_the_offer_goes_with_them(copies: Copies) -> None:
    alert = await with_ada(copies)
    await offers(copies, alert.alert_id)
    [look] = copies.heard_of(LeaseClock)
    at(copies, 10)
    await copies.hears(look)
    assert (await copies.only_alert()).offered_to == ""


async def test_a_second_opinion_is_asked_given_and_on_record_and_the_owner_stays(copies: Copies) -> None:
    alert = await with_ada(copies)
    await copies.asks(AskOpinion(alert_id=alert.alert_id, staff_id="ada", of_id="bea", note="Too much?"))
    [asked] = (await around(copies, alert.alert_id)).opinions
    assert (asked.of_name, asked.note, asked.given_at) == ("Bea", "Too much?", None)
    wish = GiveOpinion(alert_id=alert.alert_id, staff_id="bea", words="I would ring tonight.")
    await copies.asks(wish)
    await copies.asks(wish)
    [given] = (await around(copies, alert.alert_id)).opinions
    assert (given.words, given.given_at) == ("I would ring tonight.", copies.now)
    assert (await copies.only_alert()).claimed_by == "ada"
    assert [one.what for one in (await copies.opens(alert.alert_id)).deeds if one.what == "opinion"] == ["opinion"]


async def test_whoever_was_not_asked_gives_no_opinion(copies: Copies) -> None:
    alert = await with_ada(copies)
    answer = await copies.asks(GiveOpinion(alert_id=alert.alert_id, staff_id="lou", words="Hm."))
    assert answer == Refused(id=answer.id, reason="not-asked")


# ── merging ───────────────────────────────────────────────────────────────────────────────────────────────────


async def three_of_one(copies: Copies) -> list[str]:
    """Three alerts of one young person, the most urgent last; and one of somebody else. Ada has the first."""
    await copies.hears(*TEAM, posted("pear"), posted("plum", 60), posted("medlar", 120), posted("plum", 90, "m2"))
    by_urgency = {one.urgency: one.alert_id for one in (await copies.reads()).alerts if one.nickname == "M1"}
    ids = [by_urgency[one] for one in (Urgency.LOW, Urgency.MEDIUM, Urgency.IMMEDIATE)]
    await copies.asks(ClaimAlert(alert_id=ids[0], staff_id="ada"))
    copies.said.clear()
    return ids


async def test_the_most_urgent_of_a_young_persons_alerts_speaks_for_the_others(copies: Copies) -> None:
    low, medium, immediate = await three_of_one(copies)
    answer = await copies.asks(MergeAlerts(alert_id=low, staff_id="ada", others=(medium, immediate)))
    assert (answer.alert_id, answer.claimed_by) == (immediate, "ada")
    queue = await copies.reads()
    assert {one.nickname for one in queue.alerts} == {"M1", "M2"}
    [lead] = [one for one in queue.alerts if one.nickname == "M1"]
    assert (lead.alert_id, lead.speaks_for, lead.urgency) == (immediate, 2, Urgency.IMMEDIATE)
    assert {one.alert_id for one in copies.heard_of(AlertMerged)} == {low, medium}
    stopped = {one.set_subject.rsplit(".", 1)[1] for one in copies.said if isinstance(one, TimerCancelled)}
    assert stopped >= {low, medium, immediate}


async def test_the_clock_of_a_merged_alert_pages_nobody(copies: Copies) -> None:
    low, medium, immediate = await three_of_one(copies)
    await copies.asks(MergeAlerts(alert_id=low, staff_id="ada", others=(medium, immediate)))
    at(copies, 600)
    await copies.hears(ClaimClock(alert_id=medium, step=0, due=copies.now))
    assert copies.heard_of(AlertOverdue) == []


async def test_promise_6_a_merged_alert_comes_back_by_itself_when_something_more_urgent_joins_it(
    copies: Copies,
) -> None:
    await copies.hears(*TEAM, held("pear", message_id="h1"), posted("quince", 60))
    low, high = sorted((await copies.reads()).alerts, key=lambda one: one.urgency.rank)
    await copies.asks(ClaimAlert(alert_id=high.alert_id, staff_id="ada"))
    await copies.asks(MergeAlerts(alert_id=high.alert_id, staff_id="ada", others=(low.alert_id,)))
    await copies.hears(posted("medlar", 90, held_id="h1"))
    back = (await copies.reads()).alerts[0]
    assert (back.alert_id, back.state, back.merged_into) == (low.alert_id, AlertState.WAITING, "")


async def test_what_was_merged_before_follows_the_new_one(copies: Copies) -> None:
    low, medium, immediate = await three_of_one(copies)
    await copies.asks(MergeAlerts(alert_id=low, staff_id="ada", others=(medium,)))
    await copies.asks(MergeAlerts(alert_id=medium, staff_id="ada", others=(immediate,)))
    assert {one.alert_id for one in (await around(copies, immediate)).merged} == {low, medium}


async def test_alerts_of_two_people_or_in_two_hands_are_not_merged(copies: Copies) -> None:
    low, medium, immediate = await three_of_one(copies)
    [other] = [one.alert_id for one in (await copies.reads()).alerts if one.nickname == "M2"]
    await copies.asks(ClaimAlert(alert_id=medium, staff_id="bea"))
    for others, reason in (((other,), "somebody-else"), ((medium,), "somebody-else"), ((), "nothing-to-merge")):
        answer = await copies.asks(MergeAlerts(alert_id=low, staff_id="ada", others=others))
        assert answer.reason == reason
    assert [one.alert_id for one in (await around(copies, low)).mergeable] == [immediate]


async def test_a_merged_alert_is_claimed_by_nobody(copies: Copies) -> None:
    low, medium, _ = await three_of_one(copies)
    await copies.asks(MergeAlerts(alert_id=low, staff_id="ada", others=(medium,)))
    assert (await copies.asks(ClaimAlert(alert_id=low, staff_id="bea"))).reason == "merged"


# ── never two owners ──────────────────────────────────────────────────────────────────────────────────────────


async def test_promise_5_of_fifty_who_claim_accept_and_merge_at_once_one_has_it(copies: Copies) -> None:
    officers = [added(f"officer{n}", *TEAM[0].roles, hour=n) for n in range(50)]
    await copies.hears(*TEAM, *officers, posted("quince"), posted("medlar", 60))
    first, second = [one.alert_id for one in (await copies.reads()).alerts]
    await copies.asks(ClaimAlert(alert_id=second, staff_id="ada"))
    await offers(copies, second, to_id="bea")
    wishes: list[Any] = [ClaimAlert(alert_id=first, staff_id=one.staff_id) for one in officers]
    wishes += [
        AnswerOffer(alert_id=second, staff_id="bea", accepts=True),
        MergeAlerts(alert_id=second, staff_id="ada", others=(first,)),
    ]
    answers = await asyncio.gather(*(copies.asks(wish, turn) for turn, wish in enumerate(wishes)))
    owners = {(one.alert_id, one.claimed_by) for one in answers if isinstance(one, AlertTaken)}
    assert len({alert_id for alert_id, _ in owners}) == len(owners)
    queue = await copies.reads()
    assert all(one.claimed_by for one in queue.alerts)


# ── what stands beside it ─────────────────────────────────────────────────────────────────────────────────────


async def test_earlier_alerts_of_the_same_person_stand_beside_it_and_nobody_elses(copies: Copies) -> None:
    last_week = posted("plum", second=-7 * 86400)
    await copies.hears(*TEAM, last_week, posted("quince", 5), posted("pear", 6, member="m2"))
    [now_] = [one for one in (await copies.reads()).alerts if one.urgency is Urgency.HIGH]
    beside = await around(copies, now_.alert_id)
    assert [(one.urgency, one.why) for one in beside.earlier] == [(Urgency.MEDIUM, ("Because of plum.",))]
    assert [one.name for one in beside.colleagues] == ["Bea", "Lou"]


async def test_what_stands_beside_an_alert_is_for_those_who_answer_alerts(copies: Copies) -> None:
    alert = await with_ada(copies)
    assert (await copies.asks(ReadAlert(alert_id=alert.alert_id, staff_id="cas"))).reason == "not-allowed"
    assert (await copies.asks(ReadAlert(alert_id="none", staff_id="ada"))).reason == "no-such-alert"
