"""What safeguard remembers of requests for contact details; never the details. Every write may be repeated.

Whoever changes one holds its alert first, so that two changes of one never meet.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from harbour.contracts.envelope import Countersign, EnvelopeState, EnvelopeWhy
from harbour.contracts.messages import derived_id
from harbour.contracts.safeguard import AlertState
from harbour.runtime.database import Moment, insert_once
from services.safeguard.case_tables import cases
from services.safeguard.envelope_news import deed_of_asking
from services.safeguard.envelopes import Envelope, Kept
from services.safeguard.tables import alerts, deeds, metadata

envelopes = Table(
    "envelopes",
    metadata,
    Column("grant_id", String(64), primary_key=True),
    Column("alert_id", String(64), nullable=False),
    Column("member_id", String(64), nullable=False),
    Column("nickname", Text, nullable=False),
    Column("why", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("alone", Boolean, nullable=False),
    Column("asked_by", String(64), nullable=False),
    Column("asked_name", Text, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("second_by", String(64), nullable=False),
    Column("second_name", Text, nullable=False),
    Column("granted_at", Moment, nullable=True),
    Column("countersign", String(16), nullable=False),
    Column("countersign_due", Moment, nullable=True),
    Column("countersigned_name", Text, nullable=False),
    Column("looks", Integer, nullable=False),
    Column("held_back_until", Moment, nullable=True),
    Column("held_back_name", Text, nullable=False),
    Column("last_wish", String(128), nullable=False),
    Column("deed_id", String(64), nullable=False),
    Index("envelopes_of_alert", "alert_id", "asked_at"),
    Index("envelopes_of_member", "member_id", "asked_at"),
    Index("envelopes_asked", "asked_at"),
)
"""One row for each request. What who asked wrote stands once, in the note of the deed `deed_id`."""


class EnvelopeBook:
    """The book of envelopes."""

    def __init__(self, tx: AsyncConnection) -> None:
        self.tx = tx

    async def put(self, one: Envelope) -> bool:
        """Keep a request, once."""
        deed_id = derived_id(one.grant_id, deed_of_asking(one), one.alert_id)
        return await insert_once(self.tx, envelopes, {**vars(one), "deed_id": deed_id})

    async def change(self, one: Envelope) -> None:
        """Keep how a request stands now."""
        values = {**vars(one)}
        await self.tx.execute(update(envelopes).where(envelopes.c.grant_id == values.pop("grant_id")).values(values))

    async def alert_of(self, grant_id: str) -> str:
        """The alert a request is about; empty where there is no such request."""
        query = select(envelopes.c.alert_id).where(envelopes.c.grant_id == grant_id)
        return (await self.tx.execute(query)).scalar_one_or_none() or ""

    async def find(self, grant_id: str) -> Envelope | None:
        """One request. Its alert is to be held where it is changed after."""
        query = select(envelopes).where(envelopes.c.grant_id == grant_id)
        row = (await self.tx.execute(query)).mappings().first()
        return _envelope(row) if row else None

    async def of_alert(self, alert_id: str) -> list[Envelope]:
        """Every request about one alert, oldest first."""
        query = select(envelopes).where(envelopes.c.alert_id == alert_id).order_by(envelopes.c.asked_at)
        return [_envelope(row) for row in (await self.tx.execute(query)).mappings()]

    async def about_alert(self, alert_id: str) -> list[Kept]:
        """The same with what the desk knows around them."""
        return await self._kept(envelopes.c.alert_id == alert_id)

    async def asked_since(self, moment: datetime) -> list[Kept]:
        """Every request since this moment, and every one that still waits for a lead."""
        unsigned = envelopes.c.countersign.in_([Countersign.DUE, Countersign.BREACHED])
        return await self._kept((envelopes.c.asked_at >= moment) | unsigned)

    async def about_member(self, member_id: str) -> list[Kept]:
        """Every request about one young person, newest first."""
        return (await self._kept(envelopes.c.member_id == member_id))[::-1]

    async def looked(self, grant_id: str) -> None:
        """Count a look."""
        seen = update(envelopes).where(envelopes.c.grant_id == grant_id).values(looks=envelopes.c.looks + 1)
        await self.tx.execute(seen)

    async def unfinished(self, moment: datetime) -> list[Envelope]:
        """Those whose time was up, or whose countersigning was due, before this moment, and nothing says so yet."""
        over = envelopes.c.state.in_([EnvelopeState.OPEN, EnvelopeState.WAITING]) & (envelopes.c.until < moment)
        due = (envelopes.c.countersign == Countersign.DUE) & (envelopes.c.countersign_due < moment)
        rows = await self.tx.execute(select(envelopes).where(over | due).order_by(envelopes.c.asked_at))
        return [_envelope(row) for row in rows.mappings()]

    async def _kept(self, which: Any) -> list[Kept]:
        known = (
            envelopes.outerjoin(deeds, deeds.c.deed_id == envelopes.c.deed_id)
            .outerjoin(alerts, alerts.c.alert_id == envelopes.c.alert_id)
            .outerjoin(cases, cases.c.open_for == envelopes.c.member_id)
        )
        done = (alerts.c.state == AlertState.RESOLVED) & cases.c.case_id.is_(None)
        query = select(envelopes, deeds.c.note, done.label("done")).select_from(known).where(which)
        rows = (await self.tx.execute(query.order_by(envelopes.c.asked_at))).mappings()
        return [Kept(_envelope(row), row["note"] or "", bool(row["done"])) for row in rows]


def _envelope(row: Mapping[Any, Any]) -> Envelope:
    values = {name: row[name] for name in Envelope.__dataclass_fields__}
    kinds = {
        "why": EnvelopeWhy(values["why"]),
        "state": EnvelopeState(values["state"]),
        "countersign": Countersign(values["countersign"]),
    }
    return Envelope(**{**values, **kinds})
