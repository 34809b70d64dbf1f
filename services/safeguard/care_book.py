"""What safeguard remembers of how its staff are. Every write may be repeated."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from harbour.contracts.concerns import Urgency
from harbour.contracts.messages import derived_id
from harbour.contracts.wellbeing import ShiftDebrief, WriteShiftDebrief
from harbour.runtime.database import insert_once
from services.safeguard.model import Colleague
from services.safeguard.tables import alerts, deeds, shift_debriefs

URGENT = (Urgency.IMMEDIATE.value, Urgency.HIGH.value)
SHOWN_MOST = 20


class Care:
    """The book of how the staff are."""

    def __init__(self, tx: AsyncConnection) -> None:
        self.tx = tx

    async def opened(self, since: datetime) -> dict[str, int]:
        """How many urgent messages each has opened since this moment; one opened twice is one."""
        read = deeds.join(alerts, alerts.c.alert_id == deeds.c.alert_id)
        heavy = (deeds.c.what == "opened") & (deeds.c.at >= since) & alerts.c.urgency.in_(URGENT)
        count = func.count(func.distinct(deeds.c.alert_id)).label("many")
        query = select(deeds.c.staff_id, count).select_from(read).where(heavy).group_by(deeds.c.staff_id)
        return {row.staff_id: int(row.many) for row in (await self.tx.execute(query)).all()}

    async def last(self, staff_id: str) -> datetime | None:
        """When somebody last took their two minutes."""
        query = select(func.max(shift_debriefs.c.at)).where(shift_debriefs.c.staff_id == staff_id)
        found: datetime | None = (await self.tx.execute(query)).scalar_one()
        return found

    async def write(self, wish: WriteShiftDebrief, who: Colleague, at: datetime) -> None:
        """Keep what somebody says of themselves, once."""
        said = {"feels": wish.feels.value, "words": wish.words, "wants_talk": wish.wants_talk, "talked_by": ""}
        known = {"debrief_id": derived_id("shift", wish.id), "staff_id": who.staff_id, "name": who.name, "at": at}
        await insert_once(self.tx, shift_debriefs, {**known, **said})

    async def talked(self, debrief_id: str, who: Colleague, at: datetime) -> None:
        """Keep who talked with them first."""
        open_ = (shift_debriefs.c.debrief_id == debrief_id) & shift_debriefs.c.talked_at.is_(None)
        await self.tx.execute(update(shift_debriefs).where(open_).values(talked_at=at, talked_by=who.name))

    async def written(self) -> dict[str, list[ShiftDebrief]]:
        """What each has written, the latest first."""
        found: dict[str, list[ShiftDebrief]] = defaultdict(list)
        query = select(shift_debriefs).order_by(shift_debriefs.c.at.desc(), shift_debriefs.c.debrief_id)
        for row in (await self.tx.execute(query)).mappings():
            if len(theirs := found[row["staff_id"]]) < SHOWN_MOST:
                theirs.append(ShiftDebrief.model_validate(dict(row)))
        return found

    async def forget(self, until: datetime) -> None:
        """Forget what was written before this moment."""
        await self.tx.execute(delete(shift_debriefs).where(shift_debriefs.c.at < until))
