"""How books are sealed: each under a key of its owner, and that key under the book key of the house."""

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode

from harbour.contracts.book import BookEntry
from harbour.runtime.sealing import Seal
from services.enrolment.book.records import SealedEntry

KEY_BYTES = 32
STEP_BYTES = 512
"""Entries are filled up to a multiple of this, so that a size does not tell `done` from `not this week`."""


class OpenBook:
    """One person's book, open in memory for the time of one wish."""

    def __init__(self, own_key: bytes, member_id: str) -> None:
        self._own, self._member_id = own_key, member_id
        self._seal = Seal(own_key)

    def close(self, entry: BookEntry) -> SealedEntry:
        """The entry as it is stored; kind, evening and times are sealed with the words."""
        text = entry.model_dump_json()
        text += " " * (-len(text.encode()) % STEP_BYTES)
        return SealedEntry(entry.entry_id, self._seal.close(text, self._about(entry.entry_id)))

    def open(self, sealed: SealedEntry) -> BookEntry:
        """The entry again. Raises Unsealable for anybody else's, and for one that was put under another id."""
        text = self._seal.open(sealed.sealed, self._about(sealed.entry_id))
        return BookEntry.model_validate_json(text)

    def place_of(self, *what: str) -> str:
        """The one entry id for this in this book; without the key nobody can tell what it stands for."""
        return hmac.new(self._own, "\x1f".join(("place", *what)).encode(), hashlib.sha256).hexdigest()[:48]

    def _about(self, entry_id: str) -> str:
        return f"book:{self._member_id}:{entry_id}"


class BookKeys:
    """Makes and opens the keys of books. Holds the key of the house and never shows it."""

    def __init__(self, house_key: bytes) -> None:
        self._house = Seal(house_key)

    def fresh(self, member_id: str) -> str:
        """A new key for this person, wrapped; when this is gone, so is the book."""
        return self._house.close(b64encode(secrets.token_bytes(KEY_BYTES)).decode(), f"book-key:{member_id}")

    def open(self, wrapped_key: str, member_id: str) -> OpenBook:
        """This person's book. Raises Unsealable for anybody else's key."""
        return OpenBook(b64decode(self._house.open(wrapped_key, f"book-key:{member_id}")), member_id)
