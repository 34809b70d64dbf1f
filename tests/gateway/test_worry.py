"""What adults bring to the desk from the console, and how the practice alerts went: pages in front of real services."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from redis.asyncio import Redis

from harbour.contracts.chat import CanarySent
from harbour.contracts.messages import now
from tests.gateway.desk import DeskPages, desk_pages, press, words


@pytest.fixture
async def desk(tmp_path: Path, redis: Redis) -> AsyncIterator[DeskPages]:
    """The pages of the desk."""
    async with desk_pages(tmp_path, redis) as pages:
        yield pages


async def test_the_history_says_who_saw_a_practice_alert_and_when_nobody_did(desk: DeskPages) -> None:
    async with await desk.somebody("ada") as ada:
        assert "None yet." in words(await ada.get("/practice"))
        soon = now() + timedelta(minutes=2)
        await desk.hears(CanarySent(session_id="s1", canary_id="k1", due_at=soon))
        assert "One is on the queue now." in words(await ada.get("/practice"))
        await press(ada, await ada.get("/queue"), "/queue/canary/k1")
        assert "The last one was seen in time." in words(await ada.get("/practice"))
        await desk.hears(CanarySent(session_id="s2", canary_id="k2", due_at=now() - timedelta(seconds=1)))
        assert "nobody saw it" in words(await ada.get("/practice"))


async def test_the_history_is_for_the_desk(desk: DeskPages) -> None:
    async with await desk.somebody("cas") as cas:
        assert (await cas.get("/practice")).status_code == 403
