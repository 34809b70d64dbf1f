"""When something is in the way: a kind page for each way it can go wrong, with help lines, never a traceback."""

from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from redis.exceptions import RedisError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from harbour.runtime.asking import Unavailable
from services.gateway.auth import Elsewhere, NotAllowed
from services.gateway.limits import TooMany
from services.gateway.security import safe_headers
from services.gateway.web.pages import FormRefused, go, page

_KNOWN = {403, 404, 422, 429, 503}


def sorry(request: Request, status_code: int, *, headers: dict[str, str] | None = None) -> Response:
    """The page for this status."""
    shown = status_code if status_code in _KNOWN else 404 if status_code < 500 else 500
    response = page(request, f"errors/{shown}.html", status_code=status_code)
    response.headers.update(headers or {})
    return response


def _always(status_code: int) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def answer(request: Request, error: Exception) -> Response:
        return sorry(request, status_code)

    return answer


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return sorry(request, error.status_code, headers=dict(error.headers or {}))


async def _elsewhere(request: Request, error: Exception) -> Response:
    assert isinstance(error, Elsewhere)
    return go(error.address)


async def _form_refused(request: Request, error: Exception) -> Response:
    return page(request, "errors/form.html", status_code=403)


async def _too_many(request: Request, error: Exception) -> Response:
    assert isinstance(error, TooMany)
    return sorry(request, 429, headers={"Retry-After": str(error.seconds)})


async def _accident(request: Request, error: Exception) -> Response:
    """This answer passes outside every middleware, so it takes its own headers along."""
    return sorry(request, 500, headers={**safe_headers(request.app.state.settings), "Cache-Control": "no-store"})


def kind_errors(app: FastAPI) -> None:
    """Answer every error of this app with a kind page."""
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _always(422))
    app.add_exception_handler(FormRefused, _form_refused)
    app.add_exception_handler(Elsewhere, _elsewhere)
    app.add_exception_handler(NotAllowed, _always(403))
    app.add_exception_handler(TooMany, _too_many)
    app.add_exception_handler(Unavailable, _always(503))
    app.add_exception_handler(RedisError, _always(503))
    app.add_exception_handler(Exception, _accident)
