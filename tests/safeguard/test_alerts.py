"""From a message to an alert, on each database."""

from datetime import timedelta
from typing import Any

import pytest

from harbour.contracts.chat import Speaker
from harbour.contracts.concerns import Urgency
from harbour.contracts.messages import Message
from harbour.contracts.safeguard import (
    AlertRaised,
    AlertState,
    ClaimAlert,
    ClaimClock,
    MessageFlagged,
    OpenAlert,
    ReadQueue,
    ResolveAlert,
)
from services.safeguard import judging
from tests.safeguard.copies import Copies
from tests.safeguard.people import EVENING, TEAM, added, held, posted, scheduled


async def test_a_message_that_worries_nobody_raises_no_alert(copies: Copies) -> None:
    await copies.hears(*TEAM, posted("hello everyone"))
    assert (await copies.reads()).alerts == ()
    assert copies.said == []


async def test_a_flagged_message_is_on_the_queue_with_its_evening_and_its_clock(copies: Copies) -> None:
    await copies.hears(*TEAM, scheduled(), posted("quince", member="robin"))
    alert = await copies.only_alert()
    assert (alert.nickname, alert.title, alert.urgency) == ("Robin", "Next steps, week 2", Urgency.HIGH)
    assert (alert.raised_at, alert.due_at) == (EVENING, EVENING + timedelta(minutes=5))
    assert [type(one) for one in copies.said] == [MessageFlagged, AlertRaised, ClaimClock]
    [clock] = copies.heard_of(ClaimClock)
    assert clock.due == alert.due_at


async def test_an_evening_named_later_or_anew_shows_its_name(copies: Copies) -> None:
    await copies.hears(*TEAM, posted("quince"))
    assert (await copies.only_alert()).title == ""
    await copies.hears(scheduled("New name", hour=2), scheduled("Old name", hour=1))
    assert (await copies.only_alert()).title == "New name, week 2"


async def test_what_a_facilitator_says_raises_no_alert(copies: Copies) -> None:
    await copies.hears(*TEAM, posted("quince").model_copy(update={"speaker": Speaker.FACILITATOR}))
    assert (await copies.reads()).alerts == ()


async def test_a_message_held_and_then_released_is_one_alert_that_is_no_longer_held(copies: Copies) -> None:
    await copies.hears(*TEAM, held("plum", message_id="h1"))
    assert (await copies.only_alert()).held
    await copies.hears(posted("plum", second=30, held_id="h1"))
    assert not (await copies.only_alert()).held
    assert len(copies.heard_of(AlertRaised)) == 1


async def test_a_release_that_is_heard_before_its_hold_counts_as_released(copies: Copies) -> None:
    await copies.hears(*TEAM, posted("plum", second=30, held_id="h1"), held("plum", message_id="h1"))
    assert not (await copies.only_alert()).held
    assert len(copies.heard_of(AlertRaised)) == 1


async def test_a_more_urgent_finding_on_the_same_message_joins_its_alert(copies: Copies) -> None:
    await copies.hears(*TEAM, held("plum", message_id="h1"))
    await copies.hears(posted("medlar", second=30, held_id="h1"))
    alert = await copies.only_alert()
    assert alert.urgency is Urgency.IMMEDIATE
    assert alert.why == ("Because of medlar.", "Because of plum.")
    assert alert.due_at == EVENING + timedelta(seconds=60)
    assert [one.due for one in copies.heard_of(ClaimClock)][-1] == alert.due_at


async def test_what_is_split_over_two_messages_comes_up_in_whichever_order_they_are_heard(copies: Copies) -> None:
    await copies.hears(*TEAM, posted("nce", second=2), posted("qui", second=1))
    details = await copies.opens((await copies.only_alert()).alert_id)
    assert details.text == "nce"


@pytest.mark.parametrize("error", [ValueError("marked"), RecursionError("marked"), MemoryError("marked")])
async def test_a_message_that_cannot_be_judged_becomes_an_alert(
    copies: Copies, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception
) -> None:
    def fail(*_: Any) -> None:
        raise error

    monkeypatch.setattr(judging, "judge", fail)
    await copies.hears(*TEAM, posted("marked words"))
    alert = await copies.only_alert()
    assert alert.urgency is Urgency.HIGH
    assert alert.why == ("This message could not be judged; please read it.",)
    printed = "".join(capsys.readouterr())
    assert type(error).__name__ in printed
    assert "marked" not in printed


async def test_opening_an_alert_shows_its_words_among_those_around_it_and_goes_on_record(copies: Copies) -> None:
    around = [posted(f"word {second}", second, member=f"m{second % 3}") for second in range(20) if second != 10]
    await copies.hears(*TEAM, *around, posted("quince", second=10))
    details = await copies.opens((await copies.only_alert()).alert_id)
    said = [f"word {n}" for n in range(4, 10)] + ["quince"] + [f"word {n}" for n in range(11, 17)]
    assert [one.text for one in details.context] == said
    assert [one.text for one in details.context if one.flagged] == ["quince"]
    assert details.text == "quince"
    assert [(one.name, one.what) for one in details.deeds] == [("Screening", "raised"), ("Ada", "opened")]


