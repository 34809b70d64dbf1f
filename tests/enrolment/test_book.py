"""A book is its owner's alone: sealed under a key of theirs, and gone when that key is."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, select, text

from harbour.contracts.book import (
    BookClock,
    BookEntry,
    BookErased,
    BookGone,
    BookView,
    EntryErased,
    EntryKept,
    EntryKind,
    EraseBook,
    EraseEntry,
    KeepEntry,
    Keeping,
    KeepingSet,
    ReadBook,
    SetBookKeeping,
)
from harbour.contracts.enrolment import Applied
from harbour.contracts.messages import TimerCancelled
from harbour.runtime.sealing import Unsealable
from services.enrolment.book import rules
from services.enrolment.book.binding import STEP_BYTES, BookKeys
from services.enrolment.book.records import SealedEntry
from services.enrolment.book.store import Books
from services.enrolment.tables import book_entries, book_keys, metadata
from tests.enrolment.evenings import why, with_a_course
from tests.enrolment.people import BOOK_KEY, application
from tests.journeys.memory import Clock, set_clock
from tests.rooms import Stage, rehearsed

MARKED = "the-sentence-only-mia-may-read"


async def given_mia(room: Stage, number: int = 1, name: str = "Mia") -> str:
    """Somebody with a seat; gives their id."""
    if number == 1:
        await with_a_course(room)
    applied = await room.asks(application(number, nickname=name))
    assert isinstance(applied, Applied)
    room.said.clear()
    return applied.member_id


async def keeps(room: Stage, member_id: str, **fields: Any) -> str:
    """Write something; gives the entry's id."""
    kept = await room.asks(KeepEntry.model_validate({"member_id": member_id, "kind": "diary", "text": MARKED} | fields))
    assert isinstance(kept, EntryKept), kept
    return kept.entry_id


async def reads(room: Stage, member_id: str, **fields: Any) -> BookView:
    """The book, open."""
    view = await room.asks(ReadBook(member_id=member_id, **fields))
    assert isinstance(view, BookView), view
    return view


async def asked(room: Stage, member_id: str, kind: str, week: int = 1) -> dict[str, Any]:
    """Where the answer goes to what this evening asks."""
    prompts = (await reads(room, member_id)).prompts
    prompt = next(one for one in prompts if one.kind == kind and one.session_id == f"tuesdays-w{week}")
    return prompt.model_dump(include={"kind", "session_id", "step_id"})


async def rows(room: Stage, *tables: Table) -> str:
    """Everything in these tables, or in every one, as text."""
    async with room.database.reading() as tx:
        return repr([(await tx.execute(select(table))).all() for table in tables or metadata.sorted_tables])


