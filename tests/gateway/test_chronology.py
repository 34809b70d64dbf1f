"""A chronology prints whatever young people type, and says visibly what it cannot show."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harbour.contracts.cases import CaseAlert, CaseState, CaseView, Chronology, ChronologyLine
from harbour.contracts.concerns import Urgency
from services.gateway.chronology import as_json, called, file_name
from services.gateway.chronology_pdf import as_pdf, printable, written

AT = datetime(2026, 11, 24, 19, 30, tzinfo=UTC)


def chronology(*words: str) -> Chronology:
    """A chronology with these words in it."""
    case = CaseView(
        case_id="0123456789ab", nickname="Robin", group="Tuesday group, week 2", state=CaseState.OPEN, owner_id="ada",
        owner_name="Ada", opened_at=AT, changed_at=AT, alerts=1,
    )  # fmt: skip
    alert = CaseAlert(
        alert_id="a1", urgency=Urgency.HIGH, categories=(), why=("Because.",), state="claimed", raised_at=AT
    )
    lines = [
        ChronologyLine(at=AT, what="case.fact", about="c1", who="Ada", words={"words": one}, number=n, hash="0" * 64)
        for n, one in enumerate(words, 1)
    ]
    return Chronology(
        case=case, alerts=(alert,), lines=tuple(lines), exported_at=AT, exported_by="Ada", reason="For the authority."
    )


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("plain words", "plain words"),
        ("Żółć, ça va, Ελλάδα, привет, Tiếng Việt", "Żółć, ça va, Ελλάδα, привет, Tiếng Việt"),
        ("fine 😀", "fine [grinning face]"),
        ("❤️‍🩹", "[heavy black heart][adhesive bandage]"),
        ("مرحبا you", "[Arabic, 5 letters] you"),
        ("你好", "[Cjk, 2 letters]"),
        ("a\x00b\u200dc", "abc"),
        ("\U0010ffff", "[U+10FFFF]"),
    ],
)
def test_what_the_font_has_not_is_named_where_it_stood(typed: str, printed: str) -> None:
    assert printable(typed) == printed


def test_any_words_however_long_are_printed() -> None:
    typed = ["😀" * 500, "x" * 4000, "<b>&amp; not markup</b>", "line\n" * 400, "שלום עולם", "\ud7ff\ue000", " "]
    pdf = as_pdf(chronology(*typed))
    assert pdf.startswith(b"%PDF-")
    assert pdf.count(b"/Type /Page\n") > 5


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
def test_no_text_breaks_the_printer(text: str) -> None:
    assert as_pdf(chronology(text)).startswith(b"%PDF-")


def test_the_data_has_every_word_as_it_was_typed() -> None:
    whole = as_json(chronology("fine 😀 مرحبا"))
    assert "fine 😀 مرحبا".encode() in whole


def test_names_of_files_and_lines_say_what_they_should() -> None:
    one = chronology("words")
    assert file_name(one, "pdf") == "record-2026-11-24-01234567.pdf"
    line = one.lines[0]
    known = ("alert.heard", "deed.signed-off", "case.decision", "record.erased", "deed.something-new",
             "deed.envelope-alone")  # fmt: skip
    said = [called(line.model_copy(update={"what": what})) for what in known]
    assert said == [
        "Alert: what was said", "Alert: signed off", "Decision", "record: erased", "Alert: something new",
        "Alert: contact details opened alone",
    ]  # fmt: skip


def test_what_was_done_earlier_than_it_was_written_says_when() -> None:
    line = chronology("Rang the school.").lines[0]
    assert [*written(line.model_copy(update={"facts": {"done_at": AT.isoformat()}}))] == ["Rang the school."]
    earlier = {"facts": {"done_at": "2026-11-24T08:15:00Z"}}
    done, _ = written(line.model_copy(update=earlier))
    assert done == "Done Tuesday 24 November 2026, 08:15:00"
