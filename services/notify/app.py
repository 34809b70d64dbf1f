"""How notify is put together: the ways out of the house, the seal, and the handlers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from harbour.runtime.sealing import Seal
from harbour.runtime.service import Service
from services.notify.channels import Mailbox, Post, SmtpServer, TextService, Way
from services.notify.handlers import router
from services.notify.settings import NotifySettings, key_of
from services.notify.store import metadata


def open_post(settings: NotifySettings) -> Post:
    """Every way out of the house that is set up; mail goes to the mailbox too, texts only where no service is set."""
    mailbox = Mailbox(Path(settings.mailbox_dir), settings.sender) if settings.mailbox_dir else None
    kept: list[Way] = [mailbox] if mailbox else []
    mail, texts = kept, kept
    if url := settings.smtp_url.get_secret_value():
        mail = [SmtpServer.from_url(url, settings.sender, settings.smtp_timeout_seconds), *kept]
    if url := settings.sms_url.get_secret_value():
        texts = [TextService(url)]
    return Post(mail=mail, texts=texts, mailbox=mailbox, public_url=settings.public_url)


def build() -> Service:
    """The service, ready to be started."""
    settings = NotifySettings()

    @asynccontextmanager
    async def lifespan(service: Service) -> AsyncIterator[None]:
        service.context.set_global("post", open_post(settings))
        service.context.set_global("seal", Seal(key_of(settings.contact_key)))
        service.context.set_global("link_time", timedelta(minutes=settings.link_minutes))
        yield

    return Service("notify", routers=[router], metadata=metadata, settings=settings, lifespan=lifespan)
