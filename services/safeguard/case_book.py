"""What safeguard remembers of cases. Every write may be repeated."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from harbour.contracts.cases import CaseAlert, CaseOutcome, CaseState, CaseView, Entry, EntryKind
from harbour.runtime.database import insert_once
from services.safeguard.case_tables import case_alerts, case_entries, cases, chases
from services.safeguard.cases import Case, alert_view, view
from services.safeguard.chain import JSON, Chain, chain
from services.safeguard.chasing import Chase
from services.safeguard.closings import Closings
from services.safeguard.model import Alert
from services.safeguard.store import as_alert
from services.safeguard.tables import alerts

CASE = "case."
"""What the kind of an entry of the record begins with that stands for an entry of a case."""
WRITTEN = ("words", "reason", "source", "whom", "reference", "next")
"""The fields of an entry that people write: they are words of the record, and can be erased."""
FACTS = ("action", "done_at", "chase_at", "about", "outcome")
CLOSED_MOST = 100
RETENTION = "Retention"
WHY_ERASED = "The time a closed case is kept is over."


class Cases:
    """The book of cases."""

    def __init__(self, tx: AsyncConnection) -> None:
        self.tx = tx

    async def put(self, case: Case) -> bool:
        """Begin a case. False where this young person has an open one."""
        return await insert_once(self.tx, cases, _values(case))

    async def hold(self, case_id: str) -> Case | None:
        """The case, held until this transaction ends, so that nobody else changes it meanwhile."""
        return await self._one(select(cases).where(cases.c.case_id == case_id).with_for_update())

    async def find(self, case_id: str) -> Case | None:
        """The case as it stands."""
        return await self._one(select(cases).where(cases.c.case_id == case_id))

    async def open_of(self, member_id: str) -> Case | None:
        """The open case of a young person, held."""
        return await self._one(select(cases).where(cases.c.open_for == member_id).with_for_update())

    async def now_open(self, member_id: str) -> Case | None:
        """The same, only read."""
        return await self._one(select(cases).where(cases.c.open_for == member_id))

    async def _one(self, query: Any) -> Case | None:
        row = (await self.tx.execute(query)).mappings().first()
        return _case(row) if row else None

    async def change(self, case: Case) -> None:
        """Keep how a case stands now. The case is to be held."""
        values = _values(case)
        await self.tx.execute(update(cases).where(cases.c.case_id == values.pop("case_id")).values(values))

    async def join(self, case_id: str, alert_id: str, at: datetime) -> bool:
        """Let an alert belong to a case. False where it belongs to one."""
        return await insert_once(self.tx, case_alerts, {"alert_id": alert_id, "case_id": case_id, "at": at})

    async def of_alert(self, alert_id: str) -> Case | None:
        """The case an alert belongs to."""
        joined = cases.join(case_alerts, case_alerts.c.case_id == cases.c.case_id)
        return await self._one(select(cases).select_from(joined).where(case_alerts.c.alert_id == alert_id))

    async def alerts(self, case_id: str) -> list[Alert]:
        """The alerts of a case, in the order they were raised."""
        joined = alerts.join(case_alerts, case_alerts.c.alert_id == alerts.c.alert_id)
        query = select(alerts).select_from(joined).where(case_alerts.c.case_id == case_id)
        rows = await self.tx.execute(query.order_by(alerts.c.raised_at, alerts.c.alert_id))
        return [as_alert(row) for row in rows.mappings()]

    async def alert_views(self, case_id: str) -> tuple[CaseAlert, ...]:
        """The same as staff see them: no text."""
        closings = Closings(self.tx)
        return tuple([alert_view(one, await closings.outcome_of(one)) for one in await self.alerts(case_id)])

    # ── entries ───────────────────────────────────────────────────────────────────────────────────────────────

    async def has(self, entry_id: str) -> bool:
        """Whether this entry is there already."""
        found = await self.tx.execute(select(case_entries.c.number).where(case_entries.c.entry_id == entry_id))
        return found.first() is not None

    async def add(self, case: Case, entry: Entry) -> bool:
        """Add an entry, once, in the case and in the record, and keep how the case stands. The case is to be held."""
        facts: dict[str, JSON] = {k: v for k, v in entry.model_dump(mode="json", include={*FACTS}).items() if v}
        row = {name: getattr(entry, name) for name in ("entry_id", "at", "staff_id", "name")}
        row |= {"case_id": case.case_id, "kind": entry.kind.value, "facts": facts}
        if not await insert_once(self.tx, case_entries, row):
            return False
        changed = case if entry.kind is EntryKind.READ else replace(case, changed_at=entry.at)
        await self.change(changed)
        said = {name: value for name in WRITTEN if (value := getattr(entry, name))}
        words = json.dumps(said, ensure_ascii=False, sort_keys=True) if said else ""
        known: dict[str, JSON] = {**facts, "name": entry.name}
        who = entry.staff_id or entry.name
        await Chain(self.tx).add(
            f"{CASE}{entry.kind.value}", case.case_id, entry.at, who, known, words, cause=entry.entry_id
        )
        return True

    async def entries(self, case_id: str) -> list[Entry]:
        """What was written into a case, in order, with its place in the record."""
        joined = case_entries.outerjoin(chain, chain.c.cause == case_entries.c.entry_id)
        record = (chain.c.number.label("place"), chain.c.hash, chain.c.words, chain.c.words_hash)
        query = select(case_entries, *record).select_from(joined).where(case_entries.c.case_id == case_id)
        rows = (await self.tx.execute(query.order_by(case_entries.c.number))).mappings().all()
        open_chases = {one.entry_id for one in await self.open_chases(case_id)}
        answered = {row["facts"].get("about") for row in rows if row["kind"] == EntryKind.ANSWER}
        return [_entry(row, answered - open_chases) for row in rows]

    # ── chases ────────────────────────────────────────────────────────────────────────────────────────────────

    async def put_chase(self, chase: Chase) -> None:
        """Keep that something is to be asked after."""
        await insert_once(self.tx, chases, vars(chase))

    async def chase(self, entry_id: str) -> Chase | None:
        """One chase, held."""
        row = (
            await self.tx.execute(select(chases).where(chases.c.entry_id == entry_id).with_for_update())
        ).one_or_none()
        return Chase(*row) if row else None

    async def change_chase(self, chase: Chase) -> None:
        """Keep how a chase stands now. It is to be held."""
        await self.tx.execute(update(chases).where(chases.c.entry_id == chase.entry_id).values(vars(chase)))

    async def open_chases(self, case_id: str) -> list[Chase]:
        """What is not answered yet in a case, soonest first."""
        query = select(chases).where(chases.c.case_id == case_id, chases.c.done.is_(False))
        return [Chase(*row) for row in await self.tx.execute(query.order_by(chases.c.due_at))]

    async def chases_past(self, moment: datetime) -> list[Chase]:
        """The chases whose clock ran out before this moment."""
        query = select(chases).where(chases.c.done.is_(False), chases.c.due_at < moment).order_by(chases.c.due_at)
        return [Chase(*row) for row in await self.tx.execute(query)]

    async def closing_past(self, moment: datetime) -> list[Case]:
        """The cases that wait for a second person although their clock ran out before this moment."""
        late = (cases.c.state == CaseState.CLOSING) & (cases.c.closing_due < moment)
        return [_case(row) for row in (await self.tx.execute(select(cases).where(late))).mappings()]

    async def forget(self, until: datetime, moment: datetime) -> int:
        """Erase the words of cases that were closed before this moment, and the name; that there was a case stays."""
        old = (cases.c.state == CaseState.CLOSED) & (cases.c.changed_at < until) & (cases.c.nickname != "")
        found = [_case(row) for row in (await self.tx.execute(select(cases).where(old).with_for_update())).mappings()]
        for case in found:
            await Chain(self.tx).erase_of(case.case_id, moment, RETENTION, WHY_ERASED)
            await self.change(replace(case, nickname="", badge=""))
        return len(found)

    # ── lists ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def view(self, case: Case) -> CaseView:
        """One case as the list shows it."""
        [found] = await self._views(select(cases).where(cases.c.case_id == case.case_id))
        return found

    async def listed(self, closed: bool) -> list[CaseView]:
        """The cases that are not closed, or those that are, the latest first."""
        if closed:
            query = select(cases).where(cases.c.state == CaseState.CLOSED).order_by(cases.c.changed_at.desc())
            return await self._views(query.limit(CLOSED_MOST))
        return await self._views(select(cases).where(cases.c.state != CaseState.CLOSED))

    async def _views(self, query: Any) -> list[CaseView]:
        found = [_case(row) for row in (await self.tx.execute(query)).mappings()]
        mine, open_ones = case_alerts.c.case_id, chases.c.done.is_(False)
        ids = [one.case_id for one in found]
        counted = await self._by_case(select(mine, func.count()).where(mine.in_(ids)).group_by(mine))
        due = select(chases.c.case_id, func.min(chases.c.due_at)).where(chases.c.case_id.in_(ids), open_ones)
        soonest = await self._by_case(due.group_by(chases.c.case_id))
        return [view(one, counted.get(one.case_id, 0), soonest.get(one.case_id)) for one in found]

    async def _by_case(self, query: Any) -> dict[str, Any]:
        return {row[0]: row[1] for row in await self.tx.execute(query)}


# ── rows ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _values(case: Case) -> dict[str, Any]:
    open_for = case.case_id if case.state is CaseState.CLOSED else case.member_id
    return {**vars(case), "state": case.state.value, "outcome": case.outcome or "", "open_for": open_for}


def _case(row: Mapping[Any, Any]) -> Case:
    values = {column.name: row[column] for column in cases.c if column.name != "open_for"}
    outcome = CaseOutcome(values["outcome"]) if values["outcome"] else None
    return Case(**{**values, "state": CaseState(values["state"]), "outcome": outcome})


def _entry(row: Mapping[Any, Any], answered: set[str | None]) -> Entry:
    words = json.loads(row["words"]) if row["words"] else {}
    about = {name: row[name] for name in ("entry_id", "at", "kind", "staff_id", "name")}
    record = {"number": row["place"] or 0, "hash": row["hash"] or ""}
    erased = bool(row["words_hash"]) and not words
    return Entry(**about, **words, **row["facts"], **record, erased=erased, answered=row["entry_id"] in answered)
