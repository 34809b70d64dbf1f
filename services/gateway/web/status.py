"""Whether Harbour works just now, for anybody: no names, no counts, and it shows what it can while parts are away."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Depends, Request
from redis.exceptions import RedisError
from starlette.responses import Response

from harbour.contracts.chat import ListEvenings
from harbour.contracts.enrolment import ListCourses
from harbour.contracts.messages import Query
from harbour.contracts.notify import ListChannels
from harbour.contracts.status import DeskStatus, Practice, ReadStatus
from harbour.runtime.asking import Unavailable
from services.gateway.auth import greet
from services.gateway.web.pages import page

router = APIRouter()

KEPT_FOR = timedelta(seconds=15)
"""How long what was found is shown, so that many readers cost no more than one."""
PATIENCE_SECONDS = 2.0
NOTE_MAX_CHARS = 2000
PARTS: tuple[tuple[str, Query[Any]], ...] = (
    ("Signing up", ListCourses()),
    ("The groups", ListEvenings(staff_id="status")),
    ("The team on call", ReadStatus()),
    ("Mail and texts", ListChannels()),
)
"""What each part is called here, and something it answers to anybody."""
PRACTICE = {
    Practice.NONE: "There was none yet today. One is sent before each evening.",
    Practice.WAITING: "It is on its way.",
    Practice.SEEN: "It came through.",
    Practice.MISSED: "It did not come through. An evening stays shut until one does.",
}


@dataclass(frozen=True)
class Found:
    """What was found, and when."""

    at: datetime
    works: dict[str, bool]
    desk: DeskStatus | None = None
    note: str = ""


@dataclass
class Look:
    """What was found last, for everybody who asks in the next seconds."""

    found: Found | None = None
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def at(self, now: datetime, find: Callable[[], Awaitable[Found]]) -> Found:
        """What was found a moment ago, or what is found now."""
        async with self.turn:
            if self.found is None or now - self.found.at >= KEPT_FOR:
                self.found = await find()
            return self.found


@router.get("/status", dependencies=[Depends(greet)])
async def show_status(request: Request) -> Response:
    """Whether each part answers, whether somebody is on call, today's practice alert, and what the operator says."""
    found = await request.app.state.look.at(datetime.now(UTC), lambda: _find(request))
    return page(request, "status.html", found=found, practice=PRACTICE, whole=all(found.works.values()))


async def _find(request: Request) -> Found:
    answers = await asyncio.gather(*(_asked(request, wish) for _, wish in PARTS), _signs_in(request))
    works = {name: answer is not None for (name, _), answer in zip(PARTS, answers, strict=False)}
    desk = next((one for one in answers if isinstance(one, DeskStatus)), None)
    note = await asyncio.to_thread(_note, request.app.state.settings.status_file)
    return Found(datetime.now(UTC), {**works, "Signing in": bool(answers[-1])}, desk, note)


async def _asked(request: Request, wish: Query[Any]) -> object | None:
    """What a part answers, refusals too; None where nobody does in time."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            answer: object = await request.app.state.ask(wish)
            return answer
    except (Unavailable, TimeoutError):
        return None


async def _signs_in(request: Request) -> bool:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return bool(await request.app.state.redis.ping())
    except (RedisError, OSError, TimeoutError):
        return False


def _note(path: str) -> str:
    """What the operator wrote for everybody to read; nothing where there is no such file."""
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace").strip()[:NOTE_MAX_CHARS] if path else ""
    except OSError:
        return ""
