"""The chronology of a case: everything on record about it and its alerts, in the order it happened."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from harbour.contracts.cases import ChronologyLine, Entry, EntryKind, ExportCase
from harbour.contracts.messages import Refused
from services.safeguard import rules
from services.safeguard.cases import NO_SUCH_CASE, Case, entry
from services.safeguard.chain import chain
from services.safeguard.model import Colleague
from services.safeguard.tables import alerts, deeds, staff

_PLACES = {"deed": "note", "alert": "text", "": "words"}
"""What words are that stand elsewhere."""


def why_not_export(who: Colleague, case: Case | None, wish: ExportCase) -> Refused | None:
    """Whoever answers alerts takes a chronology out, for a reason."""
    if refused := rules.why_not_read(who):
        return refused
    if case is None:
        return NO_SUCH_CASE
    return None if wish.reason else Refused(reason="words-needed", say="Say why it is taken out, and for whom.")


def exported(wish: ExportCase, who: Colleague, now: datetime) -> Entry:
    """That a chronology was taken out, why, and in which form."""
    one = entry(wish, EntryKind.EXPORTED, who, now)
    return one.model_copy(update={"reason": wish.reason, "words": wish.form.upper()})


class Lines:
    """The record of a case, as it is read."""

    def __init__(self, tx: AsyncConnection) -> None:
        self.tx = tx

    async def of(self, case_id: str, alert_ids: Sequence[str]) -> list[ChronologyLine]:
        """Everything on record about a case and its alerts, in order."""
        words = func.coalesce(chain.c.words, deeds.c.note, alerts.c.text).label("said")
        joined = (
            chain.outerjoin(deeds, (chain.c.place == "deed") & (deeds.c.deed_id == chain.c.cause))
            .outerjoin(alerts, (chain.c.place == "alert") & (alerts.c.alert_id == chain.c.subject))
            .outerjoin(staff, staff.c.staff_id == chain.c.who)
        )
        query = select(chain, words, staff.c.name.label("colleague")).select_from(joined)
        query = query.where(chain.c.subject.in_([case_id, *alert_ids])).order_by(chain.c.at, chain.c.number)
        return [_line(row) for row in (await self.tx.execute(query)).mappings()]


def _line(row: Mapping[Any, Any]) -> ChronologyLine:
    facts = {name: value for name, value in json.loads(row["facts"]).items() if value not in (None, "", [])}
    name = facts.pop("name", "")
    erased = bool(row["words_hash"]) and row["salt"] is None
    said = "" if erased else row["said"] or ""
    return ChronologyLine(
        at=row["at"],
        what=row["kind"],
        about=row["subject"],
        who=name or row["colleague"] or row["who"],
        words=_words(row["kind"], row["place"], said),
        facts={key: _plain(value) for key, value in facts.items()},
        erased=erased,
        number=row["number"],
        hash=row["hash"],
    )


def _words(kind: str, place: str, said: str) -> dict[str, str]:
    if not said:
        return {}
    if kind.startswith("case."):
        return {str(key): str(value) for key, value in json.loads(said).items()}
    return {_PLACES[place]: said}


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
