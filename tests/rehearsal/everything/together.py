"""The third act: the run-sheet, what everybody does together, and a supervisor who watches."""

from typing import Any

from tests.rehearsal.everything.cast import COMES, Evening
from tests.rehearsal.everything.page import until

PRAISE = "You are doing this well."
OWN_WORDS = "I am somebody who planted beans on a window sill"
STEPS = (
    ("our-room", "prompt"),
    ("in-a-group", "poll"),
    ("check-in", "scale"),
    ("always-breathing", "breathing"),
    ("more-than-one-thing", "reading"),
    ("reflection", "reflection"),
    ("challenge", "challenge"),
)


async def do_things_together(evening: Evening) -> None:
    """Every kind of step once, each closing the one before it; and then the sheet tells what happened."""
    await _a_supervisor_watches_and_the_adults_see_it(evening)
    await evening.worker.do("sheet")
    planned = await evening.worker.shown("sheet")
    assert {step_id for step_id, _ in STEPS} <= {step["step_id"] for step in planned["steps"]}
    assert planned["wordings"]
    assert planned["happened"] == []
    for step_id, kind in STEPS:
        activity = await _is_given_to_everybody(evening, step_id, kind)
        if kind in ("poll", "scale"):
            await _is_answered_and_gathers_live(evening, activity)
        if kind in ("reflection", "challenge"):
            await _is_written_in_ones_own_book(evening, activity)
    await _the_sheet_tells_what_happened(evening)


async def _is_given_to_everybody(evening: Evening, step_id: str, kind: str) -> dict[str, Any]:
    await evening.counsellor.do("push", step_id=step_id)
    for page in evening.present:
        await until(
            lambda page=page: page.doing["step_id"] == step_id,  # type: ignore[misc]
            f"{page.name} is given {step_id}",
        )
        assert (page.doing["kind"], page.doing["closed_at"], page.doing["answered"]) == (kind, None, 0)
    return dict(evening.worker.doing)


async def _is_answered_and_gathers_live(evening: Evening, activity: dict[str, Any]) -> None:
    """Three answer, one of them twice; everybody sees how many chose what, and only the chooser what they chose."""
    for name, choice in (("Alder", 0), ("Birch", 2), ("Cedar", 2), ("Alder", 1)):
        await evening[name].do("choose", activity_id=activity["activity_id"], choice=choice)
        await until(lambda name=name, choice=choice: evening[name].chosen == choice, f"{name} chose {choice}")  # type: ignore[misc]
    counts = [0, 1, 2, *activity["tallies"][3:]]
    for page in evening.present:
        await until(lambda page=page: page.doing["tallies"] == counts, f"{page.name} sees the picture gather")  # type: ignore[misc]
        assert page.doing["answered"] == 3


async def _is_written_in_ones_own_book(evening: Evening, activity: dict[str, Any]) -> None:
    """The words go into the writer's book; the room learns that one has written, and nothing else."""
    page = f"/my/book/evening/{evening.session_id}/{activity['step_id']}"
    evening.keep(OWN_WORDS)
    writer = evening["Cedar"].browser
    kept = await writer.fill_in(page, f"{page}/words?activity={activity['activity_id']}", text=OWN_WORDS)
    assert kept.json() == {"kept": True}
    assert (await writer.see(f"{page}/words")).json() == {"text": OWN_WORDS}
    assert (await evening["Dune"].browser.see(f"{page}/words")).json() == {"text": ""}
    for one in evening.present:
        await until(lambda one=one: one.doing["answered"] == 1, f"{one.name} sees that somebody has written")  # type: ignore[misc]


async def _the_sheet_tells_what_happened(evening: Evening) -> None:
    await evening.worker.do("shut", activity_id=evening.worker.doing["activity_id"])
    for page in evening.present:
        await until(lambda page=page: page.doing["closed_at"], f"{page.name} sees that it is over")  # type: ignore[misc]
    await evening.worker.do("sheet")
    await until(lambda: evening.worker.all("sheet")[-1]["happened"], "what happened")
    happened = evening.worker.all("sheet")[-1]["happened"]
    assert [(one["step_id"], one["kind"]) for one in happened] == list(STEPS)
    assert all(one["closed_at"] for one in happened)


async def _a_supervisor_watches_and_the_adults_see_it(evening: Evening) -> None:
    supervisor = evening.supervisor
    console = await supervisor.browser.see(f"/console/{evening.session_id}")
    assert (console.status_code, console.url.path) == (200, f"/console/{evening.session_id}")
    hello = await supervisor.come()
    assert hello["observing"]
    for page in (*evening.leaders, supervisor):
        assert (await page.shown("observer", person_id=supervisor.person_id))["until"] is None
    evening.keep(supervisor.person_id, *evening.leaders, supervisor, evening.stand_in)
    assert await supervisor.is_refused("I lead nothing here")
    await supervisor.do("note", client_id=supervisor.name_it(), text=PRAISE)
    for page in (*evening.leaders, supervisor):
        await page.shown("note", text=PRAISE)
    evening.keep(PRAISE, *evening.leaders, supervisor, evening.stand_in)
    await until(lambda: set(supervisor.messages) == set(evening.worker.messages), "everything said so far")
    assert len(supervisor.all("help")) == 1
    assert all(evening[name].all("observer") == [] for name in COMES)
