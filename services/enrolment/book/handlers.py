"""What happens when a young person reads their book, writes in it, takes something out, or lets it go."""

from datetime import datetime
from typing import Annotated

from harbour.contracts.book import (
    BookClock,
    BookErased,
    BookGone,
    BookView,
    EntryErased,
    EntryKept,
    EraseBook,
    EraseEntry,
    KeepEntry,
    Keeping,
    KeepingSet,
    ReadBook,
    SetBookKeeping,
)
from harbour.contracts.enrolment import SessionPlan
from harbour.contracts.messages import Message, Refused
from harbour.runtime.context import Context
from harbour.runtime.database import book
from harbour.runtime.rooms import Says
from services.enrolment.book import rules
from services.enrolment.book.binding import BookKeys
from services.enrolment.book.records import BookKey
from services.enrolment.book.store import Books
from services.enrolment.doorway import CalendarBook, Now, RegisterBook, Shelf, router
from services.enrolment.programmes import Programmes
from services.enrolment.rules import with_run_sheets
from services.enrolment.store import Calendar, Register

BookShelf = Annotated[Books, book(Books)]
Keys = Annotated[BookKeys, Context("book_keys")]


@router.answers(ReadBook)
async def read_book(
    wish: ReadBook, places: RegisterBook, calendar: CalendarBook, shelf: Shelf, books: BookShelf, keys: Keys
) -> BookView | Refused:
    """Open somebody's book for them."""
    if (plans := await _evenings(wish.member_id, places, calendar, shelf)) is None:
        return rules.UNKNOWN
    if (key := await books.read(wish.member_id)) is None:
        return rules.view(wish, None, (), plans)
    opened = keys.open(key.wrapped_key, wish.member_id)
    return rules.view(wish, key, map(opened.open, await books.entries(wish.member_id)), plans)


@router.answers(KeepEntry)
async def keep_entry(
    wish: KeepEntry, places: RegisterBook, calendar: CalendarBook, shelf: Shelf, books: BookShelf, keys: Keys, now: Now
) -> Says:
    """Write something into somebody's book; the first time, the book begins and its clock with it."""
    if (plans := await _evenings(wish.member_id, places, calendar, shelf)) is None:
        return rules.UNKNOWN
    draft = rules.read_entry(wish, rules.prompts(plans), plans)
    if isinstance(draft, Refused):
        return draft
    if (key := await books.hold(wish.member_id)) is not None:
        return await _write(draft, key, books, keys, now)
    key = await _begin(wish.member_id, rules.AT_FIRST, plans, books, keys, now)
    return [await _write(draft, key, books, keys, now), *_clock(wish, key, now)]


async def _write(draft: rules.Draft, key: BookKey, books: Books, keys: BookKeys, now: datetime) -> EntryKept | Refused:
    """Seal it and put it in its place."""
    opened = keys.open(key.wrapped_key, key.member_id)
    entry_id = draft.entry_id or opened.place_of(*draft.place)
    sealed = await books.entry(key.member_id, entry_id)
    if sealed is None and await books.count(key.member_id) >= rules.MOST_ENTRIES:
        return Refused(reason="full")
    entry = rules.written(draft, entry_id, opened.open(sealed) if sealed else None, now)
    if isinstance(entry, Refused):
        return entry
    await books.put(key.member_id, opened.close(entry))
    return EntryKept(entry_id=entry_id)


@router.answers(EraseEntry)
async def erase_entry(wish: EraseEntry, places: RegisterBook, books: BookShelf) -> EntryErased | Refused:
    """Take one entry out of somebody's book."""
    if await places.of_member(wish.member_id) is None:
        return rules.UNKNOWN
    await books.hold(wish.member_id)
    await books.drop(wish.member_id, wish.entry_id)
    return EntryErased()


@router.answers(EraseBook)
async def erase_book(wish: EraseBook, books: BookShelf) -> Says:
    """Destroy somebody's key and all that it opened."""
    if not await books.erase(wish.member_id):
        return BookGone()
    return [
        BookGone(),
        BookErased.after(wish, why="asked"),
        BookClock.cancelled(wish, member_id=wish.member_id),
    ]


# ── how long it stays ─────────────────────────────────────────────────────────────────────────────────────────


@router.answers(SetBookKeeping)
async def set_book_keeping(
    wish: SetBookKeeping,
    places: RegisterBook,
    calendar: CalendarBook,
    shelf: Shelf,
    books: BookShelf,
    keys: Keys,
    now: Now,
) -> Says:
    """Let somebody's book stay for as long as they say."""
    if (plans := await _evenings(wish.member_id, places, calendar, shelf)) is None:
        return rules.UNKNOWN
    await _begin(wish.member_id, wish.keeping, plans, books, keys, now)
    ends = rules.stays_until(wish.keeping, plans, now)
    await books.keep_until(wish.member_id, wish.keeping, ends)
    key = rules.new_book(wish.member_id, "", wish.keeping, ends)
    return [KeepingSet(keeping=wish.keeping, erase_at=ends), *_clock(wish, key, now)]


@router.hears(BookClock)
async def end_book(event: BookClock, books: BookShelf, now: Now) -> Says:
    """Erase a book that has stayed as long as its owner said; a clock that rings early is set again."""
    key = await books.hold(event.member_id)
    if key is None or key.erase_at is None:
        return None
    if key.erase_at > event.due:
        return _clock(event, key, now)
    await books.erase(event.member_id)
    return BookErased.after(event, why="time")


def _clock(cause: Message, key: BookKey, now: datetime) -> list[Message]:
    """The clock of this book, set or taken back."""
    if key.erase_at is None:
        return [BookClock.cancelled(cause, member_id=key.member_id)]
    return [BookClock.after(cause, member_id=key.member_id, due=rules.next_look(key.erase_at, now))]


async def _begin(
    member_id: str, keeping: Keeping, plans: tuple[SessionPlan, ...], books: Books, keys: BookKeys, now: datetime
) -> BookKey:
    """The book of this person, held; a new one where there is none."""
    ends = rules.stays_until(keeping, plans, now)
    return await books.begin(rules.new_book(member_id, keys.fresh(member_id), keeping, ends))


async def _evenings(
    member_id: str, places: Register, calendar: Calendar, shelf: Programmes
) -> tuple[SessionPlan, ...] | None:
    """The evenings of somebody's course, with what each asks where the programme is known; None for nobody's."""
    application = await places.of_member(member_id)
    course = await calendar.read(application.course_id) if application else None
    if course is None:
        return None
    programme = shelf.get(course.programme)
    return with_run_sheets(course.sessions, programme) if programme else course.sessions