async def test_each_opening_is_on_record_and_the_same_wish_only_once(copies: Copies) -> None:
    await copies.hears(*TEAM, posted("quince"))
    alert = await copies.only_alert()
    wish = OpenAlert(alert_id=alert.alert_id, staff_id="bea")
    await copies.asks(wish)
    await copies.asks(wish)
    details = await copies.opens(alert.alert_id)
    assert [one.name for one in details.deeds if one.what == "opened"] == ["Bea", "Ada"]


async def test_a_held_message_and_its_release_show_once_in_the_context(copies: Copies) -> None:
    await copies.hears(*TEAM, held("a surname", second=1, message_id="h1"), posted("a surname", 5, held_id="h1"))
    await copies.hears(posted("quince", second=9, member="m2"))
    details = await copies.opens((await copies.only_alert()).alert_id)
    assert [one.text for one in details.context] == ["a surname", "quince"]


async def test_nobody_but_officers_and_leads_is_answered(copies: Copies) -> None:
    await copies.hears(*TEAM, posted("quince"))
    alert_id = (await copies.only_alert()).alert_id
    for staff_id in ("cas", "nobody"):
        wishes: list[Message] = [
            ReadQueue(staff_id=staff_id),
            OpenAlert(alert_id=alert_id, staff_id=staff_id),
            OpenAlert(alert_id="no-such-alert", staff_id=staff_id),
            ClaimAlert(alert_id=alert_id, staff_id=staff_id),
            ClaimAlert(alert_id="no-such-alert", staff_id=staff_id),
            ResolveAlert(alert_id=alert_id, staff_id=staff_id, note="Rang."),
        ]
        assert [(await copies.asks(wish)).reason for wish in wishes] == ["not-allowed"] * 6
    assert [one.what for one in (await copies.opens(alert_id)).deeds] == ["raised", "opened"]


async def test_one_who_no_longer_safeguards_is_no_longer_answered(copies: Copies) -> None:
    await copies.hears(*TEAM, added("ada", hour=9))
    assert (await copies.asks(ReadQueue(staff_id="ada"))).reason == "not-allowed"
    await copies.hears(TEAM[0])  # heard again, an old word does not undo a newer one
    assert (await copies.asks(ReadQueue(staff_id="ada"))).reason == "not-allowed"


async def test_an_alert_that_is_not_there_is_said_to_be_none(copies: Copies) -> None:
    await copies.hears(*TEAM)
    wishes: list[Message] = [
        OpenAlert(alert_id="a0", staff_id="ada"),
        ClaimAlert(alert_id="a0", staff_id="ada"),
        ResolveAlert(alert_id="a0", staff_id="ada", note="Rang."),
    ]
    assert [(await copies.asks(wish)).reason for wish in wishes] == ["no-such-alert"] * 3


async def test_claimed_and_resolved_it_leaves_the_queue_with_everything_on_record(copies: Copies) -> None:
    await copies.hears(*TEAM, posted("plum"))
    alert_id = (await copies.only_alert()).alert_id
    taken = await copies.asks(ClaimAlert(alert_id=alert_id, staff_id="ada"))
    assert (taken.state, taken.claimed_by, taken.claimed_name) == (AlertState.CLAIMED, "ada", "Ada")
    copies.now += timedelta(minutes=10)
    done = await copies.asks(ResolveAlert(alert_id=alert_id, staff_id="ada", note="Rang, and all is well."))
    assert done.state is AlertState.RESOLVED
    queue = await copies.reads()
    assert (queue.alerts, queue.waiting, queue.resolved_today) == ((), 0, 1)
    deeds = (await copies.opens(alert_id)).deeds
    assert [one.what for one in deeds] == ["raised", "claimed", "resolved", "opened"]
    assert [one.note for one in deeds if one.what == "resolved"] == ["Rang, and all is well."]
    copies.now += timedelta(days=1)
    assert (await copies.reads()).resolved_today == 0


async def test_claiming_ones_own_again_is_answered_and_said_once(copies: Copies) -> None:
    await copies.hears(*TEAM, posted("quince"))
    alert_id = (await copies.only_alert()).alert_id
    await copies.asks(ClaimAlert(alert_id=alert_id, staff_id="ada"))
    copies.said.clear()
    again = await copies.asks(ClaimAlert(alert_id=alert_id, staff_id="ada"))
    assert (again.state, again.claimed_by) == (AlertState.CLAIMED, "ada")
    assert copies.said == []


async def test_the_same_wish_to_resolve_is_answered_again_and_done_once(copies: Copies) -> None:
    await copies.hears(*TEAM, posted("plum"))
    alert_id = (await copies.only_alert()).alert_id
    await copies.asks(ClaimAlert(alert_id=alert_id, staff_id="ada"))
    wish = ResolveAlert(alert_id=alert_id, staff_id="ada", note="Rang.")
    assert [(await copies.asks(wish)).state for _ in range(2)] == [AlertState.RESOLVED] * 2
    assert [one.what for one in (await copies.opens(alert_id)).deeds].count("resolved") == 1
    other = ResolveAlert(alert_id=alert_id, staff_id="ada", note="Rang again.")
    assert (await copies.asks(other)).reason == "resolved"
