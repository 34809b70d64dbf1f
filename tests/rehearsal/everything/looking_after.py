"""The fourth act: a message taken back, somebody asked to step out and let back in, and who leads from now on."""

from tests.rehearsal.everything.cast import COMES, Evening
from tests.rehearsal.everything.page import Page, until

GOES = "my whole family is being unkind to a boy called Rowan"
REASON = "They asked for some time by themselves, and may come back when they like."
NOTE = "Could you look after Ember for a while?"
HANDED_OVER = "We are done with the sheet; a round of turns is next."
HERE_NOW = "My colleague has to leave; I know the group."
STEPPED_OUT, NOT_YOURS = 4410, 4403


async def look_after_each_other(evening: Evening) -> None:
    """What adults do when something goes wrong, and when one of them has to go."""
    await _something_unkind_is_said(evening)
    await _somebody_is_asked_to_step_out_and_let_back_in(evening)
    await _adults_tell_one_another(evening)
    await _a_colleague_takes_over(evening)


async def _something_unkind_is_said(evening: Evening) -> None:
    """Two had it on their screens and said so, its writer one of them; it is taken back later."""
    number = await evening["Fern"].say(GOES)
    await evening.all_see(number)
    for name in ("Fern", "Alder"):
        await evening[name].do("seen", upto=number)
    await evening["Cedar"].do("seen", upto=min(evening["Cedar"].messages))


async def take_back(evening: Evening) -> None:
    """A message is taken back from every screen, and the adults learn exactly who had it before them."""
    had, found, fern = evening["Alder"], evening["Birch"], evening["Fern"]
    [number] = [number for number, one in fern.messages.items() if one["text"] == GOES]
    await evening.stand_in.do("withdraw", number=number)
    for page in evening.present:
        assert (await page.shown("withdrawn", number=number))["name"] == "Standby 1"
        assert page.messages[number]["text"] == ""
    for adult in evening.leading:
        assert (await adult.shown("shown", number=number))["people"] == [had.person_id]
    await found.do("seen", upto=number)  # a browser that tells late
    await _is_shown_to(evening, number, {had.person_id, found.person_id})
    assert all(evening[name].all("shown") == [] for name in COMES)
    again = Page("Fern again", fern.browser, f"/live/{evening.session_id}")
    await again.come()
    await until(lambda: number in again.messages, "the place of the message on a fresh screen")
    await again.leave()
    assert (again.messages[number]["text"], again.messages[number]["withdrawn_by"]) == ("", "Standby 1")
    assert not again.has_read(GOES)


async def _is_shown_to(evening: Evening, number: int, people: set[str]) -> None:
    for adult in evening.leading:
        await until(
            lambda adult=adult: (
                {one for frame in adult.all("shown", number=number) for one in frame["people"]}  # type: ignore[misc]
                == people
            ),
            f"{adult.name} is told exactly who had it on their screen",
        )


async def _somebody_is_asked_to_step_out_and_let_back_in(evening: Evening) -> None:
    out, room = evening["Ember"], f"/room/{evening.session_id}"
    evening.keep(REASON, *evening.leaders, evening.supervisor, evening.stand_in)
    await evening.counsellor.do("remove", person_id=out.person_id, reason=REASON)
    await until(lambda: out.closed_for_good == STEPPED_OUT, "a socket that closes kindly")
    await out.leave()
    told = await out.browser.see(room)
    assert "You’ve been asked to step out for tonight" in told.text
    assert REASON not in told.text
    for adult in evening.leaders:
        assert (await adult.shown("stepped-out", person_id=out.person_id))["reason"] == REASON
    missed = await evening["Alder"].say("what shall we do next")
    await _who_is_out_can_still_call_for_help(evening, out, room)
    await evening.worker.do("let-back", person_id=out.person_id)
    for adult in evening.leaders:
        await adult.shown("stepped-out", person_id=out.person_id, let_back_by="Worker 1")
    assert (await out.browser.see(room)).url.path == room
    assert (await out.come())["type"] == "hello"
    await until(lambda: missed in out.messages, "what was missed meanwhile")
    assert [page.name for page in evening.young.values() if page.all("stepped-out")] == []


async def _who_is_out_can_still_call_for_help(evening: Evening, out: Page, room: str) -> None:
    """By the button on the kind page, which says who is looking after it."""
    await out.browser.fill_in(room, f"{room}/help")
    for adult in evening.leaders:
        call = await adult.shown("help", person_id=out.person_id)
    await evening.worker.do("be-with", help_id=call["help_id"])
    await evening.counsellor.shown("help", help_id=call["help_id"], answered_by="Worker 1")
    assert "Worker 1 knows that you need help now" in (await out.browser.see(room)).text


async def _adults_tell_one_another(evening: Evening) -> None:
    adults = (*evening.leaders, evening.supervisor)
    for kind, text in (("note", NOTE), ("handover", HANDED_OVER)):
        evening.keep(text, *adults, evening.stand_in)
        for _ in range(2):  # the same name again is the same note
            await evening.counsellor.do(kind, client_id=f"told-{kind}", text=text)
        for page in adults:
            assert (await page.shown("note", text=text))["handover"] == (kind == "handover")
            assert len(page.all("note", text=text)) == 1


async def _a_colleague_takes_over(evening: Evening) -> None:
    stand_in, counsellor, console = evening.stand_in, evening.counsellor, f"/console/{evening.session_id}"
    assert (await stand_in.browser.see(console)).url.path == f"{console}/take-over"
    form = {"from": counsellor.person_id, "words": HERE_NOW}
    assert (await stand_in.browser.fill_in(f"{console}/take-over", **form)).url.path == console
    await until(lambda: counsellor.closed_for_good == NOT_YOURS, "the page of whoever stepped back closes")
    await counsellor.leave()
    assert not (await stand_in.come())["observing"]
    await stand_in.shown("note", text=HANDED_OVER, handover=True)
    for page in [page for page in evening.present if page is not stand_in]:
        names = {one["nickname"] for one in (await page.shown("adults"))["list"]}
        assert names == {"Standby 1", "Worker 1"}
    await until(lambda: set(stand_in.messages) == set(evening.worker.messages), "everything said so far")
    for page in (evening.worker, evening.supervisor, stand_in):
        await until(lambda page=page: page.has_read(HERE_NOW), f"{page.name} is told why")  # type: ignore[misc]
    assert not any(page.has_read(HERE_NOW) for page in evening.young.values())
    await _leads(stand_in)
    assert f"{console}/take-over" == (await counsellor.browser.see(console)).url.path


async def _leads(stand_in: Page) -> None:
    await until(lambda: stand_in.all("evening"), "the one who took over is counted as here")
    assert "Standby 1" in stand_in.all("evening")[-1]["adults"]
