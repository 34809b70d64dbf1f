"""A notice leaves the house once, late rather than never, and takes its words with it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import MetaData

from harbour.contracts.notify import Channel, NoticeKind, SendCode
from harbour.runtime.database import Database
from harbour.runtime.delivery import NotYet, Rejected
from harbour.runtime.sealing import Seal
from services.notify import rules
from services.notify.channels import Letter, Post, SmtpServer
from services.notify.postman import Postman, Sent
from services.notify.rules import Evening, Notice, State
from services.notify.store import Addresses, Alerts, Calendar, Outgoing
from tests.notify.people import CODE, DUTY, EMAIL, PHONE, SECRETS, contact_given, enrolled, overdue, staff_added
from tests.notify.town import a_free_port, a_mail_server, whole_story

NOW = datetime(2026, 11, 23, 19, 42, tzinfo=UTC)


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    """A database with the tables of notify."""
    database = Database(database_url)
    try:
        yield database
    finally:
        await database.engine.dispose()


def post_by(port: int) -> Post:
    """Mail by the server at this port, and no other way."""
    server = SmtpServer.from_url(f"smtp://127.0.0.1:{port}", "Harbour <hello@example.org>", timeout=5)
    return Post(mail=[server], public_url="https://harbour.example")


class Pigeon:
    """A way that remembers what it was given."""

    def __init__(self) -> None:
        self.given: list[Letter] = []

    async def send(self, letter: Letter) -> None:
        self.given.append(letter)


async def give_address(db: Database, seal: Seal, email: str = EMAIL, phone: str = "") -> None:
    """The address of m1 arrives."""
    async with db.begin() as tx:
        await Addresses(tx).keep("m1", "member", contact_given(seal, email=email, phone=phone).sealed, NOW)


async def a_code(db: Database, seal: Seal) -> Notice:
    """A code that m1 asked for just now."""
    wish = SendCode(member_id="m1", code=CODE, minutes=10)
    notice = rules.code_notice(wish, seal.close(CODE, about=rules.code_notice_id(wish)), NOW)
    async with db.begin() as tx:
        await Outgoing(tx).add(notice)
    return notice


async def a_seat(db: Database) -> Notice:
    """A seat that m1 was given just now."""
    notice = rules.seat_notice(enrolled(), NOW)
    async with db.begin() as tx:
        await Outgoing(tx).add(notice)
    return notice


async def state_of(db: Database, notice: Notice) -> State:
    """Where a notice stands in the book."""
    async with db.reading() as tx:
        found = await Outgoing(tx).find(notice.notice_id)
    assert found is not None
    return found.state


async def all_columns(db: Database) -> str:
    """Everything in every column of every table there is."""
    async with db.reading() as tx:
        present = MetaData()
        await tx.run_sync(present.reflect)
        assert {"outgoing", "addresses"} <= set(present.tables)
        rows = [row for table in present.sorted_tables for row in (await tx.execute(table.select())).all()]
    return repr(rows)


async def sealed_in(db: Database, notice: Notice) -> str:
    """What is left of the words of a notice."""
    async with db.reading() as tx:
        found = await Outgoing(tx).find(notice.notice_id)
    assert found is not None
    return found.sealed


async def test_a_code_reaches_its_person_and_is_put_down_as_sent(db: Database, seal: Seal) -> None:
    await give_address(db, seal)
    notice = await a_code(db, seal)
    with a_mail_server() as server:
        sent = await Postman(db, post_by(server.port), seal).deliver(notice.notice_id, NOW)
    assert sent == Sent(notice, Channel.EMAIL)
    assert server.recipients == [EMAIL]
    assert CODE in server.taken[0].get_content()
    assert await state_of(db, notice) is State.SENT


async def test_a_notice_handled_twice_is_sent_once(db: Database, seal: Seal) -> None:
    await give_address(db, seal)
    notice = await a_code(db, seal)
    with a_mail_server() as server:
        postman = Postman(db, post_by(server.port), seal)
        assert await postman.deliver(notice.notice_id, NOW) is not None
        assert await postman.deliver(notice.notice_id, NOW) is None
    assert len(server.taken) == 1


async def test_the_words_of_a_code_are_nowhere_in_the_database_before_or_after_it_is_sent(
    db: Database, seal: Seal
) -> None:
    await give_address(db, seal)
    notice = await a_code(db, seal)
    before = await all_columns(db)
    assert notice.sealed in before
    with a_mail_server() as server:
        await Postman(db, post_by(server.port), seal).deliver(notice.notice_id, NOW)
    after = await all_columns(db)
    assert notice.sealed not in after
    for kept in (before, after):
        assert [secret for secret in SECRETS if secret in kept] == []


async def test_a_mail_server_that_is_down_delays_a_notice_and_loses_nothing(db: Database, seal: Seal) -> None:
    await give_address(db, seal)
    notice = await a_code(db, seal)
    port = a_free_port()
    postman = Postman(db, post_by(port), seal)
    with pytest.raises(NotYet) as caught:
        await postman.deliver(notice.notice_id, NOW)
    assert await state_of(db, notice) is State.QUEUED
    with a_mail_server(port) as server:
        assert await postman.deliver(notice.notice_id, NOW + timedelta(seconds=5)) is not None
    assert len(server.taken) == 1
    assert [secret for secret in SECRETS if secret in whole_story(caught.value)] == []


async def test_an_address_that_comes_after_the_notice_is_waited_for(db: Database, seal: Seal) -> None:
    notice = await a_code(db, seal)
    with a_mail_server() as server:
        postman = Postman(db, post_by(server.port), seal)
        with pytest.raises(NotYet, match="not arrived"):
            await postman.deliver(notice.notice_id, NOW)
        await give_address(db, seal)
        assert await postman.deliver(notice.notice_id, NOW) is not None
    assert len(server.taken) == 1


async def test_what_was_overtaken_is_waited_for_by_the_second_and_after_a_minute_as_long_as_for_anything(
    db: Database, seal: Seal
) -> None:
    pigeon = Pigeon()
    postman = Postman(db, Post(mail=[pigeon]), seal)
    seat, code = await a_seat(db), await a_code(db, seal)
    for late, waits in (0, (1, 1)), (59, (1, 1)), (60, (15, 5)):
        for notice, seconds in zip((seat, code), waits, strict=True):
            with pytest.raises(NotYet, match="address has not arrived") as caught:
                await postman.deliver(notice.notice_id, NOW + timedelta(seconds=late))
            assert caught.value.delay == seconds
    await give_address(db, seal)
    with pytest.raises(NotYet, match="dates") as caught:
        await postman.deliver(seat.notice_id, NOW + timedelta(seconds=30))
    assert caught.value.delay == 1
    assert pigeon.given == []


@pytest.mark.parametrize("refusal", ["refuse_recipient", "refuse_mail"])
async def test_a_refusal_for_good_fails_the_notice_blanks_it_and_tells_no_address(
    db: Database, seal: Seal, refusal: str
) -> None:
    await give_address(db, seal)
    notice = await a_code(db, seal)
    with a_mail_server() as server:
        setattr(server, refusal, f"550 <{EMAIL}> is nobody here")
        with pytest.raises(Rejected, match="550") as caught:
            await Postman(db, post_by(server.port), seal).deliver(notice.notice_id, NOW)
    assert await state_of(db, notice) is State.FAILED
    assert await sealed_in(db, notice) == ""
    assert [secret for secret in SECRETS if secret in whole_story(caught.value) + await all_columns(db)] == []


async def test_a_refusal_for_now_is_tried_again(db: Database, seal: Seal) -> None:
    await give_address(db, seal)
    notice = await a_code(db, seal)
    with a_mail_server() as server:
        server.refuse_recipient = "450 try later"
        with pytest.raises(NotYet):
            await Postman(db, post_by(server.port), seal).deliver(notice.notice_id, NOW)
    assert await state_of(db, notice) is State.QUEUED


async def test_a_code_past_its_minutes_is_not_sent_and_its_words_are_gone(db: Database, seal: Seal) -> None:
    await give_address(db, seal)
    notice = await a_code(db, seal)
    with a_mail_server() as server:
        sent = await Postman(db, post_by(server.port), seal).deliver(notice.notice_id, NOW + timedelta(minutes=10))
    assert sent is None
    assert server.taken == []
    assert await state_of(db, notice) is State.EXPIRED
    assert await sealed_in(db, notice) == ""


@pytest.mark.parametrize("envelope", ["", "not sealed at all"])
async def test_an_address_that_cannot_be_opened_fails_the_notice(db: Database, seal: Seal, envelope: str) -> None:
    async with db.begin() as tx:
        await Addresses(tx).keep("m1", "member", envelope, NOW)
    notice = await a_seat(db)
    with pytest.raises(Rejected, match="cannot be read"):
        await Postman(db, Post(mail=[Pigeon()]), seal).deliver(notice.notice_id, NOW + timedelta(minutes=5))
    assert await state_of(db, notice) is State.FAILED


async def test_an_address_sealed_for_somebody_else_is_not_used(db: Database, seal: Seal) -> None:
    pigeon = Pigeon()
    async with db.begin() as tx:
        await Addresses(tx).keep("m1", "member", contact_given(seal, "m2").sealed, NOW)
    notice = await a_code(db, seal)
    with pytest.raises(Rejected):
        await Postman(db, Post(mail=[pigeon]), seal).deliver(notice.notice_id, NOW)
    assert pigeon.given == []


async def test_a_person_without_an_email_address_gets_a_text(db: Database, seal: Seal) -> None:
    mail, texts = Pigeon(), Pigeon()
    await give_address(db, seal, email="", phone=PHONE)
    notice = await a_code(db, seal)
    sent = await Postman(db, Post(mail=[mail], texts=[texts]), seal).deliver(notice.notice_id, NOW)
    assert sent is not None
    assert sent.channel is Channel.SMS
    assert [letter.to for letter in texts.given] == [PHONE]
    assert mail.given == []


async def test_a_seat_is_confirmed_with_its_evening_once_that_is_known(db: Database, seal: Seal) -> None:
    pigeon = Pigeon()
    await give_address(db, seal)
    notice = await a_seat(db)
    postman = Postman(db, Post(mail=[pigeon]), seal)
    with pytest.raises(NotYet, match="dates"):
        await postman.deliver(notice.notice_id, NOW)
    async with db.begin() as tx:
        await Calendar(tx).keep("c1", [Evening(datetime(2026, 12, 1, 19, 0, tzinfo=UTC), 90)], NOW)
    await postman.deliver(notice.notice_id, NOW)
    assert [letter.text for letter in pigeon.given] == [
        "You have a place. Your first evening is Tuesday 1 December at 7 pm."
    ]


async def test_a_seat_is_confirmed_without_its_evening_rather_than_not_at_all(db: Database, seal: Seal) -> None:
    pigeon = Pigeon()
    await give_address(db, seal)
    notice = await a_seat(db)
    await Postman(db, Post(mail=[pigeon]), seal).deliver(notice.notice_id, NOW + timedelta(minutes=5))
    assert pigeon.given[0].text.startswith("You have a place.")


async def test_a_page_says_since_when_the_alert_waits(db: Database, seal: Seal) -> None:
    pigeon = Pigeon()
    (page,) = rules.page_notices(overdue("s1"), NOW)
    async with db.begin() as tx:
        await Addresses(tx).keep("s1", "staff", staff_added(seal, "s1").sealed, NOW)
        await Alerts(tx).keep("a1", NOW - timedelta(minutes=3))
        await Outgoing(tx).add(page)
    await Postman(db, Post(mail=[pigeon], public_url="https://h.example"), seal).deliver(page.notice_id, NOW)
    assert [letter.to for letter in pigeon.given] == [DUTY]
    assert "Waiting since 19:39. Say that you have it: https://h.example/got/" in pigeon.given[0].text


async def test_a_notice_nobody_can_send_for_days_is_put_before_the_operator(db: Database, seal: Seal) -> None:
    notice = await a_seat(db)
    postman = Postman(db, Post(mail=[Pigeon()]), seal)
    with pytest.raises(NotYet):
        await postman.deliver(notice.notice_id, NOW + timedelta(days=2))
    with pytest.raises(Rejected):
        await postman.deliver(notice.notice_id, NOW + timedelta(days=3))
    assert await state_of(db, notice) is State.FAILED


async def test_a_failed_notice_that_is_replayed_is_sent(db: Database, seal: Seal) -> None:
    notice = await a_seat(db)
    async with db.begin() as tx:
        await Outgoing(tx).settle(notice.notice_id, State.FAILED, NOW, why="the mail server refuses the mail (550)")
    await give_address(db, seal)
    pigeon = Pigeon()
    await Postman(db, Post(mail=[pigeon]), seal).deliver(notice.notice_id, NOW + timedelta(days=4))
    assert len(pigeon.given) == 1
    assert await state_of(db, notice) is State.SENT


async def test_a_notice_that_is_not_in_the_book_is_rejected(db: Database, seal: Seal) -> None:
    with pytest.raises(Rejected, match="no such notice"):
        await Postman(db, Post(), seal).deliver("n-unknown", NOW)


async def test_the_newest_address_counts_in_whichever_order_they_come(db: Database, seal: Seal) -> None:
    newer, older = NOW, NOW - timedelta(days=1)
    async with db.begin() as tx:
        book = Addresses(tx)
        await book.keep("m1", "member", "newer", newer)
        await book.keep("m1", "member", "older", older)
        assert await book.find("m1") == "newer"
        await book.keep("m1", "member", "newest", NOW + timedelta(days=1))
        assert await book.find("m1") == "newest"


async def test_the_newest_dates_of_a_course_count(db: Database) -> None:
    async with db.begin() as tx:
        book = Calendar(tx)
        await book.keep("c1", [Evening(NOW, 90)], NOW)
        await book.keep("c1", [Evening(NOW - timedelta(days=7), 60)], NOW - timedelta(days=1))
        assert await book.find("c1") == (Evening(NOW, 90),)
        assert await book.find("c2") == ()


async def test_what_was_sent_stays_sent(db: Database, seal: Seal) -> None:
    notice = await a_code(db, seal)
    async with db.begin() as tx:
        await Outgoing(tx).settle(notice.notice_id, State.SENT, NOW, Channel.EMAIL)
        await Outgoing(tx).settle(notice.notice_id, State.FAILED, NOW, why="late")
        await Outgoing(tx).add(replace(notice, state=State.QUEUED))
    assert await state_of(db, notice) is State.SENT


async def test_words_stuck_past_their_time_are_blanked_and_no_others(db: Database, seal: Seal) -> None:
    spent, seat = await a_code(db, seal), await a_seat(db)
    wish = SendCode(member_id="m2", code=CODE, minutes=30)
    fresh = rules.code_notice(wish, "still sealed", NOW)
    async with db.begin() as tx:
        await Outgoing(tx).add(fresh)
        await Outgoing(tx).blank_expired(NOW + timedelta(minutes=10))
    assert (await sealed_in(db, spent), await sealed_in(db, fresh)) == ("", "still sealed")
    assert await state_of(db, spent) is State.EXPIRED
    assert await state_of(db, seat) is State.QUEUED


async def test_every_kind_of_notice_can_be_sent(db: Database, seal: Seal) -> None:
    pigeon = Pigeon()
    await give_address(db, seal)
    notices = [
        Notice(f"n-{kind}", kind, "m1", NOW, about="x", expires_at=NOW + timedelta(minutes=1)) for kind in NoticeKind
    ]
    async with db.begin() as tx:
        await Outgoing(tx).add(*(replace(notice, sealed=seal.close(CODE, notice.notice_id)) for notice in notices))
        await Calendar(tx).keep("x", [Evening(NOW, 90)], NOW)
    for notice in notices:
        await Postman(db, Post(mail=[pigeon]), seal).deliver(notice.notice_id, NOW)
    assert len({letter.text for letter in pigeon.given}) == len(NoticeKind)
