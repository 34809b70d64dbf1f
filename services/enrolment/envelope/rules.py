"""Whether somebody may look into an envelope now: pure, like the rules beside it."""

from dataclasses import dataclass
from datetime import datetime

from harbour.contracts.envelope import EnvelopeGranted
from harbour.contracts.messages import Refused


@dataclass(frozen=True)
class Grant:
    """Who may look at whose contact details, and until when."""

    grant_id: str
    member_id: str
    staff: tuple[str, ...]
    until: datetime


def grant_of(event: EnvelopeGranted) -> Grant:
    """What this room keeps of a grant."""
    return Grant(event.grant_id, event.member_id, event.staff, event.until)


def why_not_open(grant: Grant | None, staff_id: str, now: datetime) -> Refused | None:
    """Only those it was granted to, and only while it lasts, whatever else anybody says."""
    if grant is None or staff_id not in grant.staff:
        return Refused(reason="not-yours")
    return Refused(reason="closed") if now >= grant.until else None
