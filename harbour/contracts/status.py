"""What anybody may know of the desk: whether somebody is there, and whether tonight's practice alert came through."""

from enum import StrEnum

from harbour.contracts.messages import Answer, Query


class Practice(StrEnum):
    """How today's practice alerts stand."""

    NONE = "none"
    """None was sent yet today."""
    WAITING = "waiting"
    """One is on its way to somebody's screen."""
    SEEN = "seen"
    """The last one was seen in time."""
    MISSED = "missed"
    """The last one was not."""


class DeskStatus(Answer):
    """The desk as the public may see it: no names, no counts."""

    staffed: bool
    practice: Practice


class ReadStatus(Query[DeskStatus], ask="safeguard.read-status"):
    """Is the desk staffed now, and is the practice alert of today fine? Anybody may know."""
