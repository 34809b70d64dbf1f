"""Calls for help and quiet reports at the socket: who hears, and who does not."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from harbour.contracts.chat import AnswerHelp, AskForHelp, RoomState
from tests.gateway.quay import HERON, JUNIPER, SAM, WREN, Quay, Screen, quay


@pytest.fixture
async def harbourside(tmp_path: Path, redis: Redis) -> AsyncIterator[Quay]:
    """The gateway on a port, with a real bus behind it."""
    async with quay(tmp_path, redis) as here:
        yield here


async def all_has_passed(here: Quay, *screens: Screen) -> None:
    """Wait until these screens have had whatever was on its way to them."""
    await here.house.post(HERON, "a sign that all has passed")
    for screen in screens:
        await screen.reads("a sign that all has passed")


async def test_a_call_for_help_is_on_the_console_at_once_and_on_no_peers_screen(harbourside: Quay) -> None:
    juniper, wren, sam = [await harbourside.comes_in(who) for who in (JUNIPER, WREN, SAM)]
    await juniper.send(type="ask-help")
    call = await sam.sees("help", nickname="Juniper", answered_by="")
    assert (await juniper.sees("help"))["help_id"] == call["help_id"]
    await sam.send(type="be-with", help_id=call["help_id"])
    for screen in (juniper, sam):
        await screen.sees("help", help_id=call["help_id"], answered_by="Sam")
    again, later = await harbourside.comes_in(WREN), await harbourside.comes_in(SAM)
    await later.sees("help", nickname="Juniper", answered_by="Sam")
    await all_has_passed(harbourside, wren, again)
    for screen in (wren, again):
        assert not screen.of("help")
        assert call["help_id"] not in "".join(screen.raw)


async def test_a_call_is_taken_in_whatever_state_the_evening_is(harbourside: Quay) -> None:
    harbourside.house.state = RoomState.ENDED
    juniper = await harbourside.comes_in(JUNIPER)
    await juniper.send(type="ask-help")
    await juniper.sees("help")
    assert [wish.person_id for wish in harbourside.house.asked if isinstance(wish, AskForHelp)] == ["juniper"]


async def test_a_young_person_comes_to_nobody(harbourside: Quay) -> None:
    juniper = await harbourside.comes_in(JUNIPER)
    await juniper.send(type="be-with", help_id="help-0")
    await juniper.sees("refused", reason="not-allowed")
    assert not [wish for wish in harbourside.house.asked if isinstance(wish, AnswerHelp)]


async def test_a_quiet_report_is_heard_by_adults_and_thanked_for_and_by_nobody_else(harbourside: Quay) -> None:
    juniper, wren, heron, sam = [await harbourside.comes_in(who) for who in (JUNIPER, WREN, HERON, SAM)]
    number = (await harbourside.house.post(JUNIPER, "words")).number
    await wren.send(type="report", number=number, about="unkind")
    await wren.sees("thanked", number=number)
    reported = await sam.sees("reported", number=number)
    assert (reported["nickname"], reported["author"], reported["about"]) == ("Wren", "Juniper", "unkind")
    again = await harbourside.comes_in(JUNIPER)
    await (await harbourside.comes_in(SAM)).sees("reported", number=number)
    await all_has_passed(harbourside, juniper, again, heron, wren)
    for screen in (juniper, again, heron, wren):
        assert not screen.of("reported")
        assert "unkind" not in "".join(screen.raw)
    assert not juniper.of("thanked")


async def test_a_report_about_an_adult_is_not_on_the_console(harbourside: Quay) -> None:
    wren, sam = [await harbourside.comes_in(who) for who in (WREN, SAM)]
    number = (await harbourside.house.post(SAM, "words")).number
    await wren.send(type="report", number=number)
    await wren.sees("thanked", number=number)
    await all_has_passed(harbourside, sam)
    assert not sam.of("reported")
