"""The chronology of a case to take out, for a reason that stays on record."""

import asyncio

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from harbour.contracts.cases import Chronology, ExportCase
from harbour.contracts.messages import Key, Refused
from services.gateway.chronology import as_json, file_name
from services.gateway.chronology_pdf import as_pdf
from services.gateway.web.cases import TOO_LONG, WORDS_MAX_CHARS, case_page, known
from services.gateway.web.desk_page import Officer
from services.gateway.web.pages import checked_form, field

router = APIRouter()

KINDS = {"pdf": "application/pdf", "json": "application/json"}


@router.post("/cases/{case_id}/export")
async def export_case(request: Request, case_id: Key, who: Officer) -> Response:
    """Everything on record about a case and its alerts, in order; without a reason the page asks for one."""
    form = await checked_form(request)
    kind, reason = field(form, "form"), field(form, "export-words", longest=20_000)
    if kind not in KINDS:
        raise HTTPException(404)
    typed = {"export-words": reason}
    if len(reason) > WORDS_MAX_CHARS:
        wrong = {"export-words": TOO_LONG.format(most=WORDS_MAX_CHARS)}
        return await case_page(request, case_id, who, typed=typed, wrong=wrong)
    wish = ExportCase(case_id=case_id, staff_id=who.person_id, reason=reason, form="pdf" if kind == "pdf" else "json")
    answer = await request.app.state.ask(wish)
    known(answer)
    if isinstance(answer, Refused):
        return await case_page(request, case_id, who, typed=typed, wrong={"export-words": answer.say})
    assert isinstance(answer, Chronology)
    content = await asyncio.to_thread(as_pdf, answer) if kind == "pdf" else as_json(answer)
    as_file = {"content-disposition": f'attachment; filename="{file_name(answer, kind)}"', "cache-control": "no-store"}
    return Response(content, media_type=KINDS[kind], headers=as_file)
