"""The record: what safeguard says of the chain of everything it decided, and whether it is whole."""

from pydantic import AwareDatetime

from harbour.contracts.enrolment import Part
from harbour.contracts.messages import Answer, Command, Event, Key, Query, Timer


class RecordAnchored(Event, fact="safeguard.record-anchored", key=("day",)):
    """How long the record was when a day began, and the hash of its last entry: kept where no database is.

    Whoever shortens or rebuilds the record later, however carefully, does not fit this any more.
    """

    day: Key
    """The day that begins, in London: `2026-11-23`."""
    number: int
    """The number of the last entry; 0 where there was none."""
    hash: str


class AnchorDue(Timer, fact="safeguard.anchor-due", key=("day",)):
    """A day begins: the record is to be anchored."""

    day: Key


class VerificationAsked(Event, fact="safeguard.verification-asked", key=("verification_id",)):
    """Somebody of staff wants to know whether the record is whole."""

    verification_id: Key
    staff_id: Key


class FaultView(Part):
    """One thing that is wrong with the record, by its number; 0 for what has none. It never quotes words."""

    number: int
    kind: str
    subject: str
    wrong: str
    say: str


class VerificationView(Part):
    """One look at the whole record."""

    by: str
    asked_at: AwareDatetime
    ended_at: AwareDatetime | None = None
    looked: int = 0
    of: int = 0
    anchors: int = 0
    """How many anchors on the bus it was held against."""
    erased: int = 0
    """How many entries have lost their words, as the record says."""
    faults: tuple[FaultView, ...] = ()
    more_faults: int = 0


class RecordStands(Answer):
    """How long the record is, where it was last anchored, and how it was last found."""

    entries: int
    hash: str
    anchored_day: str = ""
    anchored_number: int = 0
    last: VerificationView | None = None


class ReadRecord(Query[RecordStands], ask="safeguard.read-record"):
    """How does the record stand? Everybody of staff may ask. Refused with `not-allowed`."""

    staff_id: Key


class VerifyRecord(Command[RecordStands], ask="safeguard.verify-record"):
    """Have the whole record looked at, unless somebody is at it already. Refused with `not-allowed`."""

    staff_id: Key
