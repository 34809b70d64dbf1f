"""What safeguard remembers of the rota: who is on duty when. Every write may be repeated."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from harbour.contracts.messages import derived_id
from harbour.contracts.rota import DutyView, PutOnDuty
from harbour.runtime.database import insert_once
from services.safeguard.model import Colleague
from services.safeguard.rota import Standing
from services.safeguard.store import Rota, Tonight
from services.safeguard.tables import called, duties, staff


class Duties:
    """The book of duties."""

    def __init__(self, tx: AsyncConnection) -> None:
        self.tx = tx

    async def put(self, wish: PutOnDuty) -> bool:
        """Keep somebody's duties, once for each wish. False where they stand there already."""
        fresh = False
        for place, period in enumerate(wish.periods):
            known = {"duty_id": derived_id("duty", wish.id, place), "staff_id": wish.of_id, "place": wish.place}
            fresh |= await insert_once(self.tx, duties, {**known, "begins": period.begins, "ends": period.ends})
        return fresh

    async def find(self, duty_id: str) -> str | None:
        """Whose duty this is."""
        query = select(duties.c.staff_id).where(duties.c.duty_id == duty_id)
        found: str | None = (await self.tx.execute(query)).scalar_one_or_none()
        return found

    async def take(self, duty_id: str) -> None:
        """Forget a duty."""
        await self.tx.execute(delete(duties).where(duties.c.duty_id == duty_id))

    async def between(self, begins: datetime, ends: datetime) -> list[DutyView]:
        """The duties that touch a stretch of time, soonest first, then whoever is called first."""
        named = duties.join(staff, staff.c.staff_id == duties.c.staff_id)
        touching = (duties.c.ends > begins) & (duties.c.begins < ends)
        query = select(duties, staff.c.name).select_from(named).where(touching)
        order = (duties.c.begins, duties.c.place, duties.c.duty_id)
        rows = (await self.tx.execute(query.order_by(*order))).mappings()
        return [DutyView.model_validate(dict(row)) for row in rows]

    async def now(self, moment: datetime) -> tuple[str, ...]:
        """Who is on duty at this moment, whoever is called first first."""
        on = (duties.c.begins <= moment) & (duties.c.ends > moment)
        query = select(duties.c.staff_id).where(on).order_by(duties.c.place, duties.c.begins, duties.c.duty_id)
        return tuple((await self.tx.execute(query)).scalars())

    async def standing(self, moment: datetime) -> Standing:
        """Who answers alerts, who has said that they are there, and who is on duty at this moment."""
        confirmed = await Tonight(self.tx).on_call(moment)
        people = await Rota(self.tx).everyone()
        return Standing(tuple(people), tuple(one.staff_id for one in confirmed), await self.now(moment))

    async def called(self, alert_id: str) -> set[str]:
        """Who has been called for an alert."""
        query = select(called.c.staff_id).where(called.c.alert_id == alert_id)
        return set((await self.tx.execute(query)).scalars())

    async def call(self, alert_id: str, people: Iterable[Colleague], at: datetime) -> None:
        """Keep that these were called for an alert."""
        for one in people:
            await insert_once(self.tx, called, {"alert_id": alert_id, "staff_id": one.staff_id, "at": at})
