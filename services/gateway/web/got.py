"""The link in a page to staff: whoever holds it says with one button that they have the alert, before they sign in.

It shows nothing of anybody. Opening it does nothing, because programs open links to preview them; the button does.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from harbour.contracts.links import LinkStands, LinkToken, ReadLink, SpendLink
from harbour.contracts.messages import Refused
from harbour.contracts.safeguard import ClaimAlert
from services.gateway.auth import Session, guest
from services.gateway.limits import Limits
from services.gateway.security import network
from services.gateway.web.pages import checked_form, page

router = APIRouter(prefix="/got")

AtTheDoor = Annotated[Session, Depends(guest)]
TRIES, QUARTER_HOUR = 60, 15 * 60


@router.get("/{token}")
async def show_link(request: Request, token: LinkToken, session: AtTheDoor) -> Response:
    """The one button, where the link still works."""
    stands = await _read(request, token)
    return _page(request, "ask" if isinstance(stands, LinkStands) else stands.reason, token)


@router.post("/{token}")
async def say_so(request: Request, token: LinkToken, session: AtTheDoor) -> Response:
    """Take the alert on for whoever was paged. The link is spent then, and one that did nothing still works."""
    await checked_form(request)
    stands = await _read(request, token)
    if isinstance(stands, Refused):
        return _page(request, stands.reason, token)
    wish = ClaimAlert(alert_id=stands.alert_id, staff_id=stands.staff_id, by_link=True)
    answer = await request.app.state.ask(wish)
    await request.app.state.ask(SpendLink(token=token))
    return _page(request, "elsewhere" if isinstance(answer, Refused) else "yours", token, stands.alert_id)


async def _read(request: Request, token: str) -> LinkStands | Refused:
    """Whose link it is; nobody tries many."""
    await Limits(request.app.state.redis).count("link", network(request), at_most=TRIES, seconds=QUARTER_HOUR)
    stands: LinkStands | Refused = await request.app.state.ask(ReadLink(token=token))
    return stands


def _page(request: Request, state: str, token: str, alert_id: str = "") -> Response:
    gone = state in ("no-such-link", "expired", "used")
    context = {"state": state, "token": token, "alert_id": alert_id}
    return page(request, "desk/got.html", status_code=410 if gone else 200, **context)
