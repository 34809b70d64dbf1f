"""Who somebody is can be found by their address; the address itself is locked away."""

import json
import logging
from typing import Any

import pytest
from sqlalchemy import delete, select

from harbour.contracts.enrolment import Applied, ContactGiven, FindMember, MemberView, ReadMember
from harbour.contracts.messages import Event
from harbour.runtime.sealing import Seal
from services.enrolment.store import Vault
from services.enrolment.tables import contact_keys, contacts, metadata
from tests.enrolment.evenings import why, with_a_course
from tests.enrolment.people import CONTACT_KEY, application, keyring
from tests.rooms import Stage, rehearsed

MIA: dict[str, Any] = {"nickname": "Mia", "email": "mia.rose@example.org", "phone": "07700 900123"}


async def enrolled(room: Stage, number: int = 1, course_id: str = "tuesdays", **fields: Any) -> Applied:
    """Mia with a seat."""
    answer = await room.asks(application(number, course_id, **{**MIA, **fields}))
    assert isinstance(answer, Applied)
    return answer


@pytest.mark.parametrize("contact", ["mia.rose@example.org", "Mia.Rose@Example.org", "07700900123", "+44 7700 900123"])
async def test_a_member_is_found_by_each_address_however_it_is_typed(database_url: str, contact: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        await with_a_course(room)
        mia = await enrolled(room)
        found = await room.asks(FindMember(contact=contact))
    assert isinstance(found, MemberView)
    assert (found.member_id, found.nickname, found.badge, found.place) == (mia.member_id, "Mia", mia.badge, "seat")
    assert found.course.course_id == "tuesdays"
    assert len(found.course.sessions) == 7


async def test_who_applied_twice_is_found_in_the_course_they_applied_to_last(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        await with_a_course(room, "tuesdays")
        await with_a_course(room, "thursdays")
        await enrolled(room, 1, "tuesdays")
        await enrolled(room, 2, "thursdays", phone="")
        for contact in (MIA["email"], MIA["phone"]):
            found = await room.asks(FindMember(contact=contact))
            assert found.course.course_id == ("thursdays" if "@" in contact else "tuesdays")


@pytest.mark.parametrize(
    ("contact", "reason"), [("robin@example.org", "unknown"), ("07700 900999", "unknown"), ("hm", "address-unreadable")]
)
async def test_an_address_nobody_gave_finds_nobody(database_url: str, contact: str, reason: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        await with_a_course(room)
        await enrolled(room)
        assert why(await room.asks(FindMember(contact=contact))) == reason


async def test_a_member_reads_their_own_place(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        await with_a_course(room)
        mia = await enrolled(room)
        assert (await room.asks(ReadMember(member_id=mia.member_id))).nickname == "Mia"
        assert why(await room.asks(ReadMember(member_id="nobody"))) == "unknown"


async def test_notify_alone_is_told_how_to_reach_somebody(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        await with_a_course(room)
        mia = await enrolled(room)
        (given,) = [event for event in room.said if isinstance(event, ContactGiven)]
    opened = json.loads(Seal(CONTACT_KEY).open(given.sealed, mia.member_id))
    assert opened == {"email": "mia.rose@example.org", "phone": "+447700900123"}


async def test_no_table_and_no_event_holds_an_address_that_can_be_read(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        await with_a_course(room)
        await enrolled(room)
        async with room.database.reading() as tx:
            rows = [repr((await tx.execute(select(table))).all()) for table in metadata.sorted_tables]
        said = [
            event.model_dump_json() + event.subject + repr(event) for event in room.said if isinstance(event, Event)
        ]
    for part in ("rose", "example.org", "900123"):
        assert part not in "".join(rows + said)
    assert "Mia" in "".join(rows)


async def test_without_its_key_row_a_contact_cannot_be_read(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        await with_a_course(room)
        mia = await enrolled(room)
        async with room.database.begin() as tx:
            locked = await Vault(tx).read(mia.member_id)
            assert locked is not None
            assert keyring().unlock(locked, mia.member_id).phone == "+447700900123"
            await tx.execute(delete(contact_keys).where(contact_keys.c.member_id == mia.member_id))
        async with room.database.reading() as tx:
            assert await Vault(tx).read(mia.member_id) is None
            assert (await tx.execute(select(contacts))).all() != []


async def test_who_was_forgotten_is_not_told_to_notify_again(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        await with_a_course(room)
        wish = application(**MIA)
        await room.asks(wish)
        async with room.database.begin() as tx:
            await tx.execute(delete(contact_keys))
        room.said.clear()
        assert isinstance(await room.asks(wish), Applied)
        assert [type(event).__name__ for event in room.said] == ["Enrolled"]


async def test_no_address_is_logged(database_url: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with rehearsed("enrolment", database_url) as room:
        await with_a_course(room)
        await enrolled(room)
        await room.asks(FindMember(contact=MIA["email"]))
        await room.asks(application(7, email="rose@", phone="900123"))
    for part in ("rose", "900123"):
        assert part not in caplog.text
