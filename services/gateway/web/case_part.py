"""What the page of an alert shows of its case."""

from typing import Any

from fastapi import Request

from harbour.contracts.cases import CaseOfAlert, FindCase
from harbour.contracts.safeguard import AlertView
from services.gateway.auth import Visitor


async def alert_part(request: Request, who: Visitor, alert_id: str, alert: AlertView) -> dict[str, Any]:
    """The case an alert belongs to, or the one it could join."""
    found = await request.app.state.ask(FindCase(alert_id=alert_id, staff_id=who.person_id))
    return {"case_of": found if isinstance(found, CaseOfAlert) else None}
