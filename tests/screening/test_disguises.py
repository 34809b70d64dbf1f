"""A phrase in disguise is judged no less urgent than the plain one; an everyday word stays what it is."""

import random
from collections.abc import Callable, Mapping

import pytest

from harbour.contracts.concerns import Urgency
from harbour.screening import judge_by_rules, look_at_door
from tests.screening.test_short_cuts import spaced, stretched

PHRASES = (
    "i want to die",
    "i want to kill myself",
    "suicide is on my mind and i want to die",
    "i took too many pills",
    "my stepdad hits me",
    "i relapsed tonight",
    "hope you die you freak",
)
WHOLE = "abcdefghijklmnopqrstuvwxyz"


def drawn(letters: str) -> Callable[[str], str]:
    """Each letter as another alphabet draws it."""
    table = str.maketrans(dict(zip(WHOLE, letters, strict=True)))
    return lambda text: text.translate(table)


def run_of(first: int) -> Callable[[str], str]:
    """Each letter from a block of 26 that begins here."""
    return drawn("".join(chr(first + at) for at in range(26)))


def between(mark: str) -> Callable[[str], str]:
    """A mark between all letters of each word."""
    return lambda text: " ".join(mark.join(word) for word in text.split())


def after_each(mark: str) -> Callable[[str], str]:
    """A mark after every character."""
    return lambda text: "".join(char + mark for char in text)


def instead(swaps: Mapping[str, str]) -> Callable[[str], str]:
    """Some letters replaced."""
    table = {ord(char): other for char, other in swaps.items()}
    return lambda text: text.translate(table)


DISGUISES: dict[str, Callable[[str], str]] = {
    "capitals": str.upper,
    "every other capital": lambda text: "".join(c.upper() if at % 2 else c for at, c in enumerate(text)),
    "full width": run_of(0xFF41),
    "bold": run_of(0x1D41A),
    "script": run_of(0x1D4EA),
    "circled": run_of(0x24D0),
    "in brackets": run_of(0x249C),
    "boxed": run_of(0x1F130),
    "white on black": run_of(0x1F170),
    "white on black, round": run_of(0x1F150),
    "flags": run_of(0x1F1E6),
    "small capitals": drawn("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡxʏᴢ"),
    "raised": drawn("ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖqʳˢᵗᵘᵛʷˣʸᶻ"),
    "Cyrillic": instead(dict(zip("aeopcyxiskm", "аеорсухіѕкм", strict=True))),
    "Greek": instead(dict(zip("aoiknt", "αοικητ", strict=True))),
    "accents": instead(dict(zip("aeioun", "áëîöüñ", strict=True))),
    "letters upside down": instead(dict(zip("aeihkmrtwy", "ɐǝıɥʞɯɹʇʍʎ", strict=True))),
    "zero-width spaces": after_each("\u200b"),
    "soft hyphens": after_each("\u00ad"),
    "joiners": after_each("\u200d"),
    "variation selectors": after_each("\ufe0f"),
    "struck through": after_each("\u0336"),
    "marks on marks": after_each("\u0300\u0315\u031b"),
    "right to left": lambda text: f"\u202e{text}\u202c",
    "tags": after_each("\U000e0061"),
    "stretched": stretched,
    "stretched at the end": lambda text: " ".join(w + w[-1] * 4 if len(w) > 2 else w for w in text.split()),
    "doubled at the beginning": lambda text: " ".join(w[0] + w if len(w) > 1 else w for w in text.split()),
    "doubled vowels": instead({"a": "aa", "i": "ii", "u": "uu"}),
    "numbers for letters": instead(dict(zip("aeo", "430", strict=True))),
    "one for l": instead({"l": "1"}),
    "one for i": instead({"i": "1"}),
    "one for both": instead({"i": "1", "l": "1"}),
    "symbols for letters": instead(dict(zip("aeist", "@3!$7", strict=True))),
    "bars": instead({"l": "|"}),
    "spaced": spaced,
    "spaced in words": between(" "),
    "dotted": between("."),
    "dashed": between("-"),
    "underscored": between("_"),
    "slashed": between("/"),
    "barred": between("|"),
    "stars between": between("*"),
    "commas between": between(","),
    "letters in brackets": lambda text: " ".join("".join(f"({c})" for c in word) for word in text.split()),
    "a line a word": lambda text: "\n".join(text.split()),
    "a line a letter": lambda text: "\n".join(text.replace(" ", "")),
    "dots for spaces": lambda text: ".".join(text.split()),
    "dashes for spaces": lambda text: "-".join(text.split()),
    "underscores for spaces": lambda text: "_".join(text.split()),
    "stars around": lambda text: " ".join(f"**{word}**" for word in text.split()),
    "quoted": lambda text: " ".join(f"‘{word}’" for word in text.split()),
}


