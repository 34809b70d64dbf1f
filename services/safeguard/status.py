"""How today's practice alerts stand, for anybody to know: pure, like the rules."""

from collections.abc import Iterable
from datetime import datetime

from harbour.contracts.status import Practice
from harbour.contracts.worries import CanaryRun
from services.safeguard.rules import start_of_day


def practice(runs: Iterable[CanaryRun], now: datetime) -> Practice:
    """What became of the last practice alert of today in London."""
    today = [one for one in runs if one.due_at >= start_of_day(now)]
    if not today:
        return Practice.NONE
    last = max(today, key=lambda one: one.due_at)
    if last.seen_at is not None:
        return Practice.SEEN if last.seen_at <= last.due_at else Practice.MISSED
    return Practice.WAITING if last.due_at > now else Practice.MISSED
