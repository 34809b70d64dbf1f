"""The pages of the desk in front of a real safeguard in memory, with staff who are signed in."""

import html
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from redis.asyncio import Redis

from harbour.contracts.chat import MessagePosted, Speaker
from harbour.contracts.enrolment import Role, StaffAdded
from harbour.contracts.messages import Message, now
from services.gateway.app import create_app
from services.gateway.auth import Sessions, cookie_name
from services.gateway.settings import GatewaySettings
from tests.gateway.browsing import Browser
from tests.rooms import Stage, rehearsed

TEAM = {"ada": Role.OFFICER, "bea": Role.OFFICER, "lou": Role.LEAD, "cas": Role.COUNSELLOR, "noor": Role.COORDINATOR}
"""Two officers, a lead, and two who answer no alerts."""


class DeskPages:
    """The gateway, and the safeguard behind it."""

    def __init__(self, stage: Stage, redis: Redis) -> None:
        self.stage, self.redis, self.settings = stage, redis, GatewaySettings(sign_in_floor_ms=0)
        self.app = create_app(ask=stage.asks, redis=redis, settings=self.settings)
        self.csrf: dict[str, str] = {}

    async def somebody(self, staff_id: str) -> Browser:
        """A browser of one of the team, signed in."""
        sessions, roles = Sessions(self.redis, self.settings), frozenset({TEAM[staff_id]})
        session = await sessions.begin("staff", person_id=staff_id, name=staff_id.capitalize(), roles=roles)
        self.csrf[staff_id] = session.csrf
        return Browser(self.app, cookies={cookie_name(self.settings): session.token}, follow_redirects=True)

    async def hears(self, *events: Message) -> None:
        """Let safeguard hear something."""
        for event in events:
            await self.stage.hears(event)

    async def alert(self, text: str, member: str = "robin", session: str = "s1") -> str:
        """A young person says something that is flagged; the id of its alert."""
        said = MessagePosted(
            session_id=session,
            member_id=member,
            speaker=Speaker.MEMBER,
            nickname=member.capitalize(),
            text=text,
            client_id="c",
        )
        await self.hears(said)
        known = [one for one in self.stage.said if one.__class__.__name__ == "MessageFlagged"]
        alert_id: str = getattr(known[-1], "alert_id")  # noqa: B009  # the newest one
        return alert_id


@asynccontextmanager
async def desk_pages(folder: Path, redis: Redis) -> AsyncIterator[DeskPages]:
    """All of it, with the team known."""
    async with rehearsed("safeguard", f"sqlite+aiosqlite:///{folder}/safeguard.db") as stage:
        pages = DeskPages(stage, redis)
        for staff_id, role in TEAM.items():
            name = staff_id.capitalize()
            await pages.hears(StaffAdded(staff_id=staff_id, name=name, roles=(role,), sealed="", at=now()))
        yield pages


async def press(browser: Browser, shown: httpx.Response, action: str, **answers: str | list[str]) -> httpx.Response:
    """Fill in the form of a page that leads to this address, and press its button."""
    form = re.search(rf'<form[^>]*action="({re.escape(action)})".*?</form>', shown.text, re.S)
    assert form, f"no form on {shown.url} leads to {action}"
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[0]))
    return await browser.post(form[1], data={**hidden, **answers})


def words(shown: httpx.Response) -> str:
    """What a page says, without its marks."""
    text = re.sub(r"<(script|template|style)\b.*?</\1>", " ", shown.text, flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())
