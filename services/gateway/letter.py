"""The next-steps letter: lines to choose from, and how what was chosen becomes one page. Nothing here is kept."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from harbour.contracts.book import LINE_MAX_CHARS, BookEntry, LetterLine, LetterPart

TITLES: Mapping[LetterPart, str] = {
    LetterPart.KNOW: "What I’d like you to know",
    LetterPart.HELPS: "What helps",
    LetterPart.DOES_NOT_HELP: "What doesn’t help",
    LetterPart.ASKING: "What I’m asking for",
    LetterPart.WHO_KNOWS: "Who else knows",
    LetterPart.OWN: "In my own words",
}
LISTS: Mapping[LetterPart, tuple[str, ...]] = {
    LetterPart.KNOW: (
        "I’ve been finding things hard for a while.",
        "I’ve been hurting myself, and I’d like help with it.",
        "It has been a way to cope. It isn’t for attention.",
        "I don’t always know why I feel like this.",
        "It’s hard to say out loud, so I wrote it down.",
        "There are good days too.",
        "I’m not asking you to fix everything today.",
    ),
    LetterPart.HELPS: (
        "Being listened to without being hurried.",
        "Being asked what I need.",
        "Someone staying calm when I tell them.",
        "Being outside, music, or making something.",
        "Knowing what happens next, and when.",
        "Time to answer, or writing instead of talking.",
    ),
    LetterPart.DOES_NOT_HELP: (
        "Being told off, or told just to stop.",
        "Being asked to show or explain more than I want to.",
        "People panicking, or acting as if nothing is wrong.",
        "Hearing that it was shared without asking me first.",
        "Being compared with other people.",
        "Promises that aren’t kept.",
    ),
    LetterPart.ASKING: (
        "I’d like to talk with you about how I’ve been feeling.",
        "I’d like to know what help there is, and how long it takes.",
        "I’d like to be put in touch with somebody who can help, such as CAMHS.",
        "I’d like some time to talk with you on my own.",
        "Please tell me what you have to share, and with whom, before you do.",
        "I’d like help with telling somebody at home.",
        "I’d like to see you again soon.",
    ),
    LetterPart.WHO_KNOWS: (
        "You’re the first person I’ve told.",
        "A friend knows.",
        "Somebody in my family knows.",
        "Somebody at school knows.",
        "My GP knows.",
        "Nobody at home knows, and I’d like to talk about that before anybody is told.",
    ),
    LetterPart.OWN: (),
}
OWN_MAX_CHARS: Mapping[LetterPart, int] = dict.fromkeys(TITLES, 300) | {LetterPart.OWN: LINE_MAX_CHARS}
"""How long somebody's own line of a list may be; all of them at their longest still fit into one entry."""
GREETINGS = (
    "To my GP",
    "To the school nurse",
    "To the CAMHS team",
    "To somebody I trust",
)
_FIRST_FEW: tuple[tuple[LetterPart, ...], ...] = (
    (LetterPart.KNOW,),
    (LetterPart.WHO_KNOWS,),
    (LetterPart.KNOW, LetterPart.HELPS),
    (LetterPart.DOES_NOT_HELP,),
    (LetterPart.HELPS,),
    (LetterPart.ASKING, LetterPart.WHO_KNOWS),
    (LetterPart.ASKING,),
)


def lists_of(week: int) -> tuple[LetterPart, ...]:
    """The lists that fit this week best; the others are there too, folded away."""
    return _FIRST_FEW[(week - 1) % len(_FIRST_FEW)]


@dataclass(frozen=True)
class Chosen:
    """What somebody picked from one list, and what they added."""

    picked: frozenset[str] = field(default=frozenset(), repr=False)
    own: str = field(default="", repr=False)


def chosen(lines: Sequence[LetterLine]) -> Mapping[LetterPart, Chosen]:
    """What these lines say was chosen, by list."""
    return {part: _chosen([line.text for line in lines if line.part is part], LISTS[part]) for part in LISTS}


def _chosen(texts: Sequence[str], listed: Sequence[str]) -> Chosen:
    own = [text for text in texts if text not in listed]
    return Chosen(frozenset(texts) & frozenset(listed), "\n".join(own))


def read_choices(picked: Mapping[LetterPart, Iterable[str]], own: Mapping[LetterPart, str]) -> list[LetterLine]:
    """The lines somebody chose. A pick that is on no list of ours is left out: a form may only offer what we wrote."""
    lines = []
    for part, listed in LISTS.items():
        given = set(picked.get(part, ()))
        words = own.get(part, "").replace("\r\n", "\n").strip()[: OWN_MAX_CHARS[part]]
        texts = [text for text in listed if text in given] + [words]
        lines += [LetterLine(part=part, text=text) for text in texts if text]
    return lines


@dataclass(frozen=True)
class Letter:
    """The page."""

    to: str = field(repr=False)
    sign: str = field(repr=False)
    parts: tuple[tuple[LetterPart, str, tuple[str, ...]], ...] = field(repr=False)


def letter_of(entries: Iterable[BookEntry], evenings: Sequence[str]) -> Letter:
    """One page of everything chosen so far, week by week, each line once."""
    order = {session_id: place for place, session_id in enumerate(evenings)}
    every = sorted(entries, key=lambda entry: order.get(entry.session_id, len(order)))
    lines = [line for entry in every for line in entry.lines]
    said = {part: tuple(dict.fromkeys(line.text for line in lines if line.part is part)) for part in LetterPart}
    parts = tuple((part, title, said[part]) for part, title in TITLES.items() if said[part])
    return Letter(to="".join(said[LetterPart.TO][-1:]), sign="".join(said[LetterPart.FROM][-1:]), parts=parts)
