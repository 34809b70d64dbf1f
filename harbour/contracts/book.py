"""What enrolment says and answers about a young person's book: theirs alone, sealed under a key of their own.

Whoever asks takes the member's id from that person's own signed-in session and from nowhere else; there is no wish by
which a member of staff could read a book.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from harbour.contracts.enrolment import Part, SessionPlan
from harbour.contracts.messages import Answer, Command, Event, Key, Query, Timer

ENTRY_MAX_CHARS = 5000
LINE_MAX_CHARS = 1000
PAGE_ENTRIES = 30
"""The most entries of one answer: all of them of the longest kind still fit into one message of NATS, 1 MiB."""

Words = Annotated[str, StringConstraints(max_length=20_000)]
KeyOrNone = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{0,64}$")]


class EntryKind(StrEnum):
    """What an entry of the book is."""

    REFLECTION = "reflection"
    """Words about one evening."""
    CHALLENGE = "challenge"
    """How it goes with something to try before next week."""
    DIARY = "diary"
    LETTER = "letter"
    """Lines chosen for the letter, one entry for each evening, and one without an evening for its first and last."""


class Went(StrEnum):
    """How it goes with a challenge; none of these is a wrong answer."""

    DONE = "done"
    TRYING = "trying"
    NOT_THIS_WEEK = "not-this-week"


class LetterPart(StrEnum):
    """The parts of the letter, in the order in which they stand on the page."""

    TO = "to"
    KNOW = "know"
    HELPS = "helps"
    DOES_NOT_HELP = "does-not-help"
    ASKING = "asking"
    WHO_KNOWS = "who-knows"
    OWN = "own"
    FROM = "from"


class Keeping(StrEnum):
    """How long a book stays after the course."""

    THREE_MONTHS = "three-months"
    A_YEAR = "a-year"
    UNTIL_I_DELETE = "until-i-delete"


class LetterLine(Part):
    """One line of the letter."""

    part: LetterPart
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LINE_MAX_CHARS)] = Field(
        repr=False
    )


class Prompt(Part):
    """Something an evening asks of the book."""

    session_id: Key
    step_id: Key
    kind: Literal[EntryKind.REFLECTION, EntryKind.CHALLENGE]
    title: str
    text: str


class BookEntry(Part):
    """One entry, open; it is never stored like this."""

    entry_id: Key
    kind: EntryKind
    session_id: KeyOrNone = ""
    step_id: KeyOrNone = ""
    asked: str = Field(default="", repr=False)
    """The question it answers, as it was asked."""
    text: str = Field(default="", repr=False)
    went: Went | None = Field(default=None, repr=False)
    lines: tuple[LetterLine, ...] = Field(default=(), repr=False)
    written_at: AwareDatetime
    changed_at: AwareDatetime


# ── what it says ──────────────────────────────────────────────────────────────────────────────────────────────


class BookErased(Event, fact="enrolment.book-erased", key=("member_id",)):
    """A book and its key are gone. There was nothing in this event to begin with."""

    member_id: Key
    why: Literal["asked", "time"]


class BookClock(Timer, fact="enrolment.book-clock", key=("member_id",)):
    """Time to look whether a book has stayed as long as its owner said."""

    member_id: Key


# ── what it answers ───────────────────────────────────────────────────────────────────────────────────────────


class BookView(Answer):
    """What is in a book, for its owner."""

    begun: bool
    """Whether there is anything sealed at all."""
    keeping: Keeping
    erase_at: AwareDatetime | None
    """When it goes; None where it stays until its owner deletes it, or where nothing is begun."""
    sessions: tuple[SessionPlan, ...]
    """The evenings of their course, without steps."""
    prompts: tuple[Prompt, ...]
    """What those evenings ask of the book, at least one reflection and one challenge each."""
    entries: tuple[BookEntry, ...] = Field(repr=False)
    """Newest first."""
    more: bool = False
    """There are further entries after these."""


class ReadBook(Query[BookView], ask="enrolment.read-book"):
    """What have I kept? Refused with `unknown`."""

    member_id: Key
    kind: EntryKind | None = None
    """Entries of this kind alone."""
    session_id: KeyOrNone = ""
    """Entries of this evening alone."""
    entry_id: KeyOrNone = ""
    """This entry alone."""
    skip: int = Field(default=0, ge=0)
    limit: int = Field(default=PAGE_ENTRIES, ge=1, le=PAGE_ENTRIES)


class EntryKept(Answer):
    """It is in the book."""

    entry_id: Key


class KeepEntry(Command[EntryKept], ask="enrolment.keep-entry"):
    """Write something into my book, or change it.

    A diary entry goes by `entry_id`; there is one reflection and one challenge for each step, and one entry for the
    letter for each evening, so keeping another changes it. Refused with `unknown`, `empty`, `too-long`, `full`,
    `no-such-step`, `no-such-entry`.
    """

    member_id: Key
    kind: EntryKind
    entry_id: KeyOrNone = ""
    """For the diary: a fresh one, or that of the entry to change."""
    session_id: KeyOrNone = ""
    step_id: KeyOrNone = ""
    text: Words = Field(default="", repr=False)
    went: Went | None = Field(default=None, repr=False)
    lines: tuple[LetterLine, ...] = Field(default=(), repr=False, max_length=80)


class EntryErased(Answer):
    """It is not in the book."""


class EraseEntry(Command[EntryErased], ask="enrolment.erase-entry"):
    """Take one entry out of my book; the same answer where it is not there. Refused with `unknown`."""

    member_id: Key
    entry_id: Key


class BookGone(Answer):
    """There is no book, and no key to one."""


class EraseBook(Command[BookGone], ask="enrolment.erase-book"):
    """Delete my book for good; the same answer where there is none."""

    member_id: Key


class KeepingSet(Answer):
    """How long the book stays now."""

    keeping: Keeping
    erase_at: AwareDatetime | None


class SetBookKeeping(Command[KeepingSet], ask="enrolment.set-book-keeping"):
    """Keep my book for so long after the course, or from today where it is over. Refused with `unknown`."""

    member_id: Key
    keeping: Keeping
