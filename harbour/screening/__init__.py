"""Pure screening of text: the rules are data, judging does no I/O, and nothing here rates a person."""

from harbour.screening.judging import VERSION, Finding, Verdict, judge, look_at_door
from harbour.screening.rulebook import HELD_AT_THE_DOOR

__all__ = ["HELD_AT_THE_DOOR", "VERSION", "Finding", "Verdict", "judge", "look_at_door"]
