"""When the record is anchored: as each day begins in London. Pure, like the rules."""

from datetime import datetime, timedelta

from harbour.contracts.messages import derived_id
from harbour.contracts.record import AnchorDue
from services.safeguard.rules import start_of_day


def next_anchor(now: datetime) -> AnchorDue:
    """The next anchor to be set; however often it is set, it is the same one."""
    begins = start_of_day(start_of_day(now) + timedelta(hours=36))
    day = begins.date().isoformat()
    return AnchorDue(id=derived_id("anchor", day), day=day, due=begins)
