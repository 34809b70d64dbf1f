"""What is remembered? One `metadata` for all the books of chat."""

from services.chat.store.rooms import *  # noqa: F403
