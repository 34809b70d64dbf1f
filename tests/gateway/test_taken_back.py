"""What browsers say was on their screens reaches chat in batches; what an adult takes back goes from all of them."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis

from harbour.contracts.chat import ExposureFound, RecordShown, WithdrawMessage
from harbour.runtime.straight import Heard
from services.gateway.exposure import merged
from services.gateway.rooms import Room
from tests.gateway.quay import HERON, JUNIPER, SAM, SESSION, WREN, Quay, quay, until


@pytest.fixture
async def harbourside(tmp_path: Path, redis: Redis) -> AsyncIterator[Quay]:
    """The gateway on a port, with a real bus behind it."""
    async with quay(tmp_path, redis) as here:
        yield here


def told(here: Quay) -> list[tuple[str, int, int]]:
    """What chat was told of who saw what."""
    return [(run.person_id, run.first, run.upto) for run in here.house.shown]


# ── what was seen ─────────────────────────────────────────────────────────────────────────────────────────────


async def test_what_all_sockets_saw_is_told_to_chat_in_one_wish(harbourside: Quay) -> None:
    numbers = [(await harbourside.house.post(HERON, f"words {n}")).number for n in range(4)]
    juniper, wren = [await harbourside.comes_in(who) for who in (JUNIPER, WREN)]
    await juniper.send(type="seen", first=numbers[0], upto=numbers[2])
    await juniper.send(type="seen", first=numbers[2], upto=numbers[3])
    await wren.send(type="seen", upto=numbers[3])
    for screen in (juniper, wren):
        await screen.send(type="ping")
        await screen.sees("pong")
    await harbourside.hub.exposure.tell()
    assert len([wish for wish in harbourside.house.asked if isinstance(wish, RecordShown)]) == 1
    assert sorted(told(harbourside)) == [("juniper", numbers[0], numbers[3]), ("wren", numbers[3], numbers[3])]


async def test_what_was_seen_is_told_by_itself_within_a_few_seconds(harbourside: Quay) -> None:
    number = (await harbourside.house.post(HERON, "words")).number
    juniper = await harbourside.comes_in(JUNIPER)
    await juniper.send(type="seen", upto=number)
    await until(lambda: told(harbourside) == [("juniper", number, number)])


async def test_a_screen_cannot_have_had_what_it_was_not_given(harbourside: Quay) -> None:
    number = (await harbourside.house.post(HERON, "words")).number
    juniper, sam = [await harbourside.comes_in(who) for who in (JUNIPER, SAM)]
    await juniper.send(type="seen", first=number, upto=number + 1)
    await juniper.send(type="seen", first=number + 1, upto=number)
    await sam.send(type="seen", upto=number)  # an adult's screen is nobody's exposure
    for screen in (juniper, sam):
        await screen.send(type="ping")
        await screen.sees("pong")
    await harbourside.hub.exposure.tell()
    assert told(harbourside) == []


async def test_while_chat_does_not_answer_what_was_seen_is_kept(harbourside: Quay) -> None:
    number = (await harbourside.house.post(HERON, "words")).number
    juniper = await harbourside.comes_in(JUNIPER)
    await juniper.send(type="seen", upto=number)
    await juniper.send(type="ping")
    await juniper.sees("pong")
    harbourside.house.silent = True
    await harbourside.hub.exposure.tell()
    harbourside.house.silent = False
    await harbourside.hub.exposure.tell()
    await harbourside.hub.exposure.tell()
    assert told(harbourside) == [("juniper", number, number)]


@given(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 8)), max_size=30))
def test_merging_runs_keeps_every_number_and_adds_none(spans: list[tuple[int, int]]) -> None:
    runs = [(first, first + more) for first, more in spans]
    together = merged(runs)
    numbers = {n for first, upto in together for n in range(first, upto + 1)}
    assert numbers == {n for first, upto in runs for n in range(first, upto + 1)}
    assert all(before[1] < after[0] for before, after in itertools.pairwise(together))


# ── taking back ───────────────────────────────────────────────────────────────────────────────────────────────


async def test_what_an_adult_takes_back_goes_from_every_screen_and_adults_learn_who_had_it(harbourside: Quay) -> None:
    juniper, wren, sam = [await harbourside.comes_in(who) for who in (JUNIPER, WREN, SAM)]
    number = (await harbourside.house.post(HERON, "not for here")).number
    await wren.sees("message", number=number)
    await wren.send(type="seen", upto=number)
    await wren.send(type="ping")
    await wren.sees("pong")
    await harbourside.hub.exposure.tell()
    await sam.send(type="withdraw", number=number)
    for screen in (juniper, wren, sam):
        assert (await screen.sees("withdrawn"))["name"] == "Sam"
    shown = await sam.sees("shown", number=number)
    assert (shown["nickname"], shown["people"]) == ("Heron", ["wren"])
    assert not juniper.of("shown") + wren.of("shown")
    event = ExposureFound(session_id=SESSION, member_id="juniper", message_id="e", number=number)
    await harbourside.house.say(event)
    await sam.sees("shown", people=["juniper"])
    assert "juniper" not in "".join(text for text in wren.raw if '"shown"' in text)


async def test_somebody_who_comes_later_never_gets_the_words(harbourside: Quay) -> None:
    sam = await harbourside.comes_in(SAM)
    number = (await harbourside.house.post(HERON, "not for here")).number
    await sam.send(type="withdraw", number=number)
    await sam.sees("withdrawn", number=number)
    wren = await harbourside.comes_in(WREN)
    [place] = wren.of("messages")[0]["list"]
    assert (place["number"], place["text"], place["withdrawn_by"]) == (number, "", "Sam")
    assert "not for here" not in "".join(wren.raw)
    later = await harbourside.comes_in(SAM)
    assert (await later.sees("shown", number=number))["nickname"] == "Heron"


async def test_somebody_who_was_away_when_it_was_taken_back_is_told_on_coming_back(harbourside: Quay) -> None:
    sam = await harbourside.comes_in(SAM)
    number = (await harbourside.house.post(HERON, "not for here")).number
    await harbourside.house.post(HERON, "something else")
    await sam.send(type="withdraw", number=number)
    await sam.sees("withdrawn", number=number)
    wren = await harbourside.comes_in(WREN, after=number)
    assert (await wren.sees("withdrawn", number=number))["name"] == "Sam"
    assert len(wren.of("withdrawn")) == 1


async def test_an_old_reading_does_not_bring_the_words_back(harbourside: Quay, monkeypatch: pytest.MonkeyPatch) -> None:
    """The withdrawal is heard while a page is being read that does not know of it yet."""
    sam = await harbourside.comes_in(SAM)
    number = (await harbourside.house.post(HERON, "not for here")).number
    old = list(harbourside.house.messages)
    await sam.send(type="withdraw", number=number)
    await sam.sees("withdrawn", number=number)
    new, harbourside.house.messages = harbourside.house.messages, old
    gone, harbourside.house.withdrawn = harbourside.house.withdrawn, []
    reads = Room._read

    async def slowly(self: Room, seat, after: int):  # type: ignore[no-untyped-def]
        view = await reads(self, seat, after) if seat.greeted else None
        if view is None:
            seat.taken_back[number] = "Sam"  # heard while this reading was under way
            view = await reads(self, seat, after)
        harbourside.house.messages, harbourside.house.withdrawn = new, gone
        return view

    monkeypatch.setattr(Room, "_read", slowly)
    wren = await harbourside.comes_in(WREN)
    assert "not for here" not in "".join(wren.raw)


async def test_a_withdrawal_that_was_missed_is_healed_for_everybody_by_the_beat(
    tmp_path: Path, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    hear = Room.hear

    def hear_most(self: Room, msg: Heard) -> None:
        if "withdrawn" not in msg.subject:
            hear(self, msg)

    monkeypatch.setattr(Room, "hear", hear_most)
    async with quay(tmp_path, redis, beat_seconds=0.2) as here:
        screens = [await here.comes_in(who) for who in (JUNIPER, WREN, SAM)]
        number = (await here.house.post(HERON, "not for here")).number
        await here.house(WithdrawMessage(session_id=SESSION, number=number, staff_id="sam"))
        for screen in screens:
            await screen.sees("withdrawn", number=number)
        await asyncio.sleep(0.5)
        assert all(len(screen.of("withdrawn")) == 1 for screen in screens)
        assert len(screens[2].of("shown")) == 1


async def test_a_young_person_takes_nothing_back(harbourside: Quay) -> None:
    number = (await harbourside.house.post(HERON, "words")).number
    juniper = await harbourside.comes_in(JUNIPER)
    await juniper.send(type="withdraw", number=number)
    await juniper.sees("refused", reason="not-allowed", number=number)
    assert not [wish for wish in harbourside.house.asked if isinstance(wish, WithdrawMessage)]
