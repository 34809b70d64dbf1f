"""The public status page: true, without names or counts, and there while parts are away."""

import html
from pathlib import Path
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis

from harbour.contracts.enrolment import Courses, ListCourses
from harbour.contracts.messages import Refused, Wish
from harbour.contracts.notify import Channels, ListChannels
from harbour.contracts.status import DeskStatus, Practice, ReadStatus
from harbour.runtime.asking import Unavailable
from services.gateway.app import create_app
from services.gateway.settings import GatewaySettings


class Services:
    """What answers, and how often it was asked."""

    def __init__(self, desk: DeskStatus | None) -> None:
        self.desk, self.asked = desk, 0
        self.away = False

    async def __call__(self, wish: Wish[Any]) -> Any:
        self.asked += 1
        if self.away or (isinstance(wish, ReadStatus) and self.desk is None):
            raise Unavailable(wish.ask)
        answers = {ListCourses: Courses(courses=()), ReadStatus: self.desk, ListChannels: Channels(channels=())}
        return answers.get(type(wish), Refused(reason="not-allowed"))


async def shown(services: Services, redis: Redis, settings: GatewaySettings, times: int = 1) -> str:
    """The page, read so often by a stranger."""
    app = create_app(settings=settings, ask=services, redis=redis)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://harbour") as stranger:
        for _ in range(times):
            answer = await stranger.get("/status")
            assert answer.status_code == 200
    return html.unescape(answer.text)


@pytest.mark.parametrize("staffed", [True, False])
async def test_anybody_sees_what_works_and_whether_somebody_is_on_call(
    redis: Redis, settings: GatewaySettings, staffed: bool
) -> None:
    services = Services(DeskStatus(staffed=staffed, practice=Practice.SEEN))
    page = await shown(services, redis, settings)
    assert "Everything answers." in page
    assert ("Somebody is on call now." in page) is staffed
    assert ("Nobody is on call just now." in page) is not staffed
    assert "It came through." in page
    assert "<title>Harbour</title>" in page


async def test_it_says_which_part_is_away_and_what_it_cannot_see(redis: Redis, settings: GatewaySettings) -> None:
    page = await shown(Services(None), redis, settings)
    assert page.count("Does not answer just now") == 1
    assert "We can’t see that just now." in page


async def test_it_is_there_while_everything_else_is_away(settings: GatewaySettings) -> None:
    services = Services(None)
    services.away = True
    page = await shown(services, Redis(host="127.0.0.1", port=1, socket_connect_timeout=1), settings)
    assert page.count("Does not answer just now") == 5
    assert "We’ve been told" not in page, "nobody is told by this page"
    assert page.index("The numbers at the bottom of this page") < page.index("0800 1111")


async def test_many_readers_ask_the_services_once(redis: Redis, settings: GatewaySettings) -> None:
    services = Services(DeskStatus(staffed=True, practice=Practice.NONE))
    await shown(services, redis, settings, times=20)
    assert services.asked == 4


async def test_what_the_operator_wrote_stands_on_it_as_text(
    redis: Redis, settings: GatewaySettings, tmp_path: Path
) -> None:
    note = tmp_path / "note.txt"
    note.write_text("Tuesday: sign-in was slow until 19:40. <b>Sorted.</b>")
    with_note = settings.model_copy(update={"status_file": str(note)})
    page = await shown(Services(DeskStatus(staffed=True, practice=Practice.NONE)), redis, with_note)
    assert "sign-in was slow until 19:40. <b>Sorted.</b>" in page
    gone = settings.model_copy(update={"status_file": str(tmp_path / "nothing.txt")})
    assert "From us" not in await shown(Services(None), redis, gone)
