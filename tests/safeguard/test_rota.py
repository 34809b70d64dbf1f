"""Who is called, in which order, and who is on duty when: the rules, and then on each database."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from harbour.contracts.chat import MessageReported, SessionEnded
from harbour.contracts.enrolment import Role
from harbour.contracts.rota import DutyView, Period, PutOnDuty, ReadRota, RotaView, TakeOffDuty
from harbour.contracts.safeguard import AlertOverdue, ClaimAlert, ClaimClock, ConfirmOnCall, ResolveAlert
from services.safeguard import rota
from services.safeguard.groups import Evening
from services.safeguard.model import Colleague
from services.safeguard.rota import Standing
from services.safeguard.rules import alert_id_for, colleague_of
from tests.safeguard.copies import Copies
from tests.safeguard.people import EVENING, TEAM, added, posted, scheduled

ADA, BEA, LOU, CAS = (colleague_of(one) for one in TEAM)
ROTA = (LOU, ADA, BEA, CAS)


def called(standing: Standing, steps: int) -> list[str]:
    """Who is called, step by step."""
    found, known = list[str](), set[str]()
    for _ in range(steps):
        page = rota.who_to_page(standing, known)
        known |= {one.staff_id for one in page}
        found.append(" ".join(one.staff_id for one in page))
    return found


# ── the order ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_officers_are_called_one_after_the_other_then_the_lead_then_everyone_every_time() -> None:
    assert called(Standing(ROTA), 5) == ["ada", "bea", "lou", "lou ada bea", "lou ada bea"]


def test_officers_who_joined_together_are_called_in_the_order_of_their_ids() -> None:
    together = (replace(BEA, added_at=ADA.added_at), ADA)
    assert called(Standing(together), 2) == ["ada", "bea"]


def test_without_officers_the_lead_is_called_first() -> None:
    assert called(Standing((LOU, CAS)), 1) == ["lou"]


def test_several_leads_are_called_together() -> None:
    other = replace(LOU, staff_id="max", added_at=LOU.added_at + timedelta(days=1))
    assert called(Standing((other, ADA, LOU)), 2) == ["ada", "lou max"]


def test_nobody_is_called_only_where_nobody_answers_alerts() -> None:
    assert rota.who_to_page(Standing((CAS,)), ()) == ()
    assert called(Standing((LOU,)), 8)[-1] == "lou"


def test_whoever_has_said_that_they_are_there_comes_before_the_rota_and_the_rota_before_the_lead() -> None:
    dan = replace(BEA, staff_id="dan", added_at=BEA.added_at + timedelta(days=1))
    eve = replace(BEA, staff_id="eve", added_at=BEA.added_at + timedelta(days=2))
    people = (*ROTA, dan, eve)
    standing = Standing(people, confirmed=("dan", "bea"), on_duty=("ada", "bea"))
    assert called(standing, 5) == ["bea", "dan", "ada", "lou", "lou ada bea dan eve"]


def test_with_somebody_on_duty_the_lead_comes_before_officers_who_are_off() -> None:
    assert called(Standing(ROTA, on_duty=("bea",)), 3) == ["bea", "lou", "lou ada bea"]


def test_promise_6_whoever_comes_on_call_between_two_pages_is_called_next() -> None:
    before = Standing(ROTA, on_duty=("ada",))
    assert rota.who_to_page(before, ()) == (ADA,)
    assert rota.who_to_page(replace(before, confirmed=("bea",)), {"ada"}) == (BEA,)


def test_somebody_who_left_is_not_called_though_the_rota_names_them() -> None:
    assert called(Standing((ADA, LOU), on_duty=("gone", "ada")), 2) == ["ada", "lou"]


# ── gaps ──────────────────────────────────────────────────────────────────────────────────────────────────────


def duty(begins: float, ends: float) -> DutyView:
    """Somebody on duty, in hours."""
    at = {"begins": EVENING + timedelta(hours=begins), "ends": EVENING + timedelta(hours=ends)}
    return DutyView(duty_id="d", staff_id="ada", name="Ada", place=1, **at)


@pytest.mark.parametrize(
    ("duties", "gaps"),
    [
        ([], [(0, 24)]),
        ([(-5, 30)], []),
        ([(0, 12), (12, 24)], []),
        ([(2, 12), (10, 20)], [(0, 2), (20, 24)]),
        ([(1, 20), (3, 5)], [(0, 1), (20, 24)]),
    ],
)
def test_gaps_are_when_nobody_is_on_duty(duties: list[tuple[int, int]], gaps: list[tuple[int, int]]) -> None:
    found = rota.gaps([duty(*one) for one in duties], EVENING, EVENING + timedelta(days=1))
    hours = [tuple(round((at - EVENING) / timedelta(hours=1)) for at in (one.begins, one.ends)) for one in found]
    assert hours == gaps


def evening(hour: float, minutes: int = 90) -> Evening:
    """An evening of a group, in hours."""
    return Evening("s", "c", f"Evening {hour}", EVENING + timedelta(hours=hour), minutes)


@pytest.mark.parametrize(
    ("duties", "named"),
    [
        ([], [1, 5, 23]),
        ([(0, 24)], []),
        ([(1, 24)], [1]),
        ([(0, 2)], [1, 5, 23]),
        ([(0, 2), (2, 6), (7, 24)], [5]),
        ([(0, 3), (4, 8), (22, 30)], []),
    ],
)
def test_an_evening_is_named_where_nobody_is_on_duty_from_its_doors_to_its_end(
    duties: list[tuple[float, float]], named: list[float]
) -> None:
    evenings, known = [evening(1), evening(5, 150), evening(23)], [duty(*one) for one in duties]
    found = rota.unwatched(evenings, known, EVENING, EVENING + timedelta(days=1))
    assert [one.title for one in found] == [f"Evening {hour}" for hour in named]


# ── on each database ──────────────────────────────────────────────────────────────────────────────────────────

NOOR = added("noor", Role.COORDINATOR)


def tonight(of_id: str, staff_id: str = "noor", hours: float = 4, place: int = 1) -> PutOnDuty:
    """Put somebody on duty from now on."""
    period = Period(begins=EVENING, ends=EVENING + timedelta(hours=hours))
    return PutOnDuty(staff_id=staff_id, of_id=of_id, periods=(period,), place=place)


async def read(copies: Copies, staff_id: str = "noor") -> RotaView:
    """The rota from now on."""
    answer = await copies.asks(ReadRota(staff_id=staff_id, begins=EVENING, days=1))
    assert isinstance(answer, RotaView)
    return answer


async def test_promise_6_a_coordinator_plans_the_rota_and_pages_follow_it(copies: Copies) -> None:
    await copies.hears(*TEAM, NOOR)
    for wish in (tonight("bea"), tonight("ada", place=2)):
        await copies.asks(wish)
        await copies.asks(wish)
    view = await read(copies)
    assert [(one.name, one.place) for one in view.duties] == [("Bea", 1), ("Ada", 2)]
    assert view.next == ("Bea", "Ada", "Lou")
    assert [one.begins for one in view.gaps] == [EVENING + timedelta(hours=4)]
    await copies.hears(posted("medlar"))
    for _ in range(3):
        await copies.hears(copies.heard_of(ClaimClock)[-1])
    assert [one.page for one in copies.heard_of(AlertOverdue)] == [("bea",), ("ada",), ("lou",)]


async def test_pages_follow_who_has_said_that_they_are_on_call(copies: Copies) -> None:
    await copies.hears(*TEAM, posted("medlar"))
    await copies.asks(ConfirmOnCall(staff_id="bea"))
    await copies.hears(copies.heard_of(ClaimClock)[-1])
    assert [one.page for one in copies.heard_of(AlertOverdue)] == [("bea",)]


async def test_promise_6_an_alert_that_waits_again_after_it_was_closed_calls_whoever_is_on_duty_first_again(
    copies: Copies,
) -> None:
    said = posted("plum")
    await copies.hears(*TEAM, said)
    await copies.hears(copies.heard_of(ClaimClock)[-1])
    alert_id = alert_id_for(said.id)
    await copies.asks(ClaimAlert(alert_id=alert_id, staff_id="ada"))
    await copies.asks(ResolveAlert(alert_id=alert_id, staff_id="ada", note="All is well."))
    about = {"session_id": "s1", "message_id": said.id, "number": 1, "author_id": "m1", "author": "M1"}
    await copies.hears(MessageReported(member_id="m2", nickname="M2", about="unsafe", **about))
    await copies.hears(copies.heard_of(ClaimClock)[-1])
    assert [one.page for one in copies.heard_of(AlertOverdue)] == [("ada",), ("ada",)]


async def test_evenings_with_nobody_on_duty_are_named_until_somebody_is_or_they_are_over(copies: Copies) -> None:
    await copies.hears(*TEAM, NOOR, scheduled())
    assert [one.title for one in (await read(copies)).unwatched] == ["Next steps, week 1", "Next steps, week 2"]
    await copies.hears(SessionEnded(session_id="s0", course_id="c1", staff_id="sam", at=EVENING))
    assert [(one.session_id, one.starts_at) for one in (await read(copies)).unwatched] == [("s1", EVENING)]
    await copies.asks(tonight("bea", hours=1))
    assert len((await read(copies)).unwatched) == 1
    await copies.asks(tonight("ada", hours=2))
    assert (await read(copies)).unwatched == ()


async def test_a_duty_is_taken_off_again(copies: Copies) -> None:
    await copies.hears(*TEAM, NOOR)
    await copies.asks(tonight("bea"))
    [one] = (await read(copies)).duties
    await copies.asks(TakeOffDuty(staff_id="lou", duty_id=one.duty_id))
    assert (await read(copies)).duties == ()
    assert (await copies.asks(TakeOffDuty(staff_id="lou", duty_id=one.duty_id))).reason == "no-such-duty"


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        (tonight("bea", "ada"), "not-allowed"),
        (tonight("cas"), "nobody"),
        (tonight("bea", hours=-1), "past"),
        (tonight("bea", hours=30), "too-long"),
    ],
)
async def test_what_the_rota_does_not_take(copies: Copies, wish: Any, reason: str) -> None:
    await copies.hears(*TEAM, NOOR)
    assert (await copies.asks(wish)).reason == reason
    assert (await read(copies)).duties == ()


async def test_officers_read_the_rota_and_do_not_change_it_and_others_do_not_read_it(copies: Copies) -> None:
    await copies.hears(*TEAM, NOOR)
    assert [(await read(copies, who)).may_change for who in ("ada", "lou", "noor")] == [False, True, True]
    assert (await copies.asks(ReadRota(staff_id="cas", begins=EVENING))).reason == "not-allowed"


def test_a_colleague_knows_who_plans_and_who_supervises() -> None:
    supervisor: Colleague = colleague_of(added("val", Role.SUPERVISOR))
    assert (supervisor.supervisor, supervisor.safeguards, rota.may_change(supervisor)) == (True, False, False)
