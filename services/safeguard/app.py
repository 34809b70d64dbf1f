"""How safeguard is put together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from harbour.runtime.service import Service
from services.safeguard.beat import keep_beating
from services.safeguard.handlers import router
from services.safeguard.settings import SafeguardSettings
from services.safeguard.store import metadata


def build() -> Service:
    """The service, ready to start."""
    settings = SafeguardSettings()

    @asynccontextmanager
    async def lifespan(service: Service) -> AsyncIterator[None]:
        """Hang up the clocks, and look after them from time to time."""
        service.context.set_global("clocks", settings.clocks())
        service.context.set_global("leases", settings.leases())
        beating = asyncio.create_task(keep_beating(service.database, settings))
        try:
            yield
        finally:
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)

    return Service("safeguard", routers=[router], metadata=metadata, settings=settings, lifespan=lifespan)
