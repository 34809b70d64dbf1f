"""A chronology to print. Whatever somebody typed is shown: what no letter of the font can show, by its name."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from harbour.contracts.cases import Chronology, ChronologyLine
from services.gateway.chronology import LABELS, added, called
from services.gateway.evenings import LONDON

FONT = "Harbour"
PADDING = 6
"""By so much the words stand within the margins."""
_JOINS = frozenset("\u200b\u200c\u200d\u2060\ufe0e\ufe0f")
"""Signs that only say how their neighbours look."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
UNPRINTED = "What stands in square brackets could not be printed; the JSON of this chronology has it as it was typed."
KEEP = "Contains words of a young person. Keep it as you keep a safeguarding file."


@cache
def _font() -> frozenset[int]:
    """The font, made known to the printer once; every character it can show."""
    import fontpkg_noto_sans
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    folder = Path(fontpkg_noto_sans.__file__).parent / "files"
    [path] = folder.glob("NotoSans[[]*.ttf")
    font = TTFont(FONT, str(path))
    pdfmetrics.registerFont(font)
    return frozenset(font.face.charToGlyph)


def printable(text: str) -> str:
    """The same words with what the font has not by its name: `[grinning face]`, `[Arabic, 5 letters]`."""
    known = _font()
    text = unicodedata.normalize("NFC", _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    return "".join(_shown(text, known))


def _shown(text: str, known: frozenset[int]) -> Iterator[str]:
    seen = (one for one in text if one not in _JOINS)
    for script, run in groupby(seen, lambda one: "" if one in "\n\t" or ord(one) in known else _script(one)):
        letters = list(run)
        if not script:
            yield "".join(letters)
        elif script == "?":
            yield "".join(f"[{_name(one)}]" for one in letters)
        else:
            yield f"[{script}, {len(letters)} letter{'s' * (len(letters) != 1)}]"


def _script(letter: str) -> str:
    """The script of a letter the font has not; `?` for what is no letter."""
    if unicodedata.category(letter)[0] not in "LM":
        return "?"
    return unicodedata.name(letter, "UNKNOWN").split()[0].split("-")[0].capitalize()


def _name(sign: str) -> str:
    return unicodedata.name(sign, f"U+{ord(sign):04X}").lower() if unicodedata.name(sign, "") else f"U+{ord(sign):04X}"


def as_pdf(chronology: Chronology) -> bytes:
    """The whole as a PDF, A4."""
    _font()
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.platypus import SimpleDocTemplate

    sheet = BytesIO()
    margins = {f"{side}Margin": 20 * mm for side in ("left", "right", "top")}
    document = SimpleDocTemplate(sheet, pagesize=A4, bottomMargin=22 * mm, title="Record", author="Harbour", **margins)
    document.build(list(_story(chronology)), onFirstPage=_foot, onLaterPages=_foot)
    return sheet.getvalue()


def _story(chronology: Chronology) -> Iterator[Any]:
    from reportlab.lib.colors import HexColor
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph, Spacer

    body = ParagraphStyle("body", fontName=FONT, fontSize=10, leading=14, splitLongWords=1)
    title = ParagraphStyle("title", body, fontSize=20, leading=26, spaceAfter=4)
    head = ParagraphStyle("head", body, fontSize=13, leading=18, spaceBefore=12, spaceAfter=4)
    soft = ParagraphStyle("soft", body, fontSize=8.5, leading=12, textColor=HexColor("#44545b"))
    said = ParagraphStyle("said", body, leftIndent=12)
    what = ParagraphStyle("what", body, fontSize=11, spaceBefore=9, keepWithNext=1)

    def put(text: str, style: Any = body) -> Any:
        return Paragraph(escape(printable(text)).replace("\n", "<br/>"), style)

    case = chronology.case
    yield put("Chronology", title)
    yield put(f"{case.nickname or 'Erased'}, {case.group}")
    yield put(f"Case of {case.owner_name}, opened {_when(case.opened_at)}; {case.state}")
    yield put(f"Taken out {_when(chronology.exported_at)} by {chronology.exported_by}")
    yield put(f"Because: {chronology.reason}")
    yield Spacer(1, 6)
    yield put(f"{KEEP} Times are of London. {UNPRINTED}", soft)
    yield put("Alerts", head)
    for alert in chronology.alerts:
        yield put(f"{_when(alert.raised_at)}: {alert.urgency}. {' '.join(alert.why)}")
    yield put("In order", head)
    for line in chronology.lines:
        yield put(" · ".join(filter(None, (called(line), added(line)))), what)
        yield put(f"{_when(line.at)}, {line.who}", soft)
        for text in written(line):
            yield put(text, said)
        yield put(f"No. {line.number} of the record, {line.hash}", soft)


def written(line: ChronologyLine) -> Iterator[str]:
    """What a line says in words, each piece by its name."""
    if line.erased:
        yield "The words were erased. Their hash stays in the record."
    if (done := line.facts.get("done_at")) and datetime.fromisoformat(done) != line.at:
        yield f"Done {_when(datetime.fromisoformat(done))}"
    for name, label in LABELS.items():
        if words := line.words.get(name):
            yield f"{label}: {words}" if label else words


def _when(at: Any) -> str:
    local = at.astimezone(LONDON)
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M:%S}"


def _foot(canvas: Any, document: Any) -> None:
    canvas.saveState()
    canvas.setFont(FONT, 8)
    canvas.drawString(document.leftMargin + PADDING, 30, KEEP)
    canvas.drawRightString(document.pagesize[0] - document.rightMargin - PADDING, 30, f"Page {document.page}")
    canvas.restoreState()
