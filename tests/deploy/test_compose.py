"""The evening in containers, on a real container engine."""

import os
import shutil
import subprocess
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen
from uuid import uuid4

import pytest

from harbour.stack.keys import make_all

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.docker, pytest.mark.timeout(600)]


def need_docker() -> None:
    """Skip where no container engine answers; fail where REQUIRE_DOCKER says there must be one."""
    command = ["docker", "info", "--format", "{{.ServerVersion}}"]
    reached = shutil.which("docker") and subprocess.run(command, capture_output=True, timeout=30).returncode == 0
    if not reached and os.environ.get("REQUIRE_DOCKER") == "1":
        pytest.fail("Docker cannot be reached, and REQUIRE_DOCKER=1 says it must be.")
    if not reached:
        pytest.skip("Docker cannot be reached")


class Evening:
    """One project of Compose with a name of its own, from a copy of the deployment with secrets of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.project = f"harbour-test-{uuid4().hex[:8]}"

    def operator(self, *words: str) -> str:
        """What a command of the operator prints."""
        return self.compose("run", "--rm", "-T", "-e", "STAFF_PASSWORD=quiet-lamp-evening-42", "operator", *words)

    def compose(self, *words: str, check: bool = True) -> str:
        """What `docker compose …` prints; where it fails, its last words are in the failure."""
        command = ["docker", "compose", "-p", self.project, "-f", str(self.folder / "deploy/compose.yaml"), *words]
        done = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"PORT": "0"}, timeout=400)
        assert not check or done.returncode == 0, (done.stdout + done.stderr)[-4000:]
        return done.stdout + done.stderr


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evening]:
    """A deployment of its own, taken down with all it keeps, whatever happens."""
    need_docker()
    folder = tmp_path_factory.mktemp("house")
    for name in ("harbour", "services", "deploy"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "secrets"))
    for name in ("requirements-run.lock", "requirements-meaning.lock", "pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, folder / name)
    make_all(folder / "deploy/secrets")
    here = Evening(folder)
    try:
        yield here
    finally:
        here.compose("--profile", "operator", "down", "-v", "--remove-orphans", check=False)


def test_the_servers_come_up_with_secrets_of_their_own(evening: Evening) -> None:
    evening.compose("up", "-d", "--wait", "nats", "redis", "postgres")
    rooms = evening.compose(
        "exec", "-T", "postgres", "psql", "-U", "postgres", "-Atc", "select datname from pg_database"
    )
    assert {"enrolment", "chat", "safeguard", "notify"} <= set(rooms.split())


def test_promise_15_a_service_cannot_open_the_database_of_another(evening: Evening) -> None:
    evening.compose("up", "-d", "--wait", "postgres")

    def opening(database: str) -> str:
        sign_in = (
            'PGPASSWORD="$(cat /run/secrets/chat_database_password)" exec psql -h 127.0.0.1 -U chat -Atc "select 7"'
        )
        return evening.compose("exec", "-T", "postgres", "sh", "-c", f"{sign_in} {database}", check=False)

    assert opening("chat").strip() == "7"
    assert "permission denied for database" in opening("enrolment")


def test_the_cache_answers_nobody_without_its_password(evening: Evening) -> None:
    evening.compose("up", "-d", "--wait", "redis")
    assert "NOAUTH" in evening.compose("exec", "-T", "redis", "redis-cli", "get", "anything", check=False)


def test_the_whole_evening_comes_up_and_safeguard_in_three_copies(evening: Evening) -> None:
    evening.compose("up", "-d", "--build", "--wait", "--scale", "safeguard=3")
    address = evening.compose("port", "gateway", "8000").strip().replace("0.0.0.0", "127.0.0.1")
    deadline = time.monotonic() + 30
    while True:
        try:
            with urlopen(f"http://{address}/health/ready", timeout=5) as answer:
                assert answer.status == 200
                break
        except OSError:
            assert time.monotonic() < deadline, "the gateway never said that it is ready"
            time.sleep(0.5)
    copies = evening.compose("ps", "--status", "running", "-q", "safeguard").split()
    assert len(copies) == 3


def test_the_image_knows_its_version_and_holds_no_tools_of_developers(evening: Evening) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert f"harbour {project['version']}" in evening.operator("version")
    listing = evening.compose("run", "--rm", "-T", "--entrypoint", "pip", "operator", "list", "--format", "freeze")
    there = {line.partition("==")[0].lower() for line in listing.splitlines()}
    assert "faststream" in there
    assert not there & {"pytest", "mypy", "ruff", "playwright", "testcontainers", "hypothesis"}


def test_every_command_that_make_up_suggests_does_what_it_says(evening: Evening) -> None:
    evening.compose("up", "-d", "--build", "--wait")
    named = ("--name", "Sam", "--email", "sam.first@example.org")
    assert "Sam has an account" in evening.operator("staff", "add", "--role", "counsellor", "--role", "lead", *named)
    assert "a session is live now" in evening.operator("demo")
    assert "No dead letters" in evening.operator("dead", "list")


def test_make_up_suggests_those_commands_and_the_address(tmp_path: Path) -> None:
    record = tmp_path / "compose"
    record.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path / "called"}\n')
    record.chmod(0o755)
    words = ["make", "-o", "secrets", "up", f"COMPOSE={record}"]
    env = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "ARGS"))}
    env["PORT"] = "8123"
    said = subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True, check=True).stdout
    assert "http://localhost:8123" in said
    for command in ("staff add --role counsellor", "demo", "dead list"):
        assert f"PORT=8123 {record} run --rm operator {command}" in said
    assert (tmp_path / "called").read_text() == "up --build --wait\n"
