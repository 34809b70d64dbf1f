"""The words for a concern that every room shares: how fast an adult must look, and why.

There is no score here and there never will be one: risk scales do not predict (NICE NG225), so an
alert says how soon somebody must look and what brought it up, and nothing rates a person.
"""

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict


class Urgency(StrEnum):
    """How fast an adult must look."""

    IMMEDIATE = "immediate"
    """Life may be at risk now: claimed within a minute."""
    HIGH = "high"
    """Within the session."""
    MEDIUM = "medium"
    """Today."""
    LOW = "low"
    """Worth noting."""

    @property
    def rank(self) -> int:
        """0 for low up to 3 for immediate, so that the most urgent sorts highest."""
        return _RANKS[self]


_RANKS = {Urgency.LOW: 0, Urgency.MEDIUM: 1, Urgency.HIGH: 2, Urgency.IMMEDIATE: 3}


class Category(StrEnum):
    """What a concern is about."""

    SUICIDE_RISK = "suicide_risk"
    SELF_HARM = "self_harm"
    METHOD_DETAIL = "method_detail"
    ABUSE_DISCLOSURE = "abuse_disclosure"
    CONTACT_OR_PII = "contact_or_pii"
    BULLYING_HATE = "bullying_hate"
    EATING_DISORDER = "eating_disorder"
    SUBSTANCE_MISUSE = "substance_misuse"


class Reason(BaseModel):
    """Why something came up, in words staff can read. It never quotes the message."""

    model_config = ConfigDict(frozen=True)

    rule: str
    category: Category
    urgency: Urgency
    why: str
    tier: Literal["rules", "words", "meaning", "context", "person"] = "rules"
    """What brought it up: a rule, the model of words, the model of meaning, what was said around it, or somebody."""
    spans: tuple[tuple[int, int], ...] = ()
    """Where in the message it shows: first character and the one after the last, of the text as it was sent."""
