"""How words leave the house: a real mail server, a real text service, real files."""

import logging
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiosmtplib
import pytest

from harbour.contracts.notify import Channel
from services.notify.channels import (
    Letter,
    Mailbox,
    NotNow,
    Post,
    SmtpServer,
    TextService,
    Undeliverable,
    as_mail,
    trouble_of,
)
from tests.notify.certificate import contexts
from tests.notify.town import PASSWORD, a_free_port, a_mail_server, a_silent_server, a_text_server, whole_story

SENDER = "Harbour <hello@example.org>"
NOW = datetime(2026, 11, 23, 19, 42, 10, 250_000, tzinfo=UTC)
ADDRESS = "robin.marked@example.org"
NUMBER = "+447700900123"
TEXT = "Your Harbour code is 493817."


def a_letter(notice_id: str = "n1", channel: Channel = Channel.EMAIL, at: datetime = NOW) -> Letter:
    to = ADDRESS if channel is Channel.EMAIL else NUMBER
    return Letter(notice_id, channel, at, "Your code", to=to, text=TEXT)


def smtp(port: int, more: str = "", login: str = "") -> SmtpServer:
    return SmtpServer.from_url(f"smtp://{login}127.0.0.1:{port}{more}", SENDER, timeout=5)


async def test_a_mail_arrives_plain_with_a_neutral_sender_and_the_id_of_its_notice() -> None:
    with a_mail_server() as server:
        await smtp(server.port).send(a_letter())
    (mail,) = server.taken
    assert server.recipients == [ADDRESS]
    assert mail["From"] == SENDER
    assert mail["Subject"] == "Your code"
    assert mail["Message-ID"] == "<n1@example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content().strip() == TEXT


async def test_a_second_copy_of_a_mail_can_be_recognised() -> None:
    with a_mail_server() as server:
        for _ in range(2):
            await smtp(server.port).send(a_letter())
    assert server.taken[0]["Message-ID"] == server.taken[1]["Message-ID"]


async def test_mail_goes_encrypted_and_with_our_password_where_the_server_wants_it(tmp_path: Path) -> None:
    theirs, ours = contexts(tmp_path)
    with a_mail_server(tls=theirs) as server:
        way = smtp(server.port, "?tls=starttls", f"harbour:{PASSWORD}@")
        await replace(way, context=ours).send(a_letter())
    assert server.logins == ["harbour"]
    assert len(server.taken) == 1


async def test_a_wrong_password_holds_mail_back_and_loses_none(tmp_path: Path) -> None:
    theirs, ours = contexts(tmp_path)
    with a_mail_server(tls=theirs) as server, pytest.raises(NotNow):
        await replace(smtp(server.port, login="harbour:wrong@"), context=ours).send(a_letter())
    assert server.logins == ["harbour"]
    assert server.taken == []


async def test_a_mail_server_nobody_vouches_for_gets_neither_mail_nor_password(tmp_path: Path) -> None:
    theirs, _ = contexts(tmp_path)
    with a_mail_server(tls=theirs) as server, pytest.raises(NotNow):
        await smtp(server.port, "?tls=starttls", f"harbour:{PASSWORD}@").send(a_letter())
    assert server.logins == []
    assert server.taken == []


async def test_a_mail_server_that_is_down_means_not_now() -> None:
    with pytest.raises(NotNow) as caught:
        await smtp(a_free_port()).send(a_letter())
    assert ADDRESS not in whole_story(caught.value)


async def test_a_mail_server_that_never_speaks_means_not_now() -> None:
    with a_silent_server() as port, pytest.raises(NotNow):
        await SmtpServer.from_url(f"smtp://127.0.0.1:{port}", SENDER, timeout=0.2).send(a_letter())


async def test_a_mail_server_that_cannot_encrypt_gets_nothing_where_encryption_is_asked_for() -> None:
    with a_mail_server() as server, pytest.raises(NotNow):
        await smtp(server.port, "?tls=starttls").send(a_letter())
    assert server.taken == []


@pytest.mark.parametrize("what", ["refuse_recipient", "refuse_mail"])
@pytest.mark.parametrize(("code", "trouble"), [(450, NotNow), (550, Undeliverable)])
async def test_a_refusal_is_for_now_or_for_good_by_its_code_and_never_quotes_the_address(
    what: str, code: int, trouble: type[Exception]
) -> None:
    with a_mail_server() as server:
        setattr(server, what, f"{code} <{ADDRESS}> is not wanted")
        with pytest.raises(trouble) as caught:
            await smtp(server.port).send(a_letter())
    assert str(code) in str(caught.value)
    assert ADDRESS not in whole_story(caught.value)


def test_a_connection_lost_on_the_way_means_not_now() -> None:
    assert isinstance(trouble_of(aiosmtplib.SMTPServerDisconnected(ADDRESS)), NotNow)
    assert isinstance(trouble_of(TimeoutError()), NotNow)


@pytest.mark.parametrize(
    ("url", "port", "tls"),
    [
        ("smtp://mail.example.org", 25, "auto"),
        ("smtp://mail.example.org?tls=starttls", 587, "starttls"),
        ("smtps://mail.example.org", 465, "implicit"),
        ("smtp://mail.example.org:2525?tls=none", 2525, "none"),
    ],
)
def test_a_mail_server_is_read_from_its_address(url: str, port: int, tls: str) -> None:
    server = SmtpServer.from_url(url, SENDER)
    assert (server.host, server.port, server.tls) == ("mail.example.org", port, tls)


