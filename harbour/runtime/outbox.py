"""The outbox: what a handler says is kept in its own transaction, and published after it.

A row stays after it was published, without its words: the same event is never said again, however long after.
"""

import asyncio
import contextlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from sqlalchemy import JSON, Column, Index, LargeBinary, MetaData, String, Table, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from harbour.contracts.messages import Event, Message, Timer, TimerCancelled, now
from harbour.runtime import telemetry
from harbour.runtime.database import Database, Moment, insert_once

log = structlog.get_logger("harbour.outbox")
PUBLISH_SECONDS = 5.0
STAMP = "%Y-%m-%dT%H:%M:%S.%fZ"


def outbox_table(metadata: MetaData) -> Table:
    """The outbox among the tables of a service."""
    return Table("outbox", metadata, *_columns(), Index("outbox_unsent", "sent_at", "kept_at"))


def create_outbox(op: Any) -> None:
    """The same in a migration."""
    op.create_table("outbox", *_columns())
    op.create_index("outbox_unsent", "outbox", ["sent_at", "kept_at"])


def _columns() -> list[Column[Any]]:
    return [
        Column("id", String(128), primary_key=True),
        Column("subject", String(255), nullable=False),
        Column("stream", String(32), nullable=False),
        Column("headers", JSON, nullable=False),
        Column("body", LargeBinary, nullable=True),
        Column("kept_at", Moment, nullable=False),
        Column("sent_at", Moment, nullable=True),
    ]


_OUTBOX = outbox_table(MetaData())


@dataclass(frozen=True)
class Letter:
    """A message ready to be published."""

    id: str
    subject: str
    stream: str
    headers: dict[str, str]
    body: bytes


def letter(message: Message, source: str) -> Letter:
    """How a message is published: an event on its subject, a timer as a schedule, a cancelled timer as its undoing."""
    if isinstance(message, TimerCancelled):
        headers = {"Nats-Rollup": "sub", "Nats-TTL": "1s", "Nats-Msg-Id": message.id, "ce-id": message.id}
        return Letter(message.id, message.set_subject, "TIMERS", headers, b"")
    if not isinstance(message, Event):
        raise TypeError(f"{type(message).__name__} is not something that can be said")
    headers = {**message.headers(source), **telemetry.carried()}
    if isinstance(message, Timer):
        due = message.due.astimezone(UTC).strftime(STAMP)
        headers |= {"Nats-Schedule": f"@at {due}", "Nats-Schedule-Target": message.subject}
        return Letter(message.id, message.set_subject, message.stream(), headers, message.body())
    return Letter(message.id, message.subject, message.stream(), headers, message.body())


class Outbox:
    """The outbox of one service, on one transaction."""

    def __init__(self, tx: AsyncConnection, source: str = "") -> None:
        self._tx, self._source = tx, source

    async def add(self, message: Message) -> Letter | None:
        """Keep something to say. None where it has been said or kept before."""
        source = self._source or (message.owner() if isinstance(message, Event) else "")
        kept = letter(message, source)
        new = await insert_once(
            self._tx,
            _OUTBOX,
            {
                "id": kept.id,
                "subject": kept.subject,
                "stream": kept.stream,
                "headers": kept.headers,
                "body": kept.body,
                "kept_at": now(),
            },
        )
        return kept if new else None

    async def unsent(self, before: datetime, limit: int = 200) -> list[Letter]:
        """What was kept before this moment and is not published yet, oldest first."""
        rows = await self._tx.execute(
            select(_OUTBOX)
            .where(_OUTBOX.c.sent_at.is_(None), _OUTBOX.c.kept_at <= before)
            .order_by(_OUTBOX.c.kept_at)
            .limit(limit)
        )
        return [Letter(row.id, row.subject, row.stream, row.headers, row.body or b"") for row in rows]

    async def mark_sent(self, ids: Iterable[str]) -> None:
        """Remember that these are published, and forget their words."""
        await self._tx.execute(update(_OUTBOX).where(_OUTBOX.c.id.in_(list(ids))).values(sent_at=now(), body=None))


async def publish(js: JetStreamContext, kept: Letter) -> None:
    """Publish with the stream named, and wait for its acknowledgement. Raises where it does not come."""
    await js.publish(kept.subject, kept.body, timeout=PUBLISH_SECONDS, stream=kept.stream, headers=kept.headers)


class Postbox:
    """Publishes what the outbox of a service keeps: at once after a handler, and on a beat what was left behind."""

    def __init__(self, database: Database, js: JetStreamContext, beat_seconds: float = 2.0) -> None:
        self._database, self._js, self._beat = database, js, beat_seconds
        self._stopping = asyncio.Event()

    async def send(self, letters: list[Letter]) -> None:
        """Publish what was just committed. What cannot be published now stays for the beat."""
        sent = []
        try:
            for kept in letters:
                await publish(self._js, kept)
                sent.append(kept.id)
        except (NatsError, OSError, TimeoutError) as error:
            log.warning("kept for later", error=type(error).__name__, waiting=len(letters) - len(sent))
        if sent:
            async with self._database.begin() as tx:
                await Outbox(tx).mark_sent(sent)

    async def sweep(self, age_seconds: float = 3.0) -> int:
        """Publish what a dead process left behind; returns how many were found."""
        async with self._database.reading() as tx:
            letters = await Outbox(tx).unsent(now() - timedelta(seconds=age_seconds))
        if letters:
            await self.send(letters)
        return len(letters)

    async def keep_sweeping(self) -> None:
        """Sweep on every beat until told to stop."""
        while not self._stopping.is_set():
            with contextlib.suppress(SQLAlchemyError, OSError):
                await self.sweep()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), self._beat)

    async def stop_sweeping(self, sweeping: asyncio.Task[None]) -> None:
        """Let a sweep end: a connection that is cancelled while it opens would be left behind."""
        self._stopping.set()
        await asyncio.wait([sweeping], timeout=2.0)
        sweeping.cancel()
