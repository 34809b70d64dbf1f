"""The book of evenings: whose page was heard when, who is on call, tonight's practice alert, and how people come."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Boolean, Column, Integer, String, Table, Text, delete, select, update

from harbour.contracts.chat import Alone, CheckInNote, MemberCheckedIn, RoomState
from harbour.runtime.database import Moment, insert_once
from services.chat.rules import Canary, Watch
from services.chat.store.rooms import Rooms, sessions
from services.chat.store.tables import metadata

watches = Table(
    "watches",
    metadata,
    Column("session_id", String(64), primary_key=True),
    Column("staff_id", String(64), primary_key=True),
    Column("at", Moment, nullable=False),
)
on_call = Table(
    "on_call",
    metadata,
    Column("staff_id", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("until", Moment, nullable=False),
    Column("said_at", Moment, nullable=False),
)
check_ins = Table(
    "check_ins",
    metadata,
    Column("session_id", String(64), primary_key=True),
    Column("member_id", String(64), primary_key=True),
    Column("nickname", Text, nullable=False),
    Column("badge", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("feeling", Integer, nullable=False),
    Column("alone", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("joins", Boolean, nullable=False),
)


class Evenings(Rooms):
    """The room book, and who looks after an evening."""

    async def watch(self, session_id: str, now: datetime) -> Watch | None:
        """Who looks after a room, held until this transaction ends; None where there is no such evening."""
        held = await self._tx.execute(
            select(sessions.c.canary_id, sessions.c.canary_due_at, sessions.c.canary_seen_at)
            .where(sessions.c.session_id == session_id)
            .with_for_update()
        )
        row, gathering = held.one_or_none(), await self.gathering(session_id)
        if row is None or gathering is None:
            return None
        heard = await self._tx.execute(select(watches).where(watches.c.session_id == session_id))
        officers = await self._tx.execute(select(on_call).where(on_call.c.until > now).order_by(on_call.c.said_at))
        canary = Canary(row.canary_id, row.canary_due_at, row.canary_seen_at) if row.canary_id else None
        return Watch(
            gathering, {one.staff_id: one.at for one in heard}, {one.staff_id: one.name for one in officers}, canary
        )

    async def hear_from(self, session_id: str, staff_id: str, at: datetime) -> None:
        """Keep that an adult's page was heard."""
        if not await insert_once(self._tx, watches, {"session_id": session_id, "staff_id": staff_id, "at": at}):
            here = (watches.c.session_id == session_id) & (watches.c.staff_id == staff_id)
            await self._tx.execute(update(watches).where(here, watches.c.at < at).values(at=at))

    async def send_canary(self, session_id: str, canary_id: str, due_at: datetime) -> None:
        """Keep that a practice alert is on its way; one sent before counts no more."""
        values = {"canary_id": canary_id, "canary_due_at": due_at, "canary_seen_at": None}
        await self._tx.execute(update(sessions).where(sessions.c.session_id == session_id).values(values))

    async def canary_seen(self, canary_id: str, at: datetime) -> None:
        """Keep when it was seen, the first time."""
        here = (sessions.c.canary_id == canary_id) & sessions.c.canary_seen_at.is_(None)
        await self._tx.execute(update(sessions).where(here).values(canary_seen_at=at))

    async def set_on_call(self, staff_id: str, name: str, until: datetime, said_at: datetime) -> None:
        """Keep until when an officer is on call, as they last said it."""
        values = {"name": name, "until": until, "said_at": said_at}
        if not await insert_once(self._tx, on_call, {"staff_id": staff_id, **values}):
            newer = (on_call.c.staff_id == staff_id) & (on_call.c.said_at < said_at)
            await self._tx.execute(update(on_call).where(newer).values(values))
        await self._tx.execute(delete(on_call).where(on_call.c.until < said_at - timedelta(days=7)))

    async def end_on_call(self, staff_id: str, said_at: datetime) -> None:
        """Keep that an officer is on call no more."""
        newer = (on_call.c.staff_id == staff_id) & (on_call.c.said_at < said_at)
        await self._tx.execute(update(on_call).where(newer).values(until=said_at, said_at=said_at))

    async def check_in(self, note: MemberCheckedIn) -> None:
        """Keep how somebody comes tonight; the last answer counts."""
        values: dict[str, Any] = note.model_dump() | {"at": note.at}
        if not await insert_once(self._tx, check_ins, values):
            here = (check_ins.c.session_id == note.session_id) & (check_ins.c.member_id == note.member_id)
            await self._tx.execute(update(check_ins).where(here, check_ins.c.at <= note.at).values(values))

    async def joins(self, session_id: str, member_id: str) -> bool:
        """Whether somebody has said that they join tonight."""
        mine = (check_ins.c.session_id == session_id) & (check_ins.c.member_id == member_id)
        return bool((await self._tx.execute(select(check_ins.c.joins).where(mine))).scalar_one_or_none())

    async def check_ins(self, session_id: str) -> list[CheckInNote]:
        """How everybody comes tonight, in the order they said so."""
        found = await self._tx.execute(
            select(check_ins).where(check_ins.c.session_id == session_id).order_by(check_ins.c.at)
        )
        return [
            CheckInNote(
                member_id=row.member_id, nickname=row.nickname, badge=row.badge, at=row.at, feeling=row.feeling,
                alone=Alone(row.alone), text=row.text, joins=row.joins,
            )
            for row in found
        ]  # fmt: skip

    async def close_after_the_pause(self, session_id: str) -> None:
        """Let a paused evening go on in its last few minutes."""
        paused = (sessions.c.session_id == session_id) & (sessions.c.state == RoomState.PAUSED.value)
        await self._tx.execute(update(sessions).where(paused).values(resumes_to=RoomState.CLOSING.value))
