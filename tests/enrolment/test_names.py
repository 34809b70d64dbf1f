"""A nickname tells nothing, fools nobody, and belongs to one person in a course."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrolment.names import alike, tidy, why_not_called


def reason(nickname: str, taken: set[str] | None = None, adults: tuple[str, ...] = ()) -> str | None:
    refusal = why_not_called(tidy(nickname), taken or set(), adults)
    return refusal.reason if refusal else None


@pytest.mark.parametrize(
    "name",
    [
        "Mia",
        "Sunflower",
        "Badminton",
        "modest",
        "blue fox",
        "Lizzy",
        "Zoë",
        "मीरा",
        "Star ✨",
        "Jo",
        "Hostess",
        "Snapdragon",
        "Миша",
    ],
)
def test_an_ordinary_nickname_is_fine(name: str) -> None:
    assert reason(name) is None


@pytest.mark.parametrize(
    "name", ["mia@example.org", "07700 900123", "insta mia_rose_x", "snap: miarose09", "@miarose", "tiktok/mia"]
)
def test_a_nickname_with_a_contact_detail_tells(name: str) -> None:
    assert reason(name) == "nickname-tells"


@pytest.mark.parametrize(
    "name",
    ["Harbour", "HARBOR", "H4rb0ur", "The Harbour", "Counsellor", "counse11or", "Admin", "4dmin", "admin1", "TheAdmin",
     "xX_mod_Xx", "Childline", "Chıldlıne", "Samaritans", "Youth Worker", "s t a f f", "Ηarbour", "Facilitator Jo"],
)  # fmt: skip
def test_a_nickname_that_passes_for_an_adult_or_the_house_is_taken(name: str) -> None:
    assert reason(name) == "nickname-taken"


@pytest.mark.parametrize("name", ["Sam", "sam okoro", "SAM"])
def test_nobody_is_called_like_the_adult_in_the_room(name: str) -> None:
    assert reason(name, adults=("Sam Okoro",)) == "nickname-taken"
    assert reason(name) is None


@pytest.mark.parametrize(
    "name", ["mia", "MIA", "M i a", "Mía", "М\u0456а", "M1a", "Mla", "m.i.a", "Mia!", "M!a", "ＭＩＡ", "Mi\u200ba"]
)
def test_a_nickname_that_looks_like_one_in_the_course_is_taken(name: str) -> None:
    assert reason(name, taken={alike("Mia")}) == "nickname-taken"


@pytest.mark.parametrize("name", ["Mina", "Maya", "Mia Two"])
def test_a_nickname_that_only_resembles_one_is_free(name: str) -> None:
    assert reason(name, taken={alike("Mia")}) is None


@pytest.mark.parametrize("name", ["\u200b\u200b", "🌊🌊", "..", "x" * 25, " a "])
def test_a_nickname_is_two_to_twenty_four_characters_that_can_be_read(name: str) -> None:
    assert reason(name) == "nickname-taken"


@given(st.text(max_size=24))
def test_a_tidied_nickname_holds_nothing_unseen_and_stays_as_it_is(name: str) -> None:
    shown = tidy(name)
    assert not {unicodedata.category(char) for char in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert tidy(shown) == shown
    assert shown == shown.strip()


@given(st.text(max_size=24))
def test_every_nickname_looks_like_itself_in_any_case(name: str) -> None:
    assert name.upper().casefold() != name.casefold() or alike(name.upper()) == alike(name)


@given(st.text(min_size=2, max_size=24))
def test_a_nickname_once_taken_is_taken(name: str) -> None:
    assert reason(name, taken={alike(tidy(name))}) is not None
