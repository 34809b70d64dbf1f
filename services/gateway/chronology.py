"""A chronology to take out: as data, and what each line of it is called."""

import json
from collections.abc import Mapping
from typing import Any

from harbour.contracts.cases import Chronology, ChronologyLine, EntryKind
from services.gateway.case_words import ACTIONS, CASE_OUTCOMES, ENTRIES
from services.gateway.deeds import DEEDS
from services.gateway.outcomes import OUTCOMES

FORMAT = "harbour-chronology/1"
LABELS: Mapping[str, str] = {
    "text": "Words",
    "note": "Note",
    "words": "",
    "reason": "Because",
    "source": "From",
    "whom": "With",
    "reference": "Reference",
    "next": "Next",
}
"""What each piece of writing is called, in the order it is shown."""


def called(line: ChronologyLine) -> str:
    """What a line is called."""
    area, _, what = line.what.partition(".")
    if area == "alert":
        return "Alert: what was said"
    if area == "deed":
        deeds = {str(each): words for each, words in DEEDS.items()}
        return f"Alert: {deeds.get(what, what.replace('-', ' ')).lower()}"
    if what in list(EntryKind):
        return ENTRIES[EntryKind(what)]
    return line.what.replace(".", ": ").replace("-", " ")


def added(line: ChronologyLine) -> str:
    """What a line says besides words: what was done, and what became of it."""
    kinds = {str(kind): words for kind, words in ACTIONS.items()}
    outcomes = {str(one): title for one, (title, _) in (*OUTCOMES.items(), *CASE_OUTCOMES.items())}
    found = [kinds.get(line.facts.get("action", ""), ""), outcomes.get(line.facts.get("outcome", ""), "")]
    return ", ".join(filter(None, found))


def as_json(chronology: Chronology) -> bytes:
    """The whole as JSON, for machines and for keeping."""
    plain: dict[str, Any] = chronology.model_dump(mode="json", exclude={"id"})
    lines = plain.pop("lines")
    taken = {name: plain.pop(name) for name in ("exported_at", "exported_by", "reason")}
    whole = {"format": FORMAT, "exported": taken, **plain, "lines": lines}
    return (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode()


def file_name(chronology: Chronology, form: str) -> str:
    """A name that says nothing of whom or what."""
    return f"record-{chronology.exported_at:%Y-%m-%d}-{chronology.case.case_id[:8]}.{form}"
