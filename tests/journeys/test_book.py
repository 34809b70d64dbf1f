"""The journeys of a book: its owner's alone, and gone when they say so."""

from datetime import timedelta
from functools import partial

import pytest

from harbour.contracts.book import (
    BookClock,
    BookErased,
    EntryKind,
    EraseBook,
    EraseEntry,
    KeepEntry,
    Keeping,
    ReadBook,
    SetBookKeeping,
    Went,
)
from harbour.contracts.messages import now
from tests.journeys.people import application, given_a_course
from tests.journeys.town import Town, granted, refused
from tests.runtime.trial import until

pytestmark = pytest.mark.asyncio(loop_scope="package")

MARKED = "the lighthouse at six in the morning"


async def _writes(town: Town, member_id: str) -> None:
    """A page of the diary, and a word on each thing that the first evening asks."""
    await granted(town, KeepEntry(member_id=member_id, kind=EntryKind.DIARY, text=MARKED))
    book = await granted(town, ReadBook(member_id=member_id))
    for prompt in book.prompts:
        if prompt.session_id == book.sessions[0].session_id:
            place = {"session_id": prompt.session_id, "step_id": prompt.step_id}
            kind = EntryKind(prompt.kind)
            await granted(town, KeepEntry(member_id=member_id, kind=kind, text=MARKED, went=Went.TRYING, **place))


async def test_a_book_is_its_owners_alone_and_gone_when_they_let_it_go(town: Town) -> None:
    course = await given_a_course(town, "books")
    robin = (await granted(town, application(course, "Robin"))).member_id
    wren = (await granted(town, application(course, "Wren"))).member_id
    await _writes(town, robin)
    kept = (await granted(town, ReadBook(member_id=robin))).entries
    assert {entry.kind for entry in kept} == {EntryKind.DIARY, EntryKind.REFLECTION, EntryKind.CHALLENGE}
    assert {entry.text for entry in kept} == {MARKED}

    assert not (await granted(town, ReadBook(member_id=wren))).begun
    for adult in (course.team.sam, course.team.ada, course.team.bea):
        assert await refused(town, ReadBook(member_id=adult.staff_id)) == "unknown"

    await granted(town, EraseEntry(member_id=robin, entry_id=kept[0].entry_id))
    assert len((await granted(town, ReadBook(member_id=robin))).entries) == len(kept) - 1

    wish = EraseBook(member_id=robin)
    for _ in range(2):
        await granted(town, wish)
    await town.settled()
    after = await granted(town, ReadBook(member_id=robin))
    assert (after.begun, after.entries) == (False, ())
    [erased] = await town.facts(BookErased, member_id=robin)
    assert erased.why == "asked"
    assert await town.clocks(BookClock, member_id=robin) == []
    assert not await town.holds(MARKED)


async def test_one_clock_goes_with_a_book_and_moves_as_its_owner_says(town: Town) -> None:
    course = await given_a_course(town, "keeping")
    robin = (await granted(town, application(course, "Robin"))).member_id
    await _writes(town, robin)
    [clock] = await until(partial(town.clocks, BookClock, member_id=robin))
    assert timedelta(days=100) < clock.due - now() < timedelta(days=365)

    answer = await granted(town, SetBookKeeping(member_id=robin, keeping=Keeping.THREE_MONTHS))
    assert answer.erase_at is not None

    async def is_moved() -> bool:
        return [one.due for one in await town.clocks(BookClock, member_id=robin)] == [answer.erase_at]

    await until(is_moved)
    await granted(town, SetBookKeeping(member_id=robin, keeping=Keeping.UNTIL_I_DELETE))

    async def is_taken_back() -> bool:
        return await town.clocks(BookClock, member_id=robin) == []

    await until(is_taken_back)
    assert (await granted(town, ReadBook(member_id=robin))).entries
