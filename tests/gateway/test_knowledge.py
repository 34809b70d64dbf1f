"""What the desk has to hand is data a charity fills in: checked to the line, and samples are marked as such."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from harbour.cli import app
from services.gateway.knowledge.reading import SHIPPED, Unreadable, read


def test_the_help_lines_that_ship_are_exactly_ours() -> None:
    found = [(one.call or one.text) for one in read(SHIPPED).lines]
    assert found == ["999", "0800 1111", "116 123", "SHOUT to 85258", "111", "0800 068 4141"]


def test_every_authority_that_ships_is_a_sample_whose_numbers_reach_nobody() -> None:
    knowledge = read(SHIPPED)
    assert knowledge.samples == len(knowledge.authorities) > 3
    for one in knowledge.authorities:
        for number in (one.call, one.out_of_hours):
            assert number is not None
            assert number.replace(" ", "").startswith(("02079460", "01632960"))


def test_authorities_are_found_by_the_letters_a_postcode_begins_with() -> None:
    knowledge = read(SHIPPED)
    assert [one.areas for one in knowledge.near(" ls ")] == [("LS", "WF")]
    assert knowledge.near("ZZ") == ()
    assert "SW" in knowledge.areas


BAD = """\
reviewed: yesterday
lines:
  - name: Childline
    call: 0800 11
    for: Anybody
  - name: Nobody
    for: somebody
authorities:
  - name: Somewhere
    areas: [SW1]
    call: 020 7946 0101
    fax: "1"
"""


def test_every_mistake_is_named_with_its_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "ours.yaml"
    path.write_text(BAD)
    with pytest.raises(Unreadable) as unreadable:
        read(path, called="ours.yaml")
    found = [(one.line, one.field) for one in unreadable.value.faults]
    assert found == [
        (1, "reviewed"), (4, "lines[1].call"), (6, "lines[2]"),
        (10, "authorities[1].areas"), (12, "authorities[1].fax"),
    ]  # fmt: skip


def test_the_command_says_what_is_wrong_or_how_much_there_is(tmp_path: Path) -> None:
    run = CliRunner()
    good = run.invoke(app, ["knowledge", "check"])
    assert (good.exit_code, "6 help lines" in good.output, "are samples" in good.output) == (0, True, True)
    path = tmp_path / "ours.yaml"
    path.write_text("lines: 1")
    bad = run.invoke(app, ["knowledge", "check", str(path)])
    assert bad.exit_code == 1
    assert f"{path}:1: " in bad.output
