"""Addresses: how to reach a person, in the one form we keep. Pure."""

from dataclasses import dataclass, field

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberType

REGION = "GB"
INVENTED = "+447700900"
"""07700 900000 to 900999: the numbers Ofcom keeps free for invented people, which libphonenumber calls invalid."""

_TAKES_TEXTS = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
"""A text to a landline is read aloud to whoever picks up, so only mobiles count."""


class Unreadable(ValueError):
    """An address cannot be read; the text never quotes it."""


@dataclass(frozen=True)
class Address:
    """A mail address, a mobile number (E.164), or both; empty where there is none. It never shows itself."""

    email: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)

    @property
    def forms(self) -> tuple[str, ...]:
        """Each way to reach the person as one comparable text."""
        mail = (f"email:{self.email.casefold()}",) if self.email else ()
        return mail + ((f"phone:{self.phone}",) if self.phone else ())


def read_address(email: str, phone: str) -> Address:
    """Both as we keep them; empty stays empty. Raises Unreadable."""
    return Address(email=read_email(email) if email else "", phone=read_phone(phone) if phone else "")


def read_email(text: str) -> str:
    """The mail address, its domain in lower case and ASCII. Raises Unreadable."""
    try:
        found = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise Unreadable("not a mail address") from None
    return found.ascii_email or found.normalized


def read_phone(text: str) -> str:
    """The mobile number in E.164, read as in the UK where no country is given. Raises Unreadable."""
    try:
        number = phonenumbers.parse(text, REGION)
    except NumberParseException:
        raise Unreadable("not a phone number") from None
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if number.extension or not (_takes_texts(number) or _is_invented(written)):
        raise Unreadable("not a mobile number")
    return written


def _takes_texts(number: PhoneNumber) -> bool:
    return phonenumbers.is_valid_number(number) and phonenumbers.number_type(number) in _TAKES_TEXTS


def _is_invented(written: str) -> bool:
    return written.startswith(INVENTED) and len(written) == len(INVENTED) + 3
