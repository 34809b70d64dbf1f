"""Reading the whole record, a batch at a time, and verifying it against the anchors on the bus."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from nats.js import JetStreamContext
from nats.js.errors import NotFoundError
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from harbour.contracts.messages import read_event
from harbour.contracts.record import RecordAnchored
from harbour.runtime.database import Database
from services.safeguard.chain import DEED, ERASED, HEARD, NOTHING, Head, chain, chain_head
from services.safeguard.tables import alerts, deeds
from services.safeguard.verifications import Verifications
from services.safeguard.verifying import Check, Row, row_of

BATCH = 1000
"""Entries at a time: some tens of milliseconds, in which others may use the database."""

Progress = Callable[[int, int], Awaitable[None]]
"""Told how many entries were looked at, and how many there are."""


class Anchors(Protocol):
    """What the bus was told of the record, day by day."""

    async def all(self) -> list[RecordAnchored]:
        """Every anchor that is still kept, oldest first."""
        ...

    async def last(self) -> RecordAnchored | None:
        """The newest of them; none where there is none."""
        ...


@dataclass(frozen=True)
class StreamAnchors:
    """The anchors in the stream `SAFEGUARD`."""

    js: Callable[[], JetStreamContext]

    async def all(self) -> list[RecordAnchored]:
        """Every anchor that is still kept, oldest first."""
        js, after = self.js(), 0
        found: list[RecordAnchored] = []
        while True:
            try:
                kept = await js.get_msg("SAFEGUARD", after + 1, RecordAnchored.pattern(), direct=True, next=True)
            except NotFoundError:
                return found
            anchor = read_event(kept.headers, kept.data or b"")
            assert isinstance(anchor, RecordAnchored)
            assert kept.seq is not None
            found.append(anchor)
            after = kept.seq

    async def last(self) -> RecordAnchored | None:
        """The newest of them; none where there is none."""
        try:
            kept = await self.js().get_last_msg("SAFEGUARD", RecordAnchored.pattern(), direct=True)
        except NotFoundError:
            return None
        anchor = read_event(kept.headers, kept.data or b"")
        assert isinstance(anchor, RecordAnchored)
        return anchor


class Pages:
    """The chain as it is read: nothing here writes."""

    def __init__(self, tx: AsyncConnection) -> None:
        self.tx = tx

    async def ends(self) -> tuple[Head, int]:
        """Where the chain is said to end, and the number of its last entry, at one moment."""
        last = select(func.max(chain.c.number)).scalar_subquery()
        kept = select(chain_head.c.number).scalar_subquery(), select(chain_head.c.hash).scalar_subquery()
        number, hash_of_it, end = (await self.tx.execute(select(*kept, last))).one()
        return Head(number or 0, hash_of_it or NOTHING), end or 0

    async def after(self, number: int, up_to: int, most: int) -> list[Row]:
        """The next entries, each with its deed and the text of its alert."""
        part = _READ.where(chain.c.number > number, chain.c.number <= up_to).order_by(chain.c.number).limit(most)
        return [row_of(row) for row in (await self.tx.execute(part)).mappings()]

    async def erasures_after(self, number: int) -> list[Row]:
        """The entries behind this one that say whose words were erased: that may have been while one looked."""
        query = _READ.where(chain.c.number > number, chain.c.kind == ERASED)
        return [row_of(row) for row in (await self.tx.execute(query)).mappings()]

    async def strays(self, most: int = 100) -> list[tuple[str, str]]:
        """Deeds and alerts, made since the record began, of which it knows nothing: kind and subject."""
        began = (await self.tx.execute(select(chain.c.at).order_by(chain.c.number).limit(1))).scalar_one_or_none()
        if began is None:
            return []
        lost = deeds.outerjoin(chain, chain.c.cause == deeds.c.deed_id)
        query = select(deeds.c.what, deeds.c.alert_id).select_from(lost)
        found = await self.tx.execute(query.where(chain.c.number.is_(None), deeds.c.at >= began).limit(most))
        unheard = alerts.outerjoin(chain, (chain.c.subject == alerts.c.alert_id) & (chain.c.kind == HEARD))
        query = select(alerts.c.alert_id).select_from(unheard)
        raised = await self.tx.execute(query.where(chain.c.number.is_(None), alerts.c.raised_at >= began).limit(most))
        return [*((f"{DEED}{row.what}", row.alert_id) for row in found), *((HEARD, row.alert_id) for row in raised)]


_READ = select(
    chain,
    deeds.c.deed_id,
    deeds.c.alert_id.label("deed_alert"),
    deeds.c.at.label("deed_at"),
    deeds.c.staff_id.label("deed_staff"),
    deeds.c.name.label("deed_name"),
    deeds.c.what.label("deed_what"),
    deeds.c.note.label("deed_note"),
    alerts.c.text.label("alert_text"),
).select_from(
    chain.outerjoin(deeds, deeds.c.deed_id == chain.c.cause).outerjoin(
        alerts, (alerts.c.alert_id == chain.c.subject) & (chain.c.place == "alert")
    )
)


async def _nobody_waits(looked: int, of: int) -> None:
    """Nobody wants to be told."""


async def verify(database: Database, anchors: Anchors, progress: Progress = _nobody_waits) -> Check:
    """Look at the whole record as it stands now. What is added meanwhile is left for the next look.

    The anchors are read first, so that none can be newer than the chain that is held against it.
    """
    check = Check(await anchors.all())
    async with database.reading() as tx:
        head, last = await Pages(tx).ends()
    while rows := await _next(database, check.reached.number, last):
        await asyncio.to_thread(check.look, rows)
        await progress(check.reached.number, last)
    async with database.reading() as tx:
        check.note_erasures(await Pages(tx).erasures_after(last))
        check.end(head, await Pages(tx).strays())
    return check


async def verify_on_record(database: Database, anchors: Anchors, verification_id: str, now: datetime) -> Check:
    """The same, and keep how far it is and what it found."""

    async def told(looked: int, of: int) -> None:
        if looked % (10 * BATCH) < BATCH:
            async with database.begin() as tx:
                await Verifications(tx).go_on(verification_id, looked, of)

    check = await verify(database, anchors, told)
    async with database.begin() as tx:
        await Verifications(tx).end(verification_id, check, now)
    return check


async def _next(database: Database, after: int, up_to: int) -> list[Row]:
    async with database.reading() as tx:
        return await Pages(tx).after(after, up_to, BATCH)
