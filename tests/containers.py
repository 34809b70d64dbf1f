"""Servers in containers, where a container engine answers; where none does, local ones take their place.

`TEST_SERVERS=local` never asks for a container.
"""

import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import docker  # type: ignore[import-untyped]
import psutil
import pytest
import yaml
from docker.errors import DockerException, ImageNotFound  # type: ignore[import-untyped]
from requests.exceptions import RequestException
from testcontainers.core.config import testcontainers_config
from testcontainers.core.container import DockerContainer

_DEPLOYED = Path(__file__).parents[1] / "deploy/compose.yaml"
_PATIENCE = 30.0
"""Seconds until a local server takes the place of a container."""
_LABEL = "harbour.tests"
"""On each container: the machine and the process it serves, so that what a killed run left behind can be removed."""

Address = tuple[str, int]


@contextmanager
def contained(
    config: pytest.Config,
    service: str,
    port: int,
    is_ready: Callable[[Address], bool],
    *,
    command: str = "",
    env: Mapping[str, str] | None = None,
) -> Iterator[Address | None]:
    """The address of a server from the image that the deployment uses for `service`; None where there is none in time.

    Nothing is said where no engine answers; one line is printed where it does and the server still cannot be had.
    """
    image = str(yaml.safe_load(_DEPLOYED.read_text())["services"][service]["image"])
    deadline = time.monotonic() + _PATIENCE
    if not _engine_answers():
        yield None
        return
    container, address = None, None
    try:
        if _have(image, deadline):
            container = DockerContainer(image, env=dict(env or {})).with_exposed_ports(port)
            container = container.with_kwargs(labels={_LABEL: f"{socket.gethostname()}:{os.getpid()}"})
            container = container.with_command(command) if command else container
            address = _start(container, port, is_ready, deadline)
    except (DockerException, RequestException, OSError) as error:
        _say(config, f"{image}: {type(error).__name__}")
    if address is None:
        _say(config, f"No container of {image} within {_PATIENCE:.0f} s; a local server takes its place.")
    try:
        yield address
    finally:
        if container is not None:
            with suppress(DockerException, RequestException):
                container.stop()


def _engine_answers() -> bool:
    if os.environ.get("TEST_SERVERS") == "local":
        return False
    try:
        client = docker.from_env(timeout=10)
    except DockerException:
        return False
    try:
        # The reaper's image is a second one to fetch; we stop our containers ourselves.
        testcontainers_config.ryuk_disabled = True
        client.ping()
        _remove_orphans(client)
        return True
    except (DockerException, RequestException):
        return False
    finally:
        client.close()


def _remove_orphans(client: docker.DockerClient) -> None:
    """Remove the containers of runs on this machine that are no more."""
    for one in client.containers.list(filters={"label": _LABEL}, ignore_removed=True):
        host, _, pid = one.labels[_LABEL].rpartition(":")
        if host == socket.gethostname() and not psutil.pid_exists(int(pid)):
            with suppress(DockerException):  # another process of this run may be quicker
                one.remove(force=True, v=True)


def _have(image: str, deadline: float) -> bool:
    """Whether the image is here in time; a pull that takes longer goes on and serves the next run."""
    client = docker.from_env(timeout=600)
    try:
        client.images.get(image)
    except ImageNotFound:
        pulling = threading.Thread(target=_pull, args=(image,), daemon=True)
        pulling.start()
        pulling.join(max(0.0, deadline - time.monotonic()))
        with suppress(ImageNotFound):
            return client.images.get(image) is not None
        return False
    finally:
        client.close()
    return True


def _pull(image: str) -> None:
    client = docker.from_env(timeout=600)
    with suppress(DockerException, RequestException):
        client.images.pull(image)
    client.close()


def _start(
    container: DockerContainer, port: int, is_ready: Callable[[Address], bool], deadline: float
) -> Address | None:
    container.start()
    addresses = [(container.get_container_host_ip(), int(container.get_exposed_port(port)))]
    if sys.platform == "linux":  # there without the engine's proxy, which takes processor time for every byte
        found = container.get_docker_client().bridge_ip(str(container.get_wrapped_container().id))
        addresses.insert(0, (found, port))
    while time.monotonic() < deadline:
        for address in addresses:
            if is_ready(address):
                return address
        time.sleep(0.1)
    return None


def _say(config: pytest.Config, sentence: str) -> None:
    """A line that is seen although pytest keeps what tests print."""
    capture = config.pluginmanager.getplugin("capturemanager")
    if capture is None:
        print(sentence, file=sys.stderr)  # noqa: T201
        return
    with capture.global_and_fixture_disabled():
        print(f"\n{sentence}", file=sys.stderr)  # noqa: T201
