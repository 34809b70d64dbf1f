"""Who holds what while others wait: nobody in a circle."""

import asyncio
import time

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from harbour.contracts.safeguard import ClaimAlert
from services.safeguard.rules import alert_id_for
from services.safeguard.store import Desk
from tests.safeguard.copies import Copies
from tests.safeguard.people import TEAM, posted


async def until_somebody_waits(tx: AsyncConnection) -> None:
    """Until another transaction waits for a lock; on SQLite it waits from its beginning."""
    if tx.dialect.name == "sqlite":
        return
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    deadline = time.monotonic() + 10
    while not (await tx.execute(waiting)).scalar_one():
        assert time.monotonic() < deadline, "nobody ever waited"
        await asyncio.sleep(0.02)


async def test_promise_5_a_message_that_brings_up_two_does_not_stand_in_the_way_of_who_claims_one(
    copies: Copies,
) -> None:
    late, last = posted("a plum", 1), posted("a quince", 2)
    await copies.hears(*TEAM, last)
    alert_id = alert_id_for(last.id)
    async with copies.databases[0].begin() as tx:
        await Desk(tx).hold(alert_id)
        screening = asyncio.create_task(copies.handles(late, 1))
        await until_somebody_waits(tx)
        await copies.call(tx, ClaimAlert(alert_id=alert_id, staff_id="ada"))
    await screening
    shown = {one.alert_id: one for one in (await copies.reads()).alerts}
    assert shown.keys() == {alert_id, alert_id_for(late.id)}
    assert shown[alert_id].claimed_by == "ada"
