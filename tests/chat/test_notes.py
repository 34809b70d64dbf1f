"""The channel beside the room: adults tell one another, and no young person ever reads it."""

import pytest

from harbour.contracts.chat import NoteKept, SendStaffNote, StaffNoteSent
from harbour.runtime.database import Database
from services.chat.transcript import MemoryTranscript
from tests.chat.copies import Copy, reason

NOTE = SendStaffNote(session_id="s1", staff_id="sam", client_id="k1", text="Could you look after Wren?")


async def test_what_an_adult_tells_the_others_is_kept_and_said_once(chat: Copy) -> None:
    await chat.begin()
    for id in ("a", "b"):
        kept = await chat.asks(NOTE.model_copy(update={"id": id}))
        assert isinstance(kept, NoteKept)
    [sent] = chat.said
    assert isinstance(sent, StaffNoteSent)
    assert (sent.note.name, sent.note.text, sent.note.handover) == ("Sam", "Could you look after Wren?", False)
    assert [one.text for one in (await chat.view("ash")).notes] == ["Could you look after Wren?"]


async def test_no_young_person_reads_what_adults_tell_one_another(chat: Copy) -> None:
    await chat.begin()
    await chat.asks(NOTE)
    for person in ("robin", "wren"):
        assert "look after" not in (await chat.view(person)).model_dump_json()


async def test_a_note_never_takes_the_way_on_which_the_room_is_republished(chat: Copy) -> None:
    """The stream republishes four tokens to every gateway of the room; a note has three."""
    await chat.begin()
    await chat.asks(NOTE)
    assert chat.said[0].subject == "chat.staff-note-sent.s1"


async def test_who_takes_over_after_a_restart_finds_the_handover(database: Database) -> None:
    await (chat := Copy(database, MemoryTranscript())).begin()
    await chat.asks(NOTE.model_copy(update={"handover": True, "text": "We are at the second step."}))
    [found] = (await Copy(database, chat.transcript).view("ash")).notes
    assert (found.handover, found.text) == (True, "We are at the second step.")


@pytest.mark.parametrize("person", ["robin", "stranger"])
async def test_only_adults_of_the_course_tell_one_another(chat: Copy, person: str) -> None:
    await chat.begin()
    assert reason(await chat.asks(NOTE.model_copy(update={"staff_id": person}))) == "not-yours"
    assert chat.said == []