def test_a_password_may_hold_any_sign_and_is_never_shown() -> None:
    server = SmtpServer.from_url("smtp://us%40er:p%2Fss%40@mail.example.org", SENDER)
    assert (server.username, server.password) == ("us@er", "p/ss@")
    assert "p/ss@" not in repr(server)


@pytest.mark.parametrize("url", ["http://user:secret@mail", "smtp://", "smtp://user:secret@mail?tls=maybe"])
def test_an_address_that_is_no_mail_server_is_refused_without_quoting_it(url: str) -> None:
    with pytest.raises(ValueError) as caught:
        SmtpServer.from_url(url, SENDER)
    assert "secret" not in str(caught.value)


async def test_a_text_reaches_the_number_it_is_for() -> None:
    with a_text_server() as server:
        await TextService(f"json://127.0.0.1:{server.port}/to/{{to}}/").send(a_letter(channel=Channel.SMS))
    ((path, text),) = server.taken
    assert NUMBER in path
    assert text == TEXT


async def test_promise_11_a_text_service_that_refuses_means_not_now_and_logs_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    with a_text_server() as server:
        server.status = 500
        with pytest.raises(NotNow) as caught:
            await TextService(f"json://127.0.0.1:{server.port}/to/{{to}}/").send(a_letter(channel=Channel.SMS))
    assert len(server.taken) == 1
    for secret in (NUMBER, TEXT):
        assert secret not in caplog.text
        assert secret not in whole_story(caught.value)


def test_a_text_service_needs_a_place_for_the_number() -> None:
    with pytest.raises(ValueError, match=r"\{to\}"):
        TextService("json://127.0.0.1/")


def test_a_text_service_that_nobody_knows_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="Apprise"):
        TextService("nosuchservice://key@{to}")


async def test_the_mailbox_shows_mail_and_texts_newest_first(tmp_path: Path) -> None:
    mailbox = Mailbox(tmp_path / "mailbox", SENDER)
    await mailbox.send(a_letter("older", at=NOW - timedelta(seconds=1)))
    await mailbox.send(a_letter("text", Channel.SMS))
    newest, older = await mailbox.read()
    assert (newest.item_id, newest.channel, newest.to, newest.text) == ("text", Channel.SMS, NUMBER, TEXT)
    assert (older.item_id, older.channel, older.to, older.subject) == ("older", Channel.EMAIL, ADDRESS, "Your code")
    assert newest.at == NOW
    assert newest.sender == SENDER
    assert sorted(path.name for path in (tmp_path / "mailbox").iterdir()) == ["older.eml", "text.txt"]


async def test_a_second_copy_in_the_mailbox_takes_the_place_of_the_first(tmp_path: Path) -> None:
    mailbox = Mailbox(tmp_path, SENDER)
    await mailbox.send(a_letter())
    await mailbox.send(a_letter(at=NOW + timedelta(seconds=3)))
    assert len(await mailbox.read()) == 1


async def test_the_mailbox_shows_as_many_as_asked_for_and_they_are_the_newest(tmp_path: Path) -> None:
    mailbox = Mailbox(tmp_path, SENDER)
    for number in range(205):
        await mailbox.send(a_letter(f"n{number}", at=NOW + timedelta(seconds=number)))
    items = await mailbox.read()
    assert [item.item_id for item in items] == [f"n{number}" for number in range(204, 4, -1)]


async def test_only_the_owner_of_the_mailbox_may_read_its_files(tmp_path: Path) -> None:
    await Mailbox(tmp_path / "mailbox", SENDER).send(a_letter())
    (file,) = (tmp_path / "mailbox").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


async def test_a_mailbox_nothing_was_sent_to_is_empty(tmp_path: Path) -> None:
    assert await Mailbox(tmp_path / "none", SENDER).read() == ()


async def test_mail_goes_to_the_mail_server_and_the_mailbox_where_both_are_set(tmp_path: Path) -> None:
    mailbox = Mailbox(tmp_path, SENDER)
    with a_mail_server() as server:
        await Post(mail=[smtp(server.port), mailbox], texts=[mailbox], mailbox=mailbox).send(a_letter())
    assert len(server.taken) == 1
    assert len(await mailbox.read()) == 1


async def test_only_what_was_really_sent_is_in_the_mailbox(tmp_path: Path) -> None:
    mailbox = Mailbox(tmp_path, SENDER)
    with pytest.raises(NotNow):
        await Post(mail=[smtp(a_free_port()), mailbox], mailbox=mailbox).send(a_letter())
    assert await mailbox.read() == ()


def test_the_channels_are_those_that_have_a_way() -> None:
    way = SmtpServer("mail.example.org", 25, SENDER)
    assert Post().channels == ()
    assert Post(mail=[way]).channels == (Channel.EMAIL,)
    assert Post(mail=[way], texts=[way]).channels == (Channel.EMAIL, Channel.SMS)


def test_a_letter_never_shows_its_address_or_its_words() -> None:
    shown = repr(a_letter())
    assert ADDRESS not in shown
    assert TEXT not in shown


def test_a_line_break_cannot_be_smuggled_into_a_header() -> None:
    letter = Letter("n1", Channel.EMAIL, NOW, "Your code", to="a@b.org\nBcc: c@d.org", text=TEXT)
    with pytest.raises(ValueError):
        as_mail(letter, SENDER)
