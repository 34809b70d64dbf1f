"""Streams are declared in one place, again and again without harm; an old server is refused."""

import dataclasses
from types import SimpleNamespace
from typing import Any

import pytest
from nats.js.api import RetentionPolicy, StorageType

from harbour.runtime import streams
from harbour.runtime.rooms import Hearing
from harbour.runtime.settings import BusSettings
from tests.runtime.old_server import old_server
from tests.runtime.trial import Asked, Bus, streams_with_ours


async def test_declaring_twice_changes_nothing_and_a_new_limit_is_applied(
    bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bus.say(Asked(word="one"))
    await streams.declare(bus.js, [])
    assert len(await bus.kept("TRIED")) == 1
    monkeypatch.setattr(
        streams, "streams", lambda n: [dataclasses.replace(s, max_age=86400) for s in streams_with_ours(n)]
    )
    await streams.declare(bus.js, [])
    assert (await bus.js.stream_info("TRIED")).config.max_age == 86400
    assert len(await bus.kept("TRIED")) == 1


async def test_declaring_again_leaves_a_consumer_where_it_is_and_applies_what_is_new(bus: Bus) -> None:
    await streams.declare(bus.js, [hearing()])
    await bus.say(Asked(word="one"), Asked(word="two"))
    sub = await bus.js.pull_subscribe_bind("tried-take", "TRIED")
    [first] = await sub.fetch(1)
    await first.ack_sync()
    await streams.declare(bus.js, [hearing()])
    assert await bus.unsettled("tried-take") == 1
    await streams.declare(bus.js, [hearing(ordered=True)])
    assert (await bus.js.consumer_info("TRIED", "tried-take")).config.max_ack_pending == 1
    assert await bus.unsettled("tried-take") == 1


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"storage": StorageType.MEMORY}, "it is not kept in files"),
        ({"retention": RetentionPolicy.WORK_QUEUE}, "retention policy"),
        ({"subjects": ["tried.>", "chat.>"]}, "overlap"),
        ({"num_replicas": 3}, "replicas"),
    ],
    ids=["storage", "retention", "subjects", "replicas"],
)
async def test_a_change_that_cannot_be_made_is_refused_with_a_sentence_and_touches_nothing(
    change: dict[str, Any], why: str, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bus.say(Asked(word="one"))
    before = (await bus.js.stream_info("TRIED")).config
    monkeypatch.setattr(streams, "streams", lambda _: [dataclasses.replace(streams_with_ours()[-1], **change)])
    with pytest.raises(streams.BusTrouble) as refused:
        await streams.declare(bus.js, [])
    sentence = str(refused.value)
    assert sentence.startswith("The stream TRIED stands in a way that cannot be changed in place: ")
    assert why in sentence
    assert sentence.endswith("Back it up, remove it, and declare again; nothing in it was changed.")
    assert (await bus.js.stream_info("TRIED")).config == before
    assert len(await bus.kept("TRIED")) == 1


@pytest.mark.parametrize(
    ("change", "why"), [({"subjects": ["chat.>"]}, "overlap"), ({"num_replicas": 3}, "replicas")],
    ids=["subjects", "replicas"],
)  # fmt: skip
async def test_a_new_stream_that_the_server_does_not_make_is_named_with_its_reason(
    change: dict[str, Any], why: str, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = dataclasses.replace(streams_with_ours()[-1], **{"name": "NEWER", "subjects": ["newer.>"], **change})
    monkeypatch.setattr(streams, "streams", lambda _: [new])
    with pytest.raises(streams.BusTrouble, match=rf"^The stream NEWER cannot be made: .*{why}.*declare again\.$"):
        await streams.declare(bus.js, [])


async def test_an_operator_is_refused_by_an_older_server_on_the_wire() -> None:
    async with old_server("2.11.4") as url:
        with pytest.raises(streams.BusTrouble, match=r"^The NATS server is 2\.11; .* Upgrade nats-server"):
            await streams.declare_all([], url)
    async with old_server("2.12.0") as url:
        nc = await streams.connect(BusSettings(url=url))
        await nc.close()


@pytest.mark.parametrize(("major", "minor", "fit"), [(2, 11, False), (1, 99, False), (2, 12, True), (3, 0, True)])
def test_a_server_without_schedules_is_refused(major: int, minor: int, fit: bool) -> None:
    nc: Any = SimpleNamespace(connected_server_version=SimpleNamespace(major=major, minor=minor))
    if fit:
        streams.check_version(nc)
        return
    with pytest.raises(streams.BusTrouble, match=r"2\.12 or later"):
        streams.check_version(nc)


def hearing(*, ordered: bool = False) -> Hearing:
    """A durable consumer of the small service."""
    return Hearing("tried-take", "TRIED", (Asked,), 1, ordered, transaction=False)
