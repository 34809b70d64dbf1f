"""Invented people who apply, adults who lead, and the keys of a test."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta

from harbour.contracts.enrolment import AddStaff, Apply, Role, ScheduleCourse
from services.enrolment.keyring import Keyring

VAULT_KEY, CONTACT_KEY, LOOKUP_KEY, BOOK_KEY = (letter * 32 for letter in (b"v", b"c", b"l", b"b"))
SETTINGS = {
    "ENROLMENT_VAULT_KEY": b64encode(VAULT_KEY).decode(),
    "ENROLMENT_CONTACT_KEY": b64encode(CONTACT_KEY).decode(),
    "ENROLMENT_LOOKUP_KEY": b64encode(LOOKUP_KEY).decode(),
    "ENROLMENT_BOOK_KEY": b64encode(BOOK_KEY).decode(),
    "ENROLMENT_PASSWORD_MEMORY_KIB": "8192",
    "ENROLMENT_PASSWORD_ROUNDS": "1",
}
PASSWORD = "a lamp in the window"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
LETTERS = "abcdefghjkmnpqrtuvwx"
"""Letters nobody takes for one another."""


def keyring() -> Keyring:
    """The keys enrolment has in these tests."""
    return Keyring(master=VAULT_KEY, contact=CONTACT_KEY, lookup=LOOKUP_KEY)


def new_adult(name: str = "Sam Okoro", *roles: Role, email: str = "", **fields: object) -> AddStaff:
    """An account for an adult; a counsellor unless said otherwise."""
    return AddStaff.model_validate(
        {
            "name": name,
            "email": email or f"{name.split()[0].lower()}@example.org",
            "password": PASSWORD,
            "roles": roles or (Role.COUNSELLOR,),
            "totp_secret": SECRET,
        }
        | fields
    )


def new_course(course_id: str, *staff: str, starts_at: datetime | None = None, **fields: object) -> ScheduleCourse:
    """Seven evenings; the first is in an hour unless said otherwise."""
    soon = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
    return ScheduleCourse.model_validate(
        {"course_id": course_id, "programme": "seven-weeks", "starts_at": starts_at or soon, "staff": staff} | fields
    )


def application(number: int = 0, course_id: str = "tuesdays", **fields: object) -> Apply:
    """One of very many young people, each with a nickname and an address of their own."""
    name = "Young " + LETTERS[number // 400 % 20] + LETTERS[number // 20 % 20] + LETTERS[number % 20]
    return Apply.model_validate(
        {"course_id": course_id, "nickname": name, "age": 15, "email": f"young{number}@example.org"} | fields
    )
