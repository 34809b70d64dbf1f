"""The small service as a process that is killed where it hurts: `python -m tests.runtime.doomed die|post FILE`."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

from harbour.contracts.messages import EVENTS
from harbour.runtime import service, streams
from harbour.runtime.outbox import Postbox
from harbour.runtime.rooms import Router, Says
from tests.chat.servers import connected
from tests.runtime import trial


def note(word: str) -> None:
    """Write a line down that outlives us."""
    with Path(sys.argv[2]).open("a") as file:
        file.write(f"{word}\n")


def end_here() -> None:
    """As the kernel does it, without a last word."""
    os.kill(os.getpid(), signal.SIGKILL)


def dying() -> Router:
    """A handler that kills the process."""
    router = Router("tried")

    @router.hears(trial.Asked)
    async def die(event: trial.Asked) -> None:
        note(event.word)
        end_here()

    return router


def dying_at_the_post() -> Router:
    """A process killed between commit and publish."""
    router = Router("tried")

    @router.hears(trial.Asked)
    async def echo(event: trial.Asked) -> Says:
        return trial.Echoed.after(event)

    async def send(self: Any, letters: list[Any]) -> None:
        note(letters[0].subject)
        end_here()

    Postbox.send = send  # type: ignore[method-assign]
    return router


def dying_after_the_post() -> Router:
    """A process killed when the bus has it, before we know so and before the cause is settled."""
    router = dying_at_the_post()

    async def send(self: Any, letters: list[Any]) -> None:
        for kept in letters:
            await service_publish(self, kept)
        note(letters[0].subject)
        end_here()

    Postbox.send = send  # type: ignore[method-assign]
    return router


async def service_publish(postbox: Any, kept: Any) -> None:
    """Publish as the postbox does."""
    from harbour.runtime.outbox import publish

    await publish(postbox._js, kept)


async def main() -> None:
    """Run until the end comes."""
    EVENTS.update(trial.OUR_EVENTS)
    streams.streams = trial.streams_with_ours
    streams.ACK_WAIT_SECONDS = 0.5
    setattr(service, "migrated", trial.tables)  # noqa: B010
    router = {"die": dying, "post": dying_at_the_post, "posted": dying_after_the_post}[sys.argv[1]]()
    async with connected(os.environ["NATS_URL"]) as nc, trial.on_trial(trial.Bus(nc), router):
        await asyncio.sleep(30)


if __name__ == "__main__":
    asyncio.run(main())
