"""No adult, no room; canary before doors: what the doors need, and what happens when the last adult is silent."""

from datetime import timedelta
from typing import TypeVar

import pytest

from harbour.contracts.chat import (
    AdultsDue,
    CanaryDue,
    CanarySent,
    CanaryState,
    ClosingDue,
    DoorsDue,
    DoorsKeptShut,
    EndDue,
    EveningStands,
    KeepWatch,
    Lack,
    OpenSession,
    PauseSession,
    ResumeSession,
    RoomState,
    SendCanary,
    SessionCancelled,
    SessionClosing,
    SessionEnded,
    SessionPaused,
    SessionResumed,
    StartSession,
)
from harbour.contracts.messages import Event, Timer, TimerCancelled
from harbour.contracts.safeguard import CanarySeen, OnCallConfirmed, OnCallEnded
from harbour.runtime.database import Database
from services.chat.transcript import MemoryTranscript
from tests.chat.copies import Copy, reason
from tests.chat.people import COURSE, EVENING

E = TypeVar("E", bound=Event)
OPEN = OpenSession(session_id="s1", staff_id="sam")
EVERYTHING = (Lack.COUNSELLOR, Lack.SECOND_ADULT, Lack.ON_CALL, Lack.CANARY)


def said(chat: Copy, kind: type[E]) -> list[E]:
    """What was said of this kind."""
    return [one for one in chat.said if isinstance(one, kind)]


async def watches(chat: Copy, staff_id: str = "sam", session: str = "s1") -> EveningStands:
    """An adult's page is here."""
    answer = await chat.asks(KeepWatch(session_id=session, staff_id=staff_id))
    assert isinstance(answer, EveningStands), answer
    return answer


async def lacking(chat: Copy) -> list[str]:
    """What the doors say they need."""
    refused = await chat.asks(OPEN.model_copy(update={"id": f"open-{chat.now}"}))
    assert reason(refused) == "not-ready"
    return str(refused.say).split(",")


# ── what the doors need ───────────────────────────────────────────────────────────────────────────────────────


async def test_promise_7_doors_open_only_with_counsellor_second_adult_and_officer(chat: Copy) -> None:
    await chat.begin("scheduled")
    assert await lacking(chat) == list(EVERYTHING)
    await watches(chat, "ash")
    assert await lacking(chat) == list(EVERYTHING)  # a youth worker is no counsellor, and alone
    await watches(chat, "sam")
    assert await lacking(chat) == [Lack.ON_CALL, Lack.CANARY]
    until = chat.now + timedelta(hours=1)
    await chat.asks(OnCallConfirmed(staff_id="ade", name="Ade", until=until, at=chat.now))
    assert await lacking(chat) == [Lack.CANARY]
    await chat.asks(OnCallEnded(staff_id="ade", at=chat.now + timedelta(seconds=1)))
    chat.now += timedelta(seconds=2)
    assert await lacking(chat) == [Lack.ON_CALL, Lack.CANARY]


async def test_promise_7_an_adult_whose_page_fell_silent_counts_no_more(chat: Copy) -> None:
    await chat.begin("scheduled")
    await chat.make_ready()
    chat.now += timedelta(seconds=15)
    assert await lacking(chat) == [Lack.COUNSELLOR, Lack.SECOND_ADULT]


async def test_promise_8_the_room_stays_shut_until_the_practice_alert_was_seen_in_time(chat: Copy) -> None:
    await chat.begin("scheduled")
    until = chat.now + timedelta(hours=1)
    await chat.asks(OnCallConfirmed(staff_id="ade", name="Ade", until=until, at=chat.now))
    for _ in range(2):
        await chat.asks(SendCanary(session_id="s1", staff_id="sam"))
    [canary] = said(chat, CanarySent)  # one on its way is enough
    await both_watch(chat)
    assert await lacking(chat) == [Lack.CANARY]
    await chat.asks(CanarySeen(canary_id="another", session_id="s1", staff_id="ade", at=chat.now))
    assert await lacking(chat) == [Lack.CANARY]
    await chat.asks(CanarySeen.after(canary, staff_id="ade", at=canary.due_at + timedelta(seconds=1)))
    assert (await watches(chat)).canary is CanaryState.LATE
    assert await lacking(chat) == [Lack.CANARY]
    await chat.asks(SendCanary(session_id="s1", staff_id="sam"))
    await chat.asks(CanarySeen.after(said(chat, CanarySent)[-1], staff_id="ade", at=chat.now))
    assert (await chat.asks(OPEN)).state is RoomState.DOORS


