"""The vault opens for whom an envelope was granted, while it lasts, and for nobody else."""

from datetime import timedelta
from typing import Any

from harbour.contracts.envelope import (
    EnvelopeClosed,
    EnvelopeContents,
    EnvelopeGranted,
    EnvelopeLooked,
    OpenEnvelope,
)
from harbour.contracts.messages import now
from tests.enrolment.evenings import why, with_a_course
from tests.enrolment.test_vault import MIA, enrolled
from tests.rooms import Stage, rehearsed


async def a_member(room: Stage) -> str:
    """Somebody who has joined."""
    await with_a_course(room)
    return (await enrolled(room)).member_id


def granted(member_id: str, minutes: float = 30, **more: Any) -> EnvelopeGranted:
    its = {"member_id": member_id, "grant_id": "g1", "staff": ("ada", "bea"), **more}
    return EnvelopeGranted(until=now() + timedelta(minutes=minutes), **its)


async def looks(room: Stage, staff_id: str = "ada", grant_id: str = "g1") -> Any:
    return await room.asks(OpenEnvelope(grant_id=grant_id, staff_id=staff_id))


async def test_promise_10_both_of_them_and_nobody_else_may_look_and_each_look_is_said(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        member_id = await a_member(room)
        assert why(await looks(room)) == "not-yours", "before anything was granted"
        for _ in range(2):
            await room.hears(granted(member_id))
        room.said.clear()
        for staff_id in ("ada", "bea", "ada"):
            found = await looks(room, staff_id)
            assert isinstance(found, EnvelopeContents)
            assert (found.email, found.phone) == (MIA["email"], "+447700900123")
        for staff_id in ("lou", member_id):
            assert why(await looks(room, staff_id)) == "not-yours"
        said = [one for one in room.said if isinstance(one, EnvelopeLooked)]
        assert [(one.member_id, one.staff_id) for one in said] == [(member_id, one) for one in ("ada", "bea", "ada")]
        assert len({one.id for one in said}) == 3
        assert "mia.rose" not in repr(room.said) + "".join(one.body().decode() for one in said)
        assert "mia.rose" not in repr(found)


async def test_promise_10_it_is_over_by_the_time_alone_and_by_word(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        member_id = await a_member(room)
        await room.hears(granted(member_id, minutes=-0.1))
        assert why(await looks(room)) == "closed"
        await room.hears(granted(member_id, grant_id="g2"))
        assert isinstance(await looks(room, grant_id="g2"), EnvelopeContents)
        await room.hears(EnvelopeClosed(member_id=member_id, grant_id="g2"))
        assert why(await looks(room, grant_id="g2")) == "not-yours"


async def test_where_nothing_is_kept_any_more_the_envelope_is_empty(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        await room.hears(granted("somebody-erased"))
        assert why(await looks(room)) == "nothing-kept"


async def test_promise_10_an_envelope_that_was_closed_stays_so_where_its_grant_is_heard_after(
    database_url: str,
) -> None:
    async with rehearsed("enrolment", database_url) as room:
        member_id = await a_member(room)
        await room.hears(EnvelopeClosed(member_id=member_id, grant_id="g1"))
        await room.hears(granted(member_id))
        assert why(await looks(room)) == "not-yours"
