"""The sealed envelope: two people and a reason, one where life may be at risk, half an hour, and its owner learns."""

from datetime import timedelta
from typing import Any

from sqlalchemy import String, Text, insert

from harbour.contracts.closing import SignOffClosing
from harbour.contracts.envelope import (
    AgreeEnvelope,
    Countersign,
    CountersignClock,
    CountersignEnvelope,
    EnvelopeBreached,
    EnvelopeClosed,
    EnvelopeCountersigned,
    EnvelopeExpires,
    EnvelopeGranted,
    EnvelopeLooked,
    EnvelopeState,
    EnvelopeView,
    EnvelopeWhy,
    HoldBackEnvelope,
    ReadEnvelopes,
    ReadOwnRecord,
    RequestEnvelope,
)
from harbour.contracts.messages import TimerCancelled
from harbour.contracts.reminders import ReminderWhy, StaffReminded
from harbour.contracts.safeguard import ClaimAlert, ResolveAlert
from services.safeguard import record
from services.safeguard.beat import beat
from services.safeguard.case_tables import cases
from services.safeguard.settings import SafeguardSettings
from tests.safeguard.copies import Copies
from tests.safeguard.people import EVENING, TEAM, posted
from tests.safeguard.test_chain import KeptAnchors

REASON = "Nobody could reach them by the room, and we worry for tonight."


async def an_alert(copies: Copies, word: str = "quince") -> str:
    await copies.hears(*TEAM, posted(word))
    return (await copies.only_alert()).alert_id


async def request(copies: Copies, alert_id: str, who: str = "ada", **more: Any) -> Any:
    wish = {"alert_id": alert_id, "staff_id": who, "why": EnvelopeWhy.NOT_REACHED, "reason": REASON, **more}
    return await copies.asks(RequestEnvelope(**wish))


async def opened(copies: Copies) -> EnvelopeView:
    """An envelope that Ada asked for and Bea agreed to."""
    asked = await request(copies, await an_alert(copies))
    await copies.asks(AgreeEnvelope(grant_id=asked.grant_id, staff_id="bea", agree=True))
    return await the_one(copies)


async def opened_alone(copies: Copies) -> EnvelopeView:
    """An envelope that Ada opened alone, on an immediate alert."""
    await request(copies, await an_alert(copies, "medlar"), alone=True)
    return await the_one(copies)


async def the_one(copies: Copies) -> EnvelopeView:
    [one] = (await copies.asks(ReadEnvelopes(staff_id="lou"))).envelopes
    assert isinstance(one, EnvelopeView)
    return one


def reminded(copies: Copies, why: ReminderWhy) -> list[tuple[str, ...]]:
    return [one.page for one in copies.heard_of(StaffReminded) if one.why is why]


async def deeds(copies: Copies) -> list[tuple[str, str, str]]:
    details = await copies.opens((await the_one(copies)).alert_id)
    return [(one.what, one.name, one.note) for one in details.deeds if one.what.startswith("envelope")]


# ── two people and a reason ───────────────────────────────────────────────────────────────────────────────────


async def test_promise_10_a_request_opens_nothing_until_a_second_person_agrees(copies: Copies) -> None:
    asked = await request(copies, await an_alert(copies))
    assert asked.state is EnvelopeState.WAITING
    assert copies.heard_of(EnvelopeGranted) == []
    assert reminded(copies, ReminderWhy.ENVELOPE) == [("bea", "lou")]
    wish = AgreeEnvelope(grant_id=asked.grant_id, staff_id="bea", agree=True)
    for _ in range(2):
        assert (await copies.asks(wish)).state is EnvelopeState.OPEN
    [granted] = copies.heard_of(EnvelopeGranted)
    assert (granted.member_id, granted.staff, granted.alone) == ("m1", ("ada", "bea"), False)
    assert granted.until == EVENING + timedelta(minutes=30)
    assert reminded(copies, ReminderWhy.ENVELOPE_OPEN) == [("lou",)], "a lead is told"
    assert await deeds(copies) == [("envelope-asked", "Ada", REASON), ("envelope-opened", "Bea", "")]


async def test_promise_10_nobody_agrees_to_their_own_request(copies: Copies) -> None:
    asked = await request(copies, await an_alert(copies))
    refused = await copies.asks(AgreeEnvelope(grant_id=asked.grant_id, staff_id="ada", agree=True))
    assert refused.reason == "same-person"
    assert copies.heard_of(EnvelopeGranted) == []


