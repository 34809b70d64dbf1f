"""The small service as a process of its own, served as any other: `python -m tests.runtime.serving FILE PORT`."""

import asyncio
import sys
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any

from faststream import Context
from sqlalchemy.ext.asyncio import AsyncConnection

from harbour.contracts.messages import EVENTS
from harbour.runtime import delivery, service
from harbour.runtime.database import insert_once
from harbour.runtime.rooms import Router, Says
from harbour.runtime.settings import Settings
from tests.runtime import trial

AT_ONCE = 2


def note(word: str) -> None:
    """Write a line down that outlives us."""
    with Path(sys.argv[1]).open("a") as file:
        file.write(f"{word}\n")


def working() -> Router:
    """A handler that takes its time, remembers what it saw and says it again."""
    router = Router("tried")

    @router.hears(trial.Asked, at_once=AT_ONCE)
    async def work(event: trial.Asked, tx: Annotated[AsyncConnection, Context("transaction")]) -> Says:
        note(f"began {event.word}")
        await asyncio.sleep(0.2)
        await insert_once(tx, trial.SEEN, {"word": event.word})
        note(f"ended {event.word}")
        return trial.Echoed.after(event)

    return router


def build() -> service.Service:
    """The small service, ready to start."""
    return service.Service("tried", routers=[working()], metadata=trial.METADATA, settings=Settings())


def main() -> None:
    """Serve it until told to stop."""
    EVENTS.update(trial.OUR_EVENTS)
    setattr(service, "migrated", trial.tables)  # noqa: B010
    delivery.STILL_AT_WORK_SECONDS = 0.5
    app: Any = ModuleType("services.tried.app")
    app.build = build
    sys.modules[app.__name__] = app
    service.serve("tried", int(sys.argv[2]))


if __name__ == "__main__":
    main()
