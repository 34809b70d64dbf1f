"""The keys of this room: they lock contacts up person by person, seal them for notify, and mark addresses."""

import hashlib
import hmac
import json
import secrets
from base64 import b64decode, b64encode

from harbour.runtime.sealing import Seal
from services.enrolment.addresses import Address
from services.enrolment.records import Locked

KEY_BYTES = 32


class Keyring:
    """Holds the keys and never shows them.

    master: wraps each person's own key. contact: shared with notify. lookup: makes marks. Each is 32 bytes.
    """

    def __init__(self, *, master: bytes, contact: bytes, lookup: bytes) -> None:
        self._master = Seal(master)
        self._contact = Seal(contact)
        self._lookup = lookup

    def lock_up(self, address: Address, member_id: str) -> Locked:
        """The address sealed with a fresh key of this person's own, so that it is gone when the key is."""
        own = secrets.token_bytes(KEY_BYTES)
        return Locked(
            wrapped_key=self._master.close(b64encode(own).decode(), f"key:{member_id}"),
            sealed=Seal(own).close(_written(address), f"address:{member_id}"),
        )

    def unlock(self, locked: Locked, member_id: str) -> Address:
        """The address that was locked up for this person. Raises Unsealable for anybody else's."""
        own = b64decode(self._master.open(locked.wrapped_key, f"key:{member_id}"))
        return Address(**json.loads(Seal(own).open(locked.sealed, f"address:{member_id}")))

    def seal_contact(self, address: Address, member_id: str) -> str:
        """A young person's address as notify alone can open it: JSON with `email` and `phone`, about the member."""
        return self._contact.close(_written(address), member_id)

    def seal_staff_mail(self, email: str, staff_id: str) -> str:
        """Where to page a member of staff, as notify alone can open it: JSON with `email`, about the staff id."""
        return self._contact.close(json.dumps({"email": email}), staff_id)

    def seal_secret(self, totp_secret: str, staff_id: str) -> str:
        """An authenticator's secret as it is kept."""
        return self._master.close(totp_secret, f"totp:{staff_id}")

    def open_secret(self, sealed: str, staff_id: str) -> str:
        """The secret again, for a moment. Raises Unsealable for anybody else's."""
        return self._master.open(sealed, f"totp:{staff_id}")

    def marks(self, address: Address) -> tuple[str, ...]:
        """HMAC-SHA256 of each form of the address: it can be recognised by them, never read from them."""
        return tuple(hmac.new(self._lookup, form.encode(), hashlib.sha256).hexdigest() for form in address.forms)


def _written(address: Address) -> str:
    return json.dumps({"email": address.email, "phone": address.phone})
