"""An officer who goes, and the page that follows: every service, outbox and timer, in memory alone, where nobody has to
wait for ten minutes."""

import re
from datetime import timedelta
from pathlib import Path

from harbour.contracts.desk import AlertReturned, StayAtDesk
from harbour.contracts.links import ReadLink, SpendLink
from harbour.contracts.safeguard import AlertOverdue, AlertState, ClaimAlert, MessageFlagged, OpenAlert
from tests.journeys.memory import in_memory
from tests.journeys.people import given_an_evening, says
from tests.journeys.town import granted

NOT_SAFE = "i am not safe right now"


async def test_promise_6_an_alert_whose_owner_goes_is_returned_once_and_the_next_page_leads_back_to_it(
    tmp_path: Path,
) -> None:
    async with in_memory(tmp_path) as town:
        course, [robin] = await given_an_evening(town, "gone", "Robin")
        await says(town, course, robin, NOT_SAFE)
        [flagged] = await town.facts(MessageFlagged, session_id=course.session_id)
        alert_id, ada = flagged.alert_id, course.team.ada
        await granted(town, ClaimAlert(alert_id=alert_id, staff_id=ada.staff_id))
        await town.time_passes(town.clock.now() + timedelta(minutes=8))
        await granted(town, StayAtDesk(staff_id=ada.staff_id))
        await town.time_passes(town.clock.now() + timedelta(minutes=8))
        assert await town.facts(AlertReturned, alert_id=alert_id) == []

        await town.time_passes(town.clock.now() + timedelta(minutes=3))
        assert [one.staff_id for one in await town.facts(AlertReturned, alert_id=alert_id)] == [ada.staff_id]
        await town.time_passes(town.clock.now() + timedelta(minutes=6))
        page, *_ = await town.facts(AlertOverdue, alert_id=alert_id)
        assert page.page == (ada.staff_id,)

        mail = next(mail for mail in await town.mail_to(ada.email) if "/got/" in mail)
        found = re.search(r"/got/([\w-]{22})", mail)
        assert found
        link = await granted(town, ReadLink(token=found[1]))
        assert (link.alert_id, link.staff_id) == (alert_id, ada.staff_id)
        await granted(town, ClaimAlert(alert_id=link.alert_id, staff_id=link.staff_id, by_link=True))
        await granted(town, SpendLink(token=found[1]))
        details = await granted(town, OpenAlert(alert_id=alert_id, staff_id=ada.staff_id))
        assert details.alert.state is AlertState.CLAIMED
        claimed = [one.note for one in details.deeds if one.what == "claimed"]
        assert claimed == ["", "By the link in the page that was sent to them."]
