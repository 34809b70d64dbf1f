"""Who was shown what: a withdrawal yields exactly the young people to check in with."""

import asyncio
import random

import pytest
from sqlalchemy import func, select

from harbour.contracts.chat import (
    ExposureFound,
    MessageWithdrawn,
    RecordShown,
    ShownRun,
    WithdrawMessage,
    Withdrawn,
)
from harbour.contracts.enrolment import Enrolled
from harbour.runtime.database import Database
from services.chat.store import Exposures, shown
from services.chat.transcript import Transcript
from tests.chat.copies import Copy, reason
from tests.chat.people import A_NUMBER


def run(person: str, first: int, upto: int = 0, session: str = "s1") -> ShownRun:
    return ShownRun(session_id=session, person_id=person, first=first, upto=upto or first)


def seen(*runs: ShownRun) -> RecordShown:
    return RecordShown(runs=runs)


def withdraw(number: int, staff: str = "sam", session: str = "s1") -> WithdrawMessage:
    return WithdrawMessage(session_id=session, number=number, staff_id=staff)


async def rows(chat: Copy) -> int:
    async with chat.database.reading() as tx:
        return int((await tx.execute(select(func.count()).select_from(shown))).scalar_one())


# ── the record ────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_long_evening_is_one_row_for_each_person_and_not_one_for_each_message(chat: Copy) -> None:
    await chat.begin()
    for number in range(1, 200):
        await chat.asks(seen(run("wren", max(1, number - 1), number), run("robin", max(1, number - 1), number)))
    assert await rows(chat) == 2
    async with chat.database.reading() as tx:
        assert await Exposures(tx).seen_by("s1", 57) == {"wren", "robin"}
        assert await Exposures(tx).seen_by("s1", 200) == set()


async def test_what_lies_between_two_runs_was_not_seen(chat: Copy) -> None:
    await chat.begin()
    await chat.asks(seen(run("wren", 2, 4), run("wren", 8, 9)))
    async with chat.database.reading() as tx:
        exposures = Exposures(tx)
        assert [n for n in range(1, 12) if await exposures.seen_by("s1", n)] == [2, 3, 4, 8, 9]


async def test_runs_in_any_order_again_and_through_two_copies_at_once_lose_and_invent_nothing(
    database: Database, transcript: Transcript
) -> None:
    copies = [Copy(database, transcript) for _ in range(2)]
    await copies[0].begin()
    dice = random.Random(7)
    runs = [run("wren", first, first + dice.randrange(6)) for first in dice.sample(range(1, 90), 30)]
    told = [*runs, *runs[:10]]
    dice.shuffle(told)
    await asyncio.gather(*(copies[n % 2].asks(seen(*told[n : n + 4])) for n in range(0, len(told), 4)))
    wanted = {number for one in runs for number in range(one.first, one.upto + 1)}
    async with database.reading() as tx:
        exposures = Exposures(tx)
        assert {number for number in range(1, 100) if await exposures.seen_by("s1", number)} == wanted


# ── taking back ───────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_withdrawal_yields_exactly_those_whose_screens_had_it(chat: Copy) -> None:
    await chat.begin()
    for name in ("heron", "linden"):
        await chat.asks(Enrolled(course_id="c1", member_id=name, nickname=name.title(), badge=""))
    before, taken, after = [await chat.posts(words, client_id=words) for words in ("one", "two", "three")]
    await chat.asks(
        seen(
            run("robin", before.number, after.number),  # wrote it
            run("wren", before.number, taken.number),
            run("heron", before.number),
            run("linden", after.number),
            run("sam", before.number, after.number),  # an adult
            run("heron", taken.number, session="s2"),  # another evening
        )
    )
    answer = await chat.asks(withdraw(taken.number))
    assert isinstance(answer, Withdrawn)
    assert answer.shown_to == ("wren",)
    [said] = chat.said
    assert isinstance(said, MessageWithdrawn)
    assert (said.member_id, said.message_id, said.number) == ("robin", taken.message_id, taken.number)
    assert (said.name, said.nickname, said.shown_to) == ("Sam", "Robin", ("wren",))
    assert "two" not in said.model_dump_json()


