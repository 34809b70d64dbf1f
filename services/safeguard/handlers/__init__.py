"""What safeguard does when something is asked or heard, by part of the story: before the doors, and the alerts."""

from services.safeguard.handlers import alerts, tonight
from services.safeguard.handlers.doors import router

__all__ = ["alerts", "router", "tonight"]
