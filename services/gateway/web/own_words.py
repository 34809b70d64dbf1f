"""Words for oneself, written in the room: they go from the box into the writer's book and nowhere else."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from starlette.responses import Response

from harbour.contracts.book import BookEntry, EntryKind, KeepEntry, KeyOrNone
from harbour.contracts.chat import CountAnswer
from harbour.contracts.messages import Key
from services.gateway.web.book import TYPED_MAX_CHARS, Owner, kept, opened, prompt_of
from services.gateway.web.pages import checked_form, field

router = APIRouter(prefix="/my/book/evening", default_response_class=Response)


@router.get("/{session_id}/{step_id}/words")
async def read_words(request: Request, session_id: Key, step_id: Key, who: Owner) -> Response:
    """What its writer has kept of this step already, to go on from."""
    book = await opened(request, who, session_id=session_id)
    prompt_of(book, session_id, step_id)
    entry = _entry(book.entries, step_id)
    return JSONResponse({"text": entry.text if entry else ""})


@router.post("/{session_id}/{step_id}/words")
async def keep_words(request: Request, session_id: Key, step_id: Key, who: Owner, activity: KeyOrNone = "") -> Response:
    """Keep them, and let the room count that somebody has written; the same again is kept and counted once."""
    form = await checked_form(request)
    book = await opened(request, who, session_id=session_id)
    prompt, entry = prompt_of(book, session_id, step_id), _entry(book.entries, step_id)
    wish = KeepEntry(
        member_id=who.person_id,
        kind=EntryKind(prompt.kind),
        session_id=session_id,
        step_id=step_id,
        text=field(form, "text", longest=TYPED_MAX_CHARS),
        went=entry.went if entry else None,
    )
    if words := await kept(request, wish):
        return JSONResponse({"say": words}, status_code=422)
    if activity:  # where the room does not count it any more, the words are in the book all the same
        count = CountAnswer(session_id=session_id, person_id=who.person_id, activity_id=activity)
        await request.app.state.ask(count)
    return JSONResponse({"kept": True})


def _entry(entries: tuple[BookEntry, ...], step_id: str) -> BookEntry | None:
    return next((one for one in entries if one.step_id == step_id), None)
