"""What the page of one alert shows besides the alert: each area of the desk adds what is its own."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Request

from harbour.contracts.safeguard import AlertView
from services.gateway.auth import Visitor
from services.gateway.web import case_part
from services.gateway.web.envelope_parts import envelopes_of

Part = Callable[[Request, Visitor, str, AlertView], Awaitable[dict[str, Any]]]
"""Given who looks at which alert: what its template needs to know. The template is
`<area>/alert_part.html`, included by `desk/alert.html`."""

PARTS: tuple[Part, ...] = (case_part.alert_part, envelopes_of)


async def around(request: Request, who: Visitor, alert_id: str, alert: AlertView) -> dict[str, Any]:
    """All that the parts of this page need to know."""
    known: dict[str, Any] = {}
    for part in PARTS:
        known |= await part(request, who, alert_id, alert)
    return known
