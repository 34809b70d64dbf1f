"""The pages anybody may read: home, help now, about, privacy, reading, the local mailbox; and the way out."""

from typing import Any

from fastapi import APIRouter, Depends, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from harbour.contracts.enrolment import CourseView, ListCourses
from harbour.contracts.messages import Refused
from harbour.contracts.notify import ReadMailbox
from harbour.runtime.asking import Unavailable
from services.gateway.auth import greet, guest, local_path, sign_out
from services.gateway.web.pages import checked_form, field, go, page, ways_to_read, with_next

router = APIRouter(default_response_class=Response)
READING_SECONDS = 365 * 24 * 3600


async def courses(request: Request) -> tuple[CourseView, ...] | None:
    """The courses that can be joined; None where nobody can say just now."""
    try:
        answer = await request.app.state.ask(ListCourses())
    except Unavailable:
        return None
    return None if isinstance(answer, Refused) else answer.courses


@router.get("/", dependencies=[Depends(greet)])
async def home(request: Request) -> Response:
    """What this is, for whom, when the next course is, how an evening goes, and what is private."""
    return page(request, "home.html", courses=await courses(request))


@router.get("/help", dependencies=[Depends(greet)])
async def help_now(request: Request) -> Response:
    """Where help is now: words and numbers that need nothing behind them."""
    return page(request, "help.html")


@router.get("/about", dependencies=[Depends(greet)])
async def about(request: Request) -> Response:
    """For parents, friends and professionals."""
    return page(request, "about.html")


@router.get("/privacy", dependencies=[Depends(greet)])
async def privacy(request: Request) -> Response:
    """What is kept, who can read it, and what cannot be promised."""
    return page(request, "privacy.html")


@router.get("/style", dependencies=[Depends(greet)])
async def style(request: Request) -> Response:
    """Every part and token on one page."""
    return page(request, "style.html")


@router.get("/mailbox", dependencies=[Depends(greet)])
async def mailbox(request: Request) -> Response:
    """What was sent on this machine, where no real mail or texts are set up."""
    answer = await request.app.state.ask(ReadMailbox())
    if isinstance(answer, Refused):
        raise HTTPException(404)
    return page(request, "mailbox.html", items=answer.items)


@router.get("/reading", dependencies=[Depends(guest)])
async def reading(request: Request) -> Response:
    """Choose how the pages read."""
    back = local_path(request.query_params.get("next"), "/")
    return page(request, "reading.html", back=back, saved="saved" in request.query_params)


@router.post("/reading")
async def choose_reading(request: Request) -> Response:
    """Keep what was chosen in a cookie of its own, which says nothing else and stays over sign-in and sign-out."""
    form = await checked_form(request)
    ways = ways_to_read(form.getlist("reading"))
    response = go(f"{with_next('/reading', local_path(field(form, 'next'), '/'))}&saved")
    if ways:
        options: dict[str, Any] = {"secure": request.app.state.settings.tls, "httponly": True, "samesite": "lax"}
        response.set_cookie("reading", ".".join(ways), max_age=READING_SECONDS, path="/", **options)
    else:
        response.delete_cookie("reading", path="/")
    return response


@router.api_route("/exit", methods=["GET", "POST"])
async def leave(request: Request) -> Response:
    """Sign out on this device, leave nothing to see on Back, and go somewhere neutral; whatever is down."""
    response = go(request.app.state.settings.exit_url)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    await sign_out(request, response)
    return response
