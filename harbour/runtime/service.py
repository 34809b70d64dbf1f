"""A service as a process: its doors, its database, its health, from start to stop."""

import asyncio
import contextlib
import gc
import importlib
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import structlog
import uvicorn
from faststream import ContextRepo
from faststream.nats import NatsBroker
from faststream.security import SASLPlaintext
from nats.aio.client import Client
from nats.js import JetStreamContext
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import MetaData
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from harbour.runtime import logs, telemetry
from harbour.runtime.database import Database, migrated
from harbour.runtime.dead import hear_replays
from harbour.runtime.delivery import Pipeline, decoded
from harbour.runtime.lane import Lane
from harbour.runtime.outbox import Postbox
from harbour.runtime.rooms import Answering, Hearing, Router
from harbour.runtime.settings import BusSettings, RunSettings, Settings, database_url
from harbour.runtime.streams import BusTrouble, check_version, until_subscribed

log = structlog.get_logger("harbour.service")
STARTING = "it is starting"
Lifespan = Callable[["Service"], AbstractAsyncContextManager[None]]


class Service:
    """One room: routers, tables, settings, what it needs besides, and for the gateway its pages."""

    def __init__(
        self,
        name: str,
        *,
        routers: Sequence[Router],
        settings: Settings,
        metadata: MetaData | None = None,
        lifespan: Lifespan | None = None,
        beside: Sequence[Lifespan] = (),
        http: Any = None,
        socket: type[asyncio.Protocol] | None = None,
    ) -> None:
        self.name, self.settings, self.metadata, self.socket = name, settings, metadata, socket
        self._routers, self._lifespan, self._http = routers, lifespan, http
        self._beside = beside
        self.says: dict[str, Callable[[], str]] = {}
        """What it says of itself where its health is asked for, e.g. the version of the rules it runs."""
        self.database = Database(database_url(name)) if metadata is not None else None  # type: ignore[assignment]
        self.broker = self._make_broker(BusSettings())
        self.context.set_global("database", self.database)
        self.context.set_global("settings", settings)
        self._trouble = STARTING
        self.at_stop: list[Callable[[], None]] = []
        """Called when it is told to stop, before the server waits for the answers that are under way."""

    database: Database

    def _make_broker(self, bus: BusSettings) -> NatsBroker:
        doors = {key: door for router in self._routers for key, door in router.doors.items()}
        self.pipeline = Pipeline(
            self.name, doors, lambda: self.nc, lambda: self.js, self.database, lambda: self._postbox
        )
        self._postbox: Postbox | None = None
        who = SASLPlaintext(bus.user, bus.password.get_secret_value(), use_ssl=False) if bus.user else None
        broker = NatsBroker(
            bus.url.split(","),
            name=f"harbour-{self.name}",
            inbox_prefix=f"_INBOX_{self.name}",
            max_reconnect_attempts=-1,
            reconnect_time_wait=1,
            graceful_timeout=2.5,
            decoder=decoded,
            middlewares=[self.pipeline],
            logger=None,
            security=who,
        )
        for router in self._routers:
            broker.include_router(router)
        hot = [one for router in self._routers for one in router.lanes.subscribers]
        self.pipeline.subscribers.update({id(one): one for one in (*broker.subscribers, *hot)})
        self._lanes = [Lane(self.name, door, handler) for door, handler in self._hot(hot)]
        return broker

    def _hot(self, subscribers: Sequence[Any]) -> Iterator[tuple[Answering, Any]]:
        for one in subscribers:
            [call] = one.calls
            door = self.pipeline.doors[id(one)]
            assert isinstance(door, Answering)
            yield door, call.handler._original_call

    @property
    def context(self) -> ContextRepo:
        """Where handlers find what they need."""
        return self.broker.context

    @property
    def nc(self) -> Client:
        """The connection to NATS."""
        return self.broker.connection

    @property
    def js(self) -> JetStreamContext:
        """JetStream over it."""
        return self.nc.jetstream()

    @asynccontextmanager
    async def running(self, _: Any = None) -> AsyncIterator[None]:
        """From the first table to the last message in hand."""
        if self.metadata is not None:
            await migrated(self.name, self.database.url)
        await self.broker.connect()
        check_version(self.nc)
        sweeping: asyncio.Task[None] | None = None
        if self.metadata is not None:
            self._postbox = Postbox(self.database, self.js)
            await self._postbox.sweep(0)
            sweeping = asyncio.create_task(self._postbox.keep_sweeping())
        try:
            async with contextlib.AsyncExitStack() as stack:
                for one in (*self._beside, *([self._lifespan] if self._lifespan else [])):
                    await stack.enter_async_context(one(self))
                await self.broker.start()
                for lane in self._lanes:
                    await lane.open(self.nc, self.context)
                if heard := self._subscribers_by_durable():
                    await hear_replays(self.name, self.nc, heard)
                await until_subscribed(self.nc)
                self._trouble = ""
                settle_memory()
                log.info("ready")
                yield
                self._trouble = "it is stopping"
                await self._stop_hearing()
        finally:
            if self._postbox and sweeping:
                await self._postbox.stop_sweeping(sweeping)
            await self.broker.stop()
            if self.metadata is not None:
                await self.database.close()

    @asynccontextmanager
    async def _running_or_saying_why_not(self, _: Any) -> AsyncIterator[None]:
        """The same; a start that fails says why in one line, which uvicorn's traceback would not."""
        try:
            async with self.running():
                yield
        except Exception as error:
            if self._trouble == STARTING:
                reason = {"reason": str(error)} if isinstance(error, BusTrouble) else {}
                log.error("cannot start", exc_info=error, **reason)
            raise

    async def _stop_hearing(self) -> None:
        """Close the doors, and wait until what was cut off there has been put back. Its own last words may follow."""
        for lane in self._lanes:
            await lane.close()
        await asyncio.gather(*(one.stop() for one in self.broker.subscribers), return_exceptions=True)
        await self.pipeline.until_put_back()

    def _subscribers_by_durable(self) -> dict[str, Any]:
        doors = self.pipeline.doors
        return {
            door.durable: self.pipeline.subscribers[key] for key, door in doors.items() if isinstance(door, Hearing)
        }

    async def trouble(self) -> str:
        """Why it is not ready; empty when it is."""
        if self._trouble:
            return self._trouble
        if not self.nc.is_connected:
            return "the bus is away"
        if self.pipeline.brake.pulled:
            return f"the brake is on: {', '.join(sorted(self.pipeline.brake.pulled))}"
        if self.metadata is not None:
            try:
                await asyncio.wait_for(self.database.answers(), 2)
            except Exception as error:
                return f"the database does not answer ({type(error).__name__})"
        return ""

    def asgi(self) -> Any:
        """The HTTP side: health and metrics, and the pages where there are any."""

        async def live(_: Request) -> JSONResponse:
            return JSONResponse({"service": self.name, "live": True})

        async def ready(_: Request) -> JSONResponse:
            trouble = await self.trouble()
            said = {name: say() for name, say in self.says.items()}
            health = {"service": self.name, "ready": not trouble, "trouble": trouble, **said}
            return JSONResponse(health, 503 if trouble else 200)

        async def figures(_: Request) -> Response:
            return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

        app = self._http or Starlette()
        app.router.routes[:0] = [
            Route("/health/live", live),
            Route("/health/ready", ready),
            Route("/metrics", figures),
            Route("/metrics/", figures),
        ]
        app.router.lifespan_context = self._running_or_saying_why_not
        return app


