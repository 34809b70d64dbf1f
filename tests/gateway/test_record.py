"""Promise 14: anyone on staff can verify, on a page, with the real desk behind it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis
from sqlalchemy import text

from harbour.contracts.enrolment import Role
from harbour.contracts.messages import Wish
from harbour.contracts.record import AnchorDue, RecordAnchored, VerificationAsked
from services.gateway.app import create_app
from services.gateway.auth import Sessions, cookie_name
from services.gateway.settings import GatewaySettings
from tests.gateway.browsing import Browser
from tests.rooms import Stage, rehearsed
from tests.safeguard.people import EVENING, added, posted
from tests.safeguard.test_chain import KeptAnchors


class Desk:
    """The desk, its anchors, and what it said that was not heard yet."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.anchors, self.heard = stage, KeptAnchors(), 0
        stage.service.context.set_global("anchors", self.anchors)

    async def __call__(self, wish: Wish[Any]) -> Any:
        return await self.stage.asks(wish)

    async def hears_itself(self) -> None:
        """What it has said comes back to it, as the bus would bring it."""
        for event in self.stage.said[self.heard :]:
            if isinstance(event, VerificationAsked):
                await self.stage.hears(event)
            if isinstance(event, RecordAnchored):
                self.anchors.kept.append(event)
        self.heard = len(self.stage.said)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with rehearsed("safeguard", f"sqlite+aiosqlite:///{tmp_path / 'desk.db'}") as stage:
        await stage.hears(added("kit", Role.OPERATOR))
        await stage.hears(posted("i am not safe right now", 1))
        await stage.hears(AnchorDue(id="a", day="2026-11-04", due=EVENING))
        desk = Desk(stage)
        await desk.hears_itself()
        yield desk


async def test_promise_14_anyone_on_staff_can_verify(
    desk: Desk, redis: Redis, settings: GatewaySettings, tmp_path: Path
) -> None:
    app = create_app(ask=desk, redis=redis, settings=settings)
    roles = frozenset({Role.OPERATOR})
    session = await Sessions(redis, settings).begin("staff", person_id="kit", name="Kit", roles=roles)
    async with Browser(app) as kit:
        kit.cookies.set(cookie_name(settings), session.token, domain="harbour.test")
        shown = await kit.get("/record")
        assert "Nobody has had it looked at yet" in shown.text
        assert "as 2026-11-04 began, at number 2" in shown.text

        at_it = await kit.press(shown, follow=True)
        assert "It is being looked at" in at_it.text
        await desk.hears_itself()
        whole = await kit.get("/record")
        assert "It is whole" in whole.text
        assert "Kit had it looked at" in whole.text
        assert "2 entries, held against one anchor" in whole.text

        async with desk.stage.database.begin() as tx:
            await tx.execute(text("UPDATE chain SET who = 'bea' WHERE number = 2"))
        await kit.press(whole)
        await desk.hears_itself()
        broken = (await kit.get("/record")).text
        assert "It is not whole" in broken
        assert "Edited" in broken
        assert "deed.raised" in broken
        assert "not safe right now" not in broken, "no words of anybody"


async def test_a_stranger_to_the_desk_has_nothing_looked_at(
    desk: Desk, redis: Redis, settings: GatewaySettings
) -> None:
    app = create_app(ask=desk, redis=redis, settings=settings)
    session = await Sessions(redis, settings).begin("staff", person_id="gone", name="Gone", roles=frozenset())
    async with Browser(app) as gone:
        gone.cookies.set(cookie_name(settings), session.token, domain="harbour.test")
        assert (await gone.get("/record")).status_code == 403
