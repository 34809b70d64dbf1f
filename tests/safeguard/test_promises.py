"""The promises of the design that this room keeps."""

import asyncio
import random
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from harbour.contracts.concerns import Urgency
from harbour.contracts.messages import TimerCancelled
from harbour.contracts.safeguard import (
    AlertClaimed,
    AlertOverdue,
    AlertRaised,
    AlertState,
    AlertTaken,
    ClaimAlert,
    ClaimClock,
    MessageFlagged,
    ResolveAlert,
)
from services.safeguard.beat import beat
from services.safeguard.settings import SafeguardSettings
from tests.safeguard.copies import Copies
from tests.safeguard.people import EVENING, TEAM, added, held, posted

# ── 5 ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_promise_5_every_flagged_message_becomes_exactly_one_alert(copies: Copies) -> None:
    words = ["pear", "plum", "quince", "medlar", "hello", "goodnight"]
    apart = 600  # far enough apart that what one person says does not add up
    events = [posted(words[n % 6], second=n * apart, member=f"m{n % 4}") for n in range(48)]
    worrying = {one.id for one in events if one.text not in ("hello", "goodnight")}
    await copies.hears(*TEAM)
    await copies.hears_at_once(events * 3)
    queue = await copies.reads()
    assert len(queue.alerts) == len(worrying)
    assert {one.message_id for one in copies.heard_of(MessageFlagged)} == worrying
    for kind in (MessageFlagged, AlertRaised, ClaimClock):
        said: list[Any] = copies.heard_of(kind)
        assert Counter(one.alert_id for one in said) == {one.alert_id: 1 for one in queue.alerts}


@pytest.mark.parametrize("seed", range(4))
async def test_promise_5_a_message_held_and_released_on_three_copies_at_once_is_one_alert(
    copies: Copies, seed: int
) -> None:
    events = [held("plum", message_id="h1"), posted("plum", second=30, held_id="h1")] * 3
    await copies.hears(*TEAM)
    await copies.hears_at_once(events, seed)
    alert = await copies.only_alert()
    assert not alert.held
    assert [one.alert_id for one in copies.heard_of(AlertRaised)] == [alert.alert_id]


@pytest.mark.parametrize("seed", range(4))
async def test_promise_5_what_is_split_over_two_messages_is_found_when_copies_hear_them_side_by_side(
    copies: Copies, seed: int
) -> None:
    members = [f"m{n}" for n in range(8)]
    await copies.hears(*TEAM, *(posted("hello", member=member) for member in members))
    halves = [posted(text, second, member) for member in members for second, text in ((1, "qui"), (2, "nce"))]
    await copies.hears_at_once(halves, seed)
    assert [one.urgency for one in (await copies.reads()).alerts] == [Urgency.HIGH] * 8


async def test_promise_5_an_alert_never_has_two_owners(copies: Copies) -> None:
    officers = [added(f"officer{n}", *TEAM[0].roles, hour=n) for n in range(50)]
    await copies.hears(*TEAM, *officers, posted("quince"))
    alert_id = (await copies.only_alert()).alert_id
    wishes = [ClaimAlert(alert_id=alert_id, staff_id=one.staff_id) for one in officers]
    answers = await asyncio.gather(*(copies.asks(wish, turn) for turn, wish in enumerate(wishes)))
    [taken] = [one for one in answers if isinstance(one, AlertTaken)]
    refused = [one for one in answers if not isinstance(one, AlertTaken)]
    assert {one.reason for one in refused} == {"claimed"}
    assert all(taken.claimed_name in one.say for one in refused)
    assert [one.staff_id for one in copies.heard_of(AlertClaimed)] == [taken.claimed_by]
    assert (await copies.only_alert()).claimed_by == taken.claimed_by


# ── 6 ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def run_out(copies: Copies) -> AlertOverdue:
    """Let the clock that was set last run out, heard three times over; what was said of it."""
    clock = copies.heard_of(ClaimClock)[-1]
    copies.now = clock.due
    before = len(copies.heard_of(AlertOverdue))
    await copies.hears_at_once([clock] * 3)
    [overdue] = copies.heard_of(AlertOverdue)[before:]
    return overdue