async def test_promise_10_only_officers_and_leads_ask_agree_countersign_and_read(copies: Copies) -> None:
    alert_id = await an_alert(copies, "medlar")
    asked = await request(copies, alert_id)
    grant_id = asked.grant_id
    for staff_id in ("cas", "nobody"):
        for wish in (
            RequestEnvelope(alert_id=alert_id, staff_id=staff_id, why=EnvelopeWhy.EMERGENCY, reason="x", alone=True),
            AgreeEnvelope(grant_id=grant_id, staff_id=staff_id, agree=True),
            CountersignEnvelope(grant_id=grant_id, staff_id=staff_id, agree=True, reason="x"),
            HoldBackEnvelope(grant_id=grant_id, staff_id=staff_id, until=EVENING + timedelta(days=1), reason="x"),
            ReadEnvelopes(staff_id=staff_id),
        ):
            assert (await copies.asks(wish)).reason == "not-allowed"
    assert copies.heard_of(EnvelopeGranted) == []


async def test_a_request_takes_a_reason_a_young_person_and_only_one_at_a_time(copies: Copies) -> None:
    alert_id = await an_alert(copies)
    assert (await request(copies, alert_id, reason="  ")).reason == "reason-needed"
    assert (await request(copies, "none")).reason == "no-such-alert"
    await request(copies, alert_id)
    again = await request(copies, alert_id, who="bea")
    assert (again.reason, again.say) == ("asked-already", "Ada has asked already, and waits for somebody.")


async def test_what_is_open_for_somebody_is_not_opened_for_them_again(copies: Copies) -> None:
    alert_id = await an_alert(copies, "medlar")
    once = await request(copies, alert_id, alone=True)
    for alone in (True, False):
        assert (await request(copies, alert_id, alone=alone)).reason == "open-already"
    assert [one.grant_id for one in copies.heard_of(EnvelopeGranted)] == [once.grant_id]
    assert (await request(copies, alert_id, who="bea", alone=True)).state is EnvelopeState.OPEN


async def test_a_colleague_may_decline_and_says_why(copies: Copies) -> None:
    asked = await request(copies, await an_alert(copies))
    wish = AgreeEnvelope(grant_id=asked.grant_id, staff_id="bea", agree=False)
    assert (await copies.asks(wish)).reason == "reason-needed"
    declined = await copies.asks(wish.model_copy(update={"reason": "They are in the room now."}))
    assert declined.state is EnvelopeState.DECLINED
    assert copies.heard_of(EnvelopeGranted) == []
    assert (await copies.asks(AgreeEnvelope(grant_id=asked.grant_id, staff_id="lou", agree=True))).reason == (
        "not-waiting"
    )
    assert (await copies.asks(ReadOwnRecord(member_id="m1"))).looks == ()


# ── half an hour ──────────────────────────────────────────────────────────────────────────────────────────────


async def test_promise_10_it_is_over_after_half_an_hour_and_the_clock_says_so_once(copies: Copies) -> None:
    one = await opened(copies)
    clock = copies.heard_of(EnvelopeExpires)[-1]
    assert clock.due == one.until
    copies.now = one.until - timedelta(seconds=1)
    await copies.hears(clock)
    assert copies.heard_of(EnvelopeClosed) == []
    copies.now = one.until
    assert (await the_one(copies)).state is EnvelopeState.CLOSED, "by the time alone"
    await copies.hears(clock, clock)
    [closed] = copies.heard_of(EnvelopeClosed)
    assert (closed.grant_id, closed.member_id) == (one.grant_id, "m1")
    assert [what for what, _, _ in await deeds(copies)] == ["envelope-asked", "envelope-opened", "envelope-closed"]


async def test_a_request_that_nobody_agreed_to_lapses(copies: Copies) -> None:
    asked = await request(copies, await an_alert(copies))
    [clock] = copies.heard_of(EnvelopeExpires)
    copies.now = clock.due
    refused = await copies.asks(AgreeEnvelope(grant_id=asked.grant_id, staff_id="bea", agree=True))
    assert refused.reason == "not-waiting"
    await copies.hears(clock)
    assert (await the_one(copies)).state is EnvelopeState.LAPSED
    assert (await request(copies, (await the_one(copies)).alert_id)).state is EnvelopeState.WAITING


async def test_a_clock_set_before_somebody_agreed_does_not_close_it_early(copies: Copies) -> None:
    asked = await request(copies, await an_alert(copies))
    [early] = copies.heard_of(EnvelopeExpires)
    copies.now = EVENING + timedelta(minutes=29)
    await copies.asks(AgreeEnvelope(grant_id=asked.grant_id, staff_id="bea", agree=True))
    copies.now = early.due
    await copies.hears(early)
    assert (await the_one(copies)).state is EnvelopeState.OPEN
    assert copies.heard_of(EnvelopeExpires)[-1].due == EVENING + timedelta(minutes=59), "and the present one runs"


