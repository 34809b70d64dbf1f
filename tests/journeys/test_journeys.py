"""Whole journeys through the town, each written once and gone in memory and on real servers."""

import asyncio
from datetime import timedelta
from functools import partial

import pytest

from harbour.contracts.chat import DeclineMessage, MessagePosted, ReadRoom, ReleaseMessage, SessionStarted
from harbour.contracts.closing import SignOffClosing
from harbour.contracts.enrolment import Enrolled, Waitlisted
from harbour.contracts.safeguard import (
    AlertOverdue,
    AlertRaised,
    AlertState,
    ClaimAlert,
    MessageFlagged,
    OpenAlert,
    ResolveAlert,
)
from harbour.rehearsal.lines import CONTACTS, NAMES, WORRYING
from tests.journeys.people import (
    alerts_on_queue,
    application,
    begin,
    given_a_course,
    given_an_evening,
    mail_of,
    reads,
    says,
    sees,
)
from tests.journeys.town import Town, granted, refused
from tests.runtime.trial import until

pytestmark = pytest.mark.asyncio(loop_scope="package")

NOT_SAFE = "i am not safe right now"
"""Words an adult must look at within a minute."""
PATIENCE = 40.0
"""Seconds a mail may take: notify tries again after some when an address arrives later than the news it is for."""


async def test_a_worrying_message_is_heard_by_the_room_and_looked_after_by_one_adult(town: Town) -> None:
    course = await given_a_course(town, "looked-after")
    robin = await granted(town, application(course, "Robin"))
    wren = await granted(town, application(course, "Wren"))
    assert (robin.place, wren.place) == ("seat", "seat")
    [confirmed] = await until(partial(town.mail_to, mail_of(course, "Robin")), PATIENCE)
    assert "You have a place" in confirmed

    await begin(town, course)
    assert len(await town.facts(SessionStarted, session_id=course.session_id)) == 1
    assert (await says(town, course, robin.member_id, "hi everyone", "hello")).state == "sent"
    for one in (robin, wren):
        assert await reads(town, course, one.member_id) == ["hi everyone"]

    said = await says(town, course, robin.member_id, WORRYING[0], "worry")
    assert said.state == "sent"
    for one in (robin, wren):
        assert await reads(town, course, one.member_id) == ["hi everyone", WORRYING[0]]

    [alert] = await until(lambda: alerts_on_queue(town, course))
    await town.settled()
    flagged = await town.facts(MessageFlagged, session_id=course.session_id)
    assert [(one.alert_id, one.message_id) for one in flagged] == [(alert.alert_id, said.message_id)]
    assert len(await town.facts(AlertRaised, alert_id=alert.alert_id)) == 1

    ada, bea = course.team.ada.staff_id, course.team.bea.staff_id
    assert (await granted(town, ClaimAlert(alert_id=alert.alert_id, staff_id=ada))).state is AlertState.CLAIMED
    assert await refused(town, ClaimAlert(alert_id=alert.alert_id, staff_id=bea)) == "claimed"
    note = "Spoke with Robin after the evening; their aunt is with them."
    done = await granted(town, ResolveAlert(alert_id=alert.alert_id, staff_id=ada, note=note))
    assert done.state is AlertState.CLOSING
    assert await refused(town, SignOffClosing(alert_id=alert.alert_id, staff_id=ada, agree=True)) == "your-own"
    [waits] = await alerts_on_queue(town, course)
    assert waits.closing is not None
    await granted(town, SignOffClosing(alert_id=alert.alert_id, staff_id=bea, agree=True))
    assert await alerts_on_queue(town, course) == []
    details = await granted(town, OpenAlert(alert_id=alert.alert_id, staff_id=bea))
    assert details.text == WORRYING[0]
    deeds = [(deed.what, deed.name) for deed in details.deeds if deed.what in ("claimed", "closing", "signed-off")]
    assert deeds == [("claimed", "Ada"), ("closing", "Ada"), ("signed-off", "Bea")]
    assert [deed.note for deed in details.deeds if deed.what == "closing"] == [note]


