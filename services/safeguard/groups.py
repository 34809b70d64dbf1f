"""What safeguard remembers of the groups: who is in which, and when their evenings are. Every write may be repeated."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, Integer, Row, String, Table, Text, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from harbour.contracts.chat import RoomState
from harbour.runtime.database import Moment, insert_once
from services.safeguard.rooms import rooms
from services.safeguard.tables import metadata

members = Table(
    "members",
    metadata,
    Column("course_id", String(64), primary_key=True),
    Column("member_id", String(64), primary_key=True),
    Column("nickname", Text, nullable=False),
    Column("badge", Text, nullable=False),
    Column("known_at", Moment, nullable=False),
    Index("members_by_id", "member_id"),
)
"""The young people of each group by the name they chose; nothing else of them is kept here."""

evenings = Table(
    "evenings",
    metadata,
    Column("session_id", String(64), primary_key=True),
    Column("course_id", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("starts_at", Moment, nullable=False),
    Column("minutes", Integer, nullable=False, server_default="90"),
    Column("known_at", Moment, nullable=False),
)
"""The evenings of each group."""


@dataclass(frozen=True)
class Member:
    """A young person of a group."""

    course_id: str
    member_id: str
    nickname: str
    badge: str


@dataclass(frozen=True)
class Evening:
    """One evening of a group."""

    session_id: str
    course_id: str
    title: str
    starts_at: datetime
    minutes: int


class Groups:
    """The book of groups."""

    def __init__(self, tx: AsyncConnection) -> None:
        self.tx = tx

    async def know_member(self, one: Member, at: datetime) -> None:
        """Keep what somebody is called in a group, as it was last said."""
        known = {**vars(one), "known_at": at}
        if not await insert_once(self.tx, members, known):
            theirs = (members.c.course_id == one.course_id) & (members.c.member_id == one.member_id)
            await self.tx.execute(update(members).where(theirs, members.c.known_at < at).values(known))

    async def know_evenings(self, planned: Iterable[Evening], at: datetime) -> None:
        """Keep when the evenings of a group are, as it was last said."""
        for one in sorted(planned, key=lambda each: each.session_id):
            known = {**vars(one), "known_at": at}
            if not await insert_once(self.tx, evenings, known):
                older = (evenings.c.session_id == one.session_id) & (evenings.c.known_at < at)
                await self.tx.execute(update(evenings).where(older).values(known))

    async def evening(self, session_id: str) -> Evening | None:
        """One evening, where it is known by now."""
        row = (await self.tx.execute(select(evenings).where(evenings.c.session_id == session_id))).one_or_none()
        return _evening(row) if row else None

    async def planned(self, begins: datetime, ends: datetime) -> list[Evening]:
        """The evenings that begin between two moments, soonest first, but for those that are over or cancelled."""
        within = (evenings.c.starts_at >= begins) & (evenings.c.starts_at < ends)
        goes_on = or_(rooms.c.state.is_(None), rooms.c.state.not_in((RoomState.ENDED, RoomState.CANCELLED)))
        standing = evenings.outerjoin(rooms, rooms.c.session_id == evenings.c.session_id)
        query = select(evenings).select_from(standing).where(within, goes_on)
        return [_evening(row) for row in await self.tx.execute(query.order_by(evenings.c.starts_at))]

    async def in_group(self, course_id: str) -> dict[str, Member]:
        """Everybody of a group, by id."""
        rows = await self.tx.execute(select(members).where(members.c.course_id == course_id))
        return {row.member_id: Member(row.course_id, row.member_id, row.nickname, row.badge) for row in rows}

    async def member(self, member_id: str) -> Member | None:
        """Somebody by the name they last chose, in whichever group that was."""
        latest = select(members).where(members.c.member_id == member_id).order_by(members.c.known_at.desc()).limit(1)
        row = (await self.tx.execute(latest)).one_or_none()
        return Member(row.course_id, row.member_id, row.nickname, row.badge) if row else None


def _evening(row: Row[Any]) -> Evening:
    return Evening(row.session_id, row.course_id, row.title, row.starts_at, row.minutes)
