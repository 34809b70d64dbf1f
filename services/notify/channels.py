"""How words leave the house: SMTP, text services, and the local mailbox. Nothing here remembers or decides."""

import asyncio
import logging
import os
import ssl
import warnings
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, quote, unquote, urlsplit

import aiosmtplib

from harbour.contracts.notify import Channel, MailboxItem

MAILBOX_LIMIT = 200
TLS_WAYS = ("starttls", "implicit", "none", "auto")


class NotNow(Exception):
    """It could not be sent at this moment, and may be later; the text holds no address."""


class NotArrived(NotNow):
    """What it needs to know is on its way here, and comes within moments as a rule."""


class Undeliverable(Exception):
    """It can never be sent there; the text holds no address."""


@dataclass(frozen=True)
class Letter:
    """One notice, worded and addressed."""

    notice_id: str
    channel: Channel
    at: datetime
    subject: str
    to: str = field(repr=False)
    text: str = field(repr=False)


class Way(Protocol):
    """Something that takes a letter out of the house. Raises NotNow or Undeliverable."""

    async def send(self, letter: Letter) -> None:
        """Take it out."""


def as_mail(letter: Letter, sender: str) -> EmailMessage:
    """The letter as a plain mail whose Message-ID is that of its notice, so a second copy can be recognised."""
    mail = EmailMessage(policy=policy.SMTP)
    domain = parseaddr(sender)[1].rpartition("@")[2] or "example.org"
    mail["From"] = sender
    mail["To"] = letter.to
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(letter.at)
    mail["Message-ID"] = f"<{letter.notice_id}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.text + "\n")
    return mail


@dataclass(frozen=True)
class SmtpServer:
    """A mail server, from `smtp://user:password@host:port?tls=starttls`."""

    host: str
    port: int
    sender: str
    username: str = ""
    password: str = field(default="", repr=False)
    tls: str = "auto"
    timeout: float = 20.0
    """Seconds for each step of the conversation."""
    context: ssl.SSLContext | None = field(default=None, repr=False)

    @classmethod
    def from_url(cls, url: str, sender: str, timeout: float = 20.0) -> "SmtpServer":
        """Read the address of a mail server; raises ValueError, whose text does not quote it."""
        parts = urlsplit(url)
        tls = parse_qs(parts.query).get("tls", ["implicit" if parts.scheme == "smtps" else "auto"])[0]
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname or tls not in TLS_WAYS:
            raise ValueError("the mail server is given as smtp://user:password@host:port?tls=starttls|implicit|none")
        return cls(
            host=parts.hostname,
            port=parts.port or {"implicit": 465, "starttls": 587}.get(tls, 25),
            sender=sender,
            username=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            tls=tls,
            timeout=timeout,
        )

    async def send(self, letter: Letter) -> None:
        """Hand the letter to the mail server. Raises NotNow or Undeliverable."""
        # Raised outside the `except`, so that no error of the library, which knows the address, hangs on to ours.
        trouble = await self._hand_over(as_mail(letter, self.sender), letter.to)
        if trouble is not None:
            raise trouble

    async def _hand_over(self, mail: EmailMessage, to: str) -> NotNow | Undeliverable | None:
        client = aiosmtplib.SMTP(
            hostname=self.host,
            port=self.port,
            username=self.username or None,
            password=self.password or None,
            use_tls=self.tls == "implicit",
            start_tls={"starttls": True, "none": False}.get(self.tls, False if self.tls == "implicit" else None),
            tls_context=self.context,
            timeout=self.timeout,
        )
        try:
            await client.connect()
        except (aiosmtplib.SMTPException, OSError) as error:
            return NotNow(f"the mail server cannot be reached ({type(error).__name__})")
        try:
            await client.send_message(mail, sender=parseaddr(self.sender)[1], recipients=[to])
        except (aiosmtplib.SMTPException, OSError) as error:
            return trouble_of(error)
        finally:
            # The mail is accepted or refused by now: a hitch in saying goodbye must not send it again.
            with suppress(aiosmtplib.SMTPException, OSError):
                await client.quit()
            client.close()
        return None


