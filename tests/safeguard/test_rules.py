"""Why a message becomes an alert, how soon it is due, who is called, and who may do what."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harbour.contracts.chat import Speaker
from harbour.contracts.concerns import Urgency
from harbour.contracts.safeguard import AlertState
from services.safeguard import rules
from services.safeguard.model import Alert, Colleague, stranger
from tests.safeguard.people import (
    CLOCKS,
    EVENING,
    TEAM,
    finding,
    held,
    judge_by_words,
    line,
    posted,
    scheduled,
)

ROTA = [rules.colleague_of(event) for event in TEAM]
ADA, BEA, LOU, CAS = ROTA


def an_alert(urgency: Urgency = Urgency.MEDIUM) -> Alert:
    return rules.first_alert(line("plum"), finding(urgency), EVENING, CLOCKS)


def test_a_message_held_and_then_released_is_one_line_and_one_alert() -> None:
    waiting = rules.line_of(held("plum", message_id="h1"))
    released = rules.line_of(posted("plum", second=9, held_id="h1"))
    assert waiting.message_id == released.message_id == "h1"
    assert waiting.held
    assert released.held
    assert rules.alert_id_for(waiting.message_id) == rules.alert_id_for(released.message_id)


def test_two_messages_are_two_alerts() -> None:
    one, other = rules.line_of(posted("plum", second=1)), rules.line_of(posted("plum", second=2))
    assert rules.alert_id_for(one.message_id) != rules.alert_id_for(other.message_id)


def test_only_young_peoples_messages_are_judged() -> None:
    assert rules.judge_around(line("plum", speaker=Speaker.FACILITATOR), [], [], judge_by_words) == []
    assert len(rules.judge_around(line("plum"), [], [], judge_by_words)) == 1


def test_a_message_is_judged_with_what_its_author_said_before() -> None:
    assert rules.judge_around(line("nce", 2), [], [], judge_by_words) == []
    [(found, judged)] = rules.judge_around(line("nce", 2), [line("qui", 1)], [], judge_by_words)
    assert found == line("nce", 2)
    assert judged.urgency is Urgency.HIGH


def test_a_message_that_was_overtaken_lets_the_next_one_be_judged_again() -> None:
    [(found, _)] = rules.judge_around(line("qui", 1), [], [line("nce", 2)], judge_by_words)
    assert found == line("nce", 2)


def test_a_message_that_could_not_be_judged_asks_somebody_to_read_it() -> None:
    judged = rules.could_not_be_judged()
    assert judged.urgency is Urgency.HIGH
    assert [(one.rule, one.why) for one in judged.reasons] == [
        ("judging-failed", "This message could not be judged; please read it.")
    ]


@pytest.mark.parametrize(
    ("urgency", "seconds"),
    [(Urgency.IMMEDIATE, 60), (Urgency.HIGH, 300), (Urgency.MEDIUM, 14_400), (Urgency.LOW, 86_400)],
)
def test_the_more_urgent_the_sooner_it_is_due(urgency: Urgency, seconds: int) -> None:
    assert rules.due(urgency, EVENING, CLOCKS) == EVENING + timedelta(seconds=seconds)


def test_the_same_finding_again_changes_nothing() -> None:
    alert = an_alert()
    assert rules.joined(alert, finding(Urgency.MEDIUM), EVENING + timedelta(hours=1), CLOCKS) == alert


def test_a_less_urgent_finding_adds_its_reason_and_leaves_urgency_and_clock() -> None:
    alert = an_alert(Urgency.HIGH)
    grown = rules.joined(alert, finding(Urgency.LOW, rule="another"), EVENING, CLOCKS)
    assert (grown.urgency, grown.due_at) == (alert.urgency, alert.due_at)
    assert [one.rule for one in grown.reasons] == ["a-rule", "another"]


def test_a_more_urgent_finding_brings_the_clock_forward() -> None:
    grown = rules.joined(an_alert(Urgency.LOW), finding(Urgency.IMMEDIATE, rule="another"), EVENING, CLOCKS)
    assert grown.urgency is Urgency.IMMEDIATE
    assert grown.due_at == EVENING + timedelta(seconds=60)
    assert [one.rule for one in grown.reasons] == ["another", "a-rule"]


def test_a_risen_urgency_never_puts_the_clock_back() -> None:
    alert = an_alert(Urgency.MEDIUM)
    late = alert.due_at - timedelta(seconds=5)
    assert rules.joined(alert, finding(Urgency.HIGH), late, CLOCKS).due_at == alert.due_at


def test_a_risen_urgency_leaves_a_claimed_alert_with_its_owner() -> None:
    alert = rules.claimed(an_alert(), ADA, EVENING)
    grown = rules.joined(alert, finding(Urgency.IMMEDIATE), EVENING, CLOCKS)
    assert (grown.state, grown.claimed_by, grown.urgency) == (AlertState.CLAIMED, "ada", Urgency.IMMEDIATE)


def test_a_risen_urgency_lets_a_resolved_alert_wait_again() -> None:
    alert = rules.resolved(rules.claimed(an_alert(), ADA, EVENING), ADA, EVENING, "w1")
    again = rules.joined(alert, finding(Urgency.IMMEDIATE), EVENING + timedelta(hours=1), CLOCKS)
    assert (again.state, again.claimed_by, again.resolved_at) == (AlertState.WAITING, "", None)
    assert again.due_at == EVENING + timedelta(hours=1, seconds=60)


@given(st.lists(st.tuples(st.sampled_from(Urgency), st.sampled_from(["a", "b", "c"])), min_size=1, max_size=8))
def test_urgency_only_rises_and_no_reason_is_lost(found: list[tuple[Urgency, str]]) -> None:
    findings = [finding(urgency, rule=rule) for urgency, rule in found]
    alert = rules.first_alert(line("plum"), findings[0], EVENING, CLOCKS)
    for one in findings[1:]:
        grown = rules.joined(alert, one, EVENING, CLOCKS)
        assert grown.urgency.rank >= alert.urgency.rank
        assert grown.due_at <= alert.due_at
        alert = grown
    assert alert.urgency.rank == max(urgency.rank for urgency, _ in found)
    assert {one.rule for one in alert.reasons} == {rule for _, rule in found}


@pytest.mark.parametrize("who", [CAS, stranger("nobody")])
def test_only_officers_and_leads_may_do_anything_here(who: Colleague) -> None:
    refusals = [
        rules.why_not_read(who),
        rules.why_not_claim(who, an_alert()),
        rules.why_not_resolve(who, rules.claimed(an_alert(), ADA, EVENING), "Rang."),
    ]
    assert [one and one.reason for one in refusals] == ["not-allowed"] * 3


def test_an_alert_in_somebodys_hands_is_refused_with_their_name() -> None:
    refused = rules.why_not_claim(BEA, rules.claimed(an_alert(), ADA, EVENING))
    assert refused is not None
    assert refused.reason == "claimed"
    assert "Ada" in refused.say


def test_claiming_ones_own_again_is_fine() -> None:
    assert rules.why_not_claim(ADA, rules.claimed(an_alert(), ADA, EVENING)) is None


def test_a_resolved_alert_is_neither_claimed_nor_resolved_again() -> None:
    alert = rules.resolved(rules.claimed(an_alert(), ADA, EVENING), ADA, EVENING, "w1")
    refusals = [rules.why_not_claim(ADA, alert), rules.why_not_resolve(ADA, alert, "Rang.")]
    assert [one and one.reason for one in refusals] == ["resolved", "resolved"]


@pytest.mark.parametrize(
    ("who", "owner", "note", "reason"),
    [
        (ADA, ADA, "Rang.", None),
        (LOU, ADA, "Rang.", None),
        (LOU, None, "Rang.", None),
        (BEA, ADA, "Rang.", "not-yours"),
        (ADA, None, "Rang.", "not-yours"),
        (ADA, ADA, "  ", "note-needed"),
        (LOU, ADA, "", "note-needed"),
    ],
)
def test_its_owner_or_a_lead_resolves_an_alert_with_a_note(
    who: Colleague, owner: Colleague | None, note: str, reason: str | None
) -> None:
    alert = rules.claimed(an_alert(), owner, EVENING) if owner else an_alert()
    refused = rules.why_not_resolve(who, alert, note)
    assert (refused and refused.reason) == reason


def test_what_a_lead_resolves_unclaimed_counts_as_theirs() -> None:
    done = rules.resolved(an_alert(), LOU, EVENING, "w1")
    assert (done.state, done.claimed_by, done.claimed_name) == (AlertState.RESOLVED, "lou", "Lou")


def test_a_day_begins_at_midnight_in_london() -> None:
    summer = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)  # already half past midnight of the next day
    assert rules.start_of_day(summer) == datetime(2026, 7, 1, 23, 0, tzinfo=UTC)
    assert rules.start_of_day(EVENING) == datetime(2026, 11, 3, 0, 0, tzinfo=UTC)


def test_an_evening_is_called_by_its_course_and_week() -> None:
    assert rules.titles_of(scheduled()) == {"s0": "Next steps, week 1", "s1": "Next steps, week 2"}
