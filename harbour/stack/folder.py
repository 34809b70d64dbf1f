"""The state folder: everything the stack remembers between two starts, held by one stack at a time."""

import fcntl
import json
import os
import secrets
import shutil
from base64 import b64encode
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Self

from harbour.stack import Trouble

VAR = Path("var")
"""Where the state lives unless somebody says otherwise."""
MARK = "harbour.json"
_LOCK = "harbour.lock"
_FORM = 1
_OURS = ("nats", "redis", "log", "mailbox", "secrets", "data")


class StateFolder:
    """A folder of ours, locked while it is open. Raises Trouble where it cannot be used, and says what would help."""

    def __init__(self, path: Path, *, fresh: bool = False) -> None:
        """`fresh`: forget everything in it first; only what the stack itself put there is removed."""
        self.path = path.resolve()
        self._fresh = fresh
        self._lock: IO[str] | None = None

    def __enter__(self) -> Self:
        try:
            self._open()
        except (OSError, Trouble) as error:
            self.__exit__()
            if isinstance(error, Trouble):
                raise
            raise Trouble(
                f"The state folder {self.path} cannot be used: {error.strerror}. "
                "Give one that you may write to with --state FOLDER."
            ) from error
        return self

    def __exit__(self, *_: object) -> None:
        if self._lock:
            with suppress(OSError):
                (self.path / "running.json").unlink(missing_ok=True)
            self._lock.close()
            self._lock = None

    def __truediv__(self, name: str) -> Path:
        return self.path / name

    def secret(self, name: str) -> Path:
        """The file of a 256-bit key in base64, made once and readable by its owner alone."""
        return self.keep_private(f"{name}.key", lambda: b64encode(secrets.token_bytes(32)).decode())

    def keep_private(self, name: str, make: Any) -> Path:
        """The file of this name among the secrets, made by `make()` where it is not there yet."""
        path = self.path / "secrets" / name
        if not path.exists():
            write_private(path, make())
        return path

    def say_running(self, facts: dict[str, Any]) -> None:
        """Leave word for other commands (`harbour demo`, `harbour dead`) where everything listens."""
        write_private(self.path / "running.json", json.dumps(facts, indent=2))

    def _open(self) -> None:
        if self.path.exists() and not self.path.is_dir():
            raise Trouble(f"{self.path} is a file, not a folder. Give a folder with --state FOLDER.")
        self.path.mkdir(parents=True, exist_ok=True)
        foreign = [name for name in _OURS if (self.path / name).exists()]
        if foreign and not (self.path / MARK).exists() and not (self.path / _LOCK).exists():
            raise Trouble(f"{self.path / foreign[0]} is not Harbour's. Give an empty folder with --state FOLDER.")
        self._take_lock()
        if self._fresh:
            self._forget()
        self._check_mark()
        for name in _OURS:
            (self.path / name).mkdir(mode=0o700 if name == "secrets" else 0o755, exist_ok=True)
        for name in ("", *_OURS):
            if not os.access(self.path / name, os.W_OK | os.X_OK):
                raise Trouble(
                    f"You may not write to {self.path / name}. Change its owner, or give another with --state FOLDER."
                )

    def _take_lock(self) -> None:
        self._lock = (self.path / _LOCK).open("a+")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._lock.seek(0)
            holder = self._lock.read().strip() or "unknown"
            self._lock.close()
            self._lock = None
            raise Trouble(
                f"Harbour is already running on {self.path} (process {holder}). Stop that one first with Ctrl-C, "
                "or give this one a folder and a port of its own: --state FOLDER --port NUMBER."
            ) from None
        self._lock.truncate(0)
        self._lock.write(str(os.getpid()))
        self._lock.flush()

    def _forget(self) -> None:
        for name in _OURS:
            path = self.path / name
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink(missing_ok=True)
        (self.path / MARK).unlink(missing_ok=True)

    def _check_mark(self) -> None:
        mark = self.path / MARK
        if not mark.exists():
            write_private(mark, json.dumps({"form": _FORM}))
            return
        try:
            form = json.loads(mark.read_text())["form"]
        except (ValueError, KeyError, TypeError):
            raise Trouble(f"{mark} is damaged. To begin anew, and lose what is there: make run FRESH=1") from None
        if form != _FORM:
            raise Trouble(
                f"{self.path} was made by another version of Harbour. Give another folder with --state FOLDER, "
                "or begin anew, and lose what is there: make run FRESH=1"
            )
        if wrong := [name for name in _OURS if (self.path / name).exists() and not (self.path / name).is_dir()]:
            raise Trouble(f"{self.path / wrong[0]} should be a folder. To begin anew: make run FRESH=1")


def write_private(path: Path, text: str) -> None:
    """Put text in a file that only its owner may read, whole or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)


def running(state: Path) -> dict[str, Any] | None:
    """Where everything listens on the stack that runs on this state folder; None where none does."""
    try:
        facts = json.loads((state / "running.json").read_text())
        os.kill(facts["pid"], 0)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return dict(facts)


def join(state: Path) -> None:
    """Let this process know what the stack on this state folder told its services; what is set already wins."""
    for name, value in ((running(state) or {}).get("env") or {}).items():
        os.environ.setdefault(name, value)


def bus_of() -> str:
    """The address of the bus. Raises Trouble where nothing says it."""
    if url := os.environ.get("NATS_URL"):
        return url
    raise Trouble("Harbour does not run here. Start it with `make run`, or name a bus with NATS_URL.")
