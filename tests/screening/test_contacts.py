"""Ways to be reached are found in disguise too; help lines are not held."""

import pytest

from harbour.contracts.concerns import Category
from harbour.screening import look_at_door


@pytest.mark.parametrize(
    "text",
    [
        "07700 900123",
        "+44 7700 900123",
        "0044 7700 900 123",
        "o77oo 9oo 123",
        "oh seven seven double zero nine double oh one two three",
        "07700 nine hundred and then 123",
        "0️⃣7️⃣7️⃣0️⃣0️⃣9️⃣0️⃣0️⃣1️⃣2️⃣3️⃣",
        "321009 00770 backwards",
        "ZERO cats SEVEN dogs SEVEN hats ZERO ZERO NINE logs ZERO ZERO ONE TWO THREE",
        "mail me: someone.else@example.org",
        "someone (at) example (dot) com",
        "https://example.com/room",
        "ZZ1 4QA",
        "my snap is test_user_1",
        "my insta is test_user_1",
        "add me on insta",
        "i live at 14 Sample Street",
        "i go to Exampleton High",
    ],
)
def test_a_way_to_be_reached_is_held(text: str) -> None:
    verdict = look_at_door(text)
    assert verdict.hold
    assert Category.CONTACT_OR_PII in {reason.category for reason in verdict.reasons}


@pytest.mark.parametrize(
    "text",
    [
        "ring 999 if its an emergency, or 111",
        "Childline is 0800 1111",
        "childline 08001111 was really kind",
        "Samaritans 116 123 any time",
        "text SHOUT to 85258",
        "Papyrus 0800 068 4141",
        "look at www.childline.org.uk or https://www.papyrus-uk.org/help",
        "you can mail jo@samaritans.org",
        "got 10 out of 10 in 2026",
    ],
)
def test_a_help_line_is_not_held(text: str) -> None:
    assert not look_at_door(text).hold


def test_a_number_next_to_a_help_line_is_held() -> None:
    assert look_at_door("childline is 0800 1111 and im on 07700 900123").hold
