"""What the book's rules and store both know: a key that is wrapped, and an entry that is sealed."""

from dataclasses import dataclass, field
from datetime import datetime

from harbour.contracts.book import Keeping


@dataclass(frozen=True)
class BookKey:
    """The key of one book, wrapped, and how long the book is to stay."""

    member_id: str
    wrapped_key: str = field(repr=False)
    keeping: Keeping
    erase_at: datetime | None


@dataclass(frozen=True)
class SealedEntry:
    """One entry as it is stored: nothing but its id can be read."""

    entry_id: str
    sealed: str = field(repr=False)
