"""`harbour run`: everything from an empty folder to a live evening, and back to silence."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from harbour.stack.demo import PASSWORD, Evening, look_after, set_out
from harbour.stack.folder import StateFolder, write_private
from harbour.stack.plan import Options, Plan, draw_up
from harbour.stack.screen import Screen
from harbour.stack.supervisor import Notice, Supervisor

_BY_NATURE = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


async def run(options: Options, screen: Screen | None = None) -> None:
    """Start everything, say so, keep it running until somebody stops it. Raises Trouble where it cannot start."""
    screen = screen or Screen()
    with StateFolder(options.state, fresh=options.fresh) as state:
        async with told_to_stop() as (stop, at_once):
            stack = Stack(options, state, screen)
            try:
                if await _unless(stop, stack.open()):
                    stack.welcome()
                    await stop.wait()
            finally:
                screen.end_start()
                screen.say("\nStopping …")
                await stack.close(at_once)
    screen.say("Everything has stopped.")


class Stack:
    """The servers and the services of one state folder."""

    def __init__(self, options: Options, state: StateFolder, screen: Screen) -> None:
        self._options, self._state, self._screen = options, state, screen
        self._supervisor = Supervisor(self._heard)
        self._plan: Plan | None = None
        self._evening: Evening | None = None
        self._adults: asyncio.Task[None] | None = None
        self._is_open = False

    async def open(self) -> None:
        """Start the servers, declare the bus, start the services, set out the demo."""
        plan = self._plan = draw_up(self._options, self._state)
        steps = ["bus", *(["demo"] if self._options.shows_demo else [])]
        names = [part.name for part in (*plan.servers, *plan.services)]
        self._screen.begin([*names[:2], steps[0], *names[2:], *steps[1:]])
        await self._supervisor.start(plan.servers)
        await self._declare(plan)
        await self._supervisor.start(plan.services)
        if self._options.shows_demo:
            await self._set_out(plan)
        self._is_open = True
        self._say_running()

    async def close(self, at_once: asyncio.Event) -> None:
        """Stop everything in order: the door, the rooms, the servers."""
        self._is_open = False
        if self._adults:
            self._adults.cancel()
            await asyncio.gather(self._adults, return_exceptions=True)
        await self._supervisor.stop(at_once)

    def welcome(self) -> None:
        """Show where everything is, and leave word for scripts."""
        assert self._plan
        self._screen.end_start()
        self._screen.welcome(
            self._plan, self._state.path, self._evening, datetime.now(UTC), self._state.path.name == "var"
        )
        if self._options.ready_file:
            import json

            write_private(self._options.ready_file, json.dumps(self.facts(), indent=2))

    def facts(self) -> dict[str, Any]:
        """Where everything listens, as which process, and who can sign in."""
        assert self._plan
        pids, plan = self._supervisor.pids(), self._plan
        return {
            "pid": os.getpid(),
            "url": plan.url,
            "state": str(self._state.path),
            "env": dict(plan.env),
            "parts": {name: {"port": port, "pid": pids.get(name)} for name, port in plan.ports.items()},
            "demo": self._evening
            and {
                "course_id": self._evening.course_id,
                "session_id": self._evening.session_id,
                "password": PASSWORD,
                "authenticators": self._evening.secrets,
            },
        }

    async def _declare(self, plan: Plan) -> None:
        from harbour import doors
        from harbour.runtime.streams import declare_all

        self._screen.step("bus", "declaring streams")
        await declare_all(doors.hearings(), plan.env["NATS_URL"])
        self._screen.step("bus", "streams declared", done=True)

    async def _set_out(self, plan: Plan) -> None:
        from harbour.runtime.asking import Asker

        self._screen.step("demo", "setting out an evening")
        async with Asker(plan.env["NATS_URL"]) as ask:
            self._evening = await set_out(ask, self._state / "secrets" / "demo.json", datetime.now(UTC))
        self._adults = asyncio.create_task(self._look_after(plan, self._evening))
        self._screen.step("demo", "a session is live", done=True)

    async def _look_after(self, plan: Plan, evening: Evening) -> None:
        from harbour.runtime.asking import Asker

        async with Asker(plan.env["NATS_URL"]) as ask:
            await look_after(ask, evening)

    def _heard(self, notice: Notice) -> None:
        self._screen.tell(notice)
        if self._is_open and notice.what == "ready":
            self._say_running()

    def _say_running(self) -> None:
        self._state.say_running(self.facts())


@asynccontextmanager
async def told_to_stop() -> AsyncIterator[tuple[asyncio.Event, asyncio.Event]]:
    """Two events: set by the first Ctrl-C (or SIGTERM, SIGHUP), and by the second, when somebody is in a hurry."""
    stop, at_once = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in _BY_NATURE:
        loop.add_signal_handler(sign, lambda: (at_once if stop.is_set() else stop).set())
    try:
        yield stop, at_once
    finally:
        for sign in _BY_NATURE:
            loop.remove_signal_handler(sign)


async def _unless(stop: asyncio.Event, work: Any) -> bool:
    """Do the work unless told to stop first; whether it was done. What it raises is raised."""
    doing, stopping = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    await asyncio.wait({doing, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if doing.done():
        await doing
        return True
    doing.cancel()
    await asyncio.gather(doing, return_exceptions=True)
    return False
