"""Every running copy of chat and safeguard goes by the edition that was published last, and says which that is."""

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from nats.aio.client import Client

from harbour.contracts.messages import now
from harbour.contracts.rule_bench import EditionData, EditionPublished, RuleData, RulesRunning
from harbour.runtime.copies import Copies, SaysOfItself, followed
from harbour.runtime.newest import Newest
from harbour.runtime.settings import BusSettings
from harbour.runtime.streams import connect, declare
from harbour.screening.editions import Shelf, edition, version_of
from harbour.screening.judging import rules_that_fire
from harbour.screening.rulebook import Rulebook, shipped
from tests.chat.servers import NatsServer, connected, need_nats_server, running_server
from tests.runtime.trial import until
from tests.safeguard.test_rule_bench import PLUMS

WITHIN = 2.0
"""Seconds from publishing to the last copy."""


class Copy:
    """One copy of a service, with a book of its own."""

    def __init__(self, service: str, name: str) -> None:
        self.service, self.name, self.book = service, name, shipped()
        self.shelf = Shelf(service, name, now, lambda: self.book, self._put)

    def _put(self, book: Rulebook) -> None:
        self.book = book

    @property
    def fires(self) -> bool:
        """Whether what it judges with knows the new rule."""
        return PLUMS.id in rules_that_fire("purple plums", self.book)

    @asynccontextmanager
    async def running(self, url: str, tries_again_after: float = 0.1) -> AsyncIterator["Copy"]:
        """As a process would, on a line of its own."""
        nc = await connect(BusSettings(url=url), reconnect_time_wait=tries_again_after, max_reconnect_attempts=-1)
        kind = EditionPublished
        newest = Newest(nc, kind, kind.pattern(book="rules"), self.shelf.take_published, beat_seconds=60)
        saying = SaysOfItself(nc, "rules", self.service, self.name, self.shelf.running)
        try:
            async with followed(newest, saying):
                yield self
        finally:
            await nc.close()


COPIES = (("chat", "c1"), ("chat", "c2"), ("safeguard", "s1"), ("safeguard", "s2"))


async def publish(nc: Client, data: EditionData) -> float:
    """Say an edition as the outbox does; the moment it was begun."""
    begun, event = time.monotonic(), EditionPublished(edition=data, published_at=now())
    await nc.jetstream().publish(event.subject, event.body(), stream=event.stream(), headers=event.headers("safeguard"))
    return begun


@pytest.fixture
def server(tmp_path: Path) -> Iterator[NatsServer]:
    """A bus of this test."""
    need_nats_server()
    with running_server(tmp_path) as running:
        yield running


async def test_every_copy_applies_an_edition_within_two_seconds_and_says_so(server: NatsServer) -> None:
    heard = Copies("rules", RulesRunning)

    def running() -> dict[str, int]:
        return {one.report.copy_id: one.report.edition for one in heard.heard()}

    async with AsyncExitStack() as stack:
        nc = await stack.enter_async_context(connected(server.url))
        await declare(nc.jetstream(), [])
        copies = [await stack.enter_async_context(Copy(*who).running(server.url)) for who in COPIES]
        await heard.start(nc)
        await until(lambda: running() == dict.fromkeys(("c1", "c2", "s1", "s2"), 0), seconds=5)
        begun = await publish(nc, edition(1, [PLUMS]))
        await until(lambda: all(one.fires for one in copies), seconds=WITHIN)
        await until(lambda: set(running().values()) == {1}, seconds=WITHIN)
        assert time.monotonic() - begun < WITHIN
        late = await stack.enter_async_context(Copy("chat", "c3").running(server.url))
        assert late.fires, "a copy knows the newest edition before it takes its first message"
        begun = await publish(nc, edition(2))
        await until(lambda: not any(one.fires for one in (*copies, late)), seconds=WITHIN)
        await until(lambda: set(running().values()) == {2}, seconds=WITHIN)
        assert time.monotonic() - begun < WITHIN
        assert {one.report.version for one in heard.heard()} == {version_of(edition(2))}
        await heard.stop()


async def test_a_copy_that_was_cut_off_applies_what_it_missed(server: NatsServer) -> None:
    async with connected(server.url) as nc:
        await declare(nc.jetstream(), [])
    async with Copy("safeguard", "s1").running(server.url, tries_again_after=1.5) as copy:
        server.kill()
        server.start()
        async with connected(server.url) as nc:
            await publish(nc, edition(1, [PLUMS]))
            assert not copy.fires, "its line is still down"
        await until(lambda: copy.fires, seconds=10)
        assert copy.shelf.running().edition == 1


async def test_a_copy_keeps_what_it_has_where_it_cannot_use_an_edition_and_says_why(server: NatsServer) -> None:
    wrong = RuleData.model_validate({**PLUMS.model_dump(), "patterns": ("<a-set-of-tomorrow> plums",)})
    async with connected(server.url) as nc, Copy("chat", "c1").running(server.url) as copy:
        await declare(nc.jetstream(), [])
        await publish(nc, edition(1, [PLUMS]))
        await until(lambda: copy.fires, seconds=WITHIN)
        await publish(nc, edition(2, [wrong]))
        await until(lambda: bool(copy.shelf.running().trouble), seconds=WITHIN)
        assert (copy.shelf.running().edition, copy.fires) == (1, True)
        assert "there is no set <a-set-of-tomorrow>" in copy.shelf.running().trouble
        await publish(nc, edition(3))
        await until(lambda: copy.shelf.running().edition == 3, seconds=WITHIN)
        assert copy.shelf.running().trouble == ""


def test_a_copy_that_says_nothing_is_shown_as_silent_and_then_no_more() -> None:
    clock = [0.0]
    heard = Copies("rules", RulesRunning, lambda: clock[0])
    report = RulesRunning(service="chat", copy_id="c1", edition=1, version="v", since=now())
    heard.take("running.rules.chat.c1", report.model_dump_json().encode())
    heard.take("running.rules.chat.c2", b"what is this")
    assert [(one.report.copy_id, one.silent) for one in heard.heard()] == [("c1", False)]
    clock[0] = 10.0
    assert [one.silent for one in heard.heard()] == [True]
    clock[0] = 200.0
    assert heard.heard() == []
    heard.take("running.rules.chat.c1", report.model_dump_json().encode())
    heard.take("running.rules.chat.c1", report.model_copy(update={"gone": True}).model_dump_json().encode())
    assert heard.heard() == []
