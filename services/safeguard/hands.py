"""Whose hands an alert is in: how long it stays there, to whom it may go, and which alert speaks for which. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from harbour.contracts.alerts import AlertState
from harbour.contracts.messages import Refused
from services.safeguard.model import Alert, Clocks, Colleague, Leases
from services.safeguard.rules import NO_SUCH_ALERT, due, waiting_again, why_not_read

# ── the lease ─────────────────────────────────────────────────────────────────────────────────────────────────


def lease_until(alert: Alert, active_at: datetime | None, leases: Leases) -> datetime:
    """Until when it stays in hand: a while after it was claimed, or after its owner last did something here."""
    since = alert.claimed_at or alert.raised_at
    return max(since, active_at or since) + leases.of(alert.urgency)


def has_gone(alert: Alert, active_at: datetime | None, leases: Leases, now: datetime) -> bool:
    """Whether whoever has it has done nothing for too long."""
    return alert.state is AlertState.CLAIMED and lease_until(alert, active_at, leases) <= now


def returned(alert: Alert, clocks: Clocks, now: datetime) -> Alert:
    """The alert on the queue again, with a fresh clock; who was paged already is not paged first again."""
    return waiting_again(alert, due(alert.urgency, now, clocks))


# ── a named colleague ─────────────────────────────────────────────────────────────────────────────────────────


def why_not_ask(who: Colleague, alert: Alert | None, other: Colleague) -> Refused | None:
    """Only its owner brings in somebody else, and only somebody else who answers alerts."""
    if refused := why_not_read(who):
        return refused
    if alert is None:
        return NO_SUCH_ALERT
    if alert.state is not AlertState.CLAIMED or alert.claimed_by != who.staff_id:
        return Refused(reason="not-yours", say="Take it on first.")
    if not other.safeguards or other.staff_id == who.staff_id:
        return Refused(reason="nobody", say="Choose a colleague who answers alerts.")
    return None


def why_not_offer(who: Colleague, alert: Alert | None, other: Colleague, note: str) -> Refused | None:
    """A hand-over says in words where things stand."""
    if refused := why_not_ask(who, alert, other):
        return refused
    return None if note else Refused(reason="note-needed", say="Say where things stand, so that they can go on.")


def offered(alert: Alert, other: Colleague) -> Alert:
    """The alert while a colleague is asked to take it over: it stays with its owner."""
    return replace(alert, offered_to=other.staff_id, offered_name=other.name)


def not_offered(alert: Alert) -> Alert:
    """The alert once the colleague, or whoever asked them, said no."""
    return replace(alert, offered_to="", offered_name="")


def why_not_answer(who: Colleague, alert: Alert | None, accepts: bool) -> Refused | None:
    """Whom it was offered to says yes or no; its owner may take the offer back."""
    if refused := why_not_read(who):
        return refused
    if alert is None:
        return NO_SUCH_ALERT
    may = {alert.offered_to} if accepts else {alert.offered_to, alert.claimed_by}
    if alert.state is AlertState.CLAIMED and alert.offered_to and who.staff_id in may:
        return None
    return Refused(reason="not-offered", say="It isn’t offered to you any more.")


def why_not_say(words: str) -> Refused | None:
    """An opinion is in words."""
    return None if words else Refused(reason="note-needed", say="Say what you think, in a few words.")


# ── one that speaks for several ───────────────────────────────────────────────────────────────────────────────


def may_merge(who: Colleague, alert: Alert, other: Alert) -> bool:
    """Whether these two can become one: the same young person, and both open and in nobody else's hands."""
    theirs = other.line.member_id == alert.line.member_id and other.alert_id != alert.alert_id
    return theirs and _is_mine(who, alert) and (_is_mine(who, other) or other.state is AlertState.WAITING)


def _is_mine(who: Colleague, alert: Alert) -> bool:
    return alert.state is AlertState.CLAIMED and alert.claimed_by == who.staff_id


def why_not_merge(who: Colleague, alert: Alert | None, others: Sequence[Alert | None]) -> Refused | None:
    """Its owner merges an alert with others of the same young person that wait or are theirs too."""
    if refused := why_not_read(who):
        return refused
    if alert is None or None in others:
        return NO_SUCH_ALERT
    if not _is_mine(who, alert):
        return Refused(reason="not-yours", say="Take it on first.")
    if not others:
        return Refused(reason="nothing-to-merge", say="Choose at least one other alert.")
    if all(may_merge(who, alert, one) for one in others if one):
        return None
    return Refused(reason="somebody-else", say="One of them is closed, or somebody else has it.")


def speaker(alerts: Iterable[Alert]) -> Alert:
    """The alert that speaks for all: the most urgent, then the oldest, so that no urgency is lost."""
    return min(alerts, key=lambda one: (-one.urgency.rank, one.raised_at, one.alert_id))


def merged(alert: Alert, into: Alert) -> Alert:
    """An alert that another speaks for: it is in nobody's hands and no clock of its own runs."""
    return replace(
        alert,
        state=AlertState.MERGED,
        merged_into=into.alert_id,
        claimed_by="",
        claimed_name="",
        claimed_at=None,
        offered_to="",
        offered_name="",
    )


FOLLOWS = "Another alert of the same young person speaks for this one."


def how_many(count: int) -> str:
    """What the record of the alert that speaks for others says."""
    return f"It speaks for {count} other{'' if count == 1 else 's'} of the same young person now."
