"""What a person at a terminal gets: an answer or a sentence, never a traceback."""

import asyncio
import re
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
import segno

from harbour.stack import Trouble
from harbour.stack.accounts import drawn, enrolment_address, read_roles
from harbour.stack.keys import make_all
from harbour.stack.servers import free_ports
from tests.runtime.old_server import old_server

HARBOUR = (sys.executable, "-m", "harbour.cli")


def harbour(*words: str | Path, cwd: Path | None = None) -> "subprocess.CompletedProcess[str]":
    """Run `harbour …` to its end."""
    return subprocess.run([*HARBOUR, *map(str, words)], capture_output=True, text=True, timeout=60, cwd=cwd)


def test_help_comes_at_once_because_commands_load_only_what_they_need() -> None:
    loaded = (
        "import sys, harbour.cli; print(sorted({'faststream', 'sqlalchemy', 'rich.live', 'nats'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True).stdout == "[]\n"
    began = time.monotonic()
    assert "run" in harbour("--help").stdout
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("run", "--copies", "safeguard=lots"), "say how many, from 1 to 16"),
        (("run", "--services", "chta"), "There is no service called 'chta'"),
        (("run", "--state", "/dev/null/var"), "The state folder /dev/null/var cannot be used"),
        (("serve", "chta"), "There is no service called 'chta'"),
    ],
)
def test_a_mistake_gets_a_sentence_and_exit_1(words: tuple[str, ...], says: str) -> None:
    done = harbour(*words)
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_an_option_nobody_knows_is_exit_2() -> None:
    done = harbour("run", "--loud")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_port_in_use_is_named_before_anything_starts(tmp_path: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = harbour("run", "--state", tmp_path / "var", "--port", str(port))
    assert done.returncode == 1
    assert f"Port {port} is in use" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list((tmp_path / "var" / "log").iterdir())


def test_without_a_stack_a_command_that_asks_says_how_to_start_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NATS_URL", raising=False)
    done = harbour("demo", "--state", tmp_path)
    assert done.returncode == 1
    assert "Start it with `make run`" in done.stderr


def test_where_nobody_answers_the_bus_a_sentence_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NATS_URL", f"nats://127.0.0.1:{free_ports(1)[0]}")
    done = harbour("demo", "--state", tmp_path)
    assert done.returncode == 1
    assert "Is Harbour running?" in done.stderr
    assert "Traceback" not in done.stderr


async def test_on_an_older_bus_declaring_says_what_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with old_server("2.11.4") as url:
        monkeypatch.setenv("NATS_URL", url)
        done = await asyncio.to_thread(harbour, "declare", "--state", tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("The NATS server is 2.11; Harbour's timers need 2.12 or later.")
    assert "Traceback" not in done.stderr


def test_where_no_bus_is_declaring_says_so_and_shows_no_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [port] = free_ports(1)
    monkeypatch.setenv("NATS_URL", f"nats://chat:open-sesame@127.0.0.1:{port}")
    done = harbour("declare", "--state", tmp_path)
    assert done.returncode == 1
    assert f"The bus at 127.0.0.1:{port} does not let us in" in done.stderr
    assert "Traceback" not in done.stderr
    assert "sesame" not in done.stderr


@pytest.mark.parametrize(
    "url", ["postgresql+asyncpg://chat:open-sesame@127.0.0.1:{port}/chat", "sqlite+aiosqlite:///{torn}"]
)
def test_where_its_database_is_away_or_broken_migrating_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    torn = tmp_path / "torn.db"
    torn.write_bytes(b"no database " * 1000)
    monkeypatch.setenv("CHAT_DATABASE_URL", url.format(port=free_ports(1)[0], torn=torn))
    done = harbour("migrate", "chat", "--state", tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("The database of chat cannot be used: ")
    assert "Look at CHAT_DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr
    assert "sesame" not in done.stderr


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_where_its_database_does_not_exist_migrating_says_so(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHAT_DATABASE_URL", f"{database_url.rpartition('/')[0]}/nowhere")
    done = harbour("migrate", "chat", "--state", tmp_path)
    assert done.returncode == 1
    assert 'The database of chat cannot be used: database "nowhere" does not exist' in done.stderr
    assert "Traceback" not in done.stderr


def test_secrets_are_made_once_behind_a_closed_door(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    made = make_all(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    before = {file.name: file.read_text() for file in folder.iterdir()}
    assert set(made) == set(before)
    assert make_all(folder) == []
    (folder / "chat_nats_url").unlink()
    assert make_all(folder) == ["chat_nats_url"]
    assert {file.name: file.read_text() for file in folder.iterdir()} == before


def test_no_two_services_share_a_password(tmp_path: Path) -> None:
    make_all(tmp_path)
    passwords = [file.read_text() for file in tmp_path.iterdir() if file.name.endswith(("_password", "_key"))]
    assert len(passwords) == len(set(passwords))
    assert (
        before_at((tmp_path / "chat_nats_url").read_text())
        == "chat:" + (tmp_path / "chat_nats_password").read_text()[:-1]
    )


def before_at(url: str) -> str:
    """The user and the password in an address."""
    return url.partition("://")[2].partition("@")[0]


def test_secrets_that_cannot_be_written_get_a_sentence() -> None:
    with pytest.raises(Trouble, match=r"could not be made: /dev/null/secrets"):
        make_all(Path("/dev/null/secrets"))


def test_roles_are_read_as_people_write_them() -> None:
    assert read_roles(["lead,officer", "youth-worker", "lead"]) == ("lead", "officer", "youth_worker")
    with pytest.raises(Trouble, match="no role called 'boss'; there are counsellor"):
        read_roles(["boss"])


def test_an_authenticator_can_read_the_address_it_is_given() -> None:
    import pyotp

    secret = pyotp.random_base32()
    address = enrolment_address("o'neil+night@example.org", secret)
    totp = pyotp.parse_uri(address)
    assert isinstance(totp, pyotp.TOTP)
    assert (totp.secret, totp.name, totp.issuer) == (secret, "o'neil+night@example.org", "Harbour")
    assert modules(drawn(address)) == [list(map(bool, row)) for row in segno.make(address).matrix]
    assert modules(drawn(address)) != modules(drawn(address.replace("night", "light")))


def modules(picture: str) -> list[list[bool]]:
    """What a camera makes of a picture on a dark terminal: two rows a line, light blocks are paper."""
    rows: list[list[bool]] = []
    for line in re.sub(r"\x1b\[[\d;]*m", "", picture).splitlines():
        rows += [[sign in " ▄" for sign in line], [sign in " ▀" for sign in line]]
    side = len(rows[0]) - 8  # the quiet zone around it is four modules wide
    return [row[4:-4] for row in rows[4 : 4 + side]]
