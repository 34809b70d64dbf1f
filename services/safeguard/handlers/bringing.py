"""How something comes to lie on the desk: one alert for each message, which later findings join."""

from datetime import datetime

from harbour.contracts.messages import Event, Message
from harbour.screening import Finding
from services.safeguard import rules, views
from services.safeguard.model import Clocks, Line
from services.safeguard.store import Desk


async def bring_up(
    cause: Message, line: Line, finding: Finding, desk: Desk, clocks: Clocks, now: datetime
) -> list[Event]:
    """Put an alert on the desk, or let the finding join the one of the same message; what there is to say of it."""
    alert, before = rules.first_alert(line, finding, now, clocks), None
    if not await desk.put(alert):
        before = await desk.hold(alert.alert_id)
        alert = rules.joined(before or alert, finding, now, clocks)
        await desk.change(alert)
    if alert != before:
        found = views.judgement(alert)
        await desk.record(alert.alert_id, cause.id, now, "raised", views.SCREENING, views.why(finding), found)
    return views.news(cause, before, alert)
