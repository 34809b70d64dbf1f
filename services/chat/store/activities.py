"""The book of sheets: what is planned for each evening, what was pushed, and what people chose."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Integer, String, Table, Text, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from harbour.contracts.chat import Activity
from harbour.contracts.enrolment import CourseScheduled, SessionPlan, Step, Wording
from harbour.runtime.database import Moment, insert_once
from services.chat.store.tables import metadata

sheets = Table(
    "sheets",
    metadata,
    Column("session_id", String(64), primary_key=True),
    Column("planned_at", Moment, nullable=False),
    Column("aim", Text, nullable=False),
    Column("steps", JSON, nullable=False),
    Column("wordings", JSON, nullable=False),
)
activities = Table(
    "activities",
    metadata,
    Column("activity_id", String(64), primary_key=True),
    Column("session_id", String(64), nullable=False, index=True),
    Column("step_id", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("title", Text, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("options", JSON, nullable=False),
    Column("low", Text, nullable=False),
    Column("high", Text, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Column("tallies", JSON, nullable=False),
    Column("answered", Integer, nullable=False, server_default="0"),
    Column("revision", Integer, nullable=False),
)
choices = Table(
    "choices",
    metadata,
    Column("activity_id", String(64), primary_key=True),
    Column("person_id", String(64), primary_key=True),
    Column("choice", Integer, nullable=False),
)


class Sheets:
    """What is planned for an evening, and what happened."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    # ── what is planned ───────────────────────────────────────────────────────────────────────────────────────

    async def plan(self, course: CourseScheduled) -> None:
        """Keep the run-sheet of each evening; an older plan that comes late changes nothing."""
        wordings = [one.model_dump(mode="json") for one in course.wordings]
        for evening in course.sessions:
            await self._plan(evening, wordings, course.at)

    async def _plan(self, evening: SessionPlan, wordings: list[Any], at: datetime) -> None:
        steps = [step.model_dump(mode="json") for step in evening.steps]
        row = {"planned_at": at, "aim": evening.aim, "steps": steps, "wordings": wordings}
        if not await insert_once(self._tx, sheets, {"session_id": evening.session_id, **row}):
            newer = (sheets.c.session_id == evening.session_id) & (sheets.c.planned_at <= at)
            await self._tx.execute(update(sheets).where(newer).values(row))

    async def planned(self, session_id: str) -> tuple[str, tuple[Step, ...], tuple[Wording, ...]]:
        """The aim, the steps and the prepared wording of an evening."""
        row = (await self._tx.execute(select(sheets).where(sheets.c.session_id == session_id))).one_or_none()
        if row is None:
            return "", (), ()
        steps = tuple(Step.model_validate(one) for one in row.steps)
        return row.aim, steps, tuple(Wording.model_validate(one) for one in row.wordings)

    # ── what happened ─────────────────────────────────────────────────────────────────────────────────────────

    async def happened(self, session_id: str) -> tuple[Activity, ...]:
        """Everything that was pushed in a session, in order."""
        here = activities.c.session_id == session_id
        found = await self._tx.execute(select(activities).where(here).order_by(activities.c.opened_at))
        return tuple(_activity(row) for row in found)

    async def shown(self, session_id: str, person_id: str) -> tuple[Activity | None, int | None]:
        """What was pushed last in a session, and what this person chose in it."""
        here = select(activities).where(activities.c.session_id == session_id)
        row = (await self._tx.execute(here.order_by(activities.c.opened_at.desc()).limit(1))).one_or_none()
        if row is None:
            return None, None
        own = (choices.c.activity_id == row.activity_id) & (choices.c.person_id == person_id)
        mine = (await self._tx.execute(select(choices.c.choice).where(own))).scalar_one_or_none()
        return _activity(row), mine

    async def to_change(self, session_id: str, activity_id: str) -> Activity | None:
        """An activity of this session; whoever else wants to change it waits until this transaction is over."""
        here = (activities.c.session_id == session_id) & (activities.c.activity_id == activity_id)
        row = (await self._tx.execute(select(activities).where(here).with_for_update())).one_or_none()
        return None if row is None else _activity(row)

    async def keep(self, session_id: str, *wanted: Activity) -> None:
        """Keep activities as they are now."""
        for activity in wanted:
            row = {"session_id": session_id, **activity.model_dump(), **_lists(activity)}
            if not await insert_once(self._tx, activities, row):
                here = activities.c.activity_id == activity.activity_id
                await self._tx.execute(update(activities).where(here).values(row))

    async def choose(self, activity_id: str, person_id: str, choice: int) -> Sequence[int]:
        """Keep what somebody chose, and what everybody chose by now."""
        row = {"activity_id": activity_id, "person_id": person_id, "choice": choice}
        if not await insert_once(self._tx, choices, row):
            own = (choices.c.activity_id == activity_id) & (choices.c.person_id == person_id)
            await self._tx.execute(update(choices).where(own).values(choice=choice))
        everybody = select(choices.c.choice).where(choices.c.activity_id == activity_id)
        return (await self._tx.execute(everybody)).scalars().all()


def _lists(activity: Activity) -> dict[str, Any]:
    return {"kind": activity.kind.value, "options": list(activity.options), "tallies": list(activity.tallies)}


def _activity(row: Any) -> Activity:
    return Activity.model_validate({name: value for name, value in row._mapping.items() if name != "session_id"})
