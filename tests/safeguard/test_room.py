"""The room as it is put together: what is heard and asked goes through its doors to a real database."""

import pytest

from harbour.contracts.closing import SignedOff, SignOffClosing
from harbour.contracts.concerns import Urgency
from harbour.contracts.safeguard import (
    AlertClaimed,
    AlertDetails,
    AlertOverdue,
    AlertRaised,
    AlertResolved,
    AlertState,
    AlertTaken,
    ClaimAlert,
    ClaimClock,
    MessageFlagged,
    OpenAlert,
    Queue,
    ReadQueue,
    ResolveAlert,
)
from harbour.screening import VERSION
from services.safeguard.settings import SafeguardSettings
from tests.rooms import rehearsed
from tests.safeguard.people import TEAM, posted, scheduled


async def test_a_worrying_message_is_flagged_paged_claimed_read_and_resolved(database_url: str) -> None:
    async with rehearsed("safeguard", database_url) as room:
        for event in (*TEAM, scheduled(), posted("hello everyone"), posted("I want to die tonight", second=5)):
            await room.hears(event)
        assert [type(one) for one in room.said] == [MessageFlagged, AlertRaised, ClaimClock]
        [clock] = [one for one in room.said if isinstance(one, ClaimClock)]
        room.said.clear()
        await room.hears(clock)
        assert [one.page for one in room.said if isinstance(one, AlertOverdue)] == [("ada",)]
        queue = await room.asks(ReadQueue(staff_id="ada"))
        assert isinstance(queue, Queue)
        [alert] = queue.alerts
        assert (alert.urgency, alert.title, alert.pages) == (Urgency.IMMEDIATE, "Next steps, week 2", 1)
        taken = await room.asks(ClaimAlert(alert_id=alert.alert_id, staff_id="ada"))
        assert isinstance(taken, AlertTaken)
        assert [one.staff_id for one in room.said if isinstance(one, AlertClaimed)] == ["ada"]
        details = await room.asks(OpenAlert(alert_id=alert.alert_id, staff_id="ada"))
        assert isinstance(details, AlertDetails)
        assert [one.text for one in details.context] == ["hello everyone", "I want to die tonight"]
        assert details.version.startswith(VERSION)
        done = await room.asks(ResolveAlert(alert_id=alert.alert_id, staff_id="ada", note="We talked."))
        assert isinstance(done, AlertTaken)
        assert done.state is AlertState.CLOSING
        signed = await room.asks(SignOffClosing(alert_id=alert.alert_id, staff_id="bea", agree=True))
        assert isinstance(signed, SignedOff)
        [said] = [one for one in room.said if isinstance(one, AlertResolved)]
        assert (said.staff_id, said.signed_by) == ("ada", "bea")


def test_the_clocks_are_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAFEGUARD_CLOCK_IMMEDIATE_SECONDS", "30")
    clocks = SafeguardSettings().clocks()
    assert [clocks.of(urgency).total_seconds() for urgency in Urgency] == [30, 300, 14_400, 86_400]
