"""What chat does when something is asked or heard; each module is a part of the story of an evening."""

from services.chat.handlers import activities, calls, evening, exposure, leading, reactions, room
from services.chat.handlers.doors import router

__all__ = ["activities", "calls", "evening", "exposure", "leading", "reactions", "room", "router"]
