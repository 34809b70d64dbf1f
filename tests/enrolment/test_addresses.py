"""An address is kept in one form, however it was typed, and never shows itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrolment.addresses import Address, Unreadable, read_address, read_email, read_phone


@pytest.mark.parametrize(
    "typed", ["07700 900123", "07700900123", "+44 7700 900123", "0044 7700 900123", "(07700) 900-123"]
)
def test_a_mobile_number_has_one_form(typed: str) -> None:
    assert read_phone(typed) == "+447700900123"


@pytest.mark.parametrize(
    "typed", ["", "12", "hello", "07700", "020 7946 0018", "999", "0800 1111", "07700 9001234", "07700 900123 x9"]
)
def test_what_cannot_take_a_text_is_no_number(typed: str) -> None:
    with pytest.raises(Unreadable):
        read_phone(typed)


@given(
    digits=st.text("0123456789", min_size=3, max_size=3),
    gaps=st.lists(st.sampled_from(["", " ", "-", ")"]), min_size=14, max_size=14),
)
def test_spaces_and_dashes_do_not_make_another_number(digits: str, gaps: list[str]) -> None:
    typed = "".join(digit + gap for digit, gap in zip(f"07700900{digits}", gaps, strict=False))
    assert read_phone(typed) == f"+447700900{digits}"


@given(st.text(max_size=32))
def test_any_text_at_all_is_a_number_or_unreadable(text: str) -> None:
    try:
        read = read_phone(text)
    except Unreadable:
        return
    assert read == read_phone(read)
    assert read.startswith("+")


def test_a_mail_address_keeps_its_name_and_has_its_domain_in_lower_case() -> None:
    assert read_email(" Mia.Rose@Example.ORG ") == "Mia.Rose@example.org"


@pytest.mark.parametrize("typed", ["mia", "mia@", "@example.org", "mia@example", "a b@example.org", "mia@@example.org"])
def test_what_is_no_mail_address_is_unreadable_and_not_quoted(typed: str) -> None:
    with pytest.raises(Unreadable) as raised:
        read_email(typed)
    assert typed not in str(raised.value)


def test_the_same_address_in_another_case_is_the_same_address() -> None:
    assert read_address("Mia@Example.org", "").forms == read_address("mia@example.ORG", "").forms


def test_mail_and_phone_are_two_ways_to_one_person() -> None:
    assert len(read_address("mia@example.org", "07700 900123").forms) == 2
    assert read_address("", "").forms == ()


def test_an_address_never_shows_itself() -> None:
    shown = repr(Address(email="mia@example.org", phone="+447700900123"))
    assert "mia" not in shown
    assert "900123" not in shown
