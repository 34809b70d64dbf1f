"""The book of stays: who had a room open, from when to when, as each gateway saw it."""

import functools
from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Column, String, Table, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.ext.asyncio import AsyncConnection

from harbour.contracts.chat import Stay
from harbour.runtime.database import Moment
from services.chat.rules import Span
from services.chat.store.tables import metadata

stays = Table(
    "stays",
    metadata,
    Column("session_id", String(64), primary_key=True),
    Column("person_id", String(64), primary_key=True),
    Column("began_at", Moment, primary_key=True),
    Column("until", Moment, nullable=False),
)
"""One row for each person and gateway while they stay; `until` only ever grows."""


class Stays:
    """The book of who was there."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def keep(self, told: Sequence[Stay]) -> None:
        """Keep stays; one that is known grows, and never shrinks."""
        rows = sorted(
            (one.model_dump(exclude={"gone"}) for one in told),
            key=lambda row: (row["session_id"], row["person_id"], row["began_at"]),
        )
        if rows:
            await self._tx.execute(_growing(self._tx.dialect.name), rows)

    async def of(self, session_id: str) -> dict[str, list[Span]]:
        """Everybody's stays in a session, by person."""
        found: dict[str, list[Span]] = defaultdict(list)
        mine = select(stays).where(stays.c.session_id == session_id).order_by(stays.c.began_at)
        for row in await self._tx.execute(mine):
            found[row.person_id].append(Span(row.began_at, row.until))
        return found


@functools.cache
def _growing(dialect: str) -> SqliteInsert | PostgresInsert:
    insert = sqlite.insert(stays) if dialect == "sqlite" else postgresql.insert(stays)
    later = insert.excluded.until
    return insert.on_conflict_do_update(
        index_elements=list(stays.primary_key), set_={"until": later}, where=stays.c.until < later
    )
