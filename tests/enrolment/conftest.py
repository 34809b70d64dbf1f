"""Keys and a cheap password hash for enrolment on a stage."""

import pytest

from tests.enrolment.people import SETTINGS


@pytest.fixture
def tables_of() -> str:
    """Every database of these tests has the tables of enrolment."""
    return "enrolment"


@pytest.fixture(autouse=True)
def enrolment_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """What enrolment needs to be set before it starts."""
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
