"""What the contracts promise of every message."""

import re
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harbour.contracts import chat, enrolment, notify, safeguard
from harbour.contracts.messages import EVENTS, WISHES, Unreadable, new_id, read_as, read_event

OWNERS = {module.__name__.rsplit(".", 1)[1] for module in (chat, enrolment, notify, safeguard)}
MARK = "a sentence nobody may quote"
TOKEN = re.compile(r"^([a-z0-9-]+|\*)$")


def test_every_subject_is_well_formed() -> None:
    subjects = [kind.pattern() for kind in EVENTS.values()] + [kind.subject() for kind in WISHES.values()]
    assert subjects
    assert not [subject for subject in subjects if not all(TOKEN.match(token) for token in subject.split("."))]


def test_every_message_has_an_owner_we_know() -> None:
    assert {kind.owner() for kind in EVENTS.values()} | {kind.owner() for kind in WISHES.values()} <= OWNERS | {
        "gateway"
    }


@pytest.mark.parametrize("fact", sorted(EVENTS))
@given(rest=st.text())
def test_promise_11_an_unreadable_event_is_never_quoted(fact: str, rest: str) -> None:
    headers = {"ce-type": fact, "ce-id": "1", "ce-time": "2026-01-01T00:00:00+00:00"}
    with pytest.raises(Unreadable) as caught:
        read_event(headers, f"{MARK} {rest}".encode(errors="replace"))
    assert MARK not in str(caught.value)


@pytest.mark.parametrize("name", sorted(WISHES))
def test_promise_11_an_unreadable_wish_is_never_quoted(name: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_as(WISHES[name], f'["{MARK}"]'.encode())
    assert MARK not in str(caught.value)


def test_fresh_ids_are_random_uuids_and_never_the_same() -> None:
    found = [new_id() for _ in range(2000)]
    assert len(set(found)) == len(found)
    assert all(str(UUID(one)) == one and UUID(one).version == 4 for one in found)
