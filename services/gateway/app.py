"""How the gateway is put together: the pages, the live socket, their safe headers, and the way to ask."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import Depends, FastAPI
from redis.asyncio import Redis
from starlette.middleware.gzip import GZipMiddleware

from harbour.runtime.asking import Asker
from harbour.runtime.service import Service
from harbour.runtime.telemetry import TracedPages
from services.gateway import side_door, socket
from services.gateway.access import let_in
from services.gateway.cache import open_cache
from services.gateway.errors import kind_errors
from services.gateway.hub import Hub
from services.gateway.limits import Pace
from services.gateway.security import SafeHeaders
from services.gateway.settings import GatewaySettings
from services.gateway.static_files import LastingFiles
from services.gateway.stream import streams_of
from services.gateway.web import (
    account,
    book,
    case_export,
    cases,
    closing,
    debrief,
    envelope,
    got,
    hands,
    join,
    knowledge,
    letter,
    own_words,
    public,
    queue,
    record,
    reports,
    room,
    rota,
    rule_form,
    rules,
    sign_in,
    staff,
    status,
    take_over,
    tasks,
    wellbeing,
    worry,
)
from services.gateway.web.pages import STATIC
from services.gateway.wire import Wire

FORM_MAX_BYTES = 64 * 1024


def create_app(*, settings: GatewaySettings, ask: Any = None, redis: "Redis | None" = None) -> FastAPI:
    """The gateway as an ASGI app. `ask` and `redis` may come later, as `app.state.ask` and `app.state.redis`."""
    app = FastAPI(
        title="Harbour",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        max_body_size=FORM_MAX_BYTES,
        dependencies=[Depends(let_in)],
    )
    app.state.settings, app.state.ask, app.state.redis = settings, ask, redis
    app.state.knowledge = knowledge.open_knowledge(settings)
    app.state.look = status.Look()
    app.state.pace = Pace(
        burst_frames=settings.socket_burst_frames,
        frames_per_second=settings.socket_frames_per_second,
        person_frames=settings.person_frames_per_minute,
    )
    parts = (
        public, join, sign_in, account, book, own_words, letter, staff, take_over, tasks, debrief, room, queue, closing,
        hands, got, rota, worry,
        envelope, record,
        cases, case_export, knowledge, reports, status,
        wellbeing,
        rules, rule_form,
        side_door, socket,
    )  # fmt: skip
    for part in parts:
        app.include_router(part.router)
    # Pages stay as they are: packing what a stranger can add to beside what they must not learn would give it away.
    app.mount("/static", GZipMiddleware(LastingFiles(directory=STATIC), minimum_size=500), name="static")
    kind_errors(app)
    app.add_middleware(SafeHeaders, settings=settings)
    app.add_middleware(TracedPages, but="/live/")
    return app


def build() -> Service:
    """The service, ready to be started."""
    settings = GatewaySettings()
    http = create_app(settings=settings)

    @asynccontextmanager
    async def lifespan(service: Service) -> AsyncIterator[None]:
        http.state.ask = Asker(service.broker)
        http.state.redis = open_cache(settings.redis_url, settings.redis_password.get_secret_value())
        http.state.hub = Hub(service.broker.connection, http.state.ask, http.state.redis)
        await http.state.hub.start()
        service.at_stop.append(streams_of(http).end)
        try:
            yield
        finally:
            await http.state.hub.stop()
            await http.state.redis.aclose()

    return Service("gateway", routers=[], settings=settings, lifespan=lifespan, http=http, socket=Wire)
