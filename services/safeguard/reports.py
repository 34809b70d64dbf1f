"""What a report of the desk says: pure, from plain facts about alerts."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil

from harbour.contracts.closing import Outcome
from harbour.contracts.concerns import Category, Urgency
from harbour.contracts.messages import Refused
from harbour.contracts.reports import DeskReport, ReadReport, Waited, Work
from services.safeguard.model import Colleague

LONGEST = timedelta(days=367)
MOST = 20_000
"""Alerts a report counts at most; a year of a large charity has fewer."""
URGENCIES = (Urgency.IMMEDIATE, Urgency.HIGH, Urgency.MEDIUM, Urgency.LOW)
REPLY_WITHIN = timedelta(days=14)
"""How long after an alert a word to the young person counts as the reply to it."""


@dataclass(frozen=True)
class Told:
    """What a report needs to know of one alert."""

    alert_id: str
    urgency: Urgency
    categories: tuple[Category, ...]
    raised_at: datetime
    claimed_at: datetime | None
    replied_at: datetime | None
    outcome: Outcome | None
    merged_into: str = ""
    """The alert that speaks for this one."""


@dataclass(frozen=True)
class Done:
    """A deed of a member of staff, as far as a report counts it."""

    name: str
    what: str
    number: int


def why_not_report(who: Colleague, wish: ReadReport) -> Refused | None:
    """Leads and supervisors read how the desk did."""
    if not (who.lead or who.supervisor):
        return Refused(reason="not-allowed", say="Leads and supervisors read the reports.")
    if not timedelta(0) < wish.ends - wish.begins <= LONGEST:
        return Refused(reason="too-long", say="Choose a time of up to a year that ends after it begins.")
    return None


def percentile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that so large a share of them does not exceed (nearest rank); nothing where there are none."""
    if not values:
        return None
    return sorted(values)[max(0, ceil(share * len(values)) - 1)]


def waited(alerts: Iterable[Told], urgency: Urgency, moment: str) -> Waited:
    """How long alerts of this urgency waited for their `claimed_at` or `replied_at`."""
    those = [one for one in alerts if one.urgency is urgency]
    until = [(one.raised_at, getattr(one, moment)) for one in those]
    spans = [max(0.0, (end - begin).total_seconds()) for begin, end in until if end is not None]
    half, most = percentile(spans, 0.5), percentile(spans, 0.95)
    return Waited(urgency=urgency, number=len(spans), half=half, most=most, open=len(those) - len(spans))


def folded(alerts: Iterable[Told]) -> list[Told]:
    """The alerts without those that another speaks for, which adds their categories to its own."""
    listed = list(alerts)
    more: dict[str, list[Category]] = {}
    for one in listed:
        more.setdefault(one.merged_into, []).extend(one.categories)
    return [
        replace(one, categories=tuple(dict.fromkeys([*one.categories, *more.get(one.alert_id, ())])))
        for one in listed
        if not one.merged_into
    ]


def report(wish: ReadReport, told: Iterable[Told], deeds: Iterable[Done], cut: bool) -> DeskReport:
    """The whole report. Alerts that were merged count once."""
    alerts = folded(told)
    urgencies = Counter(one.urgency for one in alerts)
    categories = Counter(each for one in alerts for each in one.categories)
    outcomes = Counter(one.outcome for one in alerts if one.outcome)
    return DeskReport(
        begins=wish.begins,
        ends=wish.ends,
        alerts=len(alerts),
        by_urgency=tuple((one, urgencies[one]) for one in URGENCIES),
        by_category=tuple((one, categories[one]) for one in Category),
        by_outcome=tuple((one, outcomes[one]) for one in Outcome),
        closed=sum(outcomes.values()),
        to_claim=tuple(waited(alerts, one, "claimed_at") for one in URGENCIES),
        to_reply=tuple(waited(alerts, one, "replied_at") for one in URGENCIES),
        work=work_of(deeds),
        cut=cut,
    )


def work_of(deeds: Iterable[Done]) -> tuple[Work, ...]:
    """What each member of the desk did, by name; in no order of how much."""
    found: dict[str, Counter[str]] = {}
    for one in deeds:
        found.setdefault(one.name, Counter())[one.what] += one.number
    return tuple(
        Work(
            name=name,
            claimed=counts["claimed"],
            closed=counts["resolved"] + counts["closing"],
            signed_off=counts["signed-off"],
        )
        for name, counts in sorted(found.items())
    )
