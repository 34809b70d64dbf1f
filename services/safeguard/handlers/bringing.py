"""How something comes to lie on the desk: one alert for each message, which later findings join."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from harbour.contracts.messages import Event, Message
from harbour.screening import Finding
from services.safeguard import rules, views
from services.safeguard.model import Alert, Clocks, Line
from services.safeguard.store import Desk

Found = tuple[Line, Finding]
"""A line, and what came up in it."""


async def as_found(line: Line, finding: Finding) -> Finding:
    """The finding as it is."""
    return finding


async def bring_up(
    cause: Message, line: Line, finding: Finding, desk: Desk, clocks: Clocks, now: datetime
) -> list[Event]:
    """Put an alert on the desk, or let the finding join the one of the same message; what there is to say of it."""
    return await bring_up_all(cause, [(line, finding)], desk, clocks, now)


async def bring_up_all(
    cause: Message,
    found: Sequence[Found],
    desk: Desk,
    clocks: Clocks,
    now: datetime,
    seen: Callable[[Line, Finding], Awaitable[Finding]] = as_found,
) -> list[Event]:
    """The same for several, each `seen` with those before it.

    All of them are held before the first goes on record, for which everybody waits; else two who bring up the same
    could wait for each other.
    """
    known = await desk.put_all([rules.first_alert(line, finding, now, clocks) for line, finding in found])
    said: list[Event] = []
    for line, finding in found:
        whole = await seen(line, finding)
        alert_id = rules.alert_id_for(line.message_id)
        before = known[alert_id]
        alert = rules.joined(before, whole, now, clocks) if before else rules.first_alert(line, whole, now, clocks)
        known[alert_id] = alert
        await _keep(cause, before, alert, whole, desk, now)
        said += views.news(cause, before, alert)
    return said


async def _keep(
    cause: Message, before: Alert | None, alert: Alert, finding: Finding, desk: Desk, now: datetime
) -> None:
    """Keep how an alert stands after a finding, and put it on record where that changed anything."""
    if alert == before:
        return
    await desk.change(alert)
    if rules.begins_anew(before, alert):
        await desk.forget_calls(alert.alert_id)
    if before is None:
        await desk.begin_record(alert)
    await desk.record(
        alert.alert_id, cause.id, now, "raised", views.SCREENING, views.why(finding), views.judgement(alert)
    )
