"""What staff see, and what is said on the bus."""

from dataclasses import replace
from datetime import timedelta

from harbour.contracts.concerns import Urgency
from harbour.contracts.safeguard import AlertRaised, ClaimClock, MessageFlagged
from services.safeguard import rules, views
from services.safeguard.model import Alert
from tests.safeguard.people import CLOCKS, EVENING, TEAM, finding, line, posted

ADA = rules.colleague_of(TEAM[0])


def an_alert(urgency: Urgency, second: int = 0) -> Alert:
    at = EVENING + timedelta(seconds=second)
    return rules.first_alert(line("plum", second), finding(urgency), at, CLOCKS)


def shown(alert: Alert, released: bool = False) -> views.Shown:
    return views.Shown(alert=alert, title="Next steps, week 2", released=released)


def test_the_queue_lists_what_waits_first_the_most_urgent_first_then_the_soonest_due_then_the_oldest() -> None:
    first = an_alert(Urgency.HIGH, 1)
    later = an_alert(Urgency.HIGH, 2)
    oldest_of_equals = replace(an_alert(Urgency.MEDIUM, 3), due_at=EVENING)
    younger_of_equals = replace(an_alert(Urgency.MEDIUM, 4), due_at=EVENING)
    in_hand = rules.claimed(an_alert(Urgency.IMMEDIATE, 5), ADA, EVENING)
    done = rules.resolved(an_alert(Urgency.IMMEDIATE, 6), ADA, EVENING, "w1")
    alerts = [done, in_hand, younger_of_equals, later, oldest_of_equals, first]
    queue = views.queue([shown(one) for one in alerts], resolved_today=1)
    order = [first, later, oldest_of_equals, younger_of_equals, in_hand]
    assert [one.alert_id for one in queue.alerts] == [one.alert_id for one in order]
    assert (queue.waiting, queue.resolved_today) == (4, 1)


def test_the_queue_carries_no_words_of_the_message() -> None:
    marked = replace(an_alert(Urgency.HIGH), line=replace(line("x"), text="marked words"))
    assert "marked words" not in views.queue([shown(marked)], 0).model_dump_json()


def test_an_alert_shows_as_held_until_its_message_is_released() -> None:
    alert = replace(an_alert(Urgency.HIGH), line=replace(line("x"), held=True))
    assert views.view(shown(alert)).held
    assert not views.view(shown(alert, released=True)).held
    assert not views.view(shown(an_alert(Urgency.HIGH))).held


def test_a_new_alert_is_flagged_raised_and_its_clock_set() -> None:
    alert = an_alert(Urgency.HIGH)
    flagged, raised, clock = views.news(posted("plum"), None, alert)
    assert isinstance(flagged, MessageFlagged)
    assert isinstance(raised, AlertRaised)
    assert isinstance(clock, ClaimClock)
    assert {flagged.alert_id, raised.alert_id, clock.alert_id} == {alert.alert_id}
    assert (clock.step, clock.due, raised.due_at) == (0, alert.due_at, alert.due_at)


def test_what_is_said_carries_no_words_of_the_message() -> None:
    said = views.news(posted("marked words"), None, an_alert(Urgency.HIGH))
    assert not any(b"marked words" in one.body() for one in said)


def test_handling_twice_says_the_same_ids() -> None:
    again = [[one.id for one in views.news(posted("plum"), None, an_alert(Urgency.HIGH))] for _ in range(2)]
    assert again[0] == again[1]
    assert len(set(again[0])) == 3


def test_two_alerts_of_one_cause_are_two_facts() -> None:
    cause = posted("plum")
    one, other = (views.news(cause, None, an_alert(Urgency.HIGH, second)) for second in (1, 2))
    assert not {event.id for event in one} & {event.id for event in other}


def test_a_change_that_is_none_says_nothing() -> None:
    alert = an_alert(Urgency.HIGH)
    assert views.news(posted("plum"), alert, alert) == []


def test_a_risen_urgency_of_a_claimed_alert_starts_no_clock() -> None:
    alert = rules.claimed(an_alert(Urgency.LOW), ADA, EVENING)
    grown = rules.joined(alert, finding(Urgency.HIGH), EVENING, CLOCKS)
    assert [type(one) for one in views.news(posted("plum"), alert, grown)] == [MessageFlagged]