async def test_promise_6_no_alert_waits_in_silence(copies: Copies) -> None:
    await copies.hears(*TEAM, posted("medlar"))
    pages = [await run_out(copies) for _ in range(6)]
    everyone = ("lou", "ada", "bea")
    assert [one.page for one in pages] == [("ada",), ("bea",), ("lou",), everyone, everyone, everyone]
    assert [one.step for one in pages] == [0, 1, 2, 3, 4, 5]
    alert = await copies.only_alert()
    assert (alert.state, alert.pages) == (AlertState.WAITING, 6)
    assert alert.due_at == EVENING + 7 * timedelta(seconds=60)
    deeds = (await copies.opens(alert.alert_id)).deeds
    assert [one.note for one in deeds if one.what == "paged"][:4] == ["Ada", "Bea", "Lou", "Lou, Ada, Bea"]


async def test_promise_6_the_clock_runs_on_with_nobody_on_the_rota(
    copies: Copies, capsys: pytest.CaptureFixture[str]
) -> None:
    await copies.hears(posted("medlar"))
    assert (await run_out(copies)).page == ()
    assert "nobody is on the rota" in "".join(capsys.readouterr())
    await copies.hears(*TEAM)
    assert (await run_out(copies)).page == ("ada",)


async def test_promise_6_a_claimed_alert_pages_nobody_and_its_clock_is_taken_back(copies: Copies) -> None:
    await copies.hears(*TEAM, posted("medlar"))
    [clock] = copies.heard_of(ClaimClock)
    await copies.asks(ClaimAlert(alert_id=clock.alert_id, staff_id="bea"))
    assert [one.set_subject for one in copies.heard_of(TimerCancelled)] == [clock.set_subject]
    copies.said.clear()
    copies.now = clock.due
    await copies.hears(clock)
    assert copies.said == []


async def test_promise_6_a_clock_and_a_claim_at_once_leave_no_alert_without_owner_or_clock(copies: Copies) -> None:
    await copies.hears(*TEAM, *(posted("medlar", second=n) for n in range(12)))
    clocks = copies.heard_of(ClaimClock)
    claims = [ClaimAlert(alert_id=one.alert_id, staff_id="bea") for one in clocks]
    copies.now = EVENING + timedelta(seconds=60)
    mixed = [*clocks, *claims]
    random.Random(6).shuffle(mixed)
    await asyncio.gather(*(copies.handles(one, turn) for turn, one in enumerate(mixed)))
    queue = await copies.reads()
    assert {one.claimed_by for one in queue.alerts} == {"bea"}
    assert len(copies.heard_of(AlertClaimed)) == 12
    assert len(copies.heard_of(TimerCancelled)) == 12


async def test_promise_6_an_old_clock_that_displaced_the_present_one_sets_it_again(copies: Copies) -> None:
    await copies.hears(*TEAM, posted("medlar"))
    [first] = copies.heard_of(ClaimClock)
    await run_out(copies)
    copies.said.clear()
    await copies.hears(first)
    [again] = copies.heard_of(ClaimClock)
    assert (again.step, again.due) == (1, (await copies.only_alert()).due_at)
    assert copies.heard_of(AlertOverdue) == []


async def test_promise_6_an_alert_resolved_by_the_lead_before_anyone_claimed_it_pages_nobody(copies: Copies) -> None:
    await copies.hears(*TEAM, posted("medlar"))
    [clock] = copies.heard_of(ClaimClock)
    await copies.asks(ResolveAlert(alert_id=clock.alert_id, staff_id="lou", note="With them now."))
    await copies.hears(clock)
    assert copies.heard_of(AlertOverdue) == []


async def clocks_kept(copies: Copies) -> list[str]:
    return [one for one in await copies.kept_to_say() if ".claim-clock." in one]


async def test_promise_6_a_clock_that_was_lost_is_set_again_by_the_beat(copies: Copies) -> None:
    settings = SafeguardSettings(beat_seconds=30)
    await copies.hears(*TEAM, posted("medlar"), posted("pear", second=1))
    database = copies.databases[0]
    await beat(database, settings, EVENING + timedelta(seconds=89))
    assert await clocks_kept(copies) == []
    await beat(database, settings, EVENING + timedelta(seconds=91))
    [subject] = await clocks_kept(copies)
    alert_id = (await copies.reads()).alerts[0].alert_id
    assert subject == f"timers.set.safeguard.claim-clock.{alert_id}"