async def test_promise_10_every_look_is_on_record_once(copies: Copies) -> None:
    one = await opened(copies)
    look = EnvelopeLooked(member_id="m1", grant_id=one.grant_id, staff_id="bea", at=EVENING)
    await copies.hears(look, look)
    await copies.hears(EnvelopeLooked(member_id="m1", grant_id=one.grant_id, staff_id="bea", at=EVENING))
    assert (await the_one(copies)).looks == 2
    assert [name for what, name, _ in await deeds(copies) if what == "envelope-looked"] == ["Bea", "Bea"]


# ── alone, where life may be at risk ──────────────────────────────────────────────────────────────────────────


async def test_promise_10_alone_only_on_an_immediate_alert_and_at_once(copies: Copies) -> None:
    refused = await request(copies, await an_alert(copies), alone=True)
    assert refused.reason == "not-immediate"
    copies.said.clear()
    await copies.hears(posted("medlar", second=9, member="m2"))
    alert_id = (await copies.reads()).alerts[0].alert_id
    stands = await request(copies, alert_id, alone=True)
    assert stands.state is EnvelopeState.OPEN
    [granted] = copies.heard_of(EnvelopeGranted)
    assert (granted.member_id, granted.staff, granted.alone) == ("m2", ("ada",), True)
    assert reminded(copies, ReminderWhy.COUNTERSIGN) == [("lou",)], "the lead is paged"
    [clock] = copies.heard_of(CountersignClock)
    assert clock.due == EVENING + timedelta(minutes=15)


async def test_promise_10_a_lead_countersigns_and_its_clock_stops(copies: Copies) -> None:
    one = await opened_alone(copies)
    wish = CountersignEnvelope(grant_id=one.grant_id, staff_id="lou", agree=True, reason="Right to do.")
    assert (await copies.asks(wish)).state is EnvelopeState.OPEN
    await copies.asks(wish)
    [said] = copies.heard_of(EnvelopeCountersigned)
    assert said.agreed
    assert any(".countersign-clock." in one.set_subject for one in copies.heard_of(TimerCancelled))
    [clock] = copies.heard_of(CountersignClock)
    copies.now = clock.due
    await copies.hears(clock)
    assert copies.heard_of(EnvelopeBreached) == []
    assert (await the_one(copies)).countersigned_name == "Lou"


async def test_a_lead_who_disagrees_closes_it_at_once(copies: Copies) -> None:
    one = await opened_alone(copies)
    wish = CountersignEnvelope(grant_id=one.grant_id, staff_id="lou", agree=False, reason="They answered us.")
    assert (await copies.asks(wish)).state is EnvelopeState.CLOSED
    assert [closed.grant_id for closed in copies.heard_of(EnvelopeClosed)] == [one.grant_id]
    assert (await the_one(copies)).countersign is Countersign.DISAGREED


async def test_promise_10_nobody_countersigns_their_own_and_only_a_lead_where_there_is_one(
    copies: Copies,
) -> None:
    one = await opened_alone(copies)
    asked = {"grant_id": one.grant_id, "agree": True, "reason": "Right to do."}
    assert (await copies.asks(CountersignEnvelope(staff_id="ada", **asked))).reason == "same-person"
    assert (await copies.asks(CountersignEnvelope(staff_id="bea", **asked))).reason == "not-allowed"
    assert (await copies.asks(CountersignEnvelope(staff_id="lou", **{**asked, "reason": ""}))).reason == "reason-needed"


async def test_where_the_only_lead_opened_it_an_officer_countersigns(copies: Copies) -> None:
    await request(copies, await an_alert(copies, "medlar"), who="lou", alone=True)
    assert reminded(copies, ReminderWhy.COUNTERSIGN) == [("ada", "bea")]
    wish = CountersignEnvelope(grant_id=(await the_one(copies)).grant_id, staff_id="bea", agree=True, reason="Right.")
    assert (await copies.asks(wish)).state is EnvelopeState.OPEN


async def test_promise_10_not_countersigned_in_time_it_is_a_breach_that_everybody_hears_of_once(copies: Copies) -> None:
    one = await opened_alone(copies)
    [clock] = copies.heard_of(CountersignClock)
    copies.now = clock.due
    await copies.hears(clock, clock)
    [breach] = copies.heard_of(EnvelopeBreached)
    assert breach.page == ("ada", "bea", "lou")
    assert reminded(copies, ReminderWhy.ENVELOPE_BREACH) == [("ada", "bea", "lou")]
    assert (await the_one(copies)).countersign is Countersign.BREACHED
    late = CountersignEnvelope(grant_id=one.grant_id, staff_id="lou", agree=True, reason="I was on a train.")
    await copies.asks(late)
    assert [what for what, _, _ in await deeds(copies)] == ["envelope-alone", "envelope-breach", "envelope-signed"]


