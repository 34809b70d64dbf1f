"""Servers for tests: in containers where that works, and otherwise without any ado from this machine."""

import os
import socket
import subprocess
from pathlib import Path

import docker  # type: ignore[import-untyped]
import pytest

from tests import containers
from tests.containers import Address
from tests.deploy.test_compose import need_docker


def never_asked(address: Address) -> bool:
    raise AssertionError(f"nothing can listen at {address}")


def of_an_image(image: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deployed = folder / "compose.yaml"
    deployed.write_text(f"services: {{ nats: {{ image: '{image}' }} }}")
    monkeypatch.setattr(containers, "_DEPLOYED", deployed)


@pytest.mark.parametrize(("name", "value"), [("DOCKER_HOST", "tcp://127.0.0.1:1"), ("TEST_SERVERS", "local")])
def test_where_no_engine_answers_there_is_no_container_and_no_word(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config
) -> None:
    said: list[str] = []
    monkeypatch.setenv(name, value)
    monkeypatch.setattr(containers, "_say", lambda _, sentence: said.append(sentence))
    with containers.contained(pytestconfig, "nats", 4222, never_asked) as address:
        assert address is None
    assert said == []


@pytest.mark.docker
def test_an_image_that_cannot_be_had_is_named_and_a_local_server_takes_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config
) -> None:
    need_docker()
    monkeypatch.delenv("TEST_SERVERS", raising=False)
    said: list[str] = []
    monkeypatch.setattr(containers, "_say", lambda _, sentence: said.append(sentence))
    of_an_image("localhost:1/nothing:here", tmp_path, monkeypatch)
    with containers.contained(pytestconfig, "nats", 4222, never_asked) as address:
        assert address is None
    assert len(said) == 1
    assert said[0].startswith("No container of localhost:1/nothing:here")


@pytest.mark.docker
def test_a_server_that_does_not_come_up_in_time_is_removed(
    monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config
) -> None:
    need_docker()
    monkeypatch.delenv("TEST_SERVERS", raising=False)
    tried: list[Address] = []
    said: list[str] = []
    before = standing(os.getpid())
    monkeypatch.setattr(containers, "_PATIENCE", 8.0)
    monkeypatch.setattr(containers, "_say", lambda _, sentence: said.append(sentence))

    def never_ready(address: Address) -> bool:
        tried.append(address)
        return False

    with containers.contained(pytestconfig, "redis", 6379, never_ready) as address:
        assert address is None
        assert len(said) == 1
        assert "a local server takes its place" in said[0]
    assert tried
    assert standing(os.getpid()) == before


@pytest.mark.docker
def test_what_a_killed_run_left_behind_is_removed_by_the_next(
    monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config
) -> None:
    need_docker()
    monkeypatch.delenv("TEST_SERVERS", raising=False)
    with subprocess.Popen(["true"]) as ended:
        ended.wait()
    before = standing(os.getpid())
    with monkeypatch.context() as somebody_else:
        somebody_else.setattr(os, "getpid", lambda: ended.pid)
        left = containers.contained(pytestconfig, "redis", 6379, lambda _: True)
        assert left.__enter__()
    assert standing(ended.pid)
    with containers.contained(pytestconfig, "redis", 6379, lambda _: True) as address:
        assert address
        assert not standing(ended.pid)
        assert standing(os.getpid()) - before
    left.__exit__(None, None, None)


def standing(pid: int) -> set[str]:
    """The containers that serve this process."""
    client = docker.from_env()
    try:
        label = f"{containers._LABEL}={socket.gethostname()}:{pid}"
        return {str(one.id) for one in client.containers.list(filters={"label": label}, ignore_removed=True)}
    finally:
        client.close()
