"""Who leads, who watches, who steps out: gone in memory and on real servers."""

from functools import partial

import pytest

from harbour.contracts.chat import (
    KeepObserving,
    LetPersonBack,
    ListEvenings,
    MessageTaken,
    MutePerson,
    ObservingBegun,
    ObservingEnded,
    PersonRemoved,
    PostMessage,
    ReadRoom,
    RemovePerson,
    SessionTakenOver,
    TakeOver,
)
from harbour.contracts.enrolment import AddStaff, Role
from harbour.contracts.messages import derived_id
from harbour.contracts.safeguard import OpenAlert
from tests.journeys.people import alerts_on_queue, given_an_evening, reads, says, sees
from tests.journeys.town import Town, granted, refused
from tests.runtime.trial import until

pytestmark = pytest.mark.asyncio(loop_scope="package")

WHY = "they need somebody to themselves"


async def _adult(town: Town, name: str, role: Role) -> str:
    email = f"{name.lower()}@example.org"
    account = AddStaff(
        id=derived_id(email), name=name, email=email, password="a lamp in the window", roles=(role,)
    )  # fmt: skip
    return (await granted(town, account)).staff_id


async def _goes(town: Town, wish: PostMessage) -> bool:
    """Whether it is taken: in memory a copy may go by what it knew for two seconds."""
    return isinstance(await town.asks(wish), MessageTaken)


async def test_whoever_is_asked_to_step_out_is_looked_after_by_the_desk_and_comes_back(town: Town) -> None:
    course, [robin, wren] = await given_an_evening(town, "stepping-out", "Robin", "Wren")
    about = {"session_id": course.session_id, "staff_id": course.team.sam.staff_id, "person_id": robin}
    await granted(town, RemovePerson(**about, reason=WHY))
    hello = PostMessage(session_id=course.session_id, person_id=robin, client_id="k1", text="hello")
    assert await refused(town, hello) == "stepped-out"
    assert (await sees(town, course, robin)).stepped_out
    [alert] = await until(lambda: alerts_on_queue(town, course))
    opened = await granted(town, OpenAlert(alert_id=alert.alert_id, staff_id=course.team.ada.staff_id))
    assert WHY in opened.text
    assert (await says(town, course, wren, "we go on")).state == "sent"
    await granted(town, LetPersonBack(**about))
    await until(partial(_goes, town, hello))
    assert await reads(town, course, wren) == ["we go on", "hello"]
    await town.settled()
    assert len(await town.facts(PersonRemoved, session_id=course.session_id)) == 1
    [alert] = await alerts_on_queue(town, course)
    assert "let back" in alert.why[-1]


async def test_a_supervisor_watches_and_a_substitute_takes_over(town: Town) -> None:
    course, [robin] = await given_an_evening(town, "watched", "Robin")
    ruth, nell = await _adult(town, "Ruth", Role.LEAD), await _adult(town, "Nell", Role.COUNSELLOR)
    await town.settled()
    for who in (ruth, nell):
        evenings = (await granted(town, ListEvenings(staff_id=who))).evenings
        assert course.session_id in {one.session_id for one in evenings}
    look = ReadRoom(session_id=course.session_id, person_id=ruth)
    assert await refused(town, look) == "not-yours"
    await granted(town, KeepObserving(session_id=course.session_id, staff_id=ruth))
    assert (await granted(town, look)).observing
    sam = course.team.sam.staff_id
    over = TakeOver(session_id=course.session_id, staff_id=nell, instead_of=sam, words="Sam’s train is late.")
    await granted(town, over)
    mute = {"session_id": course.session_id, "person_id": robin, "muted": True}
    await granted(town, MutePerson(**mute, staff_id=nell))
    assert await refused(town, MutePerson(**mute, staff_id=sam)) == "not-yours"
    await town.settled()
    [taken] = await town.facts(SessionTakenOver, session_id=course.session_id)
    assert {one.nickname for one in taken.adults} == {"Nell", "Jo"}
    [began] = await town.facts(ObservingBegun, session_id=course.session_id)
    assert began.name == "Ruth"
    assert await town.facts(ObservingEnded, session_id=course.session_id) == []
