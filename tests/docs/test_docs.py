"""The contracts that are published are those of the code."""

from pathlib import Path

from harbour import docs

ROOT = Path(__file__).parents[2]


def test_the_published_contracts_are_those_of_the_code(tmp_path: Path) -> None:
    docs.write(tmp_path)
    assert (tmp_path / "asyncapi.json").read_text() == (ROOT / "docs" / "asyncapi.json").read_text()
