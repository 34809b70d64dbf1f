"""What is left to do after an evening, on the staff pages: to each their own list, without any script."""

import html
from datetime import UTC, datetime, timedelta

import pytest

from harbour.contracts.chat import Came
from harbour.contracts.follow_ups import FinishFollowUp
from harbour.contracts.tasks import EveningCounted, SeatCounted, Task, TaskWhy
from tests.gateway.browsing import Browser
from tests.gateway.flows import sign_in_staff
from tests.gateway.wall import Town

EVENING = datetime(2026, 3, 3, 19, 0, tzinfo=UTC)


def task(nickname: str, *why: TaskWhy, **more: object) -> Task:
    """Somebody to look after."""
    known = {"task_id": f"t-{nickname.lower()}", "session_id": "s1", "member_id": nickname.lower(), "why": why}
    about = {"nickname": nickname, "title": "Tuesday group, week 2", "evening": EVENING, "opened_at": EVENING}
    return Task.model_validate({**known, **about, **more})


@pytest.fixture
def tasks(town: Town) -> Town:
    """One task for the desk, and one for coordinators."""
    worry = {"words": "They were so quiet.", "by": "Sam"}
    town.tasks["desk"].append(task("Wren", TaskWhy.LEFT_AFTER_HELP, TaskWhy.WORRY, **worry))
    town.tasks["groups"].append(task("Heron", TaskWhy.NEVER_CAME, missed=2))
    return town


async def test_the_desk_and_coordinators_each_see_their_own(
    tasks: Town, browser: Browser, other_browser: Browser
) -> None:
    await sign_in_staff(browser, tasks, "omar")
    await sign_in_staff(other_browser, tasks, "cleo")
    desk, groups = [html.unescape((await one.get("/tasks")).text) for one in (browser, other_browser)]
    assert "Left early, after “I need help now”." in desk
    assert "They were so quiet." in desk
    assert "Heron" not in desk
    assert "That’s 2 evenings now." in groups
    assert "Wren" not in groups
    assert 'href="/tasks"' in (await browser.get("/staff")).text
    assert "<title>Harbour</title>" in desk


async def test_a_task_is_done_with_a_note_which_stays_on_record(tasks: Town, browser: Browser) -> None:
    await sign_in_staff(browser, tasks, "omar")
    asked = await browser.send_form("/tasks", note="")
    assert (asked.status_code, "A few words on what was done" in asked.text) == (422, True)
    done = html.unescape((await browser.send_form("/tasks", follow=True, note="Spoke with them.")).text)
    assert "Done, and on record." in done
    assert "Nothing is open here." in done
    assert "Spoke with them." in done
    assert [wish.staff_id for wish in tasks.asked if isinstance(wish, FinishFollowUp)] == ["omar", "omar"]


async def test_nobody_finishes_a_task_of_a_list_that_is_not_theirs(tasks: Town, browser: Browser) -> None:
    await sign_in_staff(browser, tasks, "cleo")
    token = (await browser.get("/tasks")).text.split('name="csrf" value="')[1].split('"')[0]
    refused = await browser.post("/tasks/desk/t-wren", data={"csrf": token, "note": "x"})
    assert refused.status_code == 403
    assert (await browser.post("/tasks/groups/nowhere", data={"csrf": token, "note": "x"})).status_code == 404
    assert tasks.tasks["desk"][0].done_at is None


async def test_who_leads_evenings_alone_has_no_such_list(tasks: Town, browser: Browser) -> None:
    await sign_in_staff(browser, tasks, "ruth")
    assert (await browser.get("/tasks")).status_code == 403
    assert 'href="/tasks"' not in (await browser.get("/staff")).text


async def test_coordinators_see_who_came_and_nobody_else_does(tasks: Town, browser: Browser) -> None:
    came = SeatCounted(
        nickname="Robin", came=Came.LEFT_EARLY, first_at=EVENING, last_at=EVENING + timedelta(minutes=40), minutes=40
    )
    seats = (came, SeatCounted(nickname="Wren", came=Came.NOT_TONIGHT))
    await sign_in_staff(browser, tasks, "cleo")
    assert "No evening has been counted yet" in (await browser.get("/tasks/attendance")).text
    evening = EveningCounted(session_id="s1", title="Tuesday group", week=2, starts_at=EVENING, seats=seats)
    tasks.counted.append(evening)
    shown = html.unescape((await browser.get("/tasks/attendance")).text)
    for words in ("Tuesday group, week 2", "Robin</strong> left early", "7pm to 7.40pm, 40 min", "said “not tonight”"):
        assert words in shown
    assert 'href="/tasks/attendance"' in (await browser.get("/tasks")).text


async def test_the_desk_is_not_led_to_the_attendance(tasks: Town, browser: Browser) -> None:
    await sign_in_staff(browser, tasks, "omar")
    assert (await browser.get("/tasks/attendance")).status_code == 403
    assert "/tasks/attendance" not in (await browser.get("/tasks")).text