@pytest.mark.parametrize("disguise", DISGUISES)
def test_a_phrase_in_disguise_is_judged_no_less_urgent(disguise: str) -> None:
    for phrase in PHRASES:
        plain, hidden = judge_by_rules(phrase), judge_by_rules(DISGUISES[disguise](phrase))
        assert plain is not None
        assert hidden is not None, DISGUISES[disguise](phrase)
        assert hidden.urgency.rank >= plain.urgency.rank, DISGUISES[disguise](phrase)


@pytest.mark.parametrize(
    "text",
    [
        "i want to k*ll myself",
        "i want to k**l myself",
        "s**cide thoughts again",
        "s*****e thoughts again",
        "i want to k#ll myself",
        "k-ll myself tonight",
        "k_ll myself tonight",
        "sui cide thoughts again",
        "k1||ing my$elf",
        "iwanttodie",
        "#iwanttodie",
        "killmyself tonight",
        "gna kms 2nite",
        "kys lol u freak",
        "i wanna unalive myself",
        "gonna un alive myself",
        "sewerslide thoughts again",
        "ctb tonight",
        "i want to game end myself",
        "wanna commit die",
        "i want to ⚰️",
        "want to 🔚 my life",
        "i took 💊💊💊",
        "cant stop 🔪 myself",
        "relpased tonight",
        "i got graped by my uncle",
        "s/h urges so bad",
        "i want to s3lf h4rm so bad",
        "dnt wnna b alive nymore",
    ],
)
def test_what_people_write_instead_is_read(text: str) -> None:
    finding = judge_by_rules(text)
    assert finding is not None
    assert finding.urgency.rank >= Urgency.MEDIUM.rank


@pytest.mark.parametrize(
    "text",
    [
        "my t-shirt is a-ok and x-ray vision is on",
        "50/50 chance of c-day",
        "skiing with aardvarks in the bazaar",
        "📱 is at 1% and 🇬🇧 is on the telly",
        "f**k me this is hard lol",
        "oh sh*t the bus",
        "see u l8r m8",
        "**bold** and _quiet_ please",
        "no body in this house cleans",
        "its 1 nil, 1 more to go",
    ],
)
def test_ordinary_marks_and_spellings_are_not_read_as_more(text: str) -> None:
    assert judge_by_rules(text) is None
    assert not look_at_door(text).hold


NUMBER = "07700900123"
SPELT = {
    "0": ("zero", "oh", "nought", "o"), "1": ("one", "1"), "2": ("two", "2"), "3": ("three", "3"), "7": ("seven", "7"),
    "9": ("nine", "9"),
}  # fmt: skip


@pytest.mark.parametrize("seed", range(20))
def test_a_number_in_digits_and_words_mixed_at_random_is_held(seed: int) -> None:
    chance = random.Random(seed)
    said = chance.choice([" ", "  ", ", ", " - "]).join(chance.choice((*SPELT[digit], digit)) for digit in NUMBER)
    assert look_at_door(f"im on {said} ok").hold, said


@pytest.mark.parametrize("disguise", ["full width", "zero-width spaces", "dotted", "dashed", "spaced", "quoted"])
def test_a_number_in_disguise_is_held(disguise: str) -> None:
    digits = "".join(chr(ord(c) + 0xFEE0) for c in NUMBER) if disguise == "full width" else DISGUISES[disguise](NUMBER)
    assert look_at_door(digits).hold
