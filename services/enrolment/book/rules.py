"""What may stand in a book, what its evenings ask, and how long it stays."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from harbour.contracts.book import (
    ENTRY_MAX_CHARS,
    BookEntry,
    BookView,
    EntryKind,
    KeepEntry,
    Keeping,
    LetterLine,
    LetterPart,
    Prompt,
    ReadBook,
    Went,
)
from harbour.contracts.enrolment import SessionPlan, StepKind
from harbour.contracts.messages import Refused, derived_id
from services.enrolment.book.records import BookKey

AT_FIRST = Keeping.A_YEAR
"""How long a book stays where its owner has not said."""
MOST_ENTRIES = 1000
LOOK_EVERY = timedelta(days=180)
"""The stream of timers keeps one for a year at most, so a clock that is set for later looks in on the way."""

_SPANS = {Keeping.THREE_MONTHS: timedelta(days=92), Keeping.A_YEAR: timedelta(days=366)}
_ASKS: dict[StepKind, EntryKind] = {
    StepKind.REFLECTION: EntryKind.REFLECTION,
    StepKind.CHALLENGE: EntryKind.CHALLENGE,
}
_ALWAYS: dict[EntryKind, tuple[str, str]] = {
    EntryKind.REFLECTION: ("Looking back", "What stayed with you from this evening?"),
    EntryKind.CHALLENGE: ("Something to try", "Is there one small, kind thing you’d like to try before next time?"),
}

UNKNOWN = Refused(reason="unknown")
NO_SUCH_ENTRY = Refused(reason="no-such-entry")


# ── how long it stays ─────────────────────────────────────────────────────────────────────────────────────────


def stays_until(keeping: Keeping, sessions: Sequence[SessionPlan], now: datetime) -> datetime | None:
    """When the book goes: so long after the last evening, or after today where that is over; None for never."""
    if (span := _SPANS.get(keeping)) is None:
        return None
    course_ends = max((plan.starts_at + timedelta(minutes=plan.minutes) for plan in sessions), default=now)
    return (max(course_ends, now) + span).replace(microsecond=0)


def next_look(erase_at: datetime, now: datetime) -> datetime:
    """When to look at the book's clock next."""
    return min(erase_at, now + LOOK_EVERY)


def new_book(member_id: str, wrapped_key: str, keeping: Keeping, ends: datetime | None) -> BookKey:
    """A book that begins now."""
    return BookKey(member_id, wrapped_key, keeping, ends)


# ── what the evenings ask ─────────────────────────────────────────────────────────────────────────────────────


def prompts(plans: Iterable[SessionPlan]) -> tuple[Prompt, ...]:
    """What each evening asks of the book: its own reflections and challenges, else a general one."""
    return tuple(prompt for plan in plans for kind in _ALWAYS for prompt in _asked(plan, kind))


def _asked(plan: SessionPlan, kind: EntryKind) -> list[Prompt]:
    steps = [step for step in plan.steps if _ASKS.get(step.kind) is kind]
    words = [(step.step_id, step.title, step.text) for step in steps] or [(f"any-{kind.value}", *_ALWAYS[kind])]
    return [
        Prompt.model_validate(
            {"session_id": plan.session_id, "step_id": step_id, "kind": kind, "title": title, "text": text}
        )
        for step_id, title, text in words
    ]


# ── what may stand in it ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Draft:
    """Something that can be kept."""

    kind: EntryKind
    session_id: str
    step_id: str
    entry_id: str
    """The diary's; empty for what has one place in the book."""
    asked: str = field(repr=False)
    text: str = field(repr=False)
    went: Went | None = field(repr=False)
    lines: tuple[LetterLine, ...] = field(repr=False)

    @property
    def place(self) -> tuple[str, str, str]:
        """What it is the one entry for."""
        return (self.kind.value, self.session_id, self.step_id)


def read_entry(wish: KeepEntry, asked: Sequence[Prompt], sessions: Sequence[SessionPlan]) -> Draft | Refused:
    """What somebody would like to keep, or why it cannot be."""
    text, lines = tidy(wish.text), in_order(wish.lines)
    if max(len(text), sum(len(line.text) for line in lines)) > ENTRY_MAX_CHARS:
        return Refused(reason="too-long")
    if not _says_something(wish.kind, text, wish.went, lines):
        return Refused(reason="empty")
    if wish.kind is EntryKind.DIARY:
        entry_id = wish.entry_id or derived_id("diary", wish.id)
        return Draft(wish.kind, "", "", entry_id, "", text, None, ())
    if wish.kind is EntryKind.LETTER:
        known = {"", *(plan.session_id for plan in sessions)}
        return (
            Draft(wish.kind, wish.session_id, "", "", "", "", None, lines)
            if wish.session_id in known
            else Refused(reason="no-such-step")
        )
    for prompt in asked:
        if (prompt.kind, prompt.session_id, prompt.step_id) == (wish.kind, wish.session_id, wish.step_id):
            went = wish.went if wish.kind is EntryKind.CHALLENGE else None
            return Draft(wish.kind, wish.session_id, wish.step_id, "", prompt.text or prompt.title, text, went, ())
    return Refused(reason="no-such-step")


def _says_something(kind: EntryKind, text: str, went: Went | None, lines: tuple[LetterLine, ...]) -> bool:
    if kind is EntryKind.LETTER:
        return bool(lines)
    return bool(text) or (kind is EntryKind.CHALLENGE and went is not None)


def tidy(text: str) -> str:
    """The words as typed, with one kind of line end and without what no keyboard types."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(letter for letter in lines if letter in "\n\t" or letter.isprintable() or letter > "\x9f").strip()


def in_order(lines: Iterable[LetterLine]) -> tuple[LetterLine, ...]:
    """Each line once, by the parts of the letter."""
    once = dict.fromkeys(lines)
    return tuple(line for part in LetterPart for line in once if line.part is part)


def written(draft: Draft, entry_id: str, before: BookEntry | None, now: datetime) -> BookEntry | Refused:
    """The entry as it stands now; refused where its place holds something of another kind."""
    if before is not None and before.kind is not draft.kind:
        return NO_SUCH_ENTRY
    return BookEntry(
        entry_id=entry_id,
        kind=draft.kind,
        session_id=draft.session_id,
        step_id=draft.step_id,
        asked=draft.asked,
        text=draft.text,
        went=draft.went,
        lines=draft.lines,
        written_at=before.written_at if before else now,
        changed_at=now,
    )


# ── what its owner sees ───────────────────────────────────────────────────────────────────────────────────────


def view(wish: ReadBook, key: BookKey | None, every: Iterable[BookEntry], plans: Sequence[SessionPlan]) -> BookView:
    """The part of the book that was asked for, newest first."""
    wanted = sorted((entry for entry in every if _is_wanted(entry, wish)), key=_newest, reverse=True)
    return BookView(
        begun=key is not None,
        keeping=key.keeping if key else AT_FIRST,
        erase_at=key.erase_at if key else None,
        sessions=tuple(plan.model_copy(update={"steps": ()}) for plan in plans),
        prompts=prompts(plans),
        entries=tuple(wanted[wish.skip : wish.skip + wish.limit]),
        more=len(wanted) > wish.skip + wish.limit,
    )


def _is_wanted(entry: BookEntry, wish: ReadBook) -> bool:
    return (
        wish.kind in (None, entry.kind)
        and wish.session_id in ("", entry.session_id)
        and wish.entry_id in ("", entry.entry_id)
    )


def _newest(entry: BookEntry) -> tuple[datetime, str]:
    return entry.written_at, entry.entry_id