async def test_somebody_whose_screen_tells_late_is_found_once(chat: Copy) -> None:
    await chat.begin()
    taken = await chat.posts("hello", "robin")
    assert (await chat.asks(withdraw(taken.number))).shown_to == ()
    chat.said.clear()
    for _ in range(2):
        await chat.asks(seen(run("wren", taken.number), run("robin", taken.number), run("sam", taken.number)))
    [found] = chat.said
    assert isinstance(found, ExposureFound)
    assert (found.session_id, found.member_id, found.number) == ("s1", "wren", taken.number)
    assert (await chat.asks(withdraw(taken.number))).shown_to == ("wren",)


async def test_whatever_crosses_at_the_same_moment_everybody_is_found_once(
    database: Database, transcript: Transcript
) -> None:
    one, two = Copy(database, transcript, pace_messages=100), Copy(database, transcript)
    await one.begin()
    for n in range(8):
        taken = await one.posts(f"words {n}", client_id=f"k{n}")
        for copy in (one, two):
            copy.said.clear()
        await asyncio.gather(one.asks(withdraw(taken.number)), two.asks(seen(run("wren", taken.number))))
        listed = [who for said in one.said if isinstance(said, MessageWithdrawn) for who in said.shown_to]
        found = [said.member_id for said in two.said if isinstance(said, ExposureFound)]
        assert [*listed, *found] == ["wren"]


async def test_a_withdrawn_message_has_no_words_in_history_for_anybody(chat: Copy) -> None:
    await chat.begin()
    taken = await chat.posts("something to take back")
    await chat.posts("and this stays", client_id="k2")
    await chat.asks(seen(run("wren", taken.number)))
    await chat.asks(withdraw(taken.number))
    for person in ("robin", "wren", "sam"):
        view = await chat.view(person)
        assert "something to take back" not in view.model_dump_json()
        assert [(one.text, one.withdrawn_by) for one in view.messages] == [("", "Sam"), ("and this stays", "")]
    kept = (await chat.transcript.at(taken.number)).event
    assert getattr(kept, "text", "") == "something to take back"


async def test_who_had_seen_it_is_told_to_adults_alone_and_whatever_number_is_asked_for(chat: Copy) -> None:
    await chat.begin()
    taken = await chat.posts("hello")
    await chat.asks(seen(run("wren", taken.number)))
    await chat.asks(withdraw(taken.number))
    [young] = (await chat.view("wren", after=taken.number)).withdrawn
    assert (young.number, young.name, young.nickname, young.shown_to) == (taken.number, "Sam", "", ())
    [adult] = (await chat.view("ash", after=taken.number)).withdrawn
    assert (adult.nickname, adult.shown_to) == ("Robin", ("wren",))


async def test_taking_back_twice_says_it_once_and_the_first_adult_stands(chat: Copy) -> None:
    await chat.begin()
    taken = await chat.posts("hello")
    for staff in ("sam", "ash", "sam"):
        assert isinstance(await chat.asks(withdraw(taken.number, staff)), Withdrawn)
    assert [said.name for said in chat.said if isinstance(said, MessageWithdrawn)] == ["Sam"]


async def test_only_adults_of_the_room_take_back_and_only_what_was_posted_there(chat: Copy) -> None:
    await chat.begin()
    taken, held = await chat.posts("hello"), await chat.posts(A_NUMBER, client_id="k2")
    assert reason(await chat.asks(withdraw(taken.number, "robin"))) == "not-yours"
    assert reason(await chat.asks(withdraw(taken.number, session="nowhere"))) == "no-such-session"
    for number, session in ((taken.number, "s2"), (held.number, "s1"), (999, "s1")):
        assert reason(await chat.asks(withdraw(number, session=session))) == "no-such-message"
    assert chat.said == []


@pytest.mark.parametrize("times", [1, 2])
async def test_a_person_is_told_sent_again_though_it_was_taken_back(chat: Copy, times: int) -> None:
    await chat.begin()
    taken = await chat.posts("hello")
    await chat.asks(withdraw(taken.number))
    for _ in range(times):
        assert (await chat.posts("hello")).number == taken.number
