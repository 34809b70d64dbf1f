"""The record: what safeguard says of the chain of everything it decided."""

from harbour.contracts.messages import Event, Key, Timer


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
