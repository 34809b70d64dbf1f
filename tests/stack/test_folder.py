"""The state folder is ours alone while it is open, and says plainly why it cannot be used."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from harbour.stack import Trouble
from harbour.stack.folder import MARK, StateFolder, running


def open_and_close(path: Path, *, fresh: bool = False) -> None:
    with StateFolder(path, fresh=fresh):
        pass


def test_a_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    with StateFolder(tmp_path / "var") as state:
        file = state.secret("vault")
        key = file.read_text()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    with StateFolder(tmp_path / "var") as state:
        assert state.secret("vault").read_text() == key


def test_beginning_anew_forgets_all_of_ours_and_nothing_else(tmp_path: Path) -> None:
    with StateFolder(tmp_path) as state:
        (state / "data" / "chat.db").write_text("rows")
        (state / "somebody-elses.txt").write_text("stays")
        key = state.secret("vault").read_text()
    with StateFolder(tmp_path, fresh=True) as state:
        assert not (state / "data" / "chat.db").exists()
        assert (state / "somebody-elses.txt").read_text() == "stays"
        assert state.secret("vault").read_text() != key


def test_a_folder_of_somebody_else_is_never_emptied(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "thesis.txt").write_text("years of work")
    with pytest.raises(Trouble, match=r"is not Harbour's. Give an empty folder with --state"):
        open_and_close(tmp_path, fresh=True)
    assert (tmp_path / "data" / "thesis.txt").exists()


def test_a_folder_is_open_once_at_a_time_and_the_second_is_told_who_has_it(tmp_path: Path) -> None:
    with StateFolder(tmp_path):
        with pytest.raises(Trouble, match=rf"already running on .* \(process {os.getpid()}\).*--state FOLDER --port"):
            open_and_close(tmp_path)
        with pytest.raises(Trouble, match="already running"):
            open_and_close(tmp_path, fresh=True)
    open_and_close(tmp_path)


def test_a_lock_dies_with_its_holder(tmp_path: Path) -> None:
    code = "import os, sys; from pathlib import Path; from harbour.stack.folder import StateFolder\n"
    code += "StateFolder(Path(sys.argv[1])).__enter__(); os.kill(os.getpid(), 9)"
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    open_and_close(tmp_path)


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("")
    with pytest.raises(Trouble, match="is a file, not a folder"):
        open_and_close(tmp_path / "var")


def test_a_file_in_the_place_of_an_inner_folder_is_named(tmp_path: Path) -> None:
    open_and_close(tmp_path)
    (tmp_path / "nats").rmdir()
    (tmp_path / "nats").write_text("")
    with pytest.raises(Trouble, match=r"nats should be a folder. To begin anew: make run FRESH=1"):
        open_and_close(tmp_path)
    open_and_close(tmp_path, fresh=True)


@pytest.mark.parametrize("mark", ["", "{", "[]", "null", '{"other": 1}'])
def test_a_damaged_mark_is_named_and_beginning_anew_mends_it(tmp_path: Path, mark: str) -> None:
    open_and_close(tmp_path)
    (tmp_path / MARK).write_text(mark)
    with pytest.raises(Trouble, match=r"is damaged\. To begin anew"):
        open_and_close(tmp_path)
    open_and_close(tmp_path, fresh=True)
    open_and_close(tmp_path)


def test_a_folder_of_another_version_is_left_alone(tmp_path: Path) -> None:
    open_and_close(tmp_path)
    (tmp_path / MARK).write_text(json.dumps({"form": 99}))
    with pytest.raises(Trouble, match="was made by another version"):
        open_and_close(tmp_path)


def test_a_folder_that_cannot_be_made_is_named() -> None:
    with pytest.raises(Trouble, match=r"The state folder /dev/null/var cannot be used: .*--state FOLDER"):
        open_and_close(Path("/dev/null/var"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_we_may_not_write_to_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(Trouble, match="--state FOLDER"):
        open_and_close(tmp_path)


def test_word_of_what_runs_is_there_while_it_runs_and_gone_after(tmp_path: Path) -> None:
    with StateFolder(tmp_path) as state:
        state.say_running({"pid": os.getpid(), "url": "http://127.0.0.1:8000"})
        facts = running(tmp_path)
        assert facts is not None
        assert facts["url"] == "http://127.0.0.1:8000"
    assert running(tmp_path) is None


def test_word_that_a_killed_stack_left_behind_is_not_believed(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    (tmp_path / "running.json").write_text(json.dumps({"pid": gone.pid}))
    assert running(tmp_path) is None
    (tmp_path / "running.json").write_text("{")
    assert running(tmp_path) is None
