"""What safeguard remembers of who is at the desk and who was asked what they think. Every write may be repeated."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from harbour.contracts.alerts import CheckInAnswers, OpinionView
from harbour.contracts.chat import MemberCheckedIn
from harbour.contracts.desk import GiveOpinion
from harbour.contracts.messages import derived_id
from harbour.runtime.database import insert_once
from services.safeguard.model import Colleague
from services.safeguard.tables import at_desk, check_ins, opinions


class Presence:
    """Who is at the desk: when each last did something there."""

    def __init__(self, tx: AsyncConnection) -> None:
        self.tx = tx

    async def seen(self, staff_id: str, at: datetime) -> None:
        """Keep that somebody did something; an older moment changes nothing."""
        if not await insert_once(self.tx, at_desk, {"staff_id": staff_id, "active_at": at}):
            older = (at_desk.c.staff_id == staff_id) & (at_desk.c.active_at < at)
            await self.tx.execute(update(at_desk).where(older).values(active_at=at))

    async def last(self, staff_id: str) -> datetime | None:
        """When they last did something; None where they never have."""
        query = select(at_desk.c.active_at).where(at_desk.c.staff_id == staff_id)
        found: datetime | None = (await self.tx.execute(query)).scalar_one_or_none()
        return found


class Opinions:
    """Second opinions."""

    def __init__(self, tx: AsyncConnection) -> None:
        self.tx = tx

    async def ask(self, wish_id: str, alert_id: str, who: Colleague, other: Colleague, note: str, at: datetime) -> None:
        """Keep that a colleague was asked, once for each wish."""
        asked = {"asked_by": who.name, "asked_at": at, "note": note, "words": "", "given_with": ""}
        whom = {"alert_id": alert_id, "of_id": other.staff_id, "of_name": other.name}
        await insert_once(self.tx, opinions, {"opinion_id": derived_id("opinion", wish_id), **whom, **asked})

    async def give(self, wish: GiveOpinion, at: datetime) -> bool:
        """Keep what they think, on all they were asked about this alert, once. False where nobody asked."""
        mine = (opinions.c.alert_id == wish.alert_id) & (opinions.c.of_id == wish.staff_id)
        open_ = mine & (opinions.c.given_at.is_(None) | (opinions.c.given_with == wish.id))
        given = {"given_at": at, "words": wish.words, "given_with": wish.id}
        return bool((await self.tx.execute(update(opinions).where(open_).values(given))).rowcount)

    async def about(self, alert_id: str) -> list[OpinionView]:
        """The opinions on an alert, oldest first."""
        query = select(opinions).where(opinions.c.alert_id == alert_id)
        rows = (await self.tx.execute(query.order_by(opinions.c.asked_at, opinions.c.opinion_id))).mappings()
        return [OpinionView.model_validate(dict(row)) for row in rows]

    async def waiting(self) -> dict[str, tuple[str, ...]]:
        """For each alert on which somebody is still to say what they think: who."""
        query = select(opinions.c.alert_id, opinions.c.of_id).where(opinions.c.given_at.is_(None))
        found: dict[str, tuple[str, ...]] = {}
        for row in await self.tx.execute(query.distinct().order_by(opinions.c.of_id)):
            found[row.alert_id] = (*found.get(row.alert_id, ()), row.of_id)
        return found


class CheckInBook:
    """What young people said before the room."""

    def __init__(self, tx: AsyncConnection) -> None:
        self.tx = tx

    async def keep(self, event: MemberCheckedIn) -> None:
        """Keep the answers, once."""
        said = {"feeling": event.feeling, "alone": str(event.alone), "joins": event.joins, "text": event.text}
        who = {"session_id": event.session_id, "member_id": event.member_id, "at": event.at}
        await insert_once(self.tx, check_ins, {"check_in_id": event.id, **who, **said})

    async def of(self, session_id: str, member_id: str) -> list[CheckInAnswers]:
        """What somebody said before one evening, oldest first."""
        mine = (check_ins.c.session_id == session_id) & (check_ins.c.member_id == member_id)
        rows = (await self.tx.execute(select(check_ins).where(mine).order_by(check_ins.c.at))).mappings()
        return [CheckInAnswers.model_validate(dict(row)) for row in rows]

    async def forget(self, until: datetime) -> None:
        """Forget what was said before this moment."""
        await self.tx.execute(delete(check_ins).where(check_ins.c.at < until))
