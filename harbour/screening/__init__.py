"""Pure screening of text: rules and models are data, judging does no I/O with them, and nothing here rates a person."""

from harbour.screening.judging import (
    VERSION,
    Finding,
    Judgement,
    Verdict,
    judge,
    judge_all,
    judge_by_rules,
    look_at_door,
    warm,
)
from harbour.screening.rulebook import HELD_AT_THE_DOOR

__all__ = [
    "HELD_AT_THE_DOOR",
    "VERSION",
    "Finding",
    "Judgement",
    "Verdict",
    "judge",
    "judge_all",
    "judge_by_rules",
    "look_at_door",
    "warm",
]
