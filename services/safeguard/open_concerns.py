"""What is still open of young people: alerts, cases and tasks of the desk."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from harbour.contracts.safeguard import AlertState
from services.safeguard.case_tables import cases
from services.safeguard.tables import alerts, follow_ups

OPEN = (AlertState.WAITING, AlertState.CLAIMED, AlertState.CLOSING)


class OpenConcerns:
    """What somebody still has to see to, by young person."""

    def __init__(self, tx: AsyncConnection) -> None:
        self.tx = tx

    async def of(self, member_ids: Collection[str], but_session: str) -> dict[str, set[str]]:
        """For each of these who has any: `alert`, `case`, `task`. What came up this evening itself does not count."""
        found: dict[str, set[str]] = defaultdict(set)
        waiting = alerts.c.state.in_(OPEN) & (alerts.c.session_id != but_session)
        undone = follow_ups.c.done_at.is_(None) & (follow_ups.c.session_id != but_session)
        for kind, column, where in (
            ("alert", alerts.c.member_id, waiting),
            ("case", cases.c.open_for, cases.c.open_for == cases.c.member_id),
            ("task", follow_ups.c.member_id, undone),
        ):
            for member_id in (await self.tx.execute(select(column).where(column.in_(member_ids), where))).scalars():
                found[member_id].add(kind)
        return found
