"""What people type into a form, read kindly: a value, or the words to say beside the field."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from harbour.contracts.notify import Channel

YOUNGEST, OLDEST = 14, 18
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_PHONE = re.compile(r"\+?[\d\s().-]{9,24}")

AGAIN: Mapping[str, tuple[str, str, str]] = {
    "nickname-taken": (
        "/join/name",
        "nickname",
        "Somebody in this group has that name already. Could you pick another?",
    ),
    "nickname-tells": (
        "/join/name",
        "nickname",
        "That name could show people how to find you. Pick one that gives nothing away.",
    ),
    "address-unreadable": ("/join/reach", "", "We couldn’t read that. Could you check it for us?"),
    "no-address": ("/join/reach", "", "We need one way to reach you."),
    "no-such-course": ("/join", "course", "That group isn’t open any more. These ones are."),
    "too-young": ("/join/younger", "", ""),
    "too-old": ("/join/older", "", ""),
    "already-here": ("/join/already", "", ""),
}
"""For each refusal of an application: the page that can mend it, the field there, and what to say."""


@dataclass(frozen=True)
class Reached:
    """How somebody can be reached, or what to say beside each field."""

    email: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    mistakes: Mapping[str, str] = field(default_factory=dict)


def read_age(typed: str) -> int | str:
    """Somebody's age in years, or what to say."""
    digits = typed.removesuffix("years old").removesuffix("years").strip()
    if not digits:
        return "Type your age, as a number."
    if not digits.isdecimal() or not 1 <= int(digits) <= 120:
        return "We couldn’t read that as an age. A number is enough, like 15."
    return int(digits)


def nickname_mistake(typed: str) -> str:
    """What to say about this nickname; nothing where it will do."""
    if len(typed) < 2:
        return "Pick a name with at least two letters. It doesn’t need to be your own."
    if len(typed) > 24:
        return "That’s a bit long for the room. Up to 24 letters fit."
    return ""


def read_reach(email: str, phone: str, offered: Collection[Channel]) -> Reached:
    """How to reach somebody by the ways that are offered here; one is enough."""
    email = email if Channel.EMAIL in offered else ""
    phone = phone if Channel.SMS in offered else ""
    mistakes: dict[str, str] = {}
    if email and (words := email_mistake(email)):
        mistakes["email"] = words
    if phone and not readable_phone(phone):
        mistakes["phone"] = "We couldn’t read that number. It should look like 07700 900123."
    if not email and not phone:
        mistakes["email" if Channel.EMAIL in offered else "phone"] = "We need one way to reach you."
    return Reached(email, phone, mistakes)


def email_mistake(typed: str) -> str:
    """What to say about this email address; nothing where it can be read."""
    if "@" not in typed:
        return "We couldn’t read that address. It looks like the @ is missing."
    if not _EMAIL.fullmatch(typed):
        return "We couldn’t read that address. It looks like something is missing before or after the @."
    return ""


def readable_phone(typed: str) -> bool:
    """Whether this could be a telephone number."""
    return bool(_PHONE.fullmatch(typed)) and 9 <= sum(letter.isdigit() for letter in typed) <= 15


def read_code(typed: str) -> str:
    """The six digits of a code, however they were spaced; empty where it cannot be one."""
    digits = re.sub(r"[\s-]", "", typed)
    return digits if re.fullmatch(r"[0-9]{6}", digits) else ""
