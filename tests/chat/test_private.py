"""A private word: between one young person and the adults, whatever state the evening is in."""

import pytest

from harbour.contracts.chat import EndSession, PrivateWordSent, PrivateWordTaken, SendPrivateWord
from harbour.runtime.database import Database
from services.chat.transcript import Transcript, read_all
from tests.chat.copies import Copy, reason


def whisper(text: str = "can I ask you something", person: str = "robin", to: str = "", client_id: str = "w1"):  # type: ignore[no-untyped-def]
    return SendPrivateWord(session_id="s1", person_id=person, member_id=to, client_id=client_id, text=text)


async def test_a_private_word_is_read_by_its_young_person_and_the_adults_and_by_nobody_else(
    database: Database, transcript: Transcript
) -> None:
    chat = Copy(database, transcript)
    await chat.begin()
    for _ in range(2):
        assert isinstance(await chat.asks(whisper()), PrivateWordTaken)
    await chat.asks(whisper("of course", "sam", "robin", "w2"))
    for person in ("robin", "sam", "ash"):
        words = (await chat.view(person)).private
        assert [(one.author_id, one.by_adult, one.text) for one in words] == [
            ("robin", False, "can I ask you something"), ("sam", True, "of course"),
        ]  # fmt: skip
    view = await chat.view("wren")
    assert (view.private, view.messages) == ((), ())
    assert "something" not in view.model_dump_json()
    assert len(await read_all(transcript, "s1", (PrivateWordSent,))) == 2


@pytest.mark.parametrize("state", ["scheduled", "doors", "ended"])
async def test_a_private_word_is_taken_whatever_state_the_evening_is_in(chat: Copy, state: str) -> None:
    await chat.begin("live" if state == "ended" else state)
    if state == "ended":
        await chat.asks(EndSession(session_id="s1", staff_id="sam"))
    await chat.asks(whisper())
    assert len((await chat.view("sam")).private) == 1


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        (whisper(person="stranger"), "not-yours"),
        (whisper(to="wren"), "not-yours"),
        (whisper(person="sam", to="ash"), "no-such-person"),
        (whisper(person="sam"), "no-such-person"),
        (whisper(" \n"), "empty"),
        (whisper("x" * 2001), "too-long"),
    ],
)
async def test_a_private_word_that_cannot_be_is_refused(chat: Copy, wish: SendPrivateWord, why: str) -> None:
    await chat.begin()
    assert reason(await chat.asks(wish)) == why
    assert (await chat.view("sam")).private == ()
