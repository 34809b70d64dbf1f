"""What the pages point at is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)[^)]*\)")
LISTED = re.compile(r"^- `(tests/[\w/]+\.py)`: `(test_\w+)`", re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_link_leads_somewhere(page: Path) -> None:
    links = [link for link in LINK.findall(page.read_text(encoding="utf-8")) if not re.match(r"\w+:", link)]
    assert not [link for link in links if not (page.parent / link).exists()]


def test_every_test_that_the_safety_case_names_is_there() -> None:
    named = LISTED.findall((ROOT / "docs" / "safety-case.md").read_text(encoding="utf-8"))
    assert len(named) > 30
    missing = [
        f"{path}: {test}"
        for path, test in named
        if not re.search(rf"\bdef {test}\(", (ROOT / path).read_text(encoding="utf-8"))
    ]
    assert not missing


def test_every_make_target_and_command_that_the_runbook_names_is_there() -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    made = set(re.findall(r"^    make (\w+)", page, re.MULTILINE))
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert made
    assert made <= targets
    said = set(re.findall(r"^    harbour (\w+)", page, re.MULTILINE)) | set(re.findall(r"`harbour (\w+)", page))
    commands = (ROOT / "harbour" / "cli.py").read_text(encoding="utf-8")
    assert said
    assert not [name for name in said if f"def {name}(" not in commands and f'name="{name}"' not in commands]
