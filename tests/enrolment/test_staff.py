"""Staff prove who they are with a password and a code, each code once."""

import asyncio
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select

from harbour.contracts.enrolment import CheckCode, CheckPassword, ReadStaff, Role, StaffAdded, StaffMade, StaffView
from harbour.runtime.sealing import Seal
from services.enrolment.tables import staff
from tests.enrolment.evenings import told, why, with_a_course
from tests.enrolment.people import CONTACT_KEY, PASSWORD, SECRET, new_adult
from tests.rooms import Stage, rehearsed


def code(steps: int = 0) -> str:
    """What Sam's authenticator shows now, or some steps from now."""
    return pyotp.TOTP(SECRET).at(datetime.now(UTC) + steps * timedelta(seconds=30))


async def kept_hash(room: Stage) -> str:
    """The one password hash in the book."""
    async with room.database.reading() as tx:
        found: str = (await tx.execute(select(staff.c.password_hash))).scalar_one()
    return found


async def test_an_account_is_made_once_and_said(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        wish = new_adult("Sam Okoro", Role.COUNSELLOR, Role.LEAD)
        made = await room.asks(wish)
        assert isinstance(made, StaffMade)
        (added,) = room.said
        once = told(room)
        again = await room.asks(wish)
        assert (again.staff_id, again.totp_secret) == (made.staff_id, made.totp_secret)
        assert told(room) == once
    assert isinstance(added, StaffAdded)
    assert (added.staff_id, added.name, added.roles) == (made.staff_id, "Sam Okoro", (Role.COUNSELLOR, Role.LEAD))
    assert Seal(CONTACT_KEY).open(added.sealed, made.staff_id) == '{"email": "sam@example.org"}'
    assert made.totp_secret == SECRET


async def test_an_address_has_one_account(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        await room.asks(new_adult())
        room.said.clear()
        assert why(await room.asks(new_adult("Another", email="SAM@example.org"))) == "already-here"
        assert told(room) == []


async def test_two_accounts_at_once_for_one_address_are_one(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room, rehearsed("enrolment", database_url) as other:
        answers = await asyncio.gather(*(copy.asks(new_adult()) for copy in (room, other)))
    assert sorted(type(answer).__name__ for answer in answers) == ["Refused", "StaffMade"]


async def test_a_fresh_secret_is_made_where_none_is_given(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        secrets = {(await room.asks(new_adult(name, totp_secret=""))).totp_secret for name in ("Sam", "Ash")}
    assert len(secrets) == 2
    assert all(len(pyotp.TOTP(secret).now()) == 6 for secret in secrets)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [({"password": "short"}, "password-weak"), ({"email": "sam@"}, "address-unreadable")],
)
async def test_no_account_is_made_of_too_little(database_url: str, fields: dict[str, str], reason: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        assert why(await room.asks(new_adult().model_copy(update=fields))) == reason
        assert told(room) == []


async def test_the_right_password_says_who_it_is(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        sam = await with_a_course(room)
        view = await room.asks(CheckPassword(email="Sam@example.org", password=PASSWORD))
    assert isinstance(view, StaffView)
    assert (view.staff_id, view.name, view.roles) == (sam, "Sam Okoro", (Role.COUNSELLOR,))
    assert [course.course_id for course in view.courses] == ["tuesdays"]


@pytest.mark.parametrize(
    ("email", "password"),
    [("sam@example.org", PASSWORD.upper()), ("ash@example.org", PASSWORD), ("sam", PASSWORD), ("sam@example.org", "")],
)
async def test_a_wrong_password_and_an_unknown_address_are_refused_alike(
    database_url: str, email: str, password: str
) -> None:
    async with rehearsed("enrolment", database_url) as room:
        await room.asks(new_adult())
        assert why(await room.asks(CheckPassword(email=email, password=password))) == "wrong"


async def test_a_hash_is_renewed_when_its_cost_changes(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with rehearsed("enrolment", database_url) as room:
        await room.asks(new_adult())
        before = await kept_hash(room)
        await room.asks(CheckPassword(email="sam@example.org", password=PASSWORD))
        assert await kept_hash(room) == before
    monkeypatch.setenv("ENROLMENT_PASSWORD_ROUNDS", "2")
    async with rehearsed("enrolment", database_url) as room:
        assert why(await room.asks(CheckPassword(email="sam@example.org", password="not it at all"))) == "wrong"
        assert await kept_hash(room) == before
        await room.asks(CheckPassword(email="sam@example.org", password=PASSWORD))
        after = await kept_hash(room)
        assert "t=2" in after
        assert isinstance(await room.asks(CheckPassword(email="sam@example.org", password=PASSWORD)), StaffView)
        assert await kept_hash(room) == after


async def test_a_code_lets_somebody_in_once(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        sam = await with_a_course(room)
        wish = CheckCode(staff_id=sam, code=code())
        view = await room.asks(wish)
        assert isinstance(view, StaffView)
        assert view.staff_id == sam
        assert why(await room.asks(wish.model_copy(update={"id": "somebody who looked over a shoulder"}))) == "used"
        assert isinstance(await room.asks(wish), StaffView)


async def test_a_code_used_by_many_at_once_lets_one_in(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room, rehearsed("enrolment", database_url) as other:
        sam = await with_a_course(room)
        shown = code()
        asked = [copy.asks(CheckCode(staff_id=sam, code=shown)) for copy in (room, other) * 5]
        answers = await asyncio.gather(*asked)
    assert sorted(type(answer).__name__ for answer in answers) == ["Refused"] * 9 + ["StaffView"]


async def test_an_older_code_is_used_up_by_a_newer_one(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        sam = await with_a_course(room)
        older, newer = code(), code(1)
        assert isinstance(await room.asks(CheckCode(staff_id=sam, code=newer)), StaffView)
        assert why(await room.asks(CheckCode(staff_id=sam, code=older))) == "used"


@pytest.mark.parametrize("typed", ["", "000", "abcdef"])
async def test_what_is_no_code_of_theirs_is_wrong(database_url: str, typed: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        sam = await with_a_course(room)
        assert why(await room.asks(CheckCode(staff_id=sam, code=typed))) == "wrong"
        assert why(await room.asks(CheckCode(staff_id="nobody", code=code()))) == "wrong"


async def test_who_is_unknown_is_unknown(database_url: str) -> None:
    async with rehearsed("enrolment", database_url) as room:
        assert why(await room.asks(ReadStaff(staff_id="nobody"))) == "unknown"
