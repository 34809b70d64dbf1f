"""Programmes are whole before anything runs, and a fault in one is found by its file and field."""

from pathlib import Path

import pytest

from services.enrolment.programmes import ProgrammeUnreadable, load_programmes

WHOLE = """
id: small
title: A small one
minutes: 60
weeks:
  - {topic: First, aim: We begin.}
"""


def test_the_sample_programme_has_seven_evenings_of_ninety_minutes() -> None:
    sample = load_programmes()["seven-weeks"]
    assert sample.minutes == 90
    assert len(sample.weeks) == 7
    assert len({week.topic for week in sample.weeks}) == 7
    assert all(week.aim for week in sample.weeks)


def test_the_sample_says_that_it_is_one() -> None:
    assert load_programmes()["seven-weeks"].sample


def test_a_whole_programme_loads(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(WHOLE, encoding="utf-8")
    assert load_programmes(tmp_path)["small"].weeks[0].topic == "First"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (WHOLE.replace("topic: First, ", ""), ["small.yaml", "weeks.0.topic"]),
        (WHOLE.replace("minutes: 60", "minutes: soon"), ["small.yaml", "minutes"]),
        (WHOLE.replace("title: A small one", "title: ''"), ["small.yaml", "title"]),
        (WHOLE + "colour: blue\n", ["small.yaml", "colour"]),
        (WHOLE.replace("id: small", "id: other"), ["small.yaml", "id"]),
        (WHOLE + "  - [", ["small.yaml", "line"]),
        ("- a list", ["small.yaml"]),
        (WHOLE.split("weeks:")[0] + "weeks: []", ["small.yaml", "weeks"]),
    ],
)
def test_a_fault_is_named_by_file_and_field(tmp_path: Path, text: str, words: list[str]) -> None:
    (tmp_path / "small.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ProgrammeUnreadable) as raised:
        load_programmes(tmp_path)
    assert all(word in str(raised.value) for word in words)


def test_a_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_bytes(b"\xff\xfe\x00id")
    with pytest.raises(ProgrammeUnreadable, match=r"small\.yaml"):
        load_programmes(tmp_path)


def test_a_folder_without_programmes_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(ProgrammeUnreadable, match="no programme"):
        load_programmes(tmp_path)
