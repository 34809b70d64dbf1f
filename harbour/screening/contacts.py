"""Finds ways to reach a person outside the group; numbers and sites of help lines are let through."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from harbour.screening.reading import unmask

_HELP_NUMBERS = frozenset({"999", "111", "112", "101", "105", "116123", "116000", "116111", "85258"})
_FREE = ("0800", "0808")
"""Freephone numbers are never a young person's own: help lines such as 0800 1111 and 0800 068 4141 have them."""
_HELP_SITES = (
    "childline.org.uk", "nhs.uk", "samaritans.org", "youngminds.org.uk", "papyrus-uk.org", "kooth.com", "mind.org.uk",
    "giveusashout.org", "themix.org.uk", "beateatingdisorders.org.uk", "nspcc.org.uk", "ceop.police.uk", "police.uk",
    "gov.uk", "selfharm.co.uk", "alumina.org.uk", "switchboard.lgbt", "talktofrank.com", "refuge.org.uk",
    "calmharm.stem4.org.uk", "stem4.org.uk", "bbc.co.uk",
)  # fmt: skip
_HELP_AT = frozenset({"jo@samaritans.org", "pat@papyrus-uk.org"})

_DIGITS = {
    "zero": "0", "oh": "0", "o": "0", "nought": "0", "naught": "0", "nil": "0", "one": "1", "two": "2", "three": "3",
    "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
}  # fmt: skip
_TIMES = {"double": 2, "dbl": 2, "triple": 3, "treble": 3}
_PLURALS = {"zeros": "0", "zeroes": "0", "ohs": "0", "sevens": "7", "nines": "9", "ones": "1", "twos": "2"}
_COUNTS = {"two": 2, "three": 3}
_TOKEN = re.compile(r"[^\W_]+|\+")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,6}")
_SPELT_EMAIL = re.compile(
    r"\b\w{1,64} ?[(\[]?\bat\b[)\]]? ?[\w-]{1,63} ?[(\[]?(?:\bdot\b|\.)[)\]]? ?(?:com|co|org|net|uk|me|ac)\b"
)
_SITE = re.compile(
    r"(?:https?://|www\.)[^\s/]{1,255}"
    r"|(?<![\w.@-])[a-z0-9-]{2,63}(?:\.[a-z0-9-]{1,63}){0,4}\.(?:com|co\.uk|org|net|gg|io|app|link|tv|ly|xyz)\b"
)
_SPELT_SITE = re.compile(r"\b\w{3,63} dot (?:com|co|org|net|gg|io|me|app|link|tv)\b")
_POSTCODE = re.compile(r"(?<!\w)([a-z]{1,2}\d[a-z\d]?)( ?)(\d[abd-hjlnp-uw-z]{2})(?!\w)", re.IGNORECASE)
_NOT_AREAS = frozenset(
    {"b4", "m8", "l8", "w8", "h8", "e1", "n1", "s1", "gr8", "no1", "u2", "m9", "n0", "g0", "s0", "t0", "d0"}
)
_FILLERS = 2

# What follows is quick to look for, and where it is missing there is nothing of that kind; most messages stop there.
_AT = re.compile(r"at\b")
_SPELT_EMAIL_END = re.compile(r"(?:dot\b|\.)[)\]]? ?(?:com|co|org|net|uk|me|ac)\b")
_SITE_END = re.compile(r"\.(?:com|co\.uk|org|net|gg|io|app|link|tv|ly|xyz)\b")
_POSTCODE_END = re.compile(r"\d[abd-hjlnp-uw-z]{2}(?!\w)", re.IGNORECASE)
_NUMBER_WORDS = frozenset({*_DIGITS, *_PLURALS, *_TIMES, "hundred"})
_FEWEST_DIGITS = 10
_MOST_DIGITS_OF_A_WORD = 3


def has_email(text: str) -> bool:
    """Whether an e-mail address is given, written or spelt out."""
    folded = text.casefold()
    if "@" in folded and any(found not in _HELP_AT for found in _EMAIL.findall(folded)):
        return True
    spelt = ("." in folded or "dot" in folded) and _AT.search(folded) and _SPELT_EMAIL_END.search(folded)
    return bool(spelt and _SPELT_EMAIL.search(folded))


def has_site(text: str) -> bool:
    """Whether a web address is given that is not one of the known help sites."""
    folded = text.casefold()
    if "." not in folded and "://" not in folded and " dot " not in folded:
        return False
    named = "://" in folded or "www." in folded or _SITE_END.search(folded)
    for found in _SITE.finditer(folded) if named else ():
        site = re.sub(r"^(?:https?://)?(?:www\.)?", "", found.group()).rstrip(".,)!?")
        if not any(site == help_ or site.endswith("." + help_) for help_ in _HELP_SITES):
            return True
    return " dot " in folded and bool(_SPELT_SITE.search(folded))


def has_postcode(text: str) -> bool:
    """Whether a full UK postcode is given."""
    for found in _POSTCODE.finditer(text) if _POSTCODE_END.search(text) else ():
        area, _, rest = found.groups()
        shouted = area.isupper() and rest[1:].isupper()
        if shouted or (area.casefold() not in _NOT_AREAS and not _is_ordinal(rest.casefold())):
            return True
    return False


