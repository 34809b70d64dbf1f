"""What chat does when something is asked or heard, by the part of the story: the evening, the room, who saw what, and
how the room is led."""

from services.chat.handlers import evening, exposure, leading, room
from services.chat.handlers.doors import router

__all__ = ["evening", "exposure", "leading", "room", "router"]
