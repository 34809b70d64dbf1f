"""What is remembered of a book: its wrapped key, how long it stays, and entries nobody can read here."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from harbour.contracts.book import Keeping
from harbour.runtime.database import insert_once
from services.enrolment.book.records import BookKey, SealedEntry
from services.enrolment.tables import book_entries, book_keys


class Books:
    """Every book: a key each, and sealed entries."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def read(self, member_id: str) -> BookKey | None:
        """The key of this person's book; None where there is no book."""
        return await self._key(member_id, held=False)

    async def hold(self, member_id: str) -> BookKey | None:
        """The same; until the transaction ends nobody else changes this book or erases it."""
        return await self._key(member_id, held=True)

    async def begin(self, key: BookKey) -> BookKey:
        """Begin a book, and hold it; where there is one already, that one.

        Another transaction may erase the one that stood in the way before it can be held; then this one is written.
        """
        while True:
            await insert_once(self._tx, book_keys, vars(key) | {"keeping": key.keeping.value})
            if (held := await self.hold(key.member_id)) is not None:
                return held

    async def keep_until(self, member_id: str, keeping: Keeping, erase_at: datetime | None) -> None:
        """Write down how long it stays."""
        own = book_keys.c.member_id == member_id
        await self._tx.execute(update(book_keys).where(own).values(keeping=keeping.value, erase_at=erase_at))

    async def erase(self, member_id: str) -> bool:
        """Remove the key, then all that it opened; False where there was no book."""
        gone = await self._tx.execute(delete(book_keys).where(book_keys.c.member_id == member_id))
        await self._tx.execute(delete(book_entries).where(book_entries.c.member_id == member_id))
        return gone.rowcount == 1

    async def entries(self, member_id: str) -> Sequence[SealedEntry]:
        """Every entry of this person's, sealed."""
        mine = select(book_entries.c.entry_id, book_entries.c.sealed).where(book_entries.c.member_id == member_id)
        rows = (await self._tx.execute(mine.order_by(book_entries.c.entry_id))).all()
        return [SealedEntry(row.entry_id, row.sealed) for row in rows]

    async def entry(self, member_id: str, entry_id: str) -> SealedEntry | None:
        """One of them."""
        one = select(book_entries.c.sealed).where(_this(member_id, entry_id))
        sealed = (await self._tx.execute(one)).scalar_one_or_none()
        return None if sealed is None else SealedEntry(entry_id, sealed)

    async def count(self, member_id: str) -> int:
        """How many there are."""
        mine = select(func.count()).select_from(book_entries).where(book_entries.c.member_id == member_id)
        return int((await self._tx.execute(mine)).scalar_one())

    async def put(self, member_id: str, entry: SealedEntry) -> None:
        """Put an entry in, or in place of the one of its id."""
        row = {"member_id": member_id, "entry_id": entry.entry_id, "sealed": entry.sealed}
        if not await insert_once(self._tx, book_entries, row):
            same = _this(member_id, entry.entry_id)
            await self._tx.execute(update(book_entries).where(same).values(sealed=entry.sealed))

    async def drop(self, member_id: str, entry_id: str) -> None:
        """Take one entry out."""
        await self._tx.execute(delete(book_entries).where(_this(member_id, entry_id)))

    async def _key(self, member_id: str, *, held: bool) -> BookKey | None:
        wanted = select(book_keys).where(book_keys.c.member_id == member_id)
        row = (await self._tx.execute(wanted.with_for_update() if held else wanted)).mappings().first()
        return BookKey(**dict(row) | {"keeping": Keeping(row["keeping"])}) if row else None


def _this(member_id: str, entry_id: str) -> ColumnElement[bool]:
    return and_(book_entries.c.member_id == member_id, book_entries.c.entry_id == entry_id)
