"""Replies and reactions at the socket: who sees what of them, and that an older one changes nothing."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from harbour.contracts.chat import Reaction, ReactionSet
from tests.gateway.quay import HERON, JUNIPER, SAM, SESSION, WREN, Quay, quay


@pytest.fixture
async def harbourside(tmp_path: Path, redis: Redis) -> AsyncIterator[Quay]:
    """The gateway on a port, with a real bus behind it."""
    async with quay(tmp_path, redis) as here:
        yield here


async def test_everybody_sees_how_many_and_only_adults_see_who(harbourside: Quay) -> None:
    juniper, wren, sam = [await harbourside.comes_in(who) for who in (JUNIPER, WREN, SAM)]
    number = (await harbourside.house.post(HERON, "words")).number
    await wren.send(type="react", number=number, reaction="with-you")
    own = await wren.sees("reactions", number=number)
    assert (own["counts"], own["mine"], own["who"]) == ({"with-you": 1}, "with-you", {})
    peer = await juniper.sees("reactions", number=number)
    assert (peer["counts"], peer["mine"], peer["who"]) == ({"with-you": 1}, None, {})
    adult = await sam.sees("reactions", number=number)
    assert (adult["mine"], adult["who"]) == (None, {"wren": "with-you"})
    await wren.send(type="react", number=number, reaction=None)
    assert (await wren.sees("reactions", turn=2))["mine"] == ""
    assert (await sam.sees("reactions", turn=2))["who"] == {"wren": ""}
    for screen in (await harbourside.comes_in(JUNIPER), juniper):
        await screen.sees("reactions", turn=2, counts={})
        assert '"wren"' not in "".join(text for text in screen.raw if '"reactions"' in text)


async def test_somebody_who_comes_later_sees_how_it_stands_and_an_older_change_does_nothing(harbourside: Quay) -> None:
    number = (await harbourside.house.post(HERON, "words")).number
    wren = await harbourside.comes_in(WREN)
    for reaction in ("strong", "gentle"):
        await wren.send(type="react", number=number, reaction=reaction)
    await wren.sees("reactions", turn=2)
    later = await harbourside.comes_in(WREN, after=number)
    assert (await later.sees("reactions"))["mine"] == "gentle"
    old = ReactionSet(
        session_id=SESSION, member_id="wren", number=number, reaction=Reaction.STRONG,
        counts={Reaction.STRONG: 1}, turn=1,
    )  # fmt: skip
    await harbourside.house.say(old)
    await harbourside.house.post(HERON, "a sign that all has passed")
    await later.reads("a sign that all has passed")
    assert [frame["turn"] for frame in later.of("reactions")] == [2]


async def test_a_reply_names_the_message_it_answers(harbourside: Quay) -> None:
    juniper = await harbourside.comes_in(JUNIPER)
    number = (await harbourside.house.post(HERON, "words")).number
    await juniper.send(type="say", client_id="c-1", text="me too", in_reply_to=number)
    assert (await juniper.sees("message", text="me too"))["in_reply_to"] == number
    later = await harbourside.comes_in(WREN)
    assert later.of("messages")[0]["list"][1]["in_reply_to"] == number


async def test_an_unknown_reaction_is_no_frame_of_ours(harbourside: Quay) -> None:
    juniper = await harbourside.comes_in(JUNIPER)
    await juniper.send(type="react", number=1, reaction="thumbs-down")
    assert await juniper.closes() == 4400
