"""Settings of notify for a test: a key of its own, no channel unless the test asks for one."""

from base64 import b64encode
from pathlib import Path

import pytest

from harbour.runtime.sealing import Seal
from tests.notify.people import KEY


@pytest.fixture
def tables_of() -> str:
    """Every database of these tests has the tables of notify."""
    return "notify"


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The environment of the service; a test may set more in it."""
    for name in ("SMTP_URL", "SMS_URL", "MAILBOX_DIR", "SENDER", "SMTP_TIMEOUT_SECONDS"):
        monkeypatch.delenv(f"NOTIFY_{name}", raising=False)
    monkeypatch.setenv("NOTIFY_CONTACT_KEY", b64encode(KEY).decode())
    monkeypatch.setenv("NOTIFY_PUBLIC_URL", "https://harbour.example")
    return monkeypatch


@pytest.fixture
def mailbox_dir(settings: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A local mailbox that is set up."""
    settings.setenv("NOTIFY_MAILBOX_DIR", str(tmp_path / "mailbox"))
    return tmp_path / "mailbox"


@pytest.fixture
def seal() -> Seal:
    """The seal that enrolment and notify share."""
    return Seal(KEY)
