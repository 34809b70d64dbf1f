"""However a word is spelt, it is read for what it is."""

import pytest

from harbour.screening.reading import CAP, clean, fold, plain, respelt, trim
from harbour.screening.rulebook import rulebook


def read(text: str) -> str:
    return " ".join(respelt(fold(clean(text)), rulebook().vocabulary).words)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("I WANT TO DIE", "i wanna die"),
        ("ｗａｎｔ ｔｏ ｄｉｅ", "wanna die"),
        ("wаnt tо diе", "wanna die"),  # Cyrillic а, о, е
        ("d\u200bi\u200de", "die"),
        ("diiiiie", "die"),
        ("kiiilll", "kill"),
        ("d1e", "die"),
        ("k1ll mys3lf", "kill myself"),
        ("su!c1de", "suicide"),
        ("s.u.i.c.i.d.e", "suicide"),
        ("s-u-i-c-i-d-e", "suicide"),
        ("k i l l m y s e l f", "kill myself"),
        ("sucide", "suicide"),
        ("suicdie", "suicide"),
        ("kms 2nite", "kill myself tonight"),
        ("unalive", "kill"),
        ("sewerslide", "suicide"),
        ("dinnae wanna be here", "dont wanna be here"),
        ("i do not want to be here any more", "i dont wanna be here anymore"),
        ("took 💊", "took pillpic"),
        ("my @ is", "my atsign is"),
        ("día", "dia"),
    ],
)
def test_a_disguised_word_is_read_as_meant(written: str, meant: str) -> None:
    assert read(written) == meant


@pytest.mark.parametrize("word", ["hopping", "bled", "haha", "see", "school", "planned"])
def test_an_ordinary_word_stays_itself(word: str) -> None:
    assert read(word) == word


def test_the_words_as_written_are_kept_as_a_reading_of_their_own() -> None:
    assert plain(fold("D1e 2 day"), rulebook().vocabulary).words == ("d1e", "2", "day")


def test_no_more_than_the_cap_is_read_from_head_and_tail() -> None:
    text = "a" * CAP + "middle" + "b" * CAP
    trimmed = trim(text)
    assert len(trimmed) == CAP + 1
    assert "middle" not in trimmed
    assert trimmed.startswith("a")
    assert trimmed.endswith("b")
