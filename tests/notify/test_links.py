"""The link in a page to staff: one person, one alert, one use, for a while, on each database."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from harbour.contracts.links import LinkStands, ReadLink, SpendLink
from harbour.contracts.messages import Refused
from harbour.contracts.notify import ReadMailbox
from harbour.runtime.sealing import Seal
from services.notify.links import Links, digest_of, token_of
from services.notify.store import links
from tests.notify.people import KEY, overdue, staff_added
from tests.notify.test_handlers import carry_out
from tests.rooms import Stage, rehearsed


async def paged(room: Stage, seal: Seal) -> str:
    """Somebody is paged; the token of the link they were sent."""
    await room.hears(staff_added(seal, "s1"))
    await room.hears(overdue("s1"))
    await carry_out(room)
    [item] = (await room.asks(ReadMailbox())).items
    found = re.search(r"/got/([\w-]{22})$", item.text)
    assert found
    return found[1]


async def test_the_link_that_was_sent_says_whose_it_is_and_about_what(
    database_url: str, seal: Seal, mailbox_dir: Path
) -> None:
    async with rehearsed("notify", database_url) as room:
        stands = await room.asks(ReadLink(token=await paged(room, seal)))
    assert isinstance(stands, LinkStands)
    assert (stands.staff_id, stands.alert_id) == ("s1", "a1")


async def test_reading_a_link_spends_nothing_and_spending_it_spends_it_once(
    database_url: str, seal: Seal, mailbox_dir: Path
) -> None:
    async with rehearsed("notify", database_url) as room:
        token = await paged(room, seal)
        wish = SpendLink(token=token)
        assert isinstance(await room.asks(ReadLink(token=token)), LinkStands)
        assert isinstance(await room.asks(wish), LinkStands)
        assert isinstance(await room.asks(wish), LinkStands)
        for again in (ReadLink(token=token), SpendLink(token=token)):
            assert (await room.asks(again)).reason == "used"


async def test_a_link_ends_and_is_forgotten_a_week_later(database_url: str, seal: Seal, mailbox_dir: Path) -> None:
    async with rehearsed("notify", database_url) as room:
        token = await paged(room, seal)
        async with room.database.begin() as tx:
            await tx.execute(links.update().values(expires_at=links.c.expires_at))
            [row] = await tx.execute(select(links))
            late = row.expires_at - timedelta(minutes=130)
            await tx.execute(links.update().values(expires_at=late))
        assert (await room.asks(ReadLink(token=token))).reason == "expired"
        async with room.database.begin() as tx:
            await Links(tx).forget(late + timedelta(days=8))
        assert (await room.asks(ReadLink(token=token))).reason == "no-such-link"


async def test_no_token_stands_in_the_table_or_on_the_bus(database_url: str, seal: Seal, mailbox_dir: Path) -> None:
    async with rehearsed("notify", database_url) as room:
        await room.hears(staff_added(seal, "s1"))
        await room.hears(overdue("s1"))
        said = "".join(str(event) for event in room.said)
        async with room.database.begin() as tx:
            kept = str((await tx.execute(select(links))).all())
    [notice_id] = re.findall(r"notice_id='([^']+)'", said)
    token = token_of(Seal(KEY), notice_id)
    assert token not in said + kept
    assert digest_of(token) in kept


@pytest.mark.parametrize("token", ["A" * 22, "_" * 22])
async def test_a_guess_is_no_link(database_url: str, seal: Seal, mailbox_dir: Path, token: str) -> None:
    async with rehearsed("notify", database_url) as room:
        await paged(room, seal)
        answer = await room.asks(ReadLink(token=token))
    assert isinstance(answer, Refused)
    assert answer.reason == "no-such-link"


def test_another_key_makes_another_link() -> None:
    assert token_of(Seal(KEY), "n1") != token_of(Seal(b"k" * 32), "n1")
    assert token_of(Seal(KEY), "n1") != token_of(Seal(KEY), "n2")
