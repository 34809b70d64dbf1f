"""The same judgement made the long way round: every step for every word, every pattern, nothing left out for speed.

The screen takes short cuts. They may save time and never change a judgement, and this is what they are held against.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from harbour.contracts.concerns import Category, Urgency
from harbour.screening import contacts
from harbour.screening.patterns import Context
from harbour.screening.reading import _APOSTROPHES, _BLANKS, _EDGES, _ENDS, _LOOKALIKES, Reading, trim
from harbour.screening.rulebook import Compiled, Rulebook
from harbour.screening.spelling import _ODD_PAIR, _RUN, _TRIPLE, WORD, Pairs, Vocabulary, spelt_out, unhide

Fired = dict[str, Urgency]


def judged(text: str, book: Rulebook) -> Fired:
    """The urgency of every rule that applies to `text`, by rule."""
    cleaned = clean(text)
    fired: Fired = {}
    for reading in dict.fromkeys((written(fold(cleaned), book.vocabulary), meant(fold(cleaned), book.vocabulary))):
        for one in book.rules:
            for urgency in _matches(one, reading, book):
                fired[one.rule.id] = max(urgency, fired.get(one.rule.id, urgency), key=lambda u: u.rank)
    found = {name for name, look in DETECTORS.items() if look(cleaned)}
    return fired | {one.rule.id: one.rule.urgency for one in book.rules if one.rule.detector in found}


def held(fired: Fired, book: Rulebook, categories: frozenset[Category]) -> Fired:
    """Those of the rules that apply to a text which hold it at the door."""
    holding = {one.rule.id for one in book.rules if one.held_for(categories) is not None}
    return {rule: urgency for rule, urgency in fired.items() if rule in holding and urgency.rank > 0}


def _matches(one: Compiled, reading: Reading, book: Rulebook) -> Iterator[Urgency]:
    for pattern in one.patterns:
        for start in pattern.starts(reading):
            for end in pattern.ends(reading, start):
                if _any_holds(one.unless, reading, start, end):
                    continue
                is_meant = _any_holds(book.earnest, reading, 0, len(reading.words))
                softened = not is_meant and _any_holds(one.softer, reading, start, end)
                yield Urgency.LOW if softened else one.rule.urgency


def _any_holds(contexts: Iterable[Context], reading: Reading, start: int, end: int) -> bool:
    return any(context.holds(reading, start, end) for context in contexts)


def clean(text: str) -> str:
    """Text with compatibility forms unified and everything invisible removed."""
    text = trim(text)
    if text.isascii():
        return text
    text = trim(unicodedata.normalize("NFKC", text)).translate(_BLANKS)
    return "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Cs", "Cn", "Co", "Mn", "Me"))


def fold(text: str) -> str:
    """Text without case or apostrophes."""
    return text.translate(_APOSTROPHES).casefold()


def unmask(text: str) -> str:
    """Text without accents and look-alike letters."""
    if text.isascii():
        return text
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if unicodedata.category(c) != "Mn")
    return trim(bare).translate(_LOOKALIKES).casefold()


def written(folded: str, vocabulary: Vocabulary) -> Reading:
    """The words as written."""
    chunks = _chunks(folded.translate(vocabulary.emoji))
    return _reading([(word, at) for at, chunk in chunks for word in WORD.findall(chunk)], vocabulary)


def meant(folded: str, vocabulary: Vocabulary) -> Reading:
    """The words as meant."""
    chunks = _chunks(unmask(folded.translate(vocabulary.emoji)))
    pairs = [(word, at) for at, chunk in chunks for word in _meant(chunk, vocabulary)]
    settled: Pairs = []
    for word, at in spelt_out(pairs, vocabulary):
        settled += [(one, at) for one in (settle(word, vocabulary) if len(word) == 1 else (word,))]
    return _reading(settled, vocabulary)


def settle(word: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The word or words a reader would take `word` for."""
    if word in vocabulary.respelt:
        return vocabulary.respelt[word]
    if word in vocabulary.known:
        return (word,)
    if not _TRIPLE.search(word):
        respelt = vocabulary.doubled.get(_RUN.sub(r"\1", word)) or vocabulary.typos.get(word)
        once = _ODD_PAIR.sub("", word)
        if respelt is None and once in vocabulary.respelt:
            return vocabulary.respelt[once]
        return (respelt or (once if once in vocabulary.known else word),)
    for candidate in (_TRIPLE.sub(r"\1\1", word), _TRIPLE.sub(r"\1", word), _RUN.sub(r"\1", word)):
        if candidate in vocabulary.respelt:
            return vocabulary.respelt[candidate]
        if candidate in vocabulary.known:
            return (candidate,)
        if candidate in vocabulary.doubled:
            return (vocabulary.doubled[candidate],)
    return (_TRIPLE.sub(r"\1\1", word),)


def _chunks(text: str) -> Iterator[tuple[int, str]]:
    sentence = 0
    for line in text.splitlines():
        for chunk in line.split():
            yield sentence, "atsign" if chunk == "@" else chunk
            sentence += chunk.endswith(_ENDS)
        sentence += 1


def _meant(chunk: str, vocabulary: Vocabulary) -> Sequence[str]:
    core = chunk.strip(_EDGES)
    if len(core) == 1 and core.isalnum():
        return (core,)
    if core.isalpha() or core in vocabulary.respelt:
        return settle(core, vocabulary)
    hidden = unhide(core, vocabulary)
    return (
        settle(hidden, vocabulary) if hidden else [w for part in WORD.findall(chunk) for w in settle(part, vocabulary)]
    )


def _reading(pairs: Pairs, vocabulary: Vocabulary) -> Reading:
    words: list[str] = []
    sentences: list[int] = []
    for word, sentence in pairs:
        together = vocabulary.joined.get((words[-1], word)) if words else None
        if together and sentences[-1] == sentence:
            words[-1] = together
        else:
            words.append(word)
            sentences.append(sentence)
    return Reading(tuple(words), tuple(sentences))


def _has_email(text: str) -> bool:
    folded = text.casefold()
    given = any(found not in contacts._HELP_AT for found in contacts._EMAIL.findall(folded))
    return given or bool(contacts._SPELT_EMAIL.search(folded))


def _has_site(text: str) -> bool:
    folded = text.casefold()
    for found in contacts._SITE.finditer(folded):
        site = re.sub(r"^(?:https?://)?(?:www\.)?", "", found.group()).rstrip(".,)!?")
        if not any(site == known or site.endswith("." + known) for known in contacts._HELP_SITES):
            return True
    return bool(contacts._SPELT_SITE.search(folded))


def _has_postcode(text: str) -> bool:
    for found in contacts._POSTCODE.finditer(text):
        area, _, rest = found.groups()
        if area.isupper() and rest[1:].isupper():
            return True
        if area.casefold() not in contacts._NOT_AREAS and not contacts._is_ordinal(rest.casefold()):
            return True
    return False


def _has_phone(text: str) -> bool:
    groups = [digits for digits, _ in contacts._digit_groups(contacts._TOKEN.findall(unmask(text.casefold())))]
    in_one_piece = any(contacts._is_phone(run) for run, _, _ in contacts._runs(groups, 0))
    return in_one_piece or any(contacts._is_mobile(run) for run, _, _ in contacts._runs(groups, contacts._FILLERS))


DETECTORS: Mapping[str, Callable[[str], bool]] = {
    "email": _has_email,
    "site": _has_site,
    "postcode": _has_postcode,
    "phone": _has_phone,
}
