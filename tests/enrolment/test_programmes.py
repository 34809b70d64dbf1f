"""Programmes are whole before anything runs: those that ship, and those that somebody puts into a folder."""

from pathlib import Path

import pytest

from harbour.contracts.enrolment import StepKind
from services.enrolment.programmes import (
    FOLDER,
    MAX_BYTES,
    Programme,
    ProgrammeUnreadable,
    load_programmes,
    read_programme,
)
from tests.enrolment.programme_files import WHOLE

SHIPPED = load_programmes()
HELP = ("0800 1111", "116 123", "SHOUT to 85258", "999")


def evenings(programme: Programme) -> list[str]:
    """What is said to young people on each evening, in one piece."""
    return [
        " ".join([week.topic, week.aim, *(text for step in week.run_sheet for text in (step.title, step.text))])
        for week in programme.weeks
    ]


def test_seven_weeks_and_six_are_shipped_as_samples() -> None:
    assert {name: len(programme.weeks) for name, programme in SHIPPED.items()} == {"seven-weeks": 7, "six-weeks": 6}
    assert all(programme.sample for programme in SHIPPED.values())


@pytest.mark.parametrize("name", SHIPPED)
def test_every_evening_fills_its_ninety_minutes(name: str) -> None:
    programme = SHIPPED[name]
    assert programme.minutes == 90
    assert [sum(step.minutes for step in week.run_sheet) for week in programme.weeks] == [90] * len(programme.weeks)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_evening_has_all_of_its_parts_and_notes_at_every_step(name: str) -> None:
    for week in SHIPPED[name].weeks:
        kinds = [step.kind for step in week.run_sheet]
        assert kinds[0] is kinds[-1] is StepKind.WORDS
        assert {StepKind.SCALE, StepKind.POLL, StepKind.PROMPT, StepKind.REFLECTION, StepKind.CHALLENGE} <= set(kinds)
        assert kinds.count(StepKind.CHALLENGE) == 1
        assert [step.step_id for step in week.run_sheet if not step.notes] == []


@pytest.mark.parametrize("name", SHIPPED)
def test_no_two_evenings_have_the_same_topic(name: str) -> None:
    topics = [week.topic for week in SHIPPED[name].weeks]
    assert len(set(topics)) == len(topics)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_last_evening_says_where_help_is(name: str) -> None:
    last = evenings(SHIPPED[name])[-1]
    assert [number for number in HELP if number not in last] == []


@pytest.mark.parametrize("name", SHIPPED)
def test_there_are_words_ready_for_the_hard_moments(name: str) -> None:
    wordings = SHIPPED[name].prepared
    assert 8 <= len(wordings) <= 14
    assert {"welcome", "quiet-moment", "upset", "too-much-detail", "end-of-session", "next-week"} <= {
        wording.key for wording in wordings
    }


@pytest.mark.parametrize("name", SHIPPED)
def test_what_young_people_read_is_in_short_sentences(name: str) -> None:
    for text in evenings(SHIPPED[name]):
        sentences = [part for part in text.replace("?", ".").replace("!", ".").split(".") if part.strip()]
        assert len(text.split()) / len(sentences) <= 12


def test_a_whole_programme_loads(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(WHOLE, encoding="utf-8")
    week = load_programmes(tmp_path)["small"].weeks[0]
    assert week.topic == "First"
    assert [step.kind for step in week.run_sheet][:2] == [StepKind.WORDS, StepKind.POLL]
    assert week.run_sheet[1].options == ("Yes", "No")


def test_every_fault_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(WHOLE.replace("minutes: 60", "minutes: soon"), encoding="utf-8")
    (tmp_path / "other.yaml").write_text(WHOLE, encoding="utf-8")
    with pytest.raises(ProgrammeUnreadable) as raised:
        load_programmes(tmp_path)
    assert [(fault.file, fault.line) for fault in raised.value.faults] == [("other.yaml", 1), ("small.yaml", 3)]


def test_a_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_bytes(b"id: small\ntitle: \xff\xfe\n")
    with pytest.raises(ProgrammeUnreadable) as raised:
        load_programmes(tmp_path)
    assert str(raised.value) == "small.yaml:2: this is not UTF-8: save the file as UTF-8"


def test_a_folder_without_programmes_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(ProgrammeUnreadable, match="no programme"):
        load_programmes(tmp_path)


def test_a_file_too_large_for_one_message_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text("# " + "x" * MAX_BYTES, encoding="utf-8")
    with pytest.raises(ProgrammeUnreadable, match="a programme may have 400,000"):
        read_programme(path)


def test_a_file_saved_on_windows_is_read_as_any_other(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_bytes(b"\xef\xbb\xbf" + WHOLE.replace("\n", "\r\n").encode())
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain" / "small.yaml").write_text(WHOLE, encoding="utf-8")
    assert load_programmes(tmp_path)["small"] == load_programmes(tmp_path / "plain")["small"]


def test_the_shipped_files_say_that_clinicians_review_them() -> None:
    for path in FOLDER.glob("*.yaml"):
        assert path.read_text(encoding="utf-8").startswith("# A sample"), path.name
        assert "clinicians review it and replace it" in path.read_text(encoding="utf-8")
