"""What the models make of a message: reasons for an adult to look, and how much it is about each category."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from harbour.contracts.concerns import Category, Reason, Urgency
from harbour.screening import meaning, words_tier
from harbour.screening.heads import CATEGORIES, LEVELS, Floats, load, sigmoid, thresholds
from harbour.screening.ordinary import is_ordinary
from harbour.screening.spans import Span

_ABOUT = 0.5
"""From this score on a message that comes up is also said to be about a category that is not its first."""

_SUBJECTS = {
    Category.SUICIDE_RISK: "wanting to die or ending a life",
    Category.SELF_HARM: "self-harm",
    Category.METHOD_DETAIL: "ways of doing harm",
    Category.ABUSE_DISCLOSURE: "being hurt, controlled or approached by somebody",
    Category.CONTACT_OR_PII: "meeting or being reached outside the group",
    Category.BULLYING_HATE: "bullying or hate",
    Category.EATING_DISORDER: "an eating disorder",
    Category.SUBSTANCE_MISUSE: "alcohol, drugs or medicines",
}

WITHOUT_MEANING = "It was judged without the meaning model, at lower thresholds."

Tier = Literal["words", "meaning"]


@dataclass(frozen=True)
class Opinion:
    """What the models say of one message; `version` names the models that judged it."""

    reasons: tuple[Reason, ...]
    scores: Mapping[Category, float]
    version: str


def warm() -> bool:
    """Load every model now, before the first message; whether the meaning tier is among them."""
    load(words_tier.FILE)
    thresholds()
    return meaning.encoder() is not None


def version(with_meaning: bool) -> str:
    """Which models and thresholds judge."""
    words = f"words.{load(words_tier.FILE)[1]}+thresholds.{thresholds().version}"
    return f"{words}+meaning.{load(meaning.FILE)[1]}" if with_meaning else f"{words}+no-meaning"


def opinion(text: str) -> Opinion:
    """What the models say of one message."""
    return opinions([text])[0]


def opinions(texts: Sequence[str]) -> list[Opinion]:
    """What the models say of each message; where the meaning tier is missing, fails or is late, the words alone."""
    encoder = meaning.encoder()
    meant = encoder.read(texts) if encoder else None
    said = [None] * len(texts) if meant is None else list(meant)
    return [
        _nothing(logits is not None) if is_ordinary(text) else _opinion(words_tier.read(text), logits)
        for text, logits in zip(texts, said, strict=True)
    ]


def _nothing(with_meaning: bool) -> Opinion:
    """What they say of a message that is not put to them."""
    return Opinion((), dict.fromkeys(CATEGORIES, 0.0), version(with_meaning))


def _opinion(words: words_tier.WordsReading, meant: Floats | None) -> Opinion:
    table = thresholds()
    if meant is None:
        about = sigmoid(words.logits[len(LEVELS) :])
        reasons = _reasons("words", table.words_alone.urgency(words.logits), about, words, alone=True)
    else:
        both = meaning.with_words(meant, words.logits)
        about = sigmoid(both[len(LEVELS) :] / (1 + meaning.WORDS_COUNT))
        reasons = [
            *_reasons("words", table.words.urgency(words.logits), about, words),
            *_reasons("meaning", table.meaning.urgency(both), about, words),
        ]
    scores = {category: float(score) for category, score in zip(CATEGORIES, about, strict=True)}
    return Opinion(tuple(reasons), scores, version(meant is not None))


def _reasons(
    tier: Tier, urgency: Urgency | None, about: Floats, words: words_tier.WordsReading, *, alone: bool = False
) -> list[Reason]:
    """One reason for the category a message is most about, and one for each other that it is surely about."""
    if urgency is None:
        return []
    first = int(about.argmax())
    wanted = [first, *(at for at in np.argsort(-about, kind="stable") if at != first and about[at] >= _ABOUT)]
    return [_reason(tier, CATEGORIES[at], urgency, words.spans(len(LEVELS) + int(at)), alone) for at in wanted]


def _reason(tier: Tier, category: Category, urgency: Urgency, spans: tuple[Span, ...], alone: bool) -> Reason:
    what = "Its words are close to those of" if tier == "words" else "What it says is close to"
    why = f"{what} messages about {_SUBJECTS[category]} that an adult had to see."
    return Reason(
        rule=f"{tier}.{category.value}",
        category=category,
        urgency=urgency,
        why=f"{why} {WITHOUT_MEANING}" if alone else why,
        tier=tier,
        spans=spans,
    )
