"""What notify remembers: sealed addresses, what is outgoing, and the times its words need."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import JSON, Column, MetaData, String, Table, Text, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from harbour.contracts.notify import Channel, NoticeKind
from harbour.runtime.database import Moment, insert_once
from harbour.runtime.outbox import outbox_table
from services.notify.rules import Evening, Notice, State

metadata = MetaData()
outbox_table(metadata)

addresses = Table(
    "addresses",
    metadata,
    Column("person_id", String(64), primary_key=True),
    Column("sealed", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("given_at", Moment, nullable=False),
)

calendar = Table(
    "calendar",
    metadata,
    Column("course_id", String(64), primary_key=True),
    Column("evenings", JSON, nullable=False),
    Column("told_at", Moment, nullable=False),
)

alerts = Table(
    "alerts",
    metadata,
    Column("alert_id", String(64), primary_key=True),
    Column("raised_at", Moment, nullable=False),
)

outgoing = Table(
    "outgoing",
    metadata,
    Column("notice_id", String(64), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("person_id", String(64), nullable=False, index=True),
    Column("about", String(64), nullable=False),
    Column("sealed", Text, nullable=False),
    Column("queued_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=True, index=True),
    Column("state", String(16), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("settled_at", Moment, nullable=True),
    Column("why", String(200), nullable=False),
)

links = Table(
    "links",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("staff_id", String(64), nullable=False),
    Column("alert_id", String(64), nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
    Column("spent_at", Moment, nullable=True),
    Column("spent_with", String(128), nullable=False),
)
"""The links that were sent, by the hash of their token: who reads this table can use none of them."""


class Addresses:
    """Where people are reached, sealed as it came and opened nowhere near here."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def keep(self, person_id: str, kind: str, sealed: str, given_at: datetime) -> None:
        """Remember the newest address of a person, in whichever order they arrive."""
        row = {"person_id": person_id, "kind": kind, "sealed": sealed, "given_at": given_at}
        if await insert_once(self._tx, addresses, row):
            return
        older = (addresses.c.person_id == person_id) & (addresses.c.given_at < given_at)
        await self._tx.execute(update(addresses).where(older).values(row))

    async def find(self, person_id: str) -> str | None:
        """The sealed address, or None while it has not arrived."""
        return await self._tx.scalar(select(addresses.c.sealed).where(addresses.c.person_id == person_id))


class Calendar:
    """When the evenings of a course are, and nothing else about it."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def keep(self, course_id: str, evenings: Collection[Evening], told_at: datetime) -> None:
        """Remember the newest dates of a course, in whichever order they arrive."""
        dates = [[evening.starts_at.isoformat(), evening.minutes] for evening in evenings]
        row = {"course_id": course_id, "evenings": dates, "told_at": told_at}
        if await insert_once(self._tx, calendar, row):
            return
        older = (calendar.c.course_id == course_id) & (calendar.c.told_at < told_at)
        await self._tx.execute(update(calendar).where(older).values(row))

    async def find(self, course_id: str) -> tuple[Evening, ...]:
        """The evenings of a course; empty while they are not known."""
        dates = await self._tx.scalar(select(calendar.c.evenings).where(calendar.c.course_id == course_id))
        return tuple(Evening(datetime.fromisoformat(starts_at), minutes) for starts_at, minutes in dates or ())


class Alerts:
    """Since when an alert has waited."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def keep(self, alert_id: str, raised_at: datetime) -> None:
        """Remember when an alert came onto the queue."""
        await insert_once(self._tx, alerts, {"alert_id": alert_id, "raised_at": raised_at})

    async def find(self, alert_id: str) -> datetime | None:
        """When it came onto the queue, or None where that is not known."""
        return await self._tx.scalar(select(alerts.c.raised_at).where(alerts.c.alert_id == alert_id))


class Outgoing:
    """What is to be said outside the page, and what has been."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def add(self, *notices: Notice) -> None:
        """Put notices down for sending; one that is there already stays as it is."""
        for notice in notices:
            row = {
                "notice_id": notice.notice_id,
                "kind": notice.kind.value,
                "person_id": notice.person_id,
                "about": notice.about,
                "sealed": notice.sealed,
                "queued_at": notice.queued_at,
                "expires_at": notice.expires_at,
                "state": notice.state.value,
                "channel": "",
                "settled_at": None,
                "why": "",
            }
            await insert_once(self._tx, outgoing, row)

    async def find(self, notice_id: str) -> Notice | None:
        """One notice, or None."""
        row = (await self._tx.execute(select(outgoing).where(outgoing.c.notice_id == notice_id))).one_or_none()
        if row is None:
            return None
        return Notice(
            notice_id=row.notice_id,
            kind=NoticeKind(row.kind),
            person_id=row.person_id,
            queued_at=row.queued_at,
            about=row.about,
            expires_at=row.expires_at,
            sealed=row.sealed,
            state=State(row.state),
        )

    async def settle(
        self, notice_id: str, state: State, at: datetime, channel: Channel | None = None, why: str = ""
    ) -> None:
        """Put down what became of a notice and blank its words; what was sent or has expired stays so."""
        open_ = (outgoing.c.notice_id == notice_id) & outgoing.c.state.in_([State.QUEUED.value, State.FAILED.value])
        values = {"state": state.value, "settled_at": at, "channel": channel or "", "why": why, "sealed": ""}
        await self._tx.execute(update(outgoing).where(open_).values(values))

    async def blank_expired(self, now: datetime) -> None:
        """Blank the words of every code that no longer counts, wherever its delivery got stuck."""
        spent = (outgoing.c.expires_at <= now) & (outgoing.c.sealed != "")
        values = {"state": State.EXPIRED.value, "settled_at": now, "sealed": ""}
        await self._tx.execute(update(outgoing).where(spent).values(values))
