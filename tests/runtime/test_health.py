"""Whether a service lives, whether it is ready and why not, and its figures, over HTTP."""

import importlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient, Response

from harbour.runtime import service as runtime
from harbour.runtime.delivery import NotYet, Rejected
from harbour.runtime.rooms import Router, Says
from harbour.runtime.service import Service
from harbour.runtime.settings import Settings
from tests.chat.servers import NatsServer
from tests.runtime.trial import METADATA, Asked, Bus, Echoed, Keeper, on_trial, until
from tests.walls.test_doors import SERVICES


@asynccontextmanager
async def visited(service: Service) -> AsyncIterator[AsyncClient]:
    """Somebody who asks for the health of a service."""
    async with AsyncClient(transport=ASGITransport(app=service.asgi()), base_url="http://127.0.0.1") as client:
        yield client


def echoing() -> Router:
    """A room that says again what it hears."""
    router = Router("tried")

    @router.hears(Asked)
    async def echo(event: Asked) -> Says:
        if event.word.startswith("bad"):
            raise Rejected("broken")
        if event.word == "later":
            raise NotYet("not now", delay=30)
        return Echoed.after(event)

    return router


async def test_a_service_is_ready_from_when_it_hears_until_it_is_told_to_stop(bus: Bus, tried_database: str) -> None:
    service = Service("tried", routers=[], metadata=METADATA, settings=Settings())
    async with visited(service) as visitor:
        assert said(await visitor.get("/health/ready")) == (503, "it is starting")
        async with service.running():
            assert said(await visitor.get("/health/ready")) == (200, "")
        assert said(await visitor.get("/health/ready")) == (503, "it is stopping")
        live = await visitor.get("/health/live")
        assert (live.status_code, live.json()) == (200, {"service": "tried", "live": True})


async def test_while_the_bus_is_away_it_lives_but_is_not_ready_and_then_is_again(
    bus: Bus, server: NatsServer, lite: str
) -> None:
    async with on_trial(bus, echoing()) as service, visited(service) as visitor:
        server.kill()
        await until(lambda: is_not_ready(visitor, "the bus is away"))
        assert (await visitor.get("/health/live")).status_code == 200
        server.start()
        await until(lambda: is_ready(visitor))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_while_its_database_is_away_it_lives_but_is_not_ready_and_then_is_again(
    bus: Bus, postgres: str, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIED_DATABASE_URL", database_url)
    name = database_url.rpartition("/")[2]
    keeper = Keeper(postgres)
    async with on_trial(bus, echoing()) as service, visited(service) as visitor:
        await keeper.tells(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        await keeper.hangs_up(name)
        await until(lambda: is_not_ready(visitor, "the database does not answer"))
        assert (await visitor.get("/health/live")).status_code == 200
        await keeper.tells(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        await until(lambda: is_ready(visitor))
        await bus.say(Asked(word="one"))
        await until(bus.echoes)


async def test_with_the_brake_on_it_lives_but_is_not_ready_and_names_the_handler(bus: Bus, lite: str) -> None:
    async with on_trial(bus, echoing()) as service, visited(service) as visitor:
        await bus.say(*(Asked(word=f"bad{n}") for n in range(5)))
        await until(lambda: is_not_ready(visitor, "the brake is on: tried-echo"))
        assert (await visitor.get("/health/live")).status_code == 200


async def test_its_figures_say_what_became_of_messages_and_hold_no_word_of_them(bus: Bus, lite: str) -> None:
    async with on_trial(bus, echoing()) as service, visited(service) as visitor:
        before = await figures(visitor)
        await bus.say(Asked(word="one"), Asked(word="two"), Asked(word="bad"), Asked(word="later"))
        wanted = {"done": 2.0, "dead": 1.0, "not yet": 1.0}
        await until(lambda: grown(visitor, before, wanted))
        page = (await visitor.get("/metrics")).text
    assert 'harbour_handling_seconds_count{handler="tried-echo"}' in page
    assert "was-asked" not in page


@pytest.mark.parametrize("name", SERVICES)
async def test_every_service_shows_its_health_and_figures_to_whoever_asks(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"{name.upper()}_DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path / 'it.db'}")
    service: Service = importlib.import_module(f"services.{name}.app").build()
    async with visited(service) as visitor:
        assert (await visitor.get("/health/live")).json() == {"service": name, "live": True}
        assert said(await visitor.get("/health/ready")) == (503, runtime.STARTING)
        for address in ("/metrics", "/metrics/"):
            page = await visitor.get(address)
            assert page.status_code == 200
            assert "harbour_handled_total" in page.text
        assert (await visitor.post("/metrics")).status_code == 405


def said(response: Response) -> tuple[int, str]:
    """Its status, and its trouble."""
    body = response.json()
    assert body["service"] == "tried" or body["service"] in SERVICES
    assert body["ready"] is (not body["trouble"])
    return response.status_code, body["trouble"]


async def is_ready(visitor: AsyncClient) -> bool:
    """Whether it says that it is ready."""
    return said(await visitor.get("/health/ready")) == (200, "")


async def is_not_ready(visitor: AsyncClient, why: str) -> bool:
    """Whether it says that it is not ready, and why."""
    status, trouble = said(await visitor.get("/health/ready"))
    return status == 503 and trouble.startswith(why)


async def figures(visitor: AsyncClient) -> dict[str, float]:
    """How many messages `echo` handled, by what became of them."""
    page = await visitor.get("/metrics")
    assert page.headers["content-type"].startswith("text/plain")
    prefix = 'harbour_handled_total{handler="tried-echo",outcome="'
    lines = [line.removeprefix(prefix) for line in page.text.splitlines() if line.startswith(prefix)]
    return {outcome: float(count) for outcome, _, count in (line.partition('"} ') for line in lines)}


async def grown(visitor: AsyncClient, before: dict[str, float], wanted: dict[str, Any]) -> bool:
    """Whether the figures have grown by so much since."""
    after = await figures(visitor)
    return {name: count - before.get(name, 0) for name, count in after.items() if count != before.get(name)} == wanted
