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


def _rule(name: str, says: str, *patterns: str) -> Rule:
    return Rule(name, re.compile(rf"\b(?:{'|'.join(patterns)})\b", re.IGNORECASE), says)


RULES: tuple[Rule, ...] = (
    _rule(
        "committed",
        "suicide is no crime: say “died by suicide”",
        r"commit(?:s|ted|ting)?\s+(?:\w+\s+)?suicide",
    ),
    _rule(
        "success",
        "no attempt succeeds or fails: say “died by suicide” or “survived”",
        r"(?:successful|unsuccessful|failed|completed)\s+(?:suicides?(?:\s+attempts?)?|overdoses?)",
    ),
    _rule(
        "label",
        "nobody is what they do: say “somebody who self-harms”",
        r"self[- ]?(?:harmers?|injurers?|mutilat\w+)",
        r"(?<!biscuit )(?<!cookie )(?<!pastry )cutters?",
        r"suicidal\s+(?:people|teens?|teenagers?|kids?)",
    ),
    _rule(
        "blame",
        "this blames: say what the person may need",
        r"attention[- ]?seek\w*",
        r"cr(?:y|ies)\s+for\s+(?:help|attention)",
        r"manipulativ\w+",
        r"your\s+own\s+fault",
        r"(?:so|just)\s+selfish",
    ),
    _rule(
        "injuries",
        "a number of injuries invites comparison: leave the number out",
        rf"{_NUMBER}\s+(?:\w+\s+)?(?:cuts?|scars?|burns?|bruises|wounds?|injur(?:y|ies)|overdoses?|pills?|tablets?)",
    ),
    _rule(
        "weights",
        "a weight or a count of calories invites comparison: leave it out",
        rf"{_NUMBER}(?:\.\d+)?\s?(?:kgs?|kilos?|kilograms?|stone|lbs?|pounds|calories|kcals?)",
        r"bmi",
        r"calorie\s+count\w*",
    ),
    _rule(
        "streaks",
        "a count of days turns a blip into a failure: say “a while” or “since last week”",
        rf"{_NUMBER}\s+(?:days?|weeks?|months?|years?)\s+(?:clean|(?:self[- ]?)?harm[- ]free)",
        rf"{_NUMBER}\s+(?:days?|weeks?|months?|years?)\s+without\s+(?:it|self[- ]?harm\w*|hurting|harming)",
        rf"clean\s+for\s+{_NUMBER}",
        r"(?:stay(?:ed|ing)?|been|got|getting)\s+clean",
    ),
    _rule("relapse", "say “a blip” or “a hard day”", r"relaps\w*"),
    _rule(
        "graphic",
        "this is a graphic word: say “hurt”, or leave it out",
        r"blood\w*|bleed\w*|bled",
        r"gash\w*|wounds?|wounded|scars?|scarred|mutilat\w+",
        r"(?:had|got|get|needs?|needed)\s+(?:\w+\s+)?stitches",
        r"gor(?:e|y)|corpses?",
    ),
    _rule(
        "means",
        "this names a way of hurting: say “self-harm” or “hurting yourself”",
        r"razors?|(?<!shoulder )blades?(?!\s+of\s+grass)|knife|knives|nooses?|overdos\w+",
        r"hang(?:ed|ing)?\s+(?:your|my|him|her|them)sel(?:f|ves)",
        r"(?:cut|burn|scratch|hit)(?:s|ting|ing)?\s+(?:yourself|myself|themselves)",
        r"(?:cut|burn|scratch|hit)(?:s|ting|ing)?\s+(?:your|my|their)\s+(?:arms?|legs?|skin|wrists?)",
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
