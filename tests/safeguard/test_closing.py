"""How an alert is closed: alone where it was medium or low, by two people where it was more."""

from datetime import timedelta

import pytest

from harbour.contracts.closing import (
    ClosingAsked,
    ClosingHandedBack,
    Outcome,
    SignedOff,
    SignOffClock,
    SignOffClosing,
)
from harbour.contracts.desk import LeaseClock
from harbour.contracts.messages import TimerCancelled
from harbour.contracts.reminders import ReminderWhy, StaffReminded
from harbour.contracts.safeguard import AlertRaised, AlertResolved, AlertState, ClaimAlert, ResolveAlert
from services.safeguard.beat import beat
from services.safeguard.settings import SafeguardSettings
from tests.safeguard.copies import Copies
from tests.safeguard.people import EVENING, LEASES, TEAM, held, posted


async def asked_to_close(copies: Copies, word: str = "quince", outcome: Outcome = Outcome.DONE) -> str:
    """The id of an alert that Ada has taken on and asks to close."""
    await copies.hears(*TEAM, posted(word))
    alert_id = (await copies.only_alert()).alert_id
    await copies.asks(ClaimAlert(alert_id=alert_id, staff_id="ada"))
    await copies.asks(ResolveAlert(alert_id=alert_id, staff_id="ada", note="Rang.", outcome=outcome))
    return alert_id


@pytest.mark.parametrize("word", ["quince", "medlar"])
async def test_a_high_or_immediate_alert_stays_on_the_queue_until_a_second_person_signs_it_off(
    copies: Copies, word: str
) -> None:
    alert_id = await asked_to_close(copies, word, Outcome.PASSED_ON)
    alert = await copies.only_alert()
    assert alert.state is AlertState.CLOSING
    assert alert.closing is not None
    assert (alert.closing.name, alert.closing.outcome, alert.closing.since) == ("Ada", Outcome.PASSED_ON, EVENING)
    assert copies.heard_of(AlertResolved) == []
    assert [one.outcome for one in copies.heard_of(ClosingAsked)] == [Outcome.PASSED_ON]
    wish = SignOffClosing(alert_id=alert_id, staff_id="bea", agree=True, note="Read it all.")
    answers = [await copies.asks(wish) for _ in range(2)]
    assert [isinstance(one, SignedOff) and one.agreed for one in answers] == [True, True]
    assert (await copies.reads()).alerts == ()
    [resolved] = copies.heard_of(AlertResolved)
    assert (resolved.staff_id, resolved.signed_by, resolved.outcome) == ("ada", "bea", Outcome.PASSED_ON)
    details = await copies.opens(alert_id)
    assert details.alert.outcome is Outcome.PASSED_ON
    deeds = [(one.what, one.name, one.note) for one in details.deeds[2:4]]
    assert deeds == [("closing", "Ada", "Rang."), ("signed-off", "Bea", "Read it all.")]


@pytest.mark.parametrize("word", ["pear", "plum"])
async def test_a_medium_or_low_alert_closes_at_once_with_its_outcome(copies: Copies, word: str) -> None:
    alert_id = await asked_to_close(copies, word, Outcome.FALSE_ALARM)
    assert (await copies.reads()).alerts == ()
    assert [one.outcome for one in copies.heard_of(AlertResolved)] == [Outcome.FALSE_ALARM]
    assert copies.heard_of(SignOffClock) == []
    assert (await copies.opens(alert_id)).alert.outcome is Outcome.FALSE_ALARM


async def test_nobody_signs_off_their_own_closing(copies: Copies) -> None:
    alert_id = await asked_to_close(copies)
    refused = await copies.asks(SignOffClosing(alert_id=alert_id, staff_id="ada", agree=True))
    assert refused.reason == "your-own"
    assert (await copies.only_alert()).state is AlertState.CLOSING


async def test_nobody_but_officers_and_leads_signs_off(copies: Copies) -> None:
    alert_id = await asked_to_close(copies)
    for staff_id in ("cas", "nobody"):
        refused = await copies.asks(SignOffClosing(alert_id=alert_id, staff_id=staff_id, agree=True))
        assert refused.reason == "not-allowed"


@pytest.mark.parametrize("by", ["bea", "ada"])
async def test_handed_back_or_taken_back_it_is_in_hand_again_and_may_be_closed_anew(copies: Copies, by: str) -> None:
    alert_id = await asked_to_close(copies)
    nothing = await copies.asks(SignOffClosing(alert_id=alert_id, staff_id=by, agree=False))
    assert nothing.reason == "note-needed"
    await copies.asks(SignOffClosing(alert_id=alert_id, staff_id=by, agree=False, note="Who told Sam?"))
    alert = await copies.only_alert()
    assert (alert.state, alert.claimed_by, alert.closing) == (AlertState.CLAIMED, "ada", None)
    assert len(copies.heard_of(ClosingHandedBack)) == 1
    late = await copies.asks(SignOffClosing(alert_id=alert_id, staff_id="lou", agree=True))
    assert late.reason == "not-closing"
    await copies.asks(ResolveAlert(alert_id=alert_id, staff_id="ada", note="I have."))
    await copies.asks(SignOffClosing(alert_id=alert_id, staff_id="lou", agree=True))
    assert (await copies.reads()).alerts == ()


