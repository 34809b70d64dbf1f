"""A young person's own book: reflections, the weekly challenge, a diary. Nobody but its owner is ever shown it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import Response

from harbour.contracts.book import (
    ENTRY_MAX_CHARS,
    BookEntry,
    BookView,
    EntryKind,
    EraseBook,
    EraseEntry,
    KeepEntry,
    Keeping,
    Prompt,
    ReadBook,
    SetBookKeeping,
    Went,
)
from harbour.contracts.enrolment import SessionPlan
from harbour.contracts.messages import Key, Refused, new_id
from services.gateway.auth import Elsewhere, Visitor, member
from services.gateway.evenings import so_far
from services.gateway.web.pages import checked_form, field, go, page, present

router = APIRouter(prefix="/my/book", default_response_class=Response)
Owner = Annotated[Visitor, Depends(member)]
Now = Annotated[datetime, Depends(present)]

DIARY_PAGE = 10
TYPED_MAX_CHARS = 20_000
WENT: Mapping[Went, str] = {
    Went.DONE: "I did it",
    Went.TRYING: "I’m trying it",
    Went.NOT_THIS_WEEK: "Not this week, and that’s okay",
}
STAYS: Mapping[Keeping, str] = {
    Keeping.THREE_MONTHS: "Three months after the course",
    Keeping.A_YEAR: "A year after the course",
    Keeping.UNTIL_I_DELETE: "Until I delete it",
}
MISTAKES: Mapping[str, str] = {
    "empty": "There’s nothing here yet. A word or two is enough.",
    "too-long": f"That’s more than one entry holds, which is {ENTRY_MAX_CHARS:,} letters. You could make it two.",
    "full": "Your book is full. You could delete an entry that you no longer need.",
}


async def opened(request: Request, who: Visitor, **which: Any) -> BookView:
    """Their book, or a part of it: always that of the person who is signed in here."""
    book = await request.app.state.ask(ReadBook(member_id=who.person_id, **which))
    if isinstance(book, Refused):
        raise Elsewhere("/my")
    assert isinstance(book, BookView)
    return book


async def kept(request: Request, wish: KeepEntry) -> str:
    """Keep it; what to say beside the field where it cannot be."""
    answer = await request.app.state.ask(wish)
    if not isinstance(answer, Refused):
        return ""
    if answer.reason not in MISTAKES:
        raise HTTPException(404)
    return MISTAKES[answer.reason]


def evening_of(book: BookView, session_id: str) -> SessionPlan:
    """This evening of their course, or a kind 404."""
    found = next((plan for plan in book.sessions if plan.session_id == session_id), None)
    if found is None:
        raise HTTPException(404)
    return found


@router.get("")
async def my_book(request: Request, who: Owner, now: Now) -> Response:
    """The way to each part; none of their words stand on this page, since others may look at the phone."""
    book = await opened(request, who, limit=1)
    evenings = so_far(book.sessions, now)
    this_week = await opened(request, who, session_id=evenings[-1].session_id) if evenings else None
    done = {entry.step_id: entry for entry in this_week.entries if entry.step_id} if this_week else {}
    return page(
        request,
        "book.html",
        book=book,
        evenings=evenings,
        done=done,
        stays=STAYS,
        note=request.query_params.get("note"),
    )


# ── an evening: its reflections and its challenge ─────────────────────────────────────────────────────────────


@router.get("/evening/{session_id}")
async def one_evening(request: Request, session_id: Key, who: Owner) -> Response:
    """What was kept of one evening, and what else it asks."""
    book = await opened(request, who, session_id=session_id)
    plan = evening_of(book, session_id)
    entries = {entry.step_id: entry for entry in book.entries if entry.kind is not EntryKind.LETTER}
    prompts = [prompt for prompt in book.prompts if prompt.session_id == session_id]
    older = [entry for step, entry in entries.items() if step not in {prompt.step_id for prompt in prompts}]
    letter = next((entry for entry in book.entries if entry.kind is EntryKind.LETTER), None)
    saved = "kept" in request.query_params
    return page(
        request, "book/evening.html", plan=plan, prompts=prompts, entries=entries, older=older, letter=letter,
        went=WENT, saved=saved,
    )  # fmt: skip


@router.get("/evening/{session_id}/{step_id}")
async def which_words(request: Request, session_id: Key, step_id: Key, who: Owner) -> Response:
    """The page to write on, with what stands there already."""
    book = await opened(request, who, session_id=session_id)
    entry = next((one for one in book.entries if one.step_id == step_id), None)
    return writing(request, book, session_id, step_id, text=entry.text if entry else "", was=entry)


@router.post("/evening/{session_id}/{step_id}")
async def keep_words(request: Request, session_id: Key, step_id: Key, who: Owner) -> Response:
    """Keep what was written about one step."""
    form = await checked_form(request)
    text, went = field(form, "text", longest=TYPED_MAX_CHARS), field(form, "went")
    book = await opened(request, who, session_id=session_id)
    prompt, mark = prompt_of(book, session_id, step_id), Went(went) if went in set(Went) else None
    wish = KeepEntry(
        member_id=who.person_id,
        kind=EntryKind(prompt.kind),
        session_id=session_id,
        step_id=step_id,
        text=text,
        went=mark,
    )
    if words := await kept(request, wish):
        return writing(request, book, session_id, step_id, text=text, chosen=mark, mistake=words)
    return go(f"/my/book/evening/{session_id}?kept")


def writing(
    request: Request,
    book: BookView,
    session_id: str,
    step_id: str,
    *,
    text: str,
    was: BookEntry | None = None,
    chosen: Went | None = None,
    mistake: str = "",
) -> Response:
    """The page of one step, with what was typed and what to look at again."""
    prompt, plan = prompt_of(book, session_id, step_id), evening_of(book, session_id)
    return page(
        request, "book/write.html", status_code=422 if mistake else 200, prompt=prompt, plan=plan, typed=text,
        chosen=chosen or (was.went if was else None), went=WENT, longest=ENTRY_MAX_CHARS,
        mistakes={"text": mistake} if mistake else {},
    )  # fmt: skip


def prompt_of(book: BookView, session_id: str, step_id: str) -> Prompt:
    """What this step asks, or a kind 404."""
    for prompt in book.prompts:
        if (prompt.session_id, prompt.step_id) == (session_id, step_id):
            return prompt
    raise HTTPException(404)


# ── the diary ─────────────────────────────────────────────────────────────────────────────────────────────────


@router.get("/diary")
async def diary(request: Request, who: Owner, skip: int = 0) -> Response:
    """The pages of the diary, newest first."""
    skip = max(0, skip)
    book = await opened(request, who, kind=EntryKind.DIARY, skip=skip, limit=DIARY_PAGE)
    later = max(0, skip - DIARY_PAGE) if skip else None
    return page(
        request, "book/diary.html", book=book, earlier=skip + DIARY_PAGE if book.more else None, later=later,
        saved="kept" in request.query_params, gone="gone" in request.query_params,
    )  # fmt: skip


@router.get("/diary/write")
async def new_page(request: Request, who: Owner) -> Response:
    """An empty page; it has its id already, so that sending it twice keeps it once."""
    return diary_page(request, new_id(), "")


@router.get("/diary/{entry_id}")
async def old_page(request: Request, entry_id: Key, who: Owner) -> Response:
    """A page to change."""
    book = await opened(request, who, entry_id=entry_id, kind=EntryKind.DIARY)
    if not book.entries:
        raise HTTPException(404)
    return diary_page(request, entry_id, book.entries[0].text, old=True)


@router.post("/diary/{entry_id}")
async def keep_page(request: Request, entry_id: Key, who: Owner) -> Response:
    """Keep a page of the diary."""
    form = await checked_form(request)
    text = field(form, "text", longest=TYPED_MAX_CHARS)
    wish = KeepEntry(member_id=who.person_id, kind=EntryKind.DIARY, entry_id=entry_id, text=text)
    if words := await kept(request, wish):
        return diary_page(request, entry_id, text, old=bool(field(form, "old")), mistake=words)
    return go("/my/book/diary?kept")


def diary_page(request: Request, entry_id: str, text: str, *, old: bool = False, mistake: str = "") -> Response:
    """The page to write on."""
    return page(
        request, "book/page.html", status_code=422 if mistake else 200, entry_id=entry_id, typed=text, old=old,
        longest=ENTRY_MAX_CHARS, mistakes={"text": mistake} if mistake else {},
    )  # fmt: skip


# ── letting go ────────────────────────────────────────────────────────────────────────────────────────────────


@router.get("/entry/{entry_id}/delete")
async def really_this(request: Request, entry_id: Key, who: Owner) -> Response:
    """Asks once before an entry goes."""
    book = await opened(request, who, entry_id=entry_id)
    if not book.entries:
        return go("/my/book")
    return page(request, "book/delete_entry.html", entry=book.entries[0], back=_home_of(book.entries[0]))


@router.post("/entry/{entry_id}/delete")
async def delete_entry(request: Request, entry_id: Key, who: Owner) -> Response:
    """Take one entry out."""
    await checked_form(request)
    book = await opened(request, who, entry_id=entry_id)
    await request.app.state.ask(EraseEntry(member_id=who.person_id, entry_id=entry_id))
    return go(_home_of(book.entries[0]) if book.entries else "/my/book")


def _home_of(entry: BookEntry) -> str:
    """The page an entry is read on."""
    return f"/my/book/evening/{entry.session_id}" if entry.session_id else "/my/book/diary"


@router.get("/delete")
async def really_all(request: Request, who: Owner) -> Response:
    """Asks once before the whole book goes."""
    return page(request, "book/delete.html")


@router.post("/delete")
async def delete_book(request: Request, who: Owner) -> Response:
    """Let the whole book go."""
    await checked_form(request)
    await request.app.state.ask(EraseBook(member_id=who.person_id))
    return go("/my/book?note=gone")


@router.get("/keeping")
async def how_long(request: Request, who: Owner) -> Response:
    """How long shall it stay?"""
    return page(request, "book/keeping.html", book=await opened(request, who, limit=1), stays=STAYS)


@router.post("/keeping")
async def set_how_long(request: Request, who: Owner) -> Response:
    """Let it stay for as long as they say."""
    chosen = field(await checked_form(request), "keeping")
    if chosen in set(Keeping):
        await request.app.state.ask(SetBookKeeping(member_id=who.person_id, keeping=Keeping(chosen)))
    return go("/my/book?note=stays")