def trouble_of(error: Exception) -> NotNow | Undeliverable:
    """What a mail server's refusal means for the letter; its own words are left behind, they quote the address."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        codes = [refused.code for refused in error.recipients]
        what = "the mail server refuses the address"
    elif isinstance(error, aiosmtplib.SMTPResponseException):
        codes, what = [error.code], "the mail server refuses the mail"
    elif isinstance(error, aiosmtplib.SMTPNotSupported):
        return Undeliverable("the mail server does not take addresses of this kind")
    else:
        return NotNow(f"the mail server did not finish ({type(error).__name__})")
    worst = max(codes, default=0)
    return Undeliverable(f"{what} ({worst})") if 500 <= worst <= 599 else NotNow(f"{what} for now ({worst})")


class TextService:
    """Text messages through any service Apprise speaks to; `{to}` in its URL stands for the number."""

    def __init__(self, template: str) -> None:
        if "{to}" not in template:
            raise ValueError("the URL of the text service needs {to} where the number goes")
        # Both write numbers and the addresses of requests into their logs.
        logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
        logging.getLogger("urllib3").setLevel(logging.WARNING)
        with warnings.catch_warnings():
            # Its plugins are loaded at the first URL; one of them touches a module Python is retiring.
            warnings.simplefilter("ignore", DeprecationWarning)
            import apprise  # slow to load, and only needed where texts are really sent

            self._apprise = apprise
            self._template = template
            if self._service("07700900000") is None:
                raise ValueError("the URL of the text service is not one that Apprise knows")

    async def send(self, letter: Letter) -> None:
        """Hand the text to the service. Raises NotNow or Undeliverable."""
        service = self._service(letter.to)
        if service is None:
            raise Undeliverable("the text service does not take this number")
        if not await service.async_notify(body=letter.text, title=""):
            raise NotNow("the text service did not take the text")

    def _service(self, number: str) -> Any:
        service = self._apprise.Apprise(asset=self._apprise.AppriseAsset(secure_logging=True))
        return service if service.add(self._template.replace("{to}", quote(number, safe=""))) else None


class Mailbox:
    """A directory where mail and texts can be read on this machine: for trying things out, never for production."""

    def __init__(self, directory: Path, sender: str) -> None:
        self._directory = directory
        self._sender = sender

    async def send(self, letter: Letter) -> None:
        """Put the letter into the directory, whole or not at all; a second copy takes the place of the first."""
        await asyncio.to_thread(self._write, letter)

    async def read(self, limit: int = MAILBOX_LIMIT) -> tuple[MailboxItem, ...]:
        """The newest letters, newest first."""
        return await asyncio.to_thread(self._read, limit)

    def _write(self, letter: Letter) -> None:
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        ending = "eml" if letter.channel is Channel.EMAIL else "txt"
        half = self._directory / f".{letter.notice_id}.{ending}.part"
        with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(bytes(as_mail(letter, self._sender)))
        at = round(letter.at.timestamp() * 1_000_000) * 1000
        os.utime(half, ns=(at, at))
        half.replace(self._directory / f"{letter.notice_id}.{ending}")

    def _read(self, limit: int) -> tuple[MailboxItem, ...]:
        if not self._directory.is_dir():
            return ()
        entries = [entry for entry in os.scandir(self._directory) if entry.name.endswith((".eml", ".txt"))]
        entries.sort(key=lambda entry: (entry.stat().st_mtime_ns, entry.name), reverse=True)
        return tuple(_item(Path(entry.path)) for entry in entries[:limit])


def _item(path: Path) -> MailboxItem:
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return MailboxItem(
        item_id=path.stem,
        at=datetime.fromtimestamp(path.stat().st_mtime, UTC),
        channel=Channel.EMAIL if path.suffix == ".eml" else Channel.SMS,
        to=str(mail["To"]),
        sender=str(mail["From"]),
        subject=str(mail["Subject"]),
        text=mail.get_content().strip(),
    )


@dataclass(frozen=True)
class Post:
    """Every way out of the house, as the settings have it."""

    mail: Sequence[Way] = ()
    texts: Sequence[Way] = ()
    mailbox: Mailbox | None = None
    public_url: str = ""
    """Where a link in a notice leads."""

    @property
    def channels(self) -> tuple[Channel, ...]:
        """The channels by which anything can be sent here."""
        ways = {Channel.EMAIL: self.mail, Channel.SMS: self.texts}
        return tuple(channel for channel in Channel if ways[channel])

    async def send(self, letter: Letter) -> None:
        """Send by every way of the letter's channel. Raises NotNow or Undeliverable."""
        for way in self.mail if letter.channel is Channel.EMAIL else self.texts:
            await way.send(letter)