def has_phone(text: str) -> bool:
    """Whether a UK telephone number is given in digits, words or both, in one piece or with words between."""
    words = _TOKEN.findall(unmask(text.casefold()))
    if _most_digits(words) < _FEWEST_DIGITS:
        return False
    groups = [digits for digits, _ in _digit_groups(words)]
    return any(_is_phone(run) for run, _, _ in _runs(groups, 0)) or any(
        _is_mobile(run) for run, _, _ in _runs(groups, _FILLERS)
    )


def _is_ordinal(rest: str) -> bool:
    return rest in ("1st", "2nd", "3rd") or rest[1:] in ("th", "rs", "ls")


def _is_phone(digits: str) -> bool:
    if digits in _HELP_NUMBERS or digits.startswith(_FREE):
        return False
    national = re.sub(r"^(?:00|\+)?44\+?0?", "0", digits) if digits.startswith(("0044", "44", "+44")) else digits
    return len(national) in (10, 11) and national.startswith(("01", "02", "03", "07")) and not _dull(national)


def _is_mobile(digits: str) -> bool:
    """A mobile number somewhere in the digits, forwards or backwards."""
    return any(re.search(r"07\d{9}|447\d{9}", d) and not d.startswith(_FREE) for d in (digits, digits[::-1]))


def _dull(digits: str) -> bool:
    return len(set(digits[2:])) == 1


def _most_digits(words: Sequence[str]) -> int:
    """No fewer digits than these words can stand for, whatever `_digit_groups` makes of them."""
    numbers = [word for word in words if not word.isalpha() or word in _NUMBER_WORDS]
    return sum(max(len(word), _MOST_DIGITS_OF_A_WORD) for word in numbers)


def _digit_groups(words: Sequence[str]) -> list[tuple[str | None, int]]:
    """Each word, or two that go together, as its digits or None for what is no number, and where it begins."""
    groups: list[tuple[str | None, int]] = []
    at = 0
    while at < len(words):
        word, after = words[at], words[at + 1] if at + 1 < len(words) else ""
        together = _two_as_digits(word, after)
        groups.append((_as_digits(word) if together is None else together, at))
        at += 1 if together is None else 2
    return groups


def _two_as_digits(word: str, after: str) -> str | None:
    """Two words that are one number, such as double seven, two sevens or nine hundred."""
    if (times := _TIMES.get(word) or (_COUNTS.get(word) if after in _PLURALS else None)) is not None:
        digit = _PLURALS.get(after) or _DIGITS.get(after) or (after if len(after) == 1 and after.isdigit() else None)
        if digit:
            return digit * times
    one = _as_digits(word) if after == "hundred" else None
    return None if one is None else one + "00"


def _as_digits(word: str) -> str | None:
    if word in _PLURALS:
        return _PLURALS[word]
    if word in _DIGITS:
        return _DIGITS[word]
    if word == "+":
        return ""
    if word.isdigit():
        return word if word.isascii() else None
    return _mixed(word) if any(c.isdigit() for c in word) else None


def _mixed(word: str) -> str | None:
    """Digits with letters in their place, such as o77oo or 0seven7, as digits."""
    for name, digit in _DIGITS.items():
        if len(name) > 2:
            word = word.replace(name, digit)
    word = word.replace("oh", "0").translate(str.maketrans("oilzsb", "011258"))
    return word if word.isdigit() and word.isascii() and len(word) > 1 else None


def _runs(groups: Sequence[str | None], fillers: int) -> Iterator[tuple[str, int, int]]:
    """Digits that follow one another with at most `fillers` other words between two, with their first and last."""
    run, first, last = "", 0, 0
    for at, group in enumerate(groups):
        if group is not None:
            run, first, last = run + group, first if run else at, at
        elif run and at - last > fillers:
            yield run, first, last
            run = ""
    if run:
        yield run, first, last


DETECTORS: Mapping[str, Callable[[str], bool]] = {
    "email": has_email,
    "site": has_site,
    "postcode": has_postcode,
    "phone": has_phone,
}


# ── and where they stand, asked only of a text that has one ───────────────────────────────────────────────────


def _emails(text: str) -> Iterator[tuple[int, int]]:
    yield from (one.span() for one in _EMAIL.finditer(text) if one.group() not in _HELP_AT)
    yield from (one.span() for one in _SPELT_EMAIL.finditer(text))


def _sites(text: str) -> Iterator[tuple[int, int]]:
    for found in (*_SITE.finditer(text), *_SPELT_SITE.finditer(text)):
        if has_site(found.group()):
            yield found.span()


def _postcodes(text: str) -> Iterator[tuple[int, int]]:
    yield from (one.span() for one in _POSTCODE.finditer(text) if has_postcode(one.group()))


def _phones(text: str) -> Iterator[tuple[int, int]]:
    tokens = list(_TOKEN.finditer(text))
    groups = _digit_groups([one.group() for one in tokens])
    ends = [*(at for _, at in groups[1:]), len(tokens)]
    for fillers, is_phone in ((0, _is_phone), (_FILLERS, _is_mobile)):
        for digits, first, last in _runs([digits for digits, _ in groups], fillers):
            if is_phone(digits):
                yield tokens[groups[first][1]].start(), tokens[ends[last] - 1].end()


PLACES: Mapping[str | None, tuple[Callable[[str], str], Callable[[str], Iterator[tuple[int, int]]]]] = {
    "email": (str.casefold, _emails),
    "site": (str.casefold, _sites),
    "postcode": (str, _postcodes),
    "phone": (lambda text: unmask(text.casefold()), _phones),
}
"""For each detector how it reads a text, and the places in what it has read."""
