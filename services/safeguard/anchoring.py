"""When the record is anchored, and who may have it looked at. Pure, like the rules."""

from datetime import datetime, timedelta

from harbour.contracts.messages import Refused, derived_id
from harbour.contracts.record import (
    AnchorDue,
    RecordAnchored,
    RecordStands,
    VerificationAsked,
    VerificationView,
    VerifyRecord,
)
from services.safeguard.chain import Head
from services.safeguard.model import Colleague, stranger
from services.safeguard.rules import start_of_day

AT_IT = timedelta(minutes=15)
"""After so long without an end somebody may ask again."""


def next_anchor(now: datetime) -> AnchorDue:
    """The next anchor to be set; however often it is set, it is the same one."""
    begins = start_of_day(start_of_day(now) + timedelta(hours=36))
    day = begins.date().isoformat()
    return AnchorDue(id=derived_id("anchor", day), day=day, due=begins)


def why_not_verify(who: Colleague) -> Refused | None:
    """Everybody of staff may, whatever their roles."""
    return Refused(reason="not-allowed") if who == stranger(who.staff_id) else None


def is_at_it(last: VerificationView | None, now: datetime) -> bool:
    """Whether somebody is looking at it already."""
    return last is not None and last.ended_at is None and now - last.asked_at < AT_IT


def asked(wish: VerifyRecord) -> VerificationAsked:
    """What is said so that a copy looks at it."""
    return VerificationAsked.after(wish, verification_id=derived_id("verification", wish.id))


def stands(head: Head, anchor: RecordAnchored | None, last: VerificationView | None) -> RecordStands:
    """How the record stands, for a page."""
    known = {"anchored_day": anchor.day, "anchored_number": anchor.number} if anchor else {}
    return RecordStands(entries=head.number, hash=head.hash, last=last, **known)
