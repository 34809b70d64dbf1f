"""What the desk has to hand, as a page of its own; beside a case it stands too."""

from pathlib import Path

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.gateway.knowledge import Knowledge, read
from services.gateway.knowledge.reading import SHIPPED
from services.gateway.settings import GatewaySettings
from services.gateway.web.pages import page

router = APIRouter()


def open_knowledge(settings: GatewaySettings) -> Knowledge:
    """What the operator's file says, or the one that ships. Raises Unreadable or OSError, at once."""
    return read(Path(settings.knowledge_file) if settings.knowledge_file else SHIPPED)


@router.get("/knowledge")
async def show_knowledge(request: Request) -> Response:
    """Help lines, local authorities by postcode area, and prepared words."""
    area = request.query_params.get("area", "").strip().upper()[:2]
    return page(request, "cases/knowledge_page.html", knowledge=request.app.state.knowledge, area=area)