class Server(uvicorn.Server):
    """uvicorn, which has answers without an end let go of before it waits for the end of every answer."""

    def __init__(self, config: uvicorn.Config, at_stop: Sequence[Callable[[], None]]) -> None:
        super().__init__(config)
        self._at_stop = at_stop

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop."""
        for let_go in self._at_stop:
            let_go()
        await super().shutdown(sockets)


def settle_memory() -> None:
    """Have the collector leave alone what stays for ever, and look less often at what comes and goes.

    The modules and models of a service are some hundred thousand objects; to walk through them again and again took a
    fifth of the processor time of a busy room.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def serve(name: str, port: int) -> None:
    """Run a service until it is told to stop."""
    settings = RunSettings()
    logs.start(name, settings.log_level)
    telemetry.start(name, settings.traces_url)
    service: Service = importlib.import_module(f"services.{name}.app").build()
    config = uvicorn.Config(
        service.asgi(),
        host=settings.host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="on",
        ws=service.socket or "websockets-sansio",
        ws_max_size=64 * 1024,
        ws_per_message_deflate=False,
        ws_ping_interval=None,  # browsers ping, and the gateway lets go of those that do not
        timeout_graceful_shutdown=2,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies or None,
    )
    server = Server(config, service.at_stop)
    with contextlib.suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        raise SystemExit(3)