async def test_what_was_written_is_read_again_newest_first(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        mia = await given_mia(room)
        assert not (await reads(room, mia)).begun
        await keeps(room, mia, text="first")
        await keeps(room, mia, text="second")
        await keeps(room, mia, **await asked(room, mia, "reflection"), text="about tuesday")
        book = await reads(room, mia)
        assert [entry.text for entry in book.entries] == ["about tuesday", "second", "first"]
        assert [entry.text for entry in (await reads(room, mia, kind="diary", limit=1)).entries] == ["second"]
        assert (await reads(room, mia, kind="diary", limit=1)).more
        assert not (await reads(room, mia, kind="diary", skip=1, limit=1)).more
        [evening] = (await reads(room, mia, session_id="tuesdays-w1")).entries
        assert evening.asked == next(one.text for one in book.prompts if one.step_id == evening.step_id)
        assert "your own book" in evening.asked
    assert len(book.sessions) == 7
    assert {prompt.session_id for prompt in book.prompts} == {plan.session_id for plan in book.sessions}


async def test_a_step_has_one_place_in_the_book_and_a_diary_entry_its_own(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        mia = await given_mia(room)
        place = await asked(room, mia, "reflection")
        once, twice = [await keeps(room, mia, **place, text=text) for text in ("before", "after")]
        diary = await keeps(room, mia, entry_id="a-page", text="before")
        assert await keeps(room, mia, entry_id="a-page", text="after") == diary == "a-page"
        entries = (await reads(room, mia)).entries
        over = await room.asks(KeepEntry(member_id=mia, kind=EntryKind.DIARY, entry_id=once, text="over it"))
    assert once == twice
    assert [entry.text for entry in entries] == ["after", "after"]
    assert all(entry.written_at < entry.changed_at for entry in entries)
    assert why(over) == "no-such-entry"


async def test_a_letter_gathers_lines_evening_by_evening(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        mia = await given_mia(room)
        for evening, part, line in (("tuesdays-w1", "know", "a"), ("tuesdays-w2", "asking", "b"), ("", "to", "c")):
            lines = [{"part": part, "text": line}]
            await keeps(room, mia, kind="letter", session_id=evening, text="", lines=lines)
        entries = (await reads(room, mia, kind="letter")).entries
    assert {entry.session_id: entry.lines[0].text for entry in entries} == {
        "tuesdays-w1": "a", "tuesdays-w2": "b", "": "c",
    }  # fmt: skip


async def test_nobody_reads_another_persons_book(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        mia, robin = await given_mia(room), await given_mia(room, 2, "Robin")
        entry = await keeps(room, mia)
        assert (await reads(room, robin)).entries == ()
        assert (await reads(room, robin, entry_id=entry)).entries == ()
        await room.asks(EraseEntry(member_id=robin, entry_id=entry))
        await room.asks(EraseBook(member_id=robin))
        assert [one.text for one in (await reads(room, mia)).entries] == [MARKED]


async def test_a_member_of_staff_has_no_book_and_opens_none(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        sam = await with_a_course(room)
        for wish in (
            ReadBook(member_id=sam),
            KeepEntry(member_id=sam, kind=EntryKind.DIARY, text="hm"),
            EraseEntry(member_id=sam, entry_id="one"),
            SetBookKeeping(member_id=sam, keeping=Keeping.A_YEAR),
        ):
            assert why(await room.asks(wish)) == "unknown"


async def test_the_database_holds_nothing_of_what_was_written(database_url: str, tmp_path: Path) -> None:
    async with rehearsed("enrolment", database_url) as room:
        mia = await given_mia(room)
        await keeps(room, mia)
        await keeps(room, mia, **await asked(room, mia, "reflection"))
        lines = [{"part": "asking", "text": MARKED}]
        await keeps(room, mia, kind="letter", session_id="tuesdays-w1", lines=lines)
        kept, sealed = await rows(room), await rows(room, book_keys, book_entries)
        said = repr(room.said) + "".join(one.model_dump_json() for one in room.said)
        files = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    assert MARKED not in kept
    assert MARKED.encode() not in files
    assert mia in kept
    assert not [part for part in (MARKED, "reflection", "asking", "tuesdays-w1") if part in said + sealed]


async def test_sizes_do_not_tell_one_mark_from_another(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        mia = await given_mia(room)
        for week, went in enumerate(("done", "trying", "not-this-week"), start=1):
            place = await asked(room, mia, "challenge", week)
            await keeps(room, mia, **place, text="", went=went)
        async with room.database.reading() as tx:
            sizes = {len(sealed) for sealed in (await tx.execute(select(book_entries.c.sealed))).scalars()}
    assert len(sizes) == 1
    assert min(sizes) > STEP_BYTES


async def test_once_the_book_is_erased_its_key_is_gone_and_old_pages_stay_shut(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        mia = await given_mia(room)
        entry = await keeps(room, mia)
        async with room.database.reading() as tx:
            stolen = await Books(tx).entry(mia, entry)
        assert stolen is not None
        room.said.clear()
        assert isinstance(await room.asks(EraseBook(member_id=mia)), BookGone)
        assert [type(one).__name__ for one in room.said] == ["BookErased", "TimerCancelled"]
        async with room.database.reading() as tx:
            assert (await tx.execute(select(book_keys))).all() == []
            assert (await tx.execute(select(book_entries))).all() == []
        room.said.clear()
        assert isinstance(await room.asks(EraseBook(member_id=mia)), BookGone)
        assert room.said == []
        await keeps(room, mia, text="a new book")
        async with room.database.reading() as tx:
            key = await Books(tx).read(mia)
        assert key is not None
        with pytest.raises(Unsealable):
            BookKeys(BOOK_KEY).open(key.wrapped_key, mia).open(stolen)
        assert [one.text for one in (await reads(room, mia)).entries] == ["a new book"]


async def test_on_sqlite_not_even_the_bytes_of_an_erased_key_are_left_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "test.db"
    async with rehearsed("enrolment", f"sqlite+aiosqlite:///{file}") as room:
        mia = await given_mia(room)
        await keeps(room, mia)
        async with room.database.reading() as tx:
            key = await Books(tx).read(mia)
        assert key is not None
        await _settle(room)
        assert key.wrapped_key.encode() in file.read_bytes()
        await room.asks(EraseBook(member_id=mia))
        await _settle(room)
        assert key.wrapped_key.encode() not in b"".join(one.read_bytes() for one in tmp_path.iterdir())


async def _settle(room: Stage) -> None:
    """Let SQLite carry its log over into the file."""
    async with room.database.engine.connect() as connection:
        await connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))


async def test_one_entry_goes_and_the_others_stay(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        mia = await given_mia(room)
        one = await keeps(room, mia, text="one")
        await keeps(room, mia, text="two")
        for _ in range(2):
            assert isinstance(await room.asks(EraseEntry(member_id=mia, entry_id=one)), EntryErased)
        assert [entry.text for entry in (await reads(room, mia)).entries] == ["two"]


async def test_a_full_book_takes_changes_and_nothing_new(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_ENTRIES", 2)
    async with rehearsed("enrolment", database_url) as room:
        mia = await given_mia(room)
        first = await keeps(room, mia)
        await keeps(room, mia)
        assert why(await room.asks(KeepEntry(member_id=mia, kind=EntryKind.DIARY, text="three"))) == "full"
        assert await keeps(room, mia, entry_id=first, text="changed") == first


def test_a_page_opens_only_in_its_own_place_and_in_its_own_book() -> None:
    keys = BookKeys(BOOK_KEY)
    mia, robin = (keys.open(keys.fresh(name), name) for name in ("mia", "robin"))
    now = datetime(2026, 11, 24, tzinfo=UTC)
    draft = rules.Draft(EntryKind.DIARY, "", "", "one", "", MARKED, None, ())
    entry = rules.written(draft, "one", None, now)
    assert isinstance(entry, BookEntry)
    sealed = mia.close(entry)
    assert mia.open(sealed) == entry
    assert MARKED not in repr(sealed) + repr(entry)
    for book, entry_id in ((robin, "one"), (mia, "two")):
        with pytest.raises(Unsealable):
            book.open(SealedEntry(entry_id, sealed.sealed))
    with pytest.raises(Unsealable):
        BookKeys(b"x" * 32).open(keys.fresh("mia"), "mia")
    with pytest.raises(Unsealable):
        keys.open(keys.fresh("mia"), "robin")


# ── how long it stays ─────────────────────────────────────────────────────────────────────────────────────────


async def test_the_first_entry_sets_the_clock_of_a_year_and_the_next_ones_do_not(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        mia = await given_mia(room)
        await keeps(room, mia)
        [clock] = room.said
        await keeps(room, mia)
        book = await reads(room, mia)
        assert len(room.said) == 1
    assert isinstance(clock, BookClock)
    assert clock.member_id == mia
    assert book.keeping is Keeping.A_YEAR
    ends = max(plan.starts_at + timedelta(minutes=plan.minutes) for plan in book.sessions)
    assert book.erase_at == ends + timedelta(days=366)
    assert clock.due < book.erase_at


async def test_a_book_goes_when_its_owner_said_and_not_before(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        clock = Clock()
        set_clock(room, clock)
        mia = await given_mia(room)
        await keeps(room, mia)
        erase_at, rings = (await reads(room, mia)).erase_at, 0
        assert erase_at is not None
        while not isinstance((said := room.said.pop()), BookErased):
            assert isinstance(said, BookClock)
            assert said.due <= clock.now() + rules.LOOK_EVERY
            clock.move_to(said.due)
            assert (await reads(room, mia)).entries
            await room.hears(said)
            rings += 1
        assert said.why == "time"
        assert not (await reads(room, mia)).begun
    assert rings == 3
    assert erase_at <= clock.now() < erase_at + timedelta(minutes=1)


async def test_until_i_delete_takes_the_clock_back(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        mia = await given_mia(room)
        await keeps(room, mia)
        [clock] = room.said
        room.said.clear()
        answer = await room.asks(SetBookKeeping(member_id=mia, keeping=Keeping.UNTIL_I_DELETE))
        assert isinstance(answer, KeepingSet)
        assert answer.erase_at is None
        [cancelled] = room.said
        assert isinstance(cancelled, TimerCancelled)
        room.said.clear()
        await room.hears(clock)
        assert room.said == []
        assert (await reads(room, mia)).entries


async def test_an_old_clock_erases_nothing_that_now_stays_longer(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        mia = await given_mia(room)
        await room.asks(SetBookKeeping(member_id=mia, keeping=Keeping.THREE_MONTHS))
        [old] = room.said
        assert isinstance(old, BookClock)
        await keeps(room, mia)
        await room.asks(SetBookKeeping(member_id=mia, keeping=Keeping.A_YEAR))
        room.said.clear()
        await room.hears(old)
        assert [type(one).__name__ for one in room.said] == ["BookClock"]
        assert (await reads(room, mia)).entries


async def test_no_log_holds_a_word_of_it(database_url: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    wish = KeepEntry(member_id="x", kind=EntryKind.DIARY, text=MARKED)
    async with rehearsed("enrolment", database_url) as room:
        mia = await given_mia(room)
        await keeps(room, mia)
        book = await reads(room, mia)
    assert MARKED not in caplog.text + repr(wish) + repr(book)


async def test_what_is_kept_while_the_book_is_erased_is_either_readable_or_gone(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room, rehearsed("enrolment", database_url) as other:
        mia = await given_mia(room)
        for turn in range(20):
            await keeps(room, mia, text="before")
            pages = [keeps(room if number % 2 else other, mia, text=f"{turn}") for number in range(4)]
            await asyncio.gather(*pages[:2], other.asks(EraseBook(member_id=mia)), *pages[2:])
            texts = [entry.text for entry in (await reads(room, mia)).entries]
            assert "before" not in texts
            assert set(texts) <= {str(turn)}


async def test_several_first_pages_at_once_begin_one_book(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room, rehearsed("enrolment", database_url) as other:
        mia = await given_mia(room)
        await asyncio.gather(*(keeps(room if n % 2 else other, mia, text=f"page {n}") for n in range(6)))
        texts = sorted(entry.text for entry in (await reads(room, mia)).entries)
    assert texts == [f"page {n}" for n in range(6)]
