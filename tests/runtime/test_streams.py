"""Streams are declared in one place, again and again without harm; an old server is refused."""

import dataclasses
from types import SimpleNamespace
from typing import Any

import pytest
from nats.js.api import StorageType

from harbour.runtime import streams
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


async def test_a_change_that_cannot_be_made_in_place_is_refused(bus: Bus, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = [dataclasses.replace(one, storage=StorageType.MEMORY) for one in streams_with_ours()]
    monkeypatch.setattr(streams, "streams", lambda _: memory)
    with pytest.raises(streams.BusTrouble, match="cannot be changed in place"):
        await streams.declare(bus.js, [])


@pytest.mark.parametrize(("major", "minor", "fit"), [(2, 11, False), (1, 99, False), (2, 12, True), (3, 0, True)])
def test_a_server_without_schedules_is_refused(major: int, minor: int, fit: bool) -> None:
    nc: Any = SimpleNamespace(connected_server_version=SimpleNamespace(major=major, minor=minor))
    if fit:
        streams.check_version(nc)
        return
    with pytest.raises(streams.BusTrouble, match=r"2\.12 or later"):
        streams.check_version(nc)