async def test_clocks_that_were_lost_are_set_again_by_the_beat(copies: Copies) -> None:
    one = await opened_alone(copies)
    await beat(copies.databases[0], SafeguardSettings(), EVENING + timedelta(minutes=16))
    await beat(copies.databases[0], SafeguardSettings(), EVENING + timedelta(minutes=31))
    kept = [subject for subject in await copies.kept_to_say() if one.grant_id in subject]
    assert sorted({subject.split(".")[3] for subject in kept}) == ["countersign-clock", "envelope-expires"]


# ── its owner learns of it ────────────────────────────────────────────────────────────────────────────────────


async def own(copies: Copies) -> list[Any]:
    return list((await copies.asks(ReadOwnRecord(member_id="m1"))).looks)


async def test_promise_10_its_owner_reads_of_it_once_the_alert_is_closed(copies: Copies) -> None:
    one = await opened(copies)
    await copies.hears(EnvelopeLooked(member_id="m1", grant_id=one.grant_id, staff_id="ada", at=EVENING))
    copies.now = EVENING + timedelta(hours=1)
    assert await own(copies) == [], "not while anybody still looks after it"
    await close(copies, one.alert_id)
    [look] = await own(copies)
    assert (look.at, look.why, look.by, look.looked) == (EVENING, EnvelopeWhy.NOT_REACHED, "two", True)
    assert (await the_one(copies)).told


async def test_while_a_case_of_theirs_is_open_it_waits_for_the_three_days(copies: Copies) -> None:
    one = await opened(copies)
    async with copies.databases[0].begin() as tx:
        values: dict[str, Any] = {column.name: "" for column in cases.c if isinstance(column.type, String | Text)}
        values |= {"case_id": "c1", "open_for": "m1", "member_id": "m1", "state": "open"}
        values |= {"opened_at": EVENING, "changed_at": EVENING, "closing_reminders": 0}
        await tx.execute(insert(cases).values(values))
    copies.now = EVENING + timedelta(hours=1)
    await close(copies, one.alert_id)
    assert await own(copies) == []
    copies.now = EVENING + timedelta(hours=72)
    assert len(await own(copies)) == 1


async def close(copies: Copies, alert_id: str) -> None:
    await copies.asks(ClaimAlert(alert_id=alert_id, staff_id="ada"))
    await copies.asks(ResolveAlert(alert_id=alert_id, staff_id="ada", note="They are safe."))
    await copies.asks(SignOffClosing(alert_id=alert_id, staff_id="bea", agree=True))


async def test_its_owner_reads_of_it_after_three_days_at_the_latest(copies: Copies) -> None:
    await opened_alone(copies)
    copies.now = EVENING + timedelta(hours=71)
    assert await own(copies) == []
    copies.now = EVENING + timedelta(hours=72)
    [look] = await own(copies)
    assert (look.by, look.looked) == ("one", False)


async def test_a_lead_may_hold_that_back_with_a_reason_and_not_for_ever(copies: Copies) -> None:
    one = await opened(copies)
    until = EVENING + timedelta(days=10)
    wish = HoldBackEnvelope(grant_id=one.grant_id, staff_id="lou", until=until, reason="They share a phone.")
    for staff_id, change, reason in (
        ("ada", {}, "not-allowed"),
        ("lou", {"reason": ""}, "reason-needed"),
        ("lou", {"until": EVENING}, "past"),
        ("lou", {"until": EVENING + timedelta(days=29)}, "too-long"),
    ):
        another = {"id": f"{staff_id}{reason}", "staff_id": staff_id, **change}
        assert (await copies.asks(wish.model_copy(update=another))).reason == reason
    await copies.asks(wish)
    copies.now = until - timedelta(seconds=1)
    assert await own(copies) == []
    assert (await the_one(copies)).held_back_name == "Lou"
    copies.now = until
    assert len(await own(copies)) == 1
    assert (await copies.asks(ReadOwnRecord(member_id="m2"))).looks == (), "and nobody else reads of it"


async def test_promise_14_all_of_it_is_in_the_record_and_the_record_whole(copies: Copies) -> None:
    one = await opened_alone(copies)
    await copies.hears(EnvelopeLooked(member_id="m1", grant_id=one.grant_id, staff_id="ada", at=EVENING))
    await copies.asks(CountersignEnvelope(grant_id=one.grant_id, staff_id="lou", agree=True, reason="Right to do."))
    check = await record.verify(copies.databases[0], KeptAnchors())
    assert check.is_whole
    assert check.reached.number == 2 + 3  # heard and raised; alone, looked, signed
