"""Replies and kind reactions: one for each person and message, free to take back."""

import asyncio

import pytest

from harbour.contracts.chat import (
    EndSession,
    PostMessage,
    Reaction,
    ReactionSet,
    ReleaseMessage,
    SetReaction,
)
from harbour.runtime.database import Database
from services.chat.transcript import MemoryTranscript
from tests.chat.copies import Copy, reason
from tests.chat.people import A_NUMBER

WITH_YOU, ME_TOO = Reaction.WITH_YOU, Reaction.ME_TOO


def react(number: int, person: str = "wren", reaction: Reaction | None = WITH_YOU) -> SetReaction:
    return SetReaction(session_id="s1", person_id=person, number=number, reaction=reaction)


async def test_one_person_has_one_reaction_to_a_message_and_can_take_it_back(chat: Copy) -> None:
    await chat.begin()
    taken = await chat.posts("hello")
    for reaction in (WITH_YOU, ME_TOO, ME_TOO, None, None):
        assert (await chat.asks(react(taken.number, reaction=reaction))).number == taken.number
    said = [event for event in chat.said if isinstance(event, ReactionSet)]
    assert [(event.reaction, event.counts, event.turn) for event in said] == [
        (WITH_YOU, {WITH_YOU: 1}, 1),
        (ME_TOO, {ME_TOO: 1}, 2),
        (None, {}, 3),
    ]
    assert len({event.id for event in said}) == 3


async def test_peers_see_how_many_and_their_own_and_adults_see_who(chat: Copy) -> None:
    await chat.begin()
    taken = await chat.posts("hello")
    await chat.asks(react(taken.number))
    await chat.asks(react(taken.number, "ash", ME_TOO))
    [wren], [robin], [sam] = [(await chat.view(who, after=taken.number)).reactions for who in ("wren", "robin", "sam")]
    assert wren.counts == robin.counts == sam.counts == {WITH_YOU: 1, ME_TOO: 1}
    assert (wren.mine, robin.mine, sam.mine) == (WITH_YOU, None, None)
    assert (wren.who, robin.who, sam.who) == ({}, {}, {"wren": WITH_YOU, "ash": ME_TOO})


async def test_changes_at_the_same_moment_on_two_copies_never_count_the_same(database: Database) -> None:
    transcript = MemoryTranscript()
    copies = [Copy(database, transcript) for _ in range(2)]
    await copies[0].begin()
    taken = await copies[0].posts("hello")
    people = ("wren", "sam", "ash")
    wishes = [react(taken.number, who, kind) for kind in (WITH_YOU, ME_TOO) for who in people]
    await asyncio.gather(*(copies[n % 2].asks(wish) for n, wish in enumerate(wishes)))
    said = [event for copy in copies for event in copy.said if isinstance(event, ReactionSet)]
    assert sorted(event.turn for event in said) == list(range(1, len(said) + 1))
    last = max(said, key=lambda event: event.turn)
    [seen] = (await copies[0].view("sam")).reactions
    assert (seen.turn, seen.counts) == (last.turn, last.counts)
    assert sum(seen.counts.values()) == 3


@pytest.mark.parametrize(
    ("number", "person", "why"),
    [(1, "robin", "own-message"), (2, "wren", "no-such-message"), (9, "wren", "no-such-message"),
     (1, "stranger", "not-yours")],
)  # fmt: skip
async def test_a_reaction_that_cannot_be_is_refused(chat: Copy, number: int, person: str, why: str) -> None:
    await chat.begin()
    await chat.posts("hello")
    await chat.posts(A_NUMBER, client_id="k2")
    assert reason(await chat.asks(react(number, person))) == why
    assert chat.said == []


async def test_after_the_evening_nothing_is_reacted_to(chat: Copy) -> None:
    await chat.begin()
    taken = await chat.posts("hello")
    await chat.asks(EndSession(session_id="s1", staff_id="sam"))
    assert reason(await chat.asks(react(taken.number))) == "not-live"


async def test_a_reply_keeps_the_number_it_answers_held_first_or_not(chat: Copy) -> None:
    await chat.begin()
    first = await chat.posts("hello", "wren")

    def reply(text: str, client_id: str) -> PostMessage:
        return PostMessage(
            session_id="s1", person_id="robin", client_id=client_id, text=text, in_reply_to=first.number
        )  # fmt: skip

    await chat.asks(reply("hello back", "k2"))
    held = await chat.asks(reply(A_NUMBER, "k3"))
    await chat.asks(ReleaseMessage(session_id="s1", held_id=held.message_id, staff_id="sam"))
    assert [one.in_reply_to for one in (await chat.view("wren")).messages] == [0, first.number, first.number]
