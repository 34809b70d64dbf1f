"""What happens when somebody is to be told something: given these events, then these are said."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harbour.contracts.concerns import Urgency
from harbour.contracts.enrolment import Waitlisted
from harbour.contracts.messages import Refused
from harbour.contracts.notify import (
    Channel,
    Channels,
    ListChannels,
    Mailbox,
    NoticeKind,
    NoticeQueued,
    NoticeSent,
    NoticeTaken,
    ReadMailbox,
    SendCode,
)
from harbour.contracts.safeguard import AlertRaised
from harbour.runtime.sealing import Seal
from services.notify import rules
from services.notify.store import Outgoing
from tests.notify.people import (
    CODE,
    DUTY,
    EMAIL,
    FIRST_EVENING,
    PHONE,
    SECRETS,
    contact_given,
    course_scheduled,
    enrolled,
    overdue,
    staff_added,
)
from tests.rooms import Stage, rehearsed


def queued(room: Stage) -> list[NoticeQueued]:
    """The notices queued since last asked."""
    found = [event for event in room.said if isinstance(event, NoticeQueued)]
    room.said.clear()
    return found


async def carry_out(room: Stage) -> list[NoticeSent]:
    """Send all that was queued since last asked."""
    for event in queued(room):
        await room.hears(event)
    sent = [event for event in room.said if isinstance(event, NoticeSent)]
    room.said.clear()
    return sent


async def read_mailbox(room: Stage) -> Mailbox:
    """What is in the local mailbox."""
    answer = await room.asks(ReadMailbox())
    assert isinstance(answer, Mailbox)
    return answer


async def test_a_seat_is_confirmed_with_the_first_evening(database_url: str, seal: Seal, mailbox_dir: Path) -> None:
    async with rehearsed("notify", database_url) as room:
        await room.hears(course_scheduled())
        await room.hears(contact_given(seal))
        await room.hears(enrolled())
        (sent,) = await carry_out(room)
        (item,) = (await read_mailbox(room)).items
    assert (sent.kind, sent.channel) == (NoticeKind.SEAT_CONFIRMED, Channel.EMAIL)
    assert (item.to, item.subject) == (EMAIL, "Harbour")
    assert item.text == "You have a place. Your first evening is Tuesday 1 December at 7 pm."


async def test_somebody_on_the_waiting_list_is_told(database_url: str, seal: Seal, mailbox_dir: Path) -> None:
    async with rehearsed("notify", database_url) as room:
        await room.hears(contact_given(seal, email="", phone=PHONE))
        await room.hears(Waitlisted(course_id="c1", member_id="m1"))
        (sent,) = await carry_out(room)
        (item,) = (await read_mailbox(room)).items
    assert (sent.kind, sent.channel) == (NoticeKind.WAITLISTED, Channel.SMS)
    assert (item.to, item.channel) == (PHONE, Channel.SMS)


async def test_a_code_is_taken_queued_and_sent(database_url: str, seal: Seal, mailbox_dir: Path) -> None:
    async with rehearsed("notify", database_url) as room:
        await room.hears(contact_given(seal))
        taken = await room.asks(SendCode(member_id="m1", code=CODE, minutes=10))
        (sent,) = await carry_out(room)
        (item,) = (await read_mailbox(room)).items
    assert isinstance(taken, NoticeTaken)
    assert sent.notice_id == taken.notice_id == item.item_id
    assert CODE in item.text


async def test_asking_twice_for_the_same_code_sends_it_once(database_url: str, seal: Seal, mailbox_dir: Path) -> None:
    wish = SendCode(member_id="m1", code=CODE, minutes=10)
    async with rehearsed("notify", database_url) as room:
        await room.hears(contact_given(seal))
        first, again = await room.asks(wish), await room.asks(wish)
        sent = await carry_out(room)
    assert isinstance(first, NoticeTaken)
    assert isinstance(again, NoticeTaken)
    assert first.notice_id == again.notice_id
    assert len(sent) == 1


async def test_a_code_is_taken_while_the_address_is_on_its_way(database_url: str, mailbox_dir: Path) -> None:
    async with rehearsed("notify", database_url) as room:
        answer = await room.asks(SendCode(member_id="m1", code=CODE, minutes=10))
    assert isinstance(answer, NoticeTaken)


async def test_a_code_is_refused_where_nothing_can_be_sent(database_url: str, seal: Seal) -> None:
    async with rehearsed("notify", database_url) as room:
        await room.hears(contact_given(seal))
        answer = await room.asks(SendCode(member_id="m1", code=CODE, minutes=10))
        assert queued(room) == []
    assert isinstance(answer, Refused)
    assert answer.reason == "unreachable"


async def test_a_code_is_refused_where_this_person_has_no_channel_that_is_set_up(
    database_url: str, seal: Seal, settings: pytest.MonkeyPatch
) -> None:
    settings.setenv("NOTIFY_SMTP_URL", "smtp://127.0.0.1:1")
    async with rehearsed("notify", database_url) as room:
        await room.hears(contact_given(seal, email="", phone=PHONE))
        answer = await room.asks(SendCode(member_id="m1", code=CODE, minutes=10))
    assert isinstance(answer, Refused)
    assert answer.reason == "unreachable"


async def test_asking_for_a_code_sweeps_away_words_that_got_stuck(database_url: str, mailbox_dir: Path) -> None:
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    stuck = rules.code_notice(SendCode(member_id="m2", code=CODE, minutes=10), "sealed words", long_ago)
    async with rehearsed("notify", database_url) as room:
        async with room.database.begin() as tx:
            await Outgoing(tx).add(stuck)
        await room.asks(SendCode(member_id="m1", code=CODE, minutes=10))
        async with room.database.reading() as tx:
            found = await Outgoing(tx).find(stuck.notice_id)
    assert found is not None
    assert (found.sealed, found.state) == ("", rules.State.EXPIRED)


async def test_everybody_named_is_paged_once_and_the_page_names_nobody(
    database_url: str, seal: Seal, mailbox_dir: Path
) -> None:
    async with rehearsed("notify", database_url) as room:
        for staff_id in ("s1", "s2"):
            await room.hears(staff_added(seal, staff_id, f"{staff_id}.{DUTY}"))
        raised = AlertRaised(alert_id="a1", urgency=Urgency.IMMEDIATE, due_at=FIRST_EVENING)
        await room.hears(raised)
        event = overdue("s1", "s2")
        await room.hears(event)
        await room.hears(event)
        sent = await carry_out(room)
        items = (await read_mailbox(room)).items
    assert [event.kind for event in sent] == [NoticeKind.ALERT_PAGE] * 2
    assert {item.to for item in items} == {f"s1.{DUTY}", f"s2.{DUTY}"}
    assert len({item.text for item in items}) == 2
    for item in items:
        assert re.search(r"https://harbour\.example/got/[\w-]{22}$", item.text)
        assert "a1" not in item.text.split("/got/")[0]
        assert "immediate" not in item.text
        assert "Sam" not in item.text


async def test_the_next_step_of_an_alert_pages_again(database_url: str, seal: Seal, mailbox_dir: Path) -> None:
    async with rehearsed("notify", database_url) as room:
        await room.hears(staff_added(seal, "s1"))
        await room.hears(overdue("s1", step=0))
        await room.hears(overdue("s1", step=1))
        assert len(await carry_out(room)) == 2


async def test_what_is_said_on_the_bus_holds_no_words_and_no_address(
    database_url: str, seal: Seal, mailbox_dir: Path
) -> None:
    async with rehearsed("notify", database_url) as room:
        await room.hears(contact_given(seal))
        await room.hears(course_scheduled())
        await room.hears(enrolled())
        await room.asks(SendCode(member_id="m1", code=CODE, minutes=10))
        waiting = queued(room)
        for event in waiting:
            await room.hears(event)
        said = [*waiting, *room.said]
    assert len([event for event in said if isinstance(event, NoticeSent)]) == 2
    for one in said:
        shown = f"{one!r} {one.model_dump_json()}"
        assert [secret for secret in SECRETS if secret in shown] == []


@pytest.mark.parametrize(("smtp_url", "channels"), [("", ()), ("smtp://127.0.0.1:1", (Channel.EMAIL,))])
async def test_the_channels_are_those_the_settings_allow(
    database_url: str, settings: pytest.MonkeyPatch, smtp_url: str, channels: tuple[Channel, ...]
) -> None:
    settings.setenv("NOTIFY_SMTP_URL", smtp_url)
    async with rehearsed("notify", database_url) as room:
        answer = await room.asks(ListChannels())
    assert isinstance(answer, Channels)
    assert answer.channels == channels


async def test_a_mailbox_reaches_by_mail_and_by_text(database_url: str, mailbox_dir: Path) -> None:
    async with rehearsed("notify", database_url) as room:
        answer = await room.asks(ListChannels())
    assert isinstance(answer, Channels)
    assert answer.channels == (Channel.EMAIL, Channel.SMS)


async def test_there_is_no_mailbox_where_none_is_set_up(database_url: str) -> None:
    async with rehearsed("notify", database_url) as room:
        answer = await room.asks(ReadMailbox())
    assert isinstance(answer, Refused)
    assert answer.reason == "no-mailbox"
