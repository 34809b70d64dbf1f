"""The books of colleagues, and of who watches which room."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import JSON, Column, String, Table, Text, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from harbour.contracts.enrolment import Role
from harbour.runtime.database import Moment, insert_once
from services.chat.rules import Colleague, Observer
from services.chat.store.tables import metadata

colleagues = Table(
    "colleagues",
    metadata,
    Column("staff_id", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("roles", JSON, nullable=False),
    Column("known_at", Moment, nullable=False),
)
observers = Table(
    "observers",
    metadata,
    Column("session_id", String(64), primary_key=True),
    Column("staff_id", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("since", Moment, nullable=False),
    Column("heard_at", Moment, nullable=False),
    Column("until", Moment),
)


class Colleagues:
    """Who works here, and as what."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def know(self, one: Colleague) -> None:
        """Keep what was last said of somebody."""
        known = {"name": one.name, "roles": sorted(one.roles), "known_at": one.known_at}
        if not await insert_once(self._tx, colleagues, {"staff_id": one.staff_id, **known}):
            older = (colleagues.c.staff_id == one.staff_id) & (colleagues.c.known_at < one.known_at)
            await self._tx.execute(update(colleagues).where(older).values(known))

    async def find(self, staff_id: str) -> Colleague | None:
        """The member of staff of this id."""
        found = await self._tx.execute(select(colleagues).where(colleagues.c.staff_id == staff_id))
        row = found.one_or_none()
        if row is None:
            return None
        return Colleague(row.staff_id, row.name, frozenset(map(Role, row.roles)), row.known_at)


class Observers:
    """Who watches which room; one row for each supervisor and evening, the last time they did."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def of(self, session_id: str) -> tuple[Observer, ...]:
        """All who have watched an evening."""
        mine = select(observers).where(observers.c.session_id == session_id)
        found = await self._tx.execute(mine.order_by(observers.c.since, observers.c.staff_id))
        return tuple(Observer(**row._mapping) for row in found)

    async def hear(self, session_id: str, who: Colleague, now: datetime) -> tuple[Observer, bool]:
        """Keep that their page was heard; True where they begin to watch with this."""
        fresh = Observer(session_id, who.staff_id, who.name, now, now)
        if await insert_once(self._tx, observers, vars(fresh)):
            return fresh, True
        here = (observers.c.session_id == session_id) & (observers.c.staff_id == who.staff_id)
        known = Observer(**(await self._tx.execute(select(observers).where(here).with_for_update())).one()._mapping)
        after = fresh if known.until else replace(known, heard_at=max(known.heard_at, now))
        await self._tx.execute(update(observers).where(here).values(vars(after)))
        return after, known.until is not None

    async def find(self, session_id: str, staff_id: str) -> Observer | None:
        """Somebody who watches, or last did, held until this transaction ends."""
        here = (observers.c.session_id == session_id) & (observers.c.staff_id == staff_id)
        row = (await self._tx.execute(select(observers).where(here).with_for_update())).one_or_none()
        return None if row is None else Observer(**row._mapping)

    async def end(self, one: Observer) -> None:
        """Keep that they watch no more. Their row is to be held."""
        here = (observers.c.session_id == one.session_id) & (observers.c.staff_id == one.staff_id)
        await self._tx.execute(update(observers).where(here).values(until=one.heard_at))
