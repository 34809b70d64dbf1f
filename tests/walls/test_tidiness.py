"""What is in the tree is fit for everybody: no place on one machine, nothing unfinished, no script inside a page."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "services" / "gateway" / "templates").rglob("*.html"))

INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style\b|\sstyle\s*=|<[^>]*\son[a-z]+\s*=|javascript:", re.IGNORECASE)
HOSTS = ("py" + "pi.org", "python" + "hosted.org", "registry." + "npmjs", "npmjs." + "org", "proxy." + "golang")
INDEX = re.compile(r"^\s*(?:-i|--(?:extra-)?index-url|--find-links)[ =]", re.MULTILINE)
PLACES = re.compile(r"(?<![\w.])/(?:" + "home|work|Users|root" + r")/\w")
UNFINISHED = re.compile(r"\b(?:" + "TO" + "DO|FIX" + "ME|X" + "XX|H" + "ACK" + r")\b")


TREES = ("harbour", "services", "tests", "docs", "deploy")


def tracked() -> list[Path]:
    """What git keeps; without git, what lies in the trees of the project."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if not listed.returncode:
        return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]
    found = [path for tree in TREES for path in (ROOT / tree).rglob("*") if path.is_file()]
    return [path for path in found if not {"__pycache__", "secrets"} & set(path.parts)]


def holding(*patterns: str | re.Pattern[str]) -> list[str]:
    """The tracked files of text in which one of these is found."""
    found = []
    for path in tracked():
        content = path.read_bytes()
        if b"\0" in content:
            continue
        text = content.decode("utf-8")
        if any(one in text if isinstance(one, str) else one.search(text) for one in patterns):
            found.append(str(path.relative_to(ROOT)))
    return found


def test_there_is_something_to_look_at() -> None:
    assert len(tracked()) > 100
    assert len(PAGES) > 20


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.name))
def test_a_page_holds_no_script_and_no_style_of_its_own(page: Path) -> None:
    assert not INLINE.search(page.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "markup",
    [
        "<script>alert(1)</script>",
        '<script type="module">x()</script>',
        "<style>p {}</style>",
        '<p style="color: red">',
        '<button onclick="x()">',
        '<a href="javascript:x()">',
    ],
)
def test_a_script_or_a_style_in_a_page_would_be_found(markup: str) -> None:
    assert INLINE.search(markup)


def test_a_script_in_a_file_of_its_own_is_left_alone() -> None:
    assert not INLINE.search('<script type="module" src="/static/exit.js"></script>')


def test_no_file_says_where_packages_come_from() -> None:
    assert not holding(*HOSTS, INDEX)


def test_no_file_names_a_place_on_one_machine() -> None:
    assert not holding(PLACES)


def test_no_file_is_left_unfinished() -> None:
    assert not holding(UNFINISHED)
