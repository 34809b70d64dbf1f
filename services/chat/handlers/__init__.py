"""What chat does when something is asked or heard; each module is a part of the story of an evening."""

from services.chat.handlers import (
    activities,
    adults,
    attendance,
    calls,
    canary,
    check_in,
    debrief,
    evening,
    exposure,
    leading,
    notes,
    observing,
    private,
    reactions,
    removing,
    room,
    standing_in,
)
from services.chat.handlers.doors import router

__all__ = [
    "activities", "adults", "attendance", "calls", "canary", "check_in", "debrief", "evening", "exposure", "leading",
    "notes", "observing", "private", "reactions", "removing", "room", "router", "standing_in",
]  # fmt: skip
