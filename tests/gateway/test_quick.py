"""What is read and written quickly is, byte for byte, what the contracts make of it."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from harbour.contracts.chat import MessagePosted, Speaker
from harbour.contracts.messages import Unreadable, read_event
from services.gateway import frames, quick
from services.gateway.wire import text_frame

WORDS = some.text(some.characters(exclude_categories=["Cs"]), min_size=1, max_size=80)
FIELDS: dict[str, Any] = {
    "session_id": "s1",
    "member_id": "m-1",
    "speaker": Speaker.MEMBER,
    "nickname": "Juniper",
    "badge": "leaf-teal",
    "text": "hello",
    "client_id": "c-1",
    "in_reply_to": 40,
    "held_id": "h-1",
    "released_by": "sam",
}


def both(event: MessagePosted, number: int = 41) -> tuple[bytes, bytes]:
    """The frame of an event that came over the bus: by the contracts, and quickly."""
    headers, body = event.headers("chat"), event.body()
    arrived = read_event(headers, body)
    assert isinstance(arrived, MessagePosted)
    by_contract = text_frame(frames.message(arrived, number).wire())
    return by_contract, quick.posted(headers, body, number)[1]


def test_every_field_of_the_contract_is_tried_here() -> None:
    assert FIELDS.keys() == MessagePosted.model_fields.keys() - {"id", "at"}


@given(text=WORDS, nickname=WORDS, at=some.datetimes(min_value=datetime(2000, 1, 1), timezones=some.just(UTC)))
def test_a_posted_message_is_shown_in_the_bytes_of_its_contract(text: str, nickname: str, at: datetime) -> None:
    by_contract, quickly = both(MessagePosted(**{**FIELDS, "text": text, "nickname": nickname, "at": at}))
    assert quickly == by_contract


@pytest.mark.parametrize("field", ["badge", "in_reply_to", "held_id", "released_by"])
def test_what_an_older_copy_does_not_say_is_shown_as_the_contract_shows_it(field: str) -> None:
    by_contract, quickly = both(MessagePosted(**{name: value for name, value in FIELDS.items() if name != field}))
    assert quickly == by_contract


def test_what_the_room_goes_by_is_read_as_the_contract_reads_it() -> None:
    event = MessagePosted(**FIELDS)
    found, _ = quick.posted(event.headers("chat"), event.body(), 41)
    assert (found.held_id, found.member_id) == (event.held_id, event.member_id)


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"ce-id": ""}, None),
        ({"ce-type": "chat.message-held"}, None),
        ({"ce-time": datetime(2026, 3, 3, tzinfo=timezone(timedelta(hours=1))).isoformat()}, None),
        ({}, b"no JSON marked-sentence"),
        ({}, b'{"text": "marked-sentence"}'),
        ({}, b"[]"),
    ],
)
def test_what_is_no_posted_message_is_told_without_a_word_of_it(headers: dict[str, str], body: bytes | None) -> None:
    event = MessagePosted(**{**FIELDS, "text": "marked-sentence"})
    with pytest.raises(Unreadable) as told:
        quick.posted({**event.headers("chat"), **headers}, event.body() if body is None else body, 41)
    assert "marked-sentence" not in str(told.value)
    assert told.value.__cause__ is None
