"""The first act: who comes and how, the practice alert, the doors, and the beginning."""

import asyncio

from tests.rehearsal.everything.cast import COMES, NEVER_COMES, NOT_TONIGHT, Evening
from tests.rehearsal.everything.page import PATIENCE, Page, until

NERVOUS = "a bit nervous about tonight"
TOO_MUCH = "it has been a long week"


async def arrive(evening: Evening) -> None:
    """From an empty room to a live one."""
    await _the_doors_need_two_adults_an_officer_and_the_practice_alert(evening)
    await asyncio.gather(*(_checks_in(evening, name) for name in COMES))
    await _one_says_not_tonight(evening)
    await _the_adults_know_how_everybody_comes(evening)
    await _the_doors_open_and_the_evening_begins(evening)


async def _the_doors_need_two_adults_an_officer_and_the_practice_alert(evening: Evening) -> None:
    counsellor, worker = evening.leaders
    assert (await counsellor.come())["type"] == "hello"
    await _lacks(counsellor, {"second-adult", "on-call", "canary"})
    await counsellor.do("open")
    assert (await counsellor.shown("refused", reason="not-ready"))["say"]
    await worker.come()
    await _lacks(counsellor, {"on-call", "canary"})
    desk = evening.desk
    assert (await desk.come())["alerts"] == []
    await desk.browser.fill_in("/queue", "/queue/on-call")
    await _lacks(counsellor, {"canary"})
    await counsellor.do("practise")
    [canary] = await until(lambda: desk.queue["canaries"], "the practice alert on the desk's screen")
    await desk.browser.fill_in("/queue", f"/queue/canary/{canary['canary_id']}")
    await _lacks(counsellor, set())
    await until(lambda: not desk.queue["canaries"], "the practice alert gone from the desk's screen")


async def _lacks(page: Page, what: set[str]) -> None:
    """An adult is told that the doors still need just this."""
    lacking: set[str] | None = None
    async with asyncio.timeout(PATIENCE):
        while lacking != what:
            await page.do("here")
            await page.is_heard()
            lacking = set(page.all("evening")[-1]["lacks"])
            await asyncio.sleep(0.1)


async def _checks_in(evening: Evening, name: str) -> None:
    """Led to three questions first, and then into the room, which is shut as yet."""
    page, room = evening[name], f"/room/{evening.session_id}"
    assert (await page.browser.see(room)).url.path == f"{room}/check-in"
    words = NERVOUS if name == "Fern" else ""
    went = await page.browser.fill_in(f"{room}/check-in", feeling="3", alone="yes", text=words, joins="yes")
    assert (went.status_code, went.url.path) == (200, room)
    hello = await page.come()
    assert (hello["type"], hello["state"], hello["you"]["nickname"]) == ("hello", "scheduled", name)
    assert len(hello["people"]) == 10
    assert not hello["observing"]


async def _one_says_not_tonight(evening: Evening) -> None:
    """A good answer, with a page of its own."""
    room = f"/room/{evening.session_id}"
    went = await evening.browsers[NOT_TONIGHT].fill_in(
        f"{room}/check-in", feeling="1", alone="mostly", text=TOO_MUCH, joins="no"
    )
    assert (went.status_code, went.url.path) == (200, f"{room}/not-tonight")
    assert "116 123" in went.text


async def _the_adults_know_how_everybody_comes(evening: Evening) -> None:
    for words in (NERVOUS, TOO_MUCH):
        evening.keep(words, *evening.leaders)
    for adult in evening.leaders:
        for name in COMES:
            note = await adult.shown("checked-in", nickname=name)
            assert (note["feeling"], note["joins"]) == (3, True)
        note = await adult.shown("checked-in", nickname=NOT_TONIGHT)
        assert (note["feeling"], note["joins"], note["text"]) == (1, False, TOO_MUCH)
        assert adult.all("checked-in", nickname=NEVER_COMES) == []
        await until(
            lambda adult=adult: set(adult.all("presence")[-1]["here"]) >= {page.person_id for page in evening.present},  # type: ignore[misc]
            f"{adult.name} sees who is here",
        )


async def _the_doors_open_and_the_evening_begins(evening: Evening) -> None:
    young = evening["Alder"]
    assert await young.is_refused("is anybody here yet") == "not-live"
    await young.do("start")
    assert (await young.shown("refused", reason="not-allowed"))["type"] == "refused"
    for step, state in (("open", "doors"), ("start", "live")):
        await evening.counsellor.do(step)
        for page in evening.present:
            await page.stands(state)
        if state == "doors":
            await evening.all_see(await evening.worker.say("Hello, come in. We begin in a moment."))
