"""How enrolment is put together: its keys, its programmes, its hashing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import structlog

from harbour.runtime.service import Service
from services.enrolment.book.binding import BookKeys
from services.enrolment.handlers import router
from services.enrolment.keyring import Keyring
from services.enrolment.passwords import Passwords
from services.enrolment.programmes import FOLDER, Programmes, ProgrammeUnreadable, load_programmes
from services.enrolment.settings import EnrolmentSettings, key_of
from services.enrolment.store import metadata

log = structlog.get_logger()


def build() -> Service:
    """The enrolment service with its settings from the environment."""
    settings = EnrolmentSettings()

    @asynccontextmanager
    async def lifespan(service: Service) -> AsyncIterator[None]:
        """Put what the handlers need into the context."""
        things = {
            "settings": settings,
            "programmes": _programmes(Path(settings.programmes_folder or FOLDER)),
            "keyring": Keyring(
                master=key_of(settings.vault_key),
                contact=key_of(settings.contact_key),
                lookup=key_of(settings.lookup_key),
            ),
            "book_keys": BookKeys(key_of(settings.book_key)),
            "passwords": Passwords(memory_kib=settings.password_memory_kib, rounds=settings.password_rounds),
        }
        for name, thing in things.items():
            service.context.set_global(name, thing)
        yield

    return Service("enrolment", routers=[router], metadata=metadata, settings=settings, lifespan=lifespan)


def _programmes(folder: Path) -> Programmes:
    """The programmes in a folder; every fault is a line in the log, so that an operator knows what to mend."""
    try:
        return load_programmes(folder)
    except ProgrammeUnreadable as unreadable:
        for fault in unreadable.faults:
            log.error("a programme has a fault", fault=str(fault))
        raise
