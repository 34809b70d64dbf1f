"""Passwords of staff: Argon2id, hashed in a thread, the same work whether or not somebody is known."""

import asyncio
import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError


class Passwords:
    """Makes and checks password hashes.

    memory_kib, rounds, lanes: the cost of one hash; the defaults are the second choice of RFC 9106.
    """

    def __init__(self, *, memory_kib: int = 65_536, rounds: int = 3, lanes: int = 4) -> None:
        self._hasher = PasswordHasher(time_cost=rounds, memory_cost=memory_kib, parallelism=lanes)
        self._nobody = self._hasher.hash(secrets.token_urlsafe())

    async def hash(self, password: str) -> str:
        """A fresh hash of this password."""
        return await asyncio.to_thread(self._hasher.hash, _typed(password))

    async def fits(self, password: str, kept: str | None) -> bool:
        """Whether `kept` is a hash of this password. None, for nobody, takes as long and is never right."""
        return await asyncio.to_thread(self._verify, _typed(password), kept or self._nobody) and kept is not None

    def is_dated(self, kept: str) -> bool:
        """Whether the cost has changed since this hash was made."""
        return self._hasher.check_needs_rehash(kept)

    def _verify(self, password: str, kept: str) -> bool:
        try:
            return self._hasher.verify(kept, password)
        except VerifyMismatchError:
            return False


def _typed(password: str) -> str:
    """The same characters from every keyboard: some send `é` as one, some as two."""
    return unicodedata.normalize("NFKC", password)
