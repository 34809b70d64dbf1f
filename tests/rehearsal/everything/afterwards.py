"""The last act: the last minutes, the end, who came, what is left to do, and how it went."""

import re

from harbour.contracts.chat import AttendanceDue, AttendanceTaken, DebriefWritten
from harbour.contracts.messages import read_event
from harbour.rehearsal.lines import CONTACTS
from tests.rehearsal.everything.cast import COMES, NEVER_COMES, NOT_TONIGHT, Evening

WORRY = "Dune did not sound like themselves tonight."
DONE = "Rang them at home; they are well."


async def end(evening: Evening) -> None:
    """From the last minutes to a desk with nothing left on it."""
    await _it_closes_and_ends(evening)
    await _who_came_is_counted_once(evening)
    await _the_adults_say_how_it_went(evening)
    await _what_is_left_to_do_is_done(evening)


async def _it_closes_and_ends(evening: Evening) -> None:
    await evening.stand_in.do("last-minutes")
    for page in evening.present:
        await page.stands("closing")
    await evening.all_see(await evening.stand_in.say("Thank you all. Same time next week?"))
    await evening.all_see(await evening["Ember"].say("see you all next week"))
    await evening.worker.do("end")
    for page in evening.present:
        await page.stands("ended")
    assert await evening["Ember"].is_refused("one more thing") == "not-live"
    assert await evening["Ember"].is_refused(CONTACTS[1]) == "not-live"


async def _who_came_is_counted_once(evening: Evening) -> None:
    """The clock of the attendance is rung before its minute and a half; rung again it says nothing new."""
    js = evening.nc.jetstream()
    due = AttendanceDue.pattern(session_id=evening.session_id)
    kept = await js.get_last_msg("TIMERS", due.replace("timers.due.", "timers.set.", 1))
    clock = read_event(kept.headers or {}, kept.data or b"")
    headers = {name: value for name, value in clock.headers("chat").items() if name != "Nats-Msg-Id"}
    for _ in range(2):
        await js.publish(clock.subject, clock.body(), stream="TIMERS", headers=headers)
    [taken] = await evening.facts(AttendanceTaken, 1)
    came = {seat.nickname: str(seat.came) for seat in taken.seats}
    assert came == {**dict.fromkeys(COMES, "stayed"), NOT_TONIGHT: "not-tonight", NEVER_COMES: "never-came"}


async def _the_adults_say_how_it_went(evening: Evening) -> None:
    page = f"/debrief/{evening.session_id}"
    for adult, more in (
        (evening.worker, {"went": "well", "you": "fine"}),
        (evening.stand_in, {"went": "mixed", "worried": evening["Dune"].person_id, "worry": WORRY, "talk": "yes"}),
    ):
        assert page in (await adult.browser.see("/staff")).text
        thanked = await adult.browser.fill_in(page, do="done", **more)
        assert (thanked.status_code, thanked.url.path) == (200, page)
        assert page not in (await adult.browser.see("/staff")).text
    written = await evening.facts(DebriefWritten, 2)
    assert {one.name for one in written} == {"Worker 1", "Standby 1"}
    read = (await evening.supervisor.browser.see("/debriefs")).text
    assert WORRY in read
    assert "Standby 1" in read


async def _what_is_left_to_do_is_done(evening: Evening) -> None:
    """The desk looks after who had a hard evening, whom an adult worries about and who had the message on their screen
    that was taken back, the coordinator after who never came; nobody else is on either list."""
    for which, browser, names in (
        ("desk", evening.desk.browser, {NOT_TONIGHT, "Dune", "Alder", "Birch"}),
        ("groups", evening.coordinator, {NEVER_COMES}),
    ):
        found: dict[str, str] = {}
        while set(found.values()) < names:
            shown = (await browser.see("/tasks")).text
            found = dict(re.findall(r'id="task-([\w-]+)">.*?</svg>\s*(\w+)</h3>', shown, re.DOTALL))
        assert sorted(found.values()) == sorted(names)
        for task_id in found:
            done = await browser.fill_in("/tasks", f"/tasks/{which}/{task_id}", note=DONE)
            assert done.url.path == "/tasks"
        assert "Nothing is open here." in (await browser.see("/tasks")).text
