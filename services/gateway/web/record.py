"""The record of everything safeguard decided: how long it is, whether it is whole. Anyone on staff can verify."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from harbour.contracts.messages import Refused
from harbour.contracts.record import ReadRecord, RecordStands, VerifyRecord
from services.gateway.auth import NotAllowed, Visitor, staff
from services.gateway.web.pages import checked_form, go, page

router = APIRouter(prefix="/record", default_response_class=Response)
Colleague = Annotated[Visitor, Depends(staff())]


@router.get("")
async def show_record(request: Request, who: Colleague) -> Response:
    """How the record stands, and how it was last found."""
    stands = await request.app.state.ask(ReadRecord(staff_id=who.person_id))
    if isinstance(stands, Refused):
        raise NotAllowed
    assert isinstance(stands, RecordStands)
    return page(request, "record/record.html", record=stands)


@router.post("/verify")
async def verify(request: Request, who: Colleague) -> Response:
    """Have the whole record looked at."""
    await checked_form(request)
    if isinstance(await request.app.state.ask(VerifyRecord(staff_id=who.person_id)), Refused):
        raise NotAllowed
    return go("/record")
