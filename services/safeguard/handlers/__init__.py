"""What safeguard does when something is asked or heard, by part of the story: before, alerts, and afterwards."""

from services.safeguard.handlers import afterwards, alerts, record, tonight
from services.safeguard.handlers.doors import router

__all__ = ["afterwards", "alerts", "record", "router", "tonight"]
