"""How safeguard is put together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from harbour.contracts.messages import now
from harbour.contracts.rule_bench import RULES, EditionPublished, RulesRunning
from harbour.runtime.copies import Copies, SaysOfItself, copy_id, followed
from harbour.runtime.newest import Newest
from harbour.runtime.service import Service
from harbour.screening import warm
from harbour.screening.editions import Shelf
from services.safeguard.beat import keep_beating
from services.safeguard.bench.shadow import Shadows
from services.safeguard.bench.upkeep import keep_up
from services.safeguard.handlers import router
from services.safeguard.record import StreamAnchors
from services.safeguard.settings import SafeguardSettings
from services.safeguard.store import metadata


def build() -> Service:
    """The service, ready to start."""
    settings = SafeguardSettings()
    copies = Copies("rules", RulesRunning)

    @asynccontextmanager
    async def follow_rules(service: Service) -> AsyncIterator[None]:
        """Go by the newest edition of the rules, say which that is, and hear which every other copy goes by."""
        shelf = Shelf(service.name, copy_id(), now)
        service.says["rules"] = lambda: shelf.running().version
        newest = Newest(service.nc, EditionPublished, EditionPublished.pattern(book=RULES), shelf.take_published)
        saying = SaysOfItself(service.nc, "rules", service.name, copy_id(), shelf.running)
        await copies.start(service.nc)
        async with followed(newest, saying):
            keeping = asyncio.create_task(keep_up(service.database, newest, settings))
            try:
                yield
            finally:
                keeping.cancel()
                await asyncio.gather(keeping, return_exceptions=True)
                await copies.stop()

    @asynccontextmanager
    async def lifespan(service: Service) -> AsyncIterator[None]:
        """Hang up the clocks, and look after them from time to time."""
        await asyncio.to_thread(warm)
        service.context.set_global("clocks", settings.clocks())
        service.context.set_global("anchors", StreamAnchors(lambda: service.js))
        service.context.set_global("leases", settings.leases())
        service.context.set_global("budget", settings.budget())
        shadows = Shadows(service.database)
        service.context.set_global("shadows", shadows)
        service.context.set_global("copies", copies)
        beats = (keep_beating(service.database, settings), shadows.keep_refreshing())
        beating = [asyncio.create_task(beat) for beat in beats]
        try:
            yield
        finally:
            for task in beating:
                task.cancel()
            await asyncio.gather(*beating, return_exceptions=True)

    return Service(
        "safeguard",
        routers=[router],
        metadata=metadata,
        settings=settings,
        lifespan=lifespan,
        beside=[follow_rules],
    )
