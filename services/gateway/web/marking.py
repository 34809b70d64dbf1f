"""The phrase in a message that brought it up, so that a page can mark it. Pure."""

from collections.abc import Iterable

from harbour.contracts.concerns import Reason

TIERS = {
    "rules": "a rule",
    "words": "the model of words",
    "meaning": "the model of meaning",
    "context": "what was said around it",
    "person": "somebody",
}
"""What brought something up, as staff read it."""


def marked(text: str, reasons: Iterable[Reason]) -> list[tuple[str, bool]]:
    """The text in pieces, in order and whole; True where a reason points at the piece. What lies outside is ignored."""
    spans = sorted((max(0, start), min(end, len(text))) for one in reasons for start, end in one.spans)
    pieces, at = list[tuple[str, bool]](), 0
    for start, end in spans:
        start = max(start, at)
        if end > start:
            pieces += [(text[at:start], False), (text[start:end], True)]
            at = end
    return [(piece, is_marked) for piece, is_marked in [*pieces, (text[at:], False)] if piece]


def quoted(text: str, reason: Reason) -> list[str]:
    """The phrases one reason points at, each once."""
    phrases = (text[max(0, start) : end].strip() for start, end in reason.spans)
    return [phrase for phrase in dict.fromkeys(phrases) if phrase]
