"""What chat does when something is asked or heard, by the part of the story: the evening, and the room in it."""

from services.chat.handlers import evening, room
from services.chat.handlers.doors import router

__all__ = ["evening", "room", "router"]
