"""The keys and passwords of a deployment, one file each, made where they are missing and never changed.

Containers run as a user of their own and read their secrets through bind mounts that keep the mode of the file, so
the files are readable and the folder around them is closed to everybody but its owner.
"""

import os
import secrets
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

from harbour.stack import Trouble

_KEYS = ("enrolment_vault_key", "enrolment_lookup_key", "enrolment_book_key", "contact_key")
_WITH_TABLES = ("enrolment", "chat", "safeguard", "notify")
_ON_THE_BUS = (*_WITH_TABLES, "gateway", "operator")


def _key() -> str:
    """256 bits in base64."""
    return b64encode(secrets.token_bytes(32)).decode()


def _password() -> str:
    """192 bits that need no quoting anywhere: in a URL, a shell, SQL or a server's configuration."""
    return secrets.token_hex(24)


def make_all(folder: Path) -> list[str]:
    """Make what is missing in this folder, and name it. Raises Trouble where the folder cannot be written."""
    made: list[str] = []

    def keep(name: str, make: Callable[[], str]) -> str:
        path = folder / name
        if not path.exists():
            _write(path, make())
            made.append(name)
        return path.read_text(encoding="utf-8").strip()

    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        for name in _KEYS:
            keep(name, _key)
        keep("postgres_password", _password)
        _addresses(keep)
    except OSError as error:
        raise Trouble(f"The secrets could not be made: {error.filename}: {error.strerror}.") from error
    return made


def _addresses(keep: Callable[[str, Callable[[], str]], str]) -> None:
    """Passwords, and the addresses that hold them, as the services are told them."""
    cache = keep("redis_password", _password)
    keep("redis_url", f"redis://:{cache}@redis:6379/0".strip)
    for name in _ON_THE_BUS:
        bus = keep(f"{name}_nats_password", _password)
        keep(f"{name}_nats_url", f"nats://{name}:{bus}@nats:4222".strip)
    for name in _WITH_TABLES:
        base = keep(f"{name}_database_password", _password)
        keep(f"{name}_database_url", f"postgresql+asyncpg://{name}:{base}@postgres:5432/{name}".strip)


def _write(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(f"{text}\n", encoding="utf-8")
    draft.chmod(0o644)
    draft.replace(path)
