"""The books of the town over the wall: small, in memory, each read by its own member alone."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from harbour.contracts.book import (
    BookEntry,
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
    Prompt,
    ReadBook,
    SetBookKeeping,
)
from harbour.contracts.enrolment import MemberView
from harbour.contracts.messages import Answer, Refused, Wish

STEPS = (
    ("calm-place", EntryKind.REFLECTION, "A calm place", "Where do you feel most at ease?"),
    ("short-walk", EntryKind.CHALLENGE, "A short walk", "Once this week, go out and name five things you see."),
)
GOES = datetime(2028, 3, 3, 20, 30, tzinfo=UTC)


class Shelf:
    """Every book, by its member."""

    def __init__(self, members: Mapping[str, MemberView]) -> None:
        self._members = members
        self.books: dict[str, dict[str, BookEntry]] = {}
        self.keeping: dict[str, Keeping] = {}
        self._minutes = 0

    @property
    def answers(self) -> dict[type[Wish[Any]], Callable[[Any], Answer]]:
        """What is answered here."""
        return {
            ReadBook: self._read,
            KeepEntry: self._keep,
            EraseEntry: self._erase_entry,
            EraseBook: self._erase,
            SetBookKeeping: self._stay,
        }

    def _read(self, wish: ReadBook) -> Answer:
        if wish.member_id not in self._members:
            return Refused(reason="unknown")
        sessions = self._members[wish.member_id].course.sessions
        every = sorted(self.books.get(wish.member_id, {}).values(), key=lambda one: one.written_at, reverse=True)
        entries = [
            one
            for one in every
            if wish.kind in (None, one.kind)
            and wish.session_id in ("", one.session_id)
            and wish.entry_id in ("", one.entry_id)
        ]
        keeping = self.keeping.get(wish.member_id, Keeping.A_YEAR)
        begun = wish.member_id in self.books
        return BookView(
            begun=begun,
            keeping=keeping,
            erase_at=GOES if begun and keeping is not Keeping.UNTIL_I_DELETE else None,
            sessions=sessions,
            prompts=tuple(
                Prompt.model_validate(
                    {"session_id": plan.session_id, "step_id": step, "kind": kind, "title": title, "text": text}
                )
                for plan in sessions
                for step, kind, title, text in STEPS
            ),
            entries=tuple(entries[wish.skip : wish.skip + wish.limit]),
            more=len(entries) > wish.skip + wish.limit,
        )

    def _keep(self, wish: KeepEntry) -> Answer:
        if wish.member_id not in self._members:
            return Refused(reason="unknown")
        if len(wish.text) > 5000:
            return Refused(reason="too-long")
        if not (wish.text or wish.went or wish.lines):
            return Refused(reason="empty")
        book = self.books.setdefault(wish.member_id, {})
        entry_id = wish.entry_id or f"{wish.kind}-{wish.session_id}-{wish.step_id}"
        self._minutes += 1
        now = datetime(2026, 11, 24, 19, 0, tzinfo=UTC) + timedelta(minutes=self._minutes)
        book[entry_id] = BookEntry(
            entry_id=entry_id,
            kind=wish.kind,
            session_id=wish.session_id,
            step_id=wish.step_id,
            text=wish.text,
            went=wish.went,
            lines=wish.lines,
            written_at=book[entry_id].written_at if entry_id in book else now,
            changed_at=now,
        )
        return EntryKept(entry_id=entry_id)

    def _erase_entry(self, wish: EraseEntry) -> Answer:
        self.books.get(wish.member_id, {}).pop(wish.entry_id, None)
        return EntryErased()

    def _erase(self, wish: EraseBook) -> Answer:
        self.books.pop(wish.member_id, None)
        return BookGone()

    def _stay(self, wish: SetBookKeeping) -> Answer:
        self.keeping[wish.member_id] = wish.keeping
        self.books.setdefault(wish.member_id, {})
        return KeepingSet(keeping=wish.keeping, erase_at=GOES)
