"""What anybody may know of the desk."""

from harbour.contracts.status import DeskStatus, ReadStatus
from services.safeguard import status
from services.safeguard.handlers.doors import Now, TonightBook, router


@router.answers(ReadStatus)
async def read_status(wish: ReadStatus, tonight: TonightBook, now: Now) -> DeskStatus:
    """Whether somebody is on call now, and how today's practice alert stands."""
    there = await tonight.on_call(now)
    return DeskStatus(staffed=bool(there), practice=status.practice(await tonight.canary_runs(), now))