async def both_watch(chat: Copy) -> None:
    """Both adults' pages are here."""
    for staff_id in ("sam", "ash"):
        await watches(chat, staff_id)


async def test_promise_8_a_practice_alert_goes_out_by_itself_a_quarter_of_an_hour_before(chat: Copy) -> None:
    chat.now = EVENING - timedelta(days=3)
    await chat.asks(COURSE)
    dues = {timer.session_id: timer.due for timer in said(chat, DoorsDue)}
    assert dues == {plan.session_id: plan.starts_at - timedelta(minutes=15) for plan in COURSE.sessions}
    [due] = [timer for timer in said(chat, DoorsDue) if timer.session_id == "s1"]
    chat.now = due.due
    chat.said.clear()
    for _ in range(2):
        await chat.asks(due)
    assert {one.id for one in said(chat, CanarySent)} == {said(chat, CanarySent)[0].id}
    assert said(chat, CanaryDue)[0].due == said(chat, CanarySent)[0].due_at == chat.now + timedelta(minutes=2)


async def test_promise_8_where_nobody_saw_it_the_room_says_why_and_pages(chat: Copy) -> None:
    await chat.begin("scheduled")
    await both_watch(chat)
    await chat.asks(SendCanary(session_id="s1", staff_id="sam"))
    [clock] = said(chat, CanaryDue)
    chat.now = clock.due + timedelta(seconds=1)
    await both_watch(chat)
    await chat.asks(clock)
    [shut] = said(chat, DoorsKeptShut)
    assert shut.lacks == (Lack.ON_CALL, Lack.CANARY)
    assert shut.page == ("ash", "sam")


async def test_the_doors_do_not_open_too_early(chat: Copy) -> None:
    await chat.asks(COURSE)
    chat.now = EVENING - timedelta(minutes=16)
    assert Lack.TOO_EARLY in await lacking(chat)
    assert reason(await chat.asks(SendCanary(session_id="s1", staff_id="sam"))) == "too-early"
    chat.now = EVENING - timedelta(minutes=15)
    await chat.make_ready()
    assert (await chat.asks(OPEN)).state is RoomState.DOORS


# ── the last adult's page falls silent ────────────────────────────────────────────────────────────────────────


async def test_promise_7_the_room_pauses_itself_when_the_last_adult_falls_silent_and_goes_on(chat: Copy) -> None:
    await chat.begin()
    chat.now += timedelta(seconds=10)
    await watches(chat, "ash")
    chat.now += timedelta(seconds=14)
    look = AdultsDue(session_id="s1", due=chat.now)
    await chat.asks(look)
    assert said(chat, AdultsDue)[-1].due == chat.now + timedelta(seconds=1)  # looks again when it could be so
    chat.now += timedelta(seconds=1)
    await chat.asks(said(chat, AdultsDue)[-1])
    [paused] = said(chat, SessionPaused)
    assert (paused.why, paused.staff_id) == ("adults-away", "by-itself")
    assert reason(await chat.tries("is somebody there")) == "not-live"
    assert (await chat.view()).state is RoomState.PAUSED
    chat.now += timedelta(minutes=1)
    assert (await watches(chat, "ash")).state is RoomState.LIVE
    [resumed] = said(chat, SessionResumed)
    assert resumed.state is RoomState.LIVE
    await chat.posts("there you are")


async def test_promise_7_a_live_room_always_has_a_clock_that_looks_for_its_adults(chat: Copy) -> None:
    await chat.begin("doors")
    await chat.asks(StartSession(session_id="s1", staff_id="sam"))
    assert [clock.due for clock in said(chat, AdultsDue)] == [chat.now + timedelta(seconds=15)]
    await chat.asks(PauseSession(session_id="s1", staff_id="sam"))
    await chat.asks(said(chat, AdultsDue)[0])
    assert len(said(chat, AdultsDue)) == 1  # paused, it needs none
    await chat.asks(ResumeSession(session_id="s1", staff_id="sam"))
    assert len(said(chat, AdultsDue)) == 2


