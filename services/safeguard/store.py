"""What safeguard remembers: the alerts on the desk, the people on the rota.

Every write may be repeated. The tables are in `tables.py`.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from harbour.contracts.concerns import Category, Reason, Urgency
from harbour.contracts.messages import derived_id
from harbour.contracts.safeguard import AlertState, Deed, What
from harbour.runtime.database import insert_once
from services.safeguard.bench import tables as _of_the_bench  # noqa: F401  # makes its tables known
from services.safeguard.chain import DEED, HEARD, JSON, Chain, moment
from services.safeguard.closings import as_closing, closings
from services.safeguard.heard import Heard, line_of_row, line_values
from services.safeguard.model import Alert, Colleague, stranger
from services.safeguard.rooms import Rooms
from services.safeguard.tables import alerts, at_desk, called, deeds, metadata, releases, sessions, staff
from services.safeguard.tonight import Tonight
from services.safeguard.views import SCREENING, Shown

__all__ = ["Desk", "Heard", "Rooms", "Rota", "Tonight", "metadata"]


class Desk:
    """The alerts, and what was done with each."""

    def __init__(self, tx: AsyncConnection) -> None:
        self.tx = tx

    async def put(self, alert: Alert) -> bool:
        """Put a new alert on the desk. False where it already lies there."""
        return await insert_once(self.tx, alerts, _alert_values(alert))

    async def put_all(self, new: Iterable[Alert]) -> dict[str, Alert | None]:
        """Put these on the desk, and hold those that lie there already, all in one order; each as it was before."""
        by_id = {one.alert_id: one for one in new}
        return {one: None if await self.put(by_id[one]) else await self.hold(one) for one in sorted(by_id)}

    async def begin_record(self, alert: Alert) -> None:
        """Put a new alert on record with its words. Like `record`, it comes after everything that is held."""
        facts: dict[str, JSON] = {
            "message_id": alert.line.message_id,
            "session_id": alert.line.session_id,
            "member_id": alert.line.member_id,
            "said_at": moment(alert.line.at),
        }
        cause = derived_id("heard", alert.alert_id)
        await Chain(self.tx).add(
            HEARD, alert.alert_id, alert.raised_at, SCREENING, facts, alert.line.text, cause, "alert"
        )

    async def hold(self, alert_id: str) -> Alert | None:
        """The alert, held until this transaction ends, so that nobody else changes it meanwhile."""
        query = select(alerts).where(alerts.c.alert_id == alert_id).with_for_update()
        row = (await self.tx.execute(query)).mappings().first()
        return as_alert(row) if row else None

    async def change(self, alert: Alert) -> None:
        """Keep how an alert stands now. The alert is to be held."""
        values = _alert_values(alert)
        await self.tx.execute(update(alerts).where(alerts.c.alert_id == values.pop("alert_id")).values(values))

    async def forget_calls(self, alert_id: str) -> None:
        """Forget who was called for an alert, so that the next page is the first again."""
        await self.tx.execute(delete(called).where(called.c.alert_id == alert_id))

    async def record(
        self,
        alert_id: str,
        cause_id: str,
        at: datetime,
        what: What,
        who: Colleague | str,
        note: str = "",
        facts: Mapping[str, JSON] | None = None,
    ) -> bool:
        """Add a deed, once for each cause, and chain it in the same transaction; its note are words. True when new.

        Hold every alert you need before: whoever records waits for the others (see `Chain.add`).
        """
        staff_id, name = (who.staff_id, who.name) if isinstance(who, Colleague) else ("", who)
        deed_id = derived_id(cause_id, what, alert_id)
        deed = {"deed_id": deed_id, "alert_id": alert_id, "at": at, "what": what, "staff_id": staff_id, "name": name}
        if not await insert_once(self.tx, deeds, {**deed, "note": note}):
            return False
        known: dict[str, JSON] = {**(facts or {}), "what": what, "name": name}
        kind = f"{DEED}{what}"
        return await Chain(self.tx).add(kind, alert_id, at, staff_id or name, known, note, cause=deed_id, place="deed")

    async def show(self, alert_id: str) -> Shown | None:
        """One alert with its title, and whether its message was released."""
        row = (await self.tx.execute(_shown().where(alerts.c.alert_id == alert_id))).mappings().first()
        return _as_shown(row) if row else None

    async def on_queue(self) -> list[Shown]:
        """The alerts that wait, are in hand, or wait to be signed off, in no order."""
        query = _shown().where(alerts.c.state.in_([AlertState.WAITING, AlertState.CLAIMED, AlertState.CLOSING]))
        return [_as_shown(row) for row in (await self.tx.execute(query)).mappings()]

    async def resolved_since(self, moment: datetime) -> int:
        """How many alerts were resolved from this moment on."""
        query = select(func.count()).select_from(alerts).where(alerts.c.resolved_at >= moment)
        return int((await self.tx.execute(query)).scalar_one())

    async def in_hand(self) -> list[Shown]:
        """The alerts that somebody has, with when they last did something here."""
        query = _shown().where(alerts.c.state == AlertState.CLAIMED).order_by(alerts.c.alert_id)
        return [_as_shown(row) for row in (await self.tx.execute(query)).mappings()]

    async def hold_all(self, alert_ids: Iterable[str]) -> dict[str, Alert]:
        """Several alerts, held until this transaction ends; always in one order, so that nobody waits in a circle."""
        held = {one: await self.hold(one) for one in sorted(set(alert_ids))}
        return {alert_id: alert for alert_id, alert in held.items() if alert is not None}

    async def speak_for(self, lead: str, of: str) -> None:
        """Let one alert speak for all that another spoke for."""
        await self.tx.execute(update(alerts).where(alerts.c.merged_into == of).values(merged_into=lead))

    async def of_author(
        self, session_id: str, member_id: str, since: datetime, until: datetime, most: int
    ) -> list[Alert]:
        """The latest alerts on what somebody said in a session, from one moment until before another, newest first."""
        theirs = (alerts.c.session_id == session_id) & (alerts.c.member_id == member_id)
        query = select(alerts).where(theirs, alerts.c.said_at >= since, alerts.c.said_at < until)
        rows = await self.tx.execute(query.order_by(alerts.c.said_at.desc(), alerts.c.alert_id).limit(most))
        return [as_alert(row) for row in rows.mappings()]

    async def waiting_past(self, moment: datetime) -> list[Alert]:
        """The alerts that wait although their clock ran out before this moment."""
        query = select(alerts).where(alerts.c.state == AlertState.WAITING, alerts.c.due_at < moment)
        return [as_alert(row) for row in (await self.tx.execute(query.order_by(alerts.c.due_at))).mappings()]

    async def of_member(self, member_id: str, but: str, most: int) -> list[Shown]:
        """The other alerts of a young person, from every evening, the latest first."""
        theirs = (alerts.c.member_id == member_id) & (alerts.c.alert_id != but)
        query = _shown().where(theirs).order_by(alerts.c.raised_at.desc(), alerts.c.alert_id).limit(most)
        return [_as_shown(row) for row in (await self.tx.execute(query)).mappings()]

    async def deeds(self, alert_id: str) -> list[Deed]:
        """What was done with an alert, in order."""
        query = select(deeds).where(deeds.c.alert_id == alert_id).order_by(deeds.c.number)
        rows = (await self.tx.execute(query)).mappings()
        return [Deed(at=row["at"], name=row["name"], what=row["what"], note=row["note"]) for row in rows]


class Rota:
    """The people who work here and the evenings they look after."""

    def __init__(self, tx: AsyncConnection) -> None:
        self.tx = tx

    async def know(self, person: Colleague) -> None:
        """Keep what was last said of a member of staff; their place in the order stays the first."""
        roles = {name: getattr(person, name) for name in ("officer", "lead", "coordinator", "supervisor")}
        known = {"name": person.name, **roles, "known_at": person.added_at}
        row = {"staff_id": person.staff_id, "added_at": person.added_at, **known}
        if not await insert_once(self.tx, staff, row):
            newer = and_(staff.c.staff_id == person.staff_id, staff.c.known_at < person.added_at)
            await self.tx.execute(update(staff).where(newer).values(known))

    async def find(self, staff_id: str) -> Colleague:
        """The member of staff of this id; a stranger, who may do nothing, where there is none."""
        row = (await self.tx.execute(select(staff).where(staff.c.staff_id == staff_id))).mappings().first()
        return _colleague(row) if row else stranger(staff_id)

    async def everyone(self) -> list[Colleague]:
        """All who answer alerts, in no order."""
        query = select(staff).where(or_(staff.c.officer, staff.c.lead))
        return [_colleague(row) for row in (await self.tx.execute(query)).mappings()]

    async def supervisors(self) -> list[Colleague]:
        """Those who look after the staff."""
        query = select(staff).where(staff.c.supervisor).order_by(staff.c.staff_id)
        return [_colleague(row) for row in (await self.tx.execute(query)).mappings()]

    async def name_sessions(self, titles: Mapping[str, str], at: datetime) -> None:
        """Keep what each evening is called, as it was last said."""
        for session_id, title in sorted(titles.items()):
            if not await insert_once(self.tx, sessions, {"session_id": session_id, "title": title, "known_at": at}):
                newer = and_(sessions.c.session_id == session_id, sessions.c.known_at < at)
                await self.tx.execute(update(sessions).where(newer).values(title=title, known_at=at))


# ── rows ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _shown() -> Select[Any]:
    titled = alerts.outerjoin(sessions, sessions.c.session_id == alerts.c.session_id)
    joined = titled.outerjoin(releases, releases.c.message_id == alerts.c.message_id)
    there = joined.outerjoin(closings, closings.c.closing_id == alerts.c.resolved_with)
    there = there.outerjoin(at_desk, at_desk.c.staff_id == alerts.c.claimed_by)
    others = alerts.alias()
    spoken_for = select(func.count()).where(others.c.merged_into == alerts.c.alert_id).scalar_subquery()
    around = (releases.c.message_id.label("released"), at_desk.c.active_at, spoken_for.label("speaks_for"))
    more = [column.label(f"closing_{column.name}") for column in closings.c]
    return select(alerts, sessions.c.title, *around, *more).select_from(there)


def _as_shown(row: Mapping[Any, Any]) -> Shown:
    return Shown(
        alert=as_alert(row),
        title=row["title"] or "",
        released=row["released"] is not None,
        closing=as_closing(row, "closing_") if row["closing_closing_id"] else None,
        active_at=row["active_at"],
        speaks_for=row["speaks_for"],
    )


def as_alert(row: Mapping[Any, Any]) -> Alert:
    """A row of the table."""
    return Alert(
        alert_id=row["alert_id"],
        line=line_of_row({**row, "at": row["said_at"]}),
        urgency=Urgency(row["urgency"]),
        categories=tuple(Category(one) for one in row["categories"]),
        reasons=tuple(Reason.model_validate(one) for one in row["reasons"]),
        version=row["version"],
        state=AlertState(row["state"]),
        raised_at=row["raised_at"],
        due_at=row["due_at"],
        pages=row["pages"],
        claimed_by=row["claimed_by"],
        claimed_name=row["claimed_name"],
        resolved_at=row["resolved_at"],
        resolved_with=row["resolved_with"],
        claimed_at=row["claimed_at"],
        offered_to=row["offered_to"],
        offered_name=row["offered_name"],
        merged_into=row["merged_into"],
    )


def _alert_values(alert: Alert) -> dict[str, Any]:
    words = line_values(alert.line)
    return {
        "said_at": words.pop("at"),
        **words,
        "alert_id": alert.alert_id,
        "urgency": alert.urgency.value,
        "categories": [one.value for one in alert.categories],
        "reasons": [one.model_dump(mode="json") for one in alert.reasons],
        "version": alert.version,
        "state": alert.state.value,
        "raised_at": alert.raised_at,
        "due_at": alert.due_at,
        "pages": alert.pages,
        "claimed_by": alert.claimed_by,
        "claimed_name": alert.claimed_name,
        "resolved_at": alert.resolved_at,
        "resolved_with": alert.resolved_with,
        "claimed_at": alert.claimed_at,
        "offered_to": alert.offered_to,
        "offered_name": alert.offered_name,
        "merged_into": alert.merged_into,
    }


def _colleague(row: Mapping[Any, Any]) -> Colleague:
    return Colleague(
        staff_id=row["staff_id"],
        name=row["name"],
        officer=row["officer"],
        lead=row["lead"],
        coordinator=row["coordinator"],
        supervisor=row["supervisor"],
        added_at=row["added_at"],
    )
