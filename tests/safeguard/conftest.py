"""The desk of safeguard on each database, and a judge who goes by harmless words."""

from collections.abc import AsyncIterator

import pytest

from harbour.runtime.database import Database
from services.safeguard import judging
from tests.safeguard.copies import Copies
from tests.safeguard.people import judge_by_words


@pytest.fixture
def tables_of() -> str:
    """Every database of these tests has the tables of safeguard."""
    return "safeguard"


@pytest.fixture
def by_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Judge by the harmless words of `people.py`."""
    monkeypatch.setattr(judging, "judge", judge_by_words)


@pytest.fixture
async def copies(database_url: str, by_words: None) -> AsyncIterator[Copies]:
    """Three copies of safeguard on one database, each with an engine of its own."""
    databases = [Database(database_url) for _ in range(3)]
    try:
        yield Copies(databases)
    finally:
        for database in databases:
            await database.engine.dispose()
