"""The fifth act: how the room is led, an absence of every adult, and a line that is cut in the middle."""

import asyncio

from tests.rehearsal.everything.cast import Evening
from tests.rehearsal.everything.page import Page, until
from tests.rehearsal.everything.talking import is_held, release

BREATHE = "Two minutes to look out of the window."


async def lead(evening: Evening) -> None:
    """Everything an adult can do with the pace of a room."""
    await _somebody_reads_along_for_a_while(evening)
    await _the_room_is_slow(evening)
    await _everything_waits_for_an_adult(evening)
    await _everybody_has_a_turn_and_a_pause_keeps_it(evening)
    await _the_room_pauses_itself_while_no_adult_is_there(evening)
    await _a_line_is_cut_and_nothing_is_missing(evening)


async def _ways(evening: Evening, **fields: object) -> None:
    """Everybody's screen says so."""
    for page in evening.present:
        await until(
            lambda page=page: fields.items() <= page.all("ways")[-1].items(),  # type: ignore[misc]
            f"{page.name} is told {fields}",
        )


async def _somebody_reads_along_for_a_while(evening: Evening) -> None:
    alder = evening["Alder"]
    await evening.worker.do("mute", person_id=alder.person_id, muted=True)
    for page in (alder, *evening.leading):
        await page.shown("ways", muted=[alder.person_id])
    assert await alder.is_refused("just one thing") == "muted"
    await evening.all_see(await evening["Birch"].say("I can still write"))
    await evening.worker.do("mute", person_id=alder.person_id, muted=False)
    await _ways(evening, muted=[])
    for page in evening.young.values():
        assert page is alder or all(frame["muted"] == [] for frame in page.all("ways"))
    await evening.all_see(await alder.say("thanks, I read along"))


async def _the_room_is_slow(evening: Evening) -> None:
    await evening.worker.do("slow", seconds=600)
    await _ways(evening, slow_seconds=600)
    assert await evening["Alder"].is_refused("and another thing") == "slow"
    await evening.all_see(await evening.worker.say("Slowly, all of you. There is no hurry."))
    await evening.worker.do("slow", seconds=0)
    await _ways(evening, slow_seconds=0)
    await evening.all_see(await evening["Alder"].say("and another thing"))


async def _everything_waits_for_an_adult(evening: Evening) -> None:
    await evening.stand_in.do("hold", on=True)
    await _ways(evening, hold_all=True)
    held = await is_held(evening, evening["Dune"], "my cat fell asleep on my homework")
    await release(evening, evening["Dune"], held)
    await evening.stand_in.do("hold", on=False)
    await _ways(evening, hold_all=False)


async def _everybody_has_a_turn_and_a_pause_keeps_it(evening: Evening) -> None:
    alder, birch, cedar = (evening[name] for name in ("Alder", "Birch", "Cedar"))
    order = [page.person_id for page in (alder, birch, cedar)]
    await evening.stand_in.do("round", step="begin", order=order)
    await _ways(evening, order=order)
    assert await birch.is_refused("me first") == "not-your-turn"
    await evening.all_see(await alder.say("one okay thing: the sun came out at lunch"))
    await alder.do("pass")
    await _ways(evening, order=order[1:])
    await _is_paused_with_words(evening, birch)
    await _ways(evening, order=order[1:])
    await evening.all_see(await birch.say("mine is that I am here"))
    await evening.stand_in.do("round", step="later", turn=birch.person_id)
    await _ways(evening, order=[cedar.person_id, birch.person_id])
    await evening.stand_in.do("round", step="next", turn=cedar.person_id)
    await _ways(evening, order=[birch.person_id])
    await birch.do("pass")
    await _ways(evening, order=[])
    await evening.all_see(await cedar.say("everybody may write again"))


async def _is_paused_with_words(evening: Evening, somebody: Page) -> None:
    await evening.stand_in.do("pause", words=BREATHE)
    for page in evening.present:
        await page.stands("paused")
        assert await page.shown("state", state="paused", words=BREATHE, by_itself=False)
    assert await somebody.is_refused("now me") == "not-live"
    await evening.stand_in.do("resume")
    for page in evening.present:
        await page.stands("live")


async def _the_room_pauses_itself_while_no_adult_is_there(evening: Evening) -> None:
    """The adults' pages go, the supervisor's too; who watches does not keep a room open."""
    supervisor, alder = evening.supervisor, evening["Alder"]
    adults = (evening.worker, evening.stand_in)
    for page in (*adults, supervisor):
        await page.leave()
    for page in evening.young.values():
        await page.shown("state", state="paused", by_itself=True)
    kept = alder.name_it()
    assert await alder.is_refused("are you still there", client_id=kept) == "not-live"
    for page in adults:
        await page.come()
    for page in evening.present:
        await page.stands("live")
    await evening.all_see(await alder.say("are you still there", client_id=kept))
    for page in adults:
        await until(
            lambda page=page: page.all("observer", person_id=supervisor.person_id)[-1]["until"],  # type: ignore[misc]
            f"{page.name} is told that nobody watches any more",
        )


async def _a_line_is_cut_and_nothing_is_missing(evening: Evening) -> None:
    """Words go on meanwhile, privately too; what was said into the dead line goes out once."""
    dune, birch, worker = evening["Dune"], evening["Birch"], evening.worker
    said = dune.name_it()
    await dune.do("say", client_id=said, text="I planted some beans")
    await dune.lose_the_line()
    missed = [await birch.say(words) for words in ("did the line go", "it is the school network")]
    for_dune = evening.keep("Take your time, we are here.", dune, worker, evening.stand_in)
    await worker.do("whisper", client_id=worker.name_it(), member_id=dune.person_id, text=for_dune)
    await worker.shown("private", text=for_dune)
    assert (await dune.come())["type"] == "hello"
    number = await dune.say("I planted some beans", client_id=said)
    await dune.shown("private", text=for_dune)
    for page in evening.present:
        await until(
            lambda page=page: {number, *missed} <= page.messages.keys(),  # type: ignore[misc]
            f"{page.name} has what was said meanwhile",
        )
    await asyncio.gather(*(evening.all_see(one) for one in (number, *missed)))
