"""Accounts of members of staff, from a terminal."""

import io
from collections.abc import Iterable
from urllib.parse import quote

import segno
from pydantic import ValidationError

from harbour.contracts.enrolment import AddStaff, Role, StaffMade
from harbour.contracts.messages import Refused
from harbour.runtime.asking import Asker
from harbour.stack import Trouble

ISSUER = "Harbour"
_REFUSALS = {
    "already-here": "There is an account with this mail address already.",
    "password-weak": "That password is too easy to guess. Take at least 12 characters, e.g. four words.",
    "address-unreadable": "That does not read like a mail address.",
}


def read_roles(words: Iterable[str]) -> tuple[Role, ...]:
    """`counsellor,lead` as roles. Raises Trouble naming the first that is none."""
    names = [name.strip().replace("-", "_") for word in words for name in word.split(",") if name.strip()]
    if strange := [name for name in names if name not in set(Role)]:
        raise Trouble(f"There is no role called {strange[0]!r}; there are {', '.join(Role)}.")
    return tuple(Role(name) for name in dict.fromkeys(names))


def enrolment_address(email: str, secret: str) -> str:
    """What an authenticator reads from a QR code."""
    return f"otpauth://totp/{ISSUER}:{quote(email)}?secret={secret}&issuer={ISSUER}"


def drawn(address: str) -> str:
    """The QR code of an address in half-height blocks, for a terminal."""
    canvas = io.StringIO()
    segno.make(address, micro=False).terminal(out=canvas, compact=True)
    return canvas.getvalue().rstrip("\n")


async def add(bus: str, name: str, email: str, password: str, roles: Iterable[str]) -> str:
    """Make an account, and give back what its owner needs for their authenticator. Raises Trouble where refused."""
    wish = _wish(name, email, password, read_roles(roles))
    async with Asker(bus) as ask:
        answer = await ask(wish)
    if isinstance(answer, Refused):
        raise Trouble(_REFUSALS.get(answer.reason, f"That was refused: {answer.reason}."))
    assert isinstance(answer, StaffMade)
    return "\n".join(
        [
            f"{name} has an account. They set up their authenticator with this, which is not shown again:",
            "",
            drawn(address := enrolment_address(email, answer.totp_secret)),
            "",
            f"  {answer.totp_secret}",
            f"  {address}",
        ]
    )


def _wish(name: str, email: str, password: str, roles: tuple[Role, ...]) -> AddStaff:
    try:
        return AddStaff(name=name, email=email, password=password, roles=roles)
    except ValidationError as error:
        field = error.errors()[0]["loc"][0]
        raise Trouble(f"The {field} does not fit; it may be empty or too long.") from None
