"""`harbour rules …`: what a terminal says of a file of rules, where nothing runs."""

import asyncio
import re
from pathlib import Path

import pytest
from nats.errors import TimeoutError as NoAnswer
from typer.testing import CliRunner, Result

from harbour import rule_bench
from harbour.cli import app
from tests.local import free_port

RULE = """
rules:
  - id: self_harm.plums
    category: self_harm
    urgency: medium
    why: Somebody talks of plums, in a test.
    patterns: [purple plums]
    must_fire: [i like purple plums]
    must_not_fire: [no plums here]
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of one rule, where there is no bus."""
    monkeypatch.setenv("NATS_URL", f"nats://127.0.0.1:{free_port()}")
    path = tmp_path / "rule.yaml"
    path.write_text(RULE)
    return path


def rules(*words: str | Path) -> Result:
    return CliRunner().invoke(app, ["rules", *map(str, words)])


def test_a_good_file_is_fine_and_a_bad_one_is_named_by_rule_field_and_line(file: Path) -> None:
    assert f"{file}: fine." in rules("check", file).output
    file.write_text(RULE.replace("[purple plums]", '[purple plums, "* plums", Plums]'))
    refused = rules("check", file)
    assert refused.exit_code == 1
    assert "rule self_harm.plums, field patterns, line 2: '* plums' begins or ends with a gap" in refused.output
    assert "rule self_harm.plums, field patterns, line 3" in refused.output


def test_a_file_is_tried_on_the_development_lines_and_on_rows_that_are_not_shown(file: Path, tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"id": "r1", "text": "secret purple plums", "severity": "none"}\n{"id": "r2", "text": "hello"}\n')
    said = rules("try", file, "--rows", rows, "--ids").output
    assert "self_harm.plums: nothing now, medium then: i like purple plums" in said
    assert "r1: nothing, medium then" in said
    assert re.search(r"\d{4,} labelled rows, written for this project: 0 would come up otherwise", said)
    assert re.search(r"immediate +\d+ +0 +0\nhigh +\d+ +0 +0\nmedium +", said)
    assert "secret" not in said
    rows.write_text("hello\n")
    assert 'line 1: this is not a JSON object with a "text"' in rules("try", file, "--rows", rows).output


def test_a_shipped_rule_is_shown_in_the_form_that_is_checked(file: Path) -> None:
    shown = rules("show", "contact.meet")
    file.write_text(shown.stdout)
    assert "fine." in rules("check", file).output
    assert "There is no rule nothing.here" in rules("show", "nothing.here").output


def test_a_bus_that_cannot_say_which_rules_count_is_not_taken_for_one_without_any(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Silent:
        def jetstream(self) -> "Silent":
            return self

        async def get_last_msg(self, *_: str) -> None:
            raise NoAnswer

    monkeypatch.setattr(rule_bench, "_on_the_bus", lambda state, work, tries: asyncio.run(work(Silent())))
    refused = rules("check", file)
    assert refused.exit_code == 1
    assert "does not say which rules count now" in refused.output
