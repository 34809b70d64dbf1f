"""Sealing: AES-256-GCM, with what it is about bound to it."""

import hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


class Unsealable(ValueError):
    """This cannot be opened with this key, or it is about something else."""


class Seal:
    """Closes and opens short texts with one key of 32 bytes."""

    def __init__(self, key: bytes) -> None:
        if len(key) != 32:
            raise ValueError("a sealing key has 32 bytes")
        self._cipher = AESGCM(key)
        self._marking = hmac.digest(key, b"harbour marking", "sha256")

    def close(self, text: str, about: str) -> str:
        """The text, sealed; the same text never looks the same twice."""
        nonce = os.urandom(12)
        return urlsafe_b64encode(nonce + self._cipher.encrypt(nonce, text.encode(), about.encode())).decode()

    def mark(self, about: str) -> str:
        """22 letters (128 bits) that only this key makes of this, and always the same: for a link nobody can guess."""
        return urlsafe_b64encode(hmac.digest(self._marking, about.encode(), "sha256")[:16]).decode().rstrip("=")

    def open(self, sealed: str, about: str) -> str:
        """The text again. Raises Unsealable for anything that was not closed with this key about this."""
        try:
            raw = urlsafe_b64decode(sealed.encode())
            return self._cipher.decrypt(raw[:12], raw[12:], about.encode()).decode()
        except (InvalidTag, ValueError):
            raise Unsealable("this cannot be opened with this key") from None