async def test_a_pause_by_an_adult_is_ended_by_an_adult_and_not_by_a_page(chat: Copy) -> None:
    await chat.begin()
    await chat.asks(PauseSession(session_id="s1", staff_id="sam", words="Two minutes to breathe."))
    view = await chat.view()
    assert (view.state, view.words) == (RoomState.PAUSED, "Two minutes to breathe.")
    assert (await watches(chat)).state is RoomState.PAUSED
    assert (await chat.asks(ResumeSession(session_id="s1", staff_id="ash"))).state is RoomState.LIVE
    assert (await chat.view()).words == ""
    assert [type(one) for one in chat.said if not isinstance(one, Timer)] == [SessionPaused, SessionResumed]


async def test_promise_7_two_copies_pause_and_resume_once(database: Database) -> None:
    copies = [Copy(database, MemoryTranscript()) for _ in range(2)]
    await copies[0].begin()
    copies[1].said.clear()
    for copy in copies:
        copy.now += timedelta(seconds=30)
        await copy.asks(AdultsDue(session_id="s1", due=copy.now))
    for copy in copies:
        await watches(copy)
    everything = [one for copy in copies for one in copy.said]
    assert len([one for one in everything if isinstance(one, SessionPaused)]) == 1
    assert len([one for one in everything if isinstance(one, SessionResumed)]) == 1


@pytest.mark.parametrize("who", ["robin", "stranger"])
async def test_only_an_adult_of_the_room_keeps_watch(chat: Copy, who: str) -> None:
    await chat.begin()
    for kind in (KeepWatch, PauseSession, ResumeSession, SendCanary):
        assert reason(await chat.asks(kind(session_id="s1", staff_id=who))) == "not-yours"
        assert reason(await chat.asks(kind(session_id="nowhere", staff_id=who))) == "no-such-session"


# ── by the clock ──────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_evening_closes_and_ends_by_its_clocks(chat: Copy) -> None:
    chat.now = EVENING - timedelta(minutes=15)
    await chat.asks(COURSE)
    closing = next(one for one in said(chat, ClosingDue) if one.session_id == "s1")
    end = next(one for one in said(chat, EndDue) if one.session_id == "s1")
    assert (closing.due, end.due) == (EVENING + timedelta(minutes=85), EVENING + timedelta(minutes=105))
    await chat.begin()
    steps: tuple[tuple[Event, type[Event], RoomState], ...] = (
        (closing, SessionClosing, RoomState.CLOSING), (end, SessionEnded, RoomState.ENDED),
    )  # fmt: skip
    for clock, fact, state in steps:
        for _ in range(2):
            await chat.asks(clock)
        assert len(said(chat, fact)) == 1
        assert (await chat.view()).state is state


async def test_a_paused_evening_goes_on_in_its_last_minutes(chat: Copy) -> None:
    await chat.begin()
    await chat.asks(PauseSession(session_id="s1", staff_id="sam"))
    await chat.asks(ClosingDue(session_id="s1", due=chat.now))
    assert said(chat, SessionClosing) == []
    assert (await chat.asks(ResumeSession(session_id="s1", staff_id="sam"))).state is RoomState.CLOSING


async def test_an_evening_that_never_began_did_not_take_place(chat: Copy) -> None:
    await chat.begin("doors")
    await chat.asks(EndDue(session_id="s1", due=chat.now))
    assert len(said(chat, SessionCancelled)) == 1
    assert reason(await chat.asks(OPEN)) == "cancelled"


async def test_a_new_plan_moves_the_clocks_and_takes_back_those_of_evenings_that_are_gone(chat: Copy) -> None:
    chat.now = EVENING - timedelta(days=3)
    await chat.asks(COURSE)
    chat.said.clear()
    later = COURSE.sessions[0].model_copy(update={"starts_at": EVENING + timedelta(hours=2)})
    answer = await chat.handles(COURSE.model_copy(update={"sessions": (later,), "at": EVENING, "id": "newer"}))
    chat.said = [one for one in answer if isinstance(one, Event)]
    taken_back = {one.set_subject for one in answer if isinstance(one, TimerCancelled)}
    assert taken_back == {f"timers.set.chat.{what}-due.s2" for what in ("doors", "closing", "end")}
    assert said(chat, DoorsDue)[0].due == EVENING + timedelta(minutes=105)
