"""The book of exposure: which numbers were on whose screen, what was taken back, and who had seen it."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import BigInteger, Column, Index, String, Table, Text, case, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from harbour.contracts.chat import ShownRun, Speaker
from harbour.runtime.database import Moment, insert_once
from services.chat.rules import Withdrawal
from services.chat.store.rooms import people, sessions
from services.chat.store.tables import metadata

shown = Table(
    "shown",
    metadata,
    Column("session_id", String(64), primary_key=True),
    Column("person_id", String(64), primary_key=True),
    Column("began_at", BigInteger, primary_key=True),
    Column("first", BigInteger, nullable=False),
    Column("upto", BigInteger, nullable=False),
)
"""One row for each run of neighbouring messages, not for each message. `began_at` is the number the row was begun
with and never changes; `first` and `upto` only ever move apart, and rows may overlap."""

withdrawals = Table(
    "withdrawals",
    metadata,
    Column("session_id", String(64), primary_key=True),
    Column("number", BigInteger, primary_key=True),
    Column("message_id", String(64), nullable=False),
    Column("member_id", String(64), nullable=False),
    Column("nickname", Text, nullable=False),
    Column("staff_id", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("at", Moment, nullable=False),
)
exposed = Table(
    "exposed",
    metadata,
    Column("session_id", String(64), primary_key=True),
    Column("number", BigInteger, primary_key=True),
    Column("person_id", String(64), primary_key=True),
    Index("exposed_by_person", "person_id"),
)
"""Who had a withdrawn message on their screen: the list of those to check in with."""


class Exposures:
    """The book of who was shown what."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    # ── what was on whose screen ──────────────────────────────────────────────────────────────────────────────

    async def keep(self, runs: Sequence[ShownRun]) -> None:
        """Keep runs; one that overlaps a row widens it, and nothing is ever narrowed or taken away.

        Takes hold of each session, so that a withdrawal at the same moment either finds them or is found by them.
        """
        await self._hold({run.session_id for run in runs})
        for run in runs:
            if await self._widen(run):
                continue
            await insert_once(self._tx, shown, {**run.model_dump(), "began_at": run.first})

    async def seen_by(self, session_id: str, number: int) -> set[str]:
        """Everybody on whose screen this number was."""
        here = (shown.c.session_id == session_id) & (shown.c.first <= number) & (shown.c.upto >= number)
        found = await self._tx.execute(select(shown.c.person_id).where(here).distinct())
        return {row.person_id for row in found}

    # ── what was taken back ───────────────────────────────────────────────────────────────────────────────────

    async def withdraw(self, one: Withdrawal) -> bool:
        """Keep that a message is taken back, unless it was already. True where it is new."""
        await self._hold({one.session_id})
        row = {name: value for name, value in vars(one).items() if name != "shown_to"}
        return await insert_once(self._tx, withdrawals, row)

    async def expose(self, one: Withdrawal, person_id: str) -> bool:
        """Keep that somebody had a withdrawn message on their screen. True where it was not known."""
        row = {"session_id": one.session_id, "number": one.number, "person_id": person_id}
        return await insert_once(self._tx, exposed, row)

    async def withdrawn(self, *session_ids: str) -> list[Withdrawal]:
        """All that was taken back in these sessions, each with those who had seen it."""
        seen: dict[tuple[str, int], list[str]] = defaultdict(list)
        mine = exposed.c.session_id.in_(session_ids)
        for row in await self._tx.execute(select(exposed).where(mine).order_by(exposed.c.person_id)):
            seen[row.session_id, row.number].append(row.person_id)
        found = await self._tx.execute(
            select(withdrawals).where(withdrawals.c.session_id.in_(session_ids)).order_by(withdrawals.c.number)
        )
        return [Withdrawal(**row._mapping, shown_to=tuple(seen[row.session_id, row.number])) for row in found]

    async def young(self, person_ids: Collection[str]) -> set[str]:
        """Those of these people who are young people of some course."""
        here = people.c.person_id.in_(person_ids) & (people.c.speaker == Speaker.MEMBER.value)
        found = await self._tx.execute(select(people.c.person_id).where(here).distinct())
        return {row.person_id for row in found}

    async def _hold(self, session_ids: set[str]) -> None:
        """In one order for everybody, so that nobody waits for each other for ever."""
        held = select(sessions.c.session_id).where(sessions.c.session_id.in_(session_ids))
        await self._tx.execute(held.order_by(sessions.c.session_id).with_for_update())

    async def _widen(self, run: ShownRun) -> bool:
        overlaps: Any = (
            (shown.c.session_id == run.session_id)
            & (shown.c.person_id == run.person_id)
            & (shown.c.first <= run.upto)
            & (shown.c.upto >= run.first)
        )
        wider = {
            "first": case((shown.c.first < run.first, shown.c.first), else_=run.first),
            "upto": case((shown.c.upto > run.upto, shown.c.upto), else_=run.upto),
        }
        return bool((await self._tx.execute(update(shown).where(overlaps).values(wider))).rowcount)
