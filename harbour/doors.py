"""The doors of every room, for the tools that need them all: declaring the bus, its permissions, its contracts."""

import importlib

from harbour.runtime.rooms import Hearing, Router

ROOMS = ("enrolment", "chat", "safeguard", "notify")


def routers() -> dict[str, Router]:
    """The doors of each room, from its handlers."""
    return {room: importlib.import_module(f"services.{room}.handlers").router for room in ROOMS}


def hearings() -> list[Hearing]:
    """Every durable consumer."""
    return [hearing for router in routers().values() for hearing in router.hearings]
