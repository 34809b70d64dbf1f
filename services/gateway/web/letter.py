"""The next-steps letter on the pages: choosing lines evening by evening, and the page to print."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from harbour.contracts.book import EntryKind, EraseEntry, KeepEntry, LetterLine, LetterPart
from harbour.contracts.enrolment import SessionPlan
from harbour.contracts.messages import Key
from services.gateway.auth import Visitor
from services.gateway.evenings import so_far
from services.gateway.letter import GREETINGS, LISTS, OWN_MAX_CHARS, TITLES, chosen, letter_of, lists_of, read_choices
from services.gateway.web.book import Owner, evening_of, kept, opened
from services.gateway.web.pages import checked_form, field, go, page, present

router = APIRouter(prefix="/my/book/letter", default_response_class=Response)
Now = Annotated[datetime, Depends(present)]


@router.get("")
async def my_letter(request: Request, who: Owner, now: Now) -> Response:
    """Everything chosen so far as one page, to print or to keep to themselves."""
    book = await opened(request, who, kind=EntryKind.LETTER)
    letter = letter_of(book.entries, [plan.session_id for plan in book.sessions])
    return page(request, "book/letter.html", letter=letter, evenings=so_far(book.sessions, now), today=now)


@router.get("/ends")
async def which_ends(request: Request, who: Owner) -> Response:
    """Who is it to, and how shall it be signed?"""
    book = await opened(request, who, kind=EntryKind.LETTER)
    return ends(request, [line for entry in book.entries if not entry.session_id for line in entry.lines])


@router.post("/ends")
async def keep_ends(request: Request, who: Owner) -> Response:
    """Keep how the letter begins and ends."""
    form = await checked_form(request)
    to = field(form, "to-own", longest=80) or (greeting if (greeting := field(form, "to")) in GREETINGS else "")
    words = {LetterPart.TO: to, LetterPart.FROM: field(form, "from", longest=80)}
    lines = [LetterLine(part=part, text=text) for part, text in words.items() if text]
    mistake = await save(request, who, "", lines)
    return ends(request, lines, mistake) if mistake else go("/my/book/letter")


def ends(request: Request, lines: Sequence[LetterLine], mistake: str = "") -> Response:
    """The page of the first line and the last."""
    said = {line.part: line.text for line in lines}
    return page(
        request, "book/letter_ends.html", status_code=422 if mistake else 200, greetings=GREETINGS,
        to=said.get(LetterPart.TO, ""), sign=said.get(LetterPart.FROM, ""),
        mistakes={"to-own": mistake} if mistake else {},
    )  # fmt: skip


@router.get("/evening/{session_id}")
async def which_lines(request: Request, session_id: Key, who: Owner) -> Response:
    """The lists to choose from, those that fit this week first."""
    book = await opened(request, who, session_id=session_id, kind=EntryKind.LETTER)
    return choosing(request, evening_of(book, session_id), book.entries[0].lines if book.entries else ())


@router.post("/evening/{session_id}")
async def keep_lines(request: Request, session_id: Key, who: Owner) -> Response:
    """Keep what was chosen."""
    form = await checked_form(request)
    plan = evening_of(await opened(request, who, session_id=session_id), session_id)
    own = {part: field(form, f"{part}-own", longest=2 * OWN_MAX_CHARS[part]) for part in LISTS}
    lines = read_choices({part: _picked(form, part) for part in LISTS}, own)
    mistake = await save(request, who, session_id, lines)
    return choosing(request, plan, lines, mistake) if mistake else go("/my/book/letter")


def choosing(request: Request, plan: SessionPlan, lines: Sequence[LetterLine], mistake: str = "") -> Response:
    """The page of lists, with what was chosen."""
    return page(
        request, "book/letter_lines.html", status_code=422 if mistake else 200, plan=plan,
        first=lists_of(plan.week), lists=LISTS, titles=TITLES, chosen=chosen(lines), longest=OWN_MAX_CHARS,
        mistakes={"own-own": mistake} if mistake else {},
    )  # fmt: skip


async def save(request: Request, who: Visitor, session_id: str, lines: Sequence[LetterLine]) -> str:
    """Keep these lines for this evening, or take its entry out where none are left; what to say where it cannot be."""
    if lines:
        wish = KeepEntry(member_id=who.person_id, kind=EntryKind.LETTER, session_id=session_id, lines=tuple(lines))
        return await kept(request, wish)
    book = await opened(request, who, kind=EntryKind.LETTER)
    for entry in book.entries:
        if entry.session_id == session_id:
            await request.app.state.ask(EraseEntry(member_id=who.person_id, entry_id=entry.entry_id))
    return ""


def _picked(form: FormData, part: LetterPart) -> list[str]:
    return [value for value in form.getlist(part.value) if isinstance(value, str)]
