"""What comes to the desk without a message, on each database, through every door that hears it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from harbour.contracts.chat import AttendanceTaken, Attended, Came, CanarySent
from harbour.contracts.concerns import Urgency
from harbour.contracts.messages import now
from harbour.contracts.safeguard import (
    AlertDetails,
    AlertOverdue,
    AlertRaised,
    AlertView,
    ClaimClock,
    MessageFlagged,
    OpenAlert,
    ReadQueue,
    ResolveAlert,
    SeeCanary,
)
from harbour.contracts.worries import CanaryClock, CanaryRun, RaiseConcern, ReadCanaries
from tests.rooms import Stage, rehearsed
from tests.safeguard.people import TEAM, posted


@pytest.fixture
async def stage(database_url: str, by_words: None) -> AsyncIterator[Stage]:
    """Safeguard, with its team."""
    async with rehearsed("safeguard", database_url) as room:
        for one in TEAM:
            await room.hears(one)
        yield room


async def alerts(stage: Stage) -> list[AlertView]:
    """What is on the queue."""
    return list((await stage.asks(ReadQueue(staff_id="ada"))).alerts)


async def opened(stage: Stage, alert_id: str) -> AlertDetails:
    """An alert with its words."""
    details = await stage.asks(OpenAlert(alert_id=alert_id, staff_id="ada"))
    assert isinstance(details, AlertDetails)
    return details


# ── an adult's own worry ──────────────────────────────────────────────────────────────────────────────────────


def worry(words: str = "Very still tonight.", staff_id: str = "cas") -> RaiseConcern:
    """A counsellor worries about somebody."""
    who = {"session_id": "s1", "member_id": "m1", "nickname": "Robin"}
    return RaiseConcern(**who, staff_id=staff_id, urgency=Urgency.HIGH, words=words)


async def test_what_an_adult_worries_about_is_an_alert_as_urgent_as_they_say(stage: Stage) -> None:
    wish = worry()
    first, again = await stage.asks(wish), await stage.asks(wish)
    [alert] = await alerts(stage)
    assert first.alert_id == again.alert_id == alert.alert_id
    assert (alert.nickname, alert.urgency) == ("Robin", Urgency.HIGH)
    assert (await opened(stage, alert.alert_id)).text == "Cas worries about Robin: Very still tonight."
    assert [type(one) for one in stage.said] == [MessageFlagged, AlertRaised, ClaimClock]


async def test_two_worries_are_two_alerts(stage: Stage) -> None:
    await stage.asks(worry())
    await stage.asks(worry())
    assert len(await alerts(stage)) == 2


@pytest.mark.parametrize(("wish", "reason"), [(worry(" "), "words-needed"), (worry(staff_id="nobody"), "not-allowed")])
async def test_a_worry_needs_words_and_somebody_who_works_here(stage: Stage, wish: RaiseConcern, reason: str) -> None:
    assert (await stage.asks(wish)).reason == reason
    assert await alerts(stage) == []


# ── a missed week ─────────────────────────────────────────────────────────────────────────────────────────────


def attendance(came: Came = Came.NEVER_CAME, session_id: str = "s2") -> AttendanceTaken:
    """How an evening went for Robin, whose member id is m1."""
    seat = Attended(member_id="m1", nickname="Robin", came=came)
    evening: dict[str, Any] = {"course_id": "c1", "title": "Next steps", "week": 3, "ended_at": now()}
    return AttendanceTaken(id=f"taken-{session_id}", session_id=session_id, starts_at=now(), seats=(seat,), **evening)


async def test_somebody_who_does_not_come_while_an_alert_is_open_is_an_alert_once(stage: Stage) -> None:
    await stage.hears(posted("plum"))
    for _ in range(2):
        await stage.hears(attendance())
    missed = [one for one in await alerts(stage) if one.session_id == "s2"]
    assert [(one.urgency, one.nickname) for one in missed] == [(Urgency.MEDIUM, "Robin")]
    assert missed[0].why == ("They missed an evening while an alert of theirs is open.",)
    text = (await opened(stage, missed[0].alert_id)).text
    assert text == "Robin did not come to Next steps, week 3. They had not said “not tonight”."


async def test_somebody_who_said_not_tonight_is_worth_noting(stage: Stage) -> None:
    await stage.hears(posted("plum"))
    await stage.hears(attendance(Came.NOT_TONIGHT))
    assert [one.urgency for one in await alerts(stage) if one.session_id == "s2"] == [Urgency.LOW]


@pytest.mark.parametrize("came", [Came.STAYED, Came.LEFT_EARLY, Came.STEPPED_OUT])
async def test_somebody_who_came_is_none(stage: Stage, came: Came) -> None:
    await stage.hears(posted("plum"))
    await stage.hears(attendance(came))
    assert [one for one in await alerts(stage) if one.session_id == "s2"] == []


async def test_nobody_is_missed_where_nothing_is_open_or_only_of_that_evening(stage: Stage) -> None:
    await stage.hears(posted("plum"))
    await stage.hears(attendance(session_id="s1"))
    [alert] = await alerts(stage)
    await stage.asks(ResolveAlert(alert_id=alert.alert_id, staff_id="lou", note="All is well."))
    await stage.hears(attendance())
    assert await alerts(stage) == []


# ── a practice alert ──────────────────────────────────────────────────────────────────────────────────────────


async def practised(stage: Stage) -> CanaryClock:
    """A practice alert is sent; the clock that looks for it."""
    due = now() + timedelta(minutes=2)
    await stage.hears(CanarySent(session_id="s1", canary_id="k1", due_at=due))
    [clock] = [one for one in stage.said if isinstance(one, CanaryClock)]
    assert clock.due == due
    return clock


async def runs(stage: Stage) -> list[CanaryRun]:
    """The history of practice alerts."""
    return list((await stage.asks(ReadCanaries(staff_id="ada"))).runs)


async def test_promise_8_a_practice_alert_that_nobody_saw_is_an_alert_and_somebody_is_called_at_once(
    stage: Stage,
) -> None:
    clock = await practised(stage)
    stage.said.clear()
    for _ in range(2):
        await stage.hears(clock)
    [alert] = await alerts(stage)
    assert (alert.nickname, alert.urgency) == ("Practice alert", Urgency.HIGH)
    assert [one.__class__.__name__ for one in stage.said] == ["AlertRaised", "ClaimClock"]
    call = stage.said[1]
    assert isinstance(call, ClaimClock)
    assert call.due <= now()
    await stage.hears(call)
    assert [one.page for one in stage.said if isinstance(one, AlertOverdue)] == [("ada",)]


async def test_a_practice_alert_that_was_seen_calls_nobody_and_its_history_says_who_saw_it(stage: Stage) -> None:
    clock = await practised(stage)
    assert [(one.waits, one.in_time) for one in await runs(stage)] == [(True, False)]
    await stage.asks(SeeCanary(canary_id="k1", staff_id="bea"))
    await stage.hears(clock)
    assert await alerts(stage) == []
    [run] = await runs(stage)
    assert (run.seen_by, run.in_time, run.waits) == ("Bea", True, False)
    assert run.sent_at is not None
    assert run.raised_at is not None
    assert run.sent_at <= run.raised_at


async def test_the_history_of_practice_alerts_is_for_those_who_answer_alerts(stage: Stage) -> None:
    assert (await stage.asks(ReadCanaries(staff_id="cas"))).reason == "not-allowed"