async def test_an_alert_that_nobody_claims_in_time_pages_the_duty_officer_until_somebody_does(town: Town) -> None:
    course, [robin] = await given_an_evening(town, "paged", "Robin")
    await says(town, course, robin, NOT_SAFE)
    [flagged] = await until(partial(town.facts, MessageFlagged, session_id=course.session_id))
    alert_id = flagged.alert_id
    [raised] = await until(partial(town.facts, AlertRaised, alert_id=alert_id))

    async def pages() -> list[str]:
        return [mail for mail in await town.mail_to(course.team.ada.email) if "/got/" in mail]

    await town.time_passes(raised.due_at)
    page, *_ = await until(pages, PATIENCE)
    assert "needs a person now" in page
    assert alert_id not in page
    assert "Robin" not in page
    assert NOT_SAFE not in page
    ada = course.team.ada.staff_id
    first, *_ = await town.facts(AlertOverdue, alert_id=alert_id)
    assert (first.step, first.page) == (0, (ada,))

    await granted(town, ClaimAlert(alert_id=alert_id, staff_id=ada))
    await town.settled()
    details = await granted(town, OpenAlert(alert_id=alert_id, staff_id=ada))
    paged = [deed for deed in details.deeds if deed.what == "paged"]
    assert paged[0].name == "The clock"
    assert paged[0].at >= raised.due_at
    assert details.alert.state is AlertState.CLAIMED
    await town.time_passes(details.alert.due_at + timedelta(seconds=1))
    assert len(await town.facts(AlertOverdue, alert_id=alert_id)) == len(paged) == details.alert.pages
    assert len(await pages()) == len([one for one in paged if "Ada" in one.note])


async def test_a_held_message_reaches_no_other_young_person_until_it_is_released_and_declined_never(
    town: Town,
) -> None:
    course, [robin, wren] = await given_an_evening(town, "held", "Robin", "Wren")
    sam = course.team.sam.staff_id
    one, two = [await says(town, course, robin, text, f"hold-{n}") for n, text in enumerate(CONTACTS[:2])]
    assert (one.state, two.state) == ("held", "held")
    await town.settled()
    assert await reads(town, course, wren) == []
    assert (await sees(town, course, wren)).held == ()
    for person in (robin, sam):
        assert [held.text for held in (await sees(town, course, person)).held] == list(CONTACTS[:2])

    wish = DeclineMessage(session_id=course.session_id, held_id=two.message_id, staff_id=sam)
    await granted(town, wish)
    wish_other = ReleaseMessage(session_id=course.session_id, held_id=one.message_id, staff_id=sam)
    await granted(town, wish_other)
    await granted(town, wish_other)
    await town.settled()
    late = ReleaseMessage(session_id=course.session_id, held_id=two.message_id, staff_id=sam)
    assert await refused(town, late) == "declined"
    for person in (robin, wren):
        assert await reads(town, course, person) == [CONTACTS[0]]
    assert [(held.text, held.state) for held in (await sees(town, course, robin)).held] == [(CONTACTS[1], "declined")]
    assert (await sees(town, course, wren)).held == ()
    posted = await town.facts(MessagePosted, session_id=course.session_id)
    assert [(message.text, message.held_id) for message in posted] == [(CONTACTS[0], one.message_id)]


async def test_nine_apply_for_eight_seats_and_each_is_told_what_came_of_it(town: Town) -> None:
    course = await given_a_course(town, "nine")
    names = [*NAMES, "Ivy"]
    applied = await asyncio.gather(*(granted(town, application(course, name)) for name in names))
    seated = {one.nickname for one in applied if one.place == "seat"}
    [waiting] = [one for one in applied if one.place == "waitlist"]
    assert seated == set(names) - {waiting.nickname}

    for name in names:
        await until(partial(town.mail_to, mail_of(course, name)), PATIENCE)
    await town.settled()
    mails = {name: await town.mail_to(mail_of(course, name)) for name in names}
    assert {len(mail) for mail in mails.values()} == {1}
    assert {name for name, [mail] in mails.items() if "You have a place" in mail} == seated
    assert "waiting list" in mails[waiting.nickname][0]

    assert {one.nickname for one in await town.facts(Enrolled, course_id=course.course_id)} == seated
    [told] = await town.facts(Waitlisted, course_id=course.course_id)
    assert told.member_id == waiting.member_id
    outside = ReadRoom(session_id=course.session_id, person_id=waiting.member_id)
    assert await refused(town, outside) == "not-yours"
    a_seat = next(one for one in applied if one.place == "seat")
    assert (await sees(town, course, a_seat.member_id)).you.nickname == a_seat.nickname


async def test_the_same_words_sent_twice_under_one_name_are_one_message_and_one_alert(town: Town) -> None:
    course, [robin, wren] = await given_an_evening(town, "twice", "Robin", "Wren")
    at_once = await asyncio.gather(*(says(town, course, robin, WORRYING[0], "same") for _ in range(2)))
    [alert] = await until(lambda: alerts_on_queue(town, course))
    later = await says(town, course, robin, WORRYING[0], "same")
    assert {(one.message_id, one.number) for one in (*at_once, later)} == {(later.message_id, later.number)}
    await town.settled()
    for person in (robin, wren):
        assert await reads(town, course, person) == [WORRYING[0]]
    assert [one.id for one in await town.facts(MessagePosted, session_id=course.session_id)] == [later.message_id]
    assert [one.alert_id for one in await alerts_on_queue(town, course)] == [alert.alert_id]
    flagged = await town.facts(MessageFlagged, session_id=course.session_id)
    assert [(one.alert_id, one.message_id) for one in flagged] == [(alert.alert_id, later.message_id)]