async def test_while_it_waits_nobody_claims_it_or_closes_it_again(copies: Copies) -> None:
    alert_id = await asked_to_close(copies)
    claim = await copies.asks(ClaimAlert(alert_id=alert_id, staff_id="bea"))
    close = await copies.asks(ResolveAlert(alert_id=alert_id, staff_id="lou", note="Me too."))
    assert [one.reason for one in (claim, close)] == ["closing", "closing"]


async def test_of_two_who_sign_off_at_once_one_alone_counts(copies: Copies) -> None:
    alert_id = await asked_to_close(copies)
    wishes = [SignOffClosing(alert_id=alert_id, staff_id=who, agree=True) for who in ("bea", "lou")]
    await copies.hears_at_once(wishes)
    assert len(copies.heard_of(AlertResolved)) == 1


async def test_a_more_urgent_finding_on_it_makes_it_wait_again(copies: Copies) -> None:
    await copies.hears(*TEAM, held("quince", message_id="h1"))
    alert_id = (await copies.only_alert()).alert_id
    await copies.asks(ClaimAlert(alert_id=alert_id, staff_id="ada"))
    await copies.asks(ResolveAlert(alert_id=alert_id, staff_id="ada", note="Rang."))
    await copies.hears(posted("medlar", second=30, held_id="h1"))
    alert = await copies.only_alert()
    assert (alert.state, alert.closing) == (AlertState.WAITING, None)
    assert len(copies.heard_of(AlertRaised)) == 2
    refused = await copies.asks(SignOffClosing(alert_id=alert_id, staff_id="bea", agree=True))
    assert refused.reason == "not-closing"


async def test_a_closing_that_waits_too_long_is_brought_to_the_lead_and_then_to_everybody_else(copies: Copies) -> None:
    alert_id = await asked_to_close(copies)
    [clock] = copies.heard_of(SignOffClock)
    assert clock.due == EVENING + timedelta(minutes=30)
    for turn in range(2):
        copies.now += timedelta(minutes=30)
        clock = copies.heard_of(SignOffClock)[turn]
        await copies.hears(clock)
    reminded = copies.heard_of(StaffReminded)
    assert [(one.about_id, one.why, one.page) for one in reminded] == [
        (alert_id, ReminderWhy.ALERT_SIGN_OFF, ("lou",)),
        (alert_id, ReminderWhy.ALERT_SIGN_OFF, ("bea", "lou")),
    ]
    reminders = [one for one in (await copies.opens(alert_id)).deeds if one.what == "reminded"]
    assert [one.note for one in reminders] == ["Lou", "Bea, Lou"]


async def test_signed_off_it_reminds_nobody(copies: Copies) -> None:
    alert_id = await asked_to_close(copies)
    [clock] = copies.heard_of(SignOffClock)
    await copies.asks(SignOffClosing(alert_id=alert_id, staff_id="bea", agree=True))
    assert copies.heard_of(TimerCancelled)[-1].set_subject.endswith(f"sign-off-clock.{alert_id}")
    copies.now += timedelta(hours=1)
    await copies.hears(clock)
    assert copies.heard_of(StaffReminded) == []


async def test_what_was_handed_back_returns_to_the_queue_where_its_owner_has_gone(copies: Copies) -> None:
    alert_id = await asked_to_close(copies)
    copies.now += timedelta(minutes=20)
    await copies.hears(copies.heard_of(LeaseClock)[-1])
    await copies.asks(SignOffClosing(alert_id=alert_id, staff_id="bea", agree=False, note="Not yet."))
    clock = copies.heard_of(LeaseClock)[-1]
    assert clock.due == copies.now + LEASES.severe
    copies.now = clock.due
    await copies.hears(clock)
    assert (await copies.only_alert()).state is AlertState.WAITING


async def test_the_same_clock_heard_twice_reminds_once(copies: Copies) -> None:
    await asked_to_close(copies)
    [clock] = copies.heard_of(SignOffClock)
    await copies.hears(clock, clock)
    assert len(copies.heard_of(StaffReminded)) == 1


async def test_a_sign_off_clock_that_was_lost_is_set_again_by_the_beat(copies: Copies) -> None:
    alert_id = await asked_to_close(copies)
    late = EVENING + timedelta(minutes=31)
    await beat(copies.databases[0], SafeguardSettings(beat_seconds=30), late)
    assert f"timers.set.safeguard.sign-off-clock.{alert_id}" in await copies.kept_to_say()


async def test_an_alert_that_is_not_there_is_said_to_be_none(copies: Copies) -> None:
    await copies.hears(*TEAM)
    wish = SignOffClosing(alert_id="a0", staff_id="ada", agree=True)
    assert (await copies.asks(wish)).reason == "no-such-alert"
