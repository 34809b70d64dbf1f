"""Safe messaging: what must not stand in words for young people, and what to say instead. Pure.

After the guidelines of Samaritans, the WHO and #chatsafe: no numbers that invite comparison, no graphic words, nothing
that blames, hope and help beside anything heavy.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from harbour.contracts.concerns import Category
from harbour.screening import look_at_door

_NUMBER = r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|a hundred)"


@dataclass(frozen=True)
class Rule:
    """Words that must not stand, and a sentence for the person who wrote them."""

    name: str
    pattern: re.Pattern[str]
    says: str


def _rule(name: str, pattern: str, says: str) -> Rule:
    return Rule(name, re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE), says)


RULES: tuple[Rule, ...] = (
    _rule(
        "committed",
        r"commit(?:s|ted|ting)?\s+(?:\w+\s+)?suicide",
        "suicide is no crime: say “died by suicide”",
    ),
    _rule(
        "success",
        r"(?:successful|unsuccessful|failed|completed)\s+(?:\w+\s+)?(?:suicides?|attempts?|overdoses?)",
        "no attempt succeeds or fails: say “died by suicide” or “survived”",
    ),
    _rule(
        "label",
        r"self[- ]?(?:harmers?|injurers?|mutilat\w+)|cutters?|suicidal\s+(?:people|teens?|teenagers?|kids?)",
        "nobody is what they do: say “somebody who self-harms”",
    ),
    _rule(
        "blame",
        r"attention[- ]?seek\w*|cr(?:y|ies)\s+for\s+(?:help|attention)|manipulativ\w+|your\s+own\s+fault|"
        r"(?:so|just)\s+selfish",
        "this blames: say what the person may need",
    ),
    _rule(
        "injuries",
        rf"{_NUMBER}\s+(?:\w+\s+)?(?:cuts?|scars?|burns?|bruises|wounds?|injur(?:y|ies)|stitches|overdoses?|attempts?|pills?|tablets?)",
        "a number of injuries invites comparison: leave the number out",
    ),
    _rule(
        "weights",
        rf"{_NUMBER}(?:\.\d+)?\s?(?:kgs?|kilos?|kilograms?|stone|lbs?|pounds|calories|kcals?)|bmi|calorie\s+count\w*",
        "a weight or a count of calories invites comparison: leave it out",
    ),
    _rule(
        "streaks",
        rf"{_NUMBER}\s+(?:days?|weeks?|months?|years?)\s+(?:clean|free|safe|without)|clean\s+for\s+{_NUMBER}|(?:stay(?:ed|ing)?|been|got|getting)\s+clean",
        "a count of days turns a blip into a failure: say “a while” or “since last week”",
    ),
    _rule("relapse", r"relaps\w*", "say “a blip” or “a hard day”"),
    _rule(
        "graphic",
        r"blood\w*|bleed\w*|bled|gash\w*|wounds?|wounded|scars?|scarred|stitches|gor(?:e|y)|corpses?|mutilat\w+",
        "this is a graphic word: say “hurt”, or leave it out",
    ),
    _rule(
        "means",
        r"razors?|blades?|knife|knives|nooses?|overdos\w+|hang(?:ed|ing)?\s+(?:your|my|him|her|them)sel(?:f|ves)|"
        r"(?:cut|burn|scratch|hit)(?:s|ting|ing)?\s+(?:yourself|myself|themselves|(?:your|my|their)\s+(?:arms?|legs?|skin|wrists?))",
        "this names a way of hurting: say “self-harm” or “hurting yourself”",
    ),
)


def what_is_unsafe(text: str) -> Iterator[Rule]:
    """The rules that words for young people break."""
    return (rule for rule in RULES if rule.pattern.search(text))


@lru_cache(maxsize=4096)
def why_held(text: str, by_adults_alone: bool = False) -> tuple[str, ...]:
    """The door's rules that would hold these words back, each with its reason.

    Words for adults alone are only looked at for detail of methods, which stands nowhere.
    """
    verdict = look_at_door(text, frozenset({Category.METHOD_DETAIL})) if by_adults_alone else look_at_door(text)
    return tuple(f"{reason.rule}: {reason.why}" for reason in verdict.reasons)
