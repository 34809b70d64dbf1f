"""Whoever left early after something of theirs came up is followed up by the desk: once, whoever is restarted."""

from datetime import timedelta

import pytest

from harbour.contracts.chat import AttendanceTaken, Attended, Came, Debrief, DebriefWritten, HelpAsked, Worry
from harbour.contracts.follow_ups import FinishFollowUp, FollowUpDone, FollowUpOpened, ReadFollowUps
from harbour.contracts.messages import Refused
from harbour.contracts.reminders import ReminderWhy, StaffReminded
from harbour.contracts.safeguard import MessageFlagged
from harbour.contracts.tasks import Task, TaskFinished, Tasks, TaskWhy
from services.safeguard import following
from services.safeguard.following import Concern
from tests.safeguard.copies import Copies
from tests.safeguard.people import EVENING, TEAM, held, posted

LEFT_AT = EVENING + timedelta(minutes=30)


def seat(
    member: str = "m1", came: Came = Came.LEFT_EARLY, feeling: int | None = None, told_us: bool = False
) -> Attended:
    """A line of the attendance; who left, left after half an hour."""
    last = LEFT_AT if came is Came.LEFT_EARLY else None
    return Attended(
        member_id=member, nickname=member.capitalize(), came=came, last_at=last, feeling=feeling, told_us=told_us
    )  # fmt: skip


def counted(*seats: Attended) -> AttendanceTaken:
    """The evening is over."""
    return AttendanceTaken(
        id="counted", session_id="s1", course_id="c1", title="Next steps", week=2, starts_at=EVENING,
        ended_at=EVENING + timedelta(minutes=90), seats=seats,
    )  # fmt: skip


async def listed(copies: Copies, staff_id: str = "ada") -> tuple[Task, ...]:
    """The list of the desk."""
    found = await copies.asks(ReadFollowUps(staff_id=staff_id))
    assert isinstance(found, Tasks)
    return found.tasks


# ── who is followed up ────────────────────────────────────────────────────────────────────────────────────────


def minutes(*at: float, help: bool = False) -> list[Concern]:
    """Things that came up so many minutes into the evening."""
    return [Concern(EVENING + timedelta(minutes=one), help=help) for one in at]


@pytest.mark.parametrize(
    ("line", "concerns", "why"),
    [
        (seat(), minutes(20), [TaskWhy.LEFT_AFTER_CONCERN]),
        (seat(), minutes(20, help=True), [TaskWhy.LEFT_AFTER_HELP]),
        (seat(), minutes(10) + minutes(20, help=True), [TaskWhy.LEFT_AFTER_HELP, TaskWhy.LEFT_AFTER_CONCERN]),
        (seat(), minutes(30.5), [TaskWhy.LEFT_AFTER_CONCERN]),
        (seat(), minutes(40), []),
        (seat(), [], []),
        (seat(came=Came.STAYED), minutes(20, help=True), []),
        (seat(came=Came.STAYED, feeling=1), [], []),
        (seat(feeling=1), [], [TaskWhy.HARD_EVENING]),
        (seat(came=Came.NOT_TONIGHT, feeling=1), [], [TaskWhy.HARD_EVENING]),
        (seat(came=Came.NOT_TONIGHT, feeling=3), [], []),
        (seat(came=Came.NOT_TONIGHT, feeling=3, told_us=True), [], [TaskWhy.TOLD_US]),
        (seat(came=Came.NEVER_CAME), [], []),
    ],
)
def test_who_is_followed_up(line: Attended, concerns: list[Concern], why: list[TaskWhy]) -> None:
    found = following.after_evening(counted(line), {"m1": concerns}, EVENING)
    assert [list(one.why) for one in found] == ([why] if why else [])


# ── the list ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_who_left_after_a_flagged_or_held_message_or_a_call_is_one_task_each(copies: Copies) -> None:
    called = HelpAsked(id="asked", at=EVENING, session_id="s1", member_id="m3", help_id="h1", nickname="M3")
    await copies.hears(*TEAM, posted("plum"), posted("pear", second=9), held("words", member="m2"), called)
    await copies.hears(posted("fine", member="m4"))
    everybody = counted(*(seat(member) for member in ("m1", "m2", "m3", "m4")))
    await copies.hears_at_once([everybody] * 3)
    assert {one.nickname: one.why for one in await listed(copies)} == {
        "M1": (TaskWhy.LEFT_AFTER_CONCERN,),
        "M2": (TaskWhy.LEFT_AFTER_CONCERN,),
        "M3": (TaskWhy.LEFT_AFTER_HELP,),
    }
    assert {one.title for one in await listed(copies)} == {"Next steps, week 2"}
    opened = copies.heard_of(FollowUpOpened)
    assert len({one.id for one in opened}) == len(opened) == 3
    assert "plum" not in "".join(one.model_dump_json() for one in opened)


async def test_what_comes_up_only_after_the_evening_was_counted_is_followed_up_all_the_same(copies: Copies) -> None:
    await copies.hears(*TEAM, counted(seat(), seat("m2", Came.STAYED)))
    assert await listed(copies) == ()
    await copies.hears(posted("plum"), posted("plum", member="m2"))
    for flagged in copies.heard_of(MessageFlagged):
        await copies.hears(flagged, flagged)
    [one] = await listed(copies)
    assert (one.nickname, one.why) == ("M1", (TaskWhy.LEFT_AFTER_CONCERN,))
    assert len(copies.heard_of(FollowUpOpened)) == 1


async def test_a_task_is_done_once_with_a_note_by_whom_and_when(copies: Copies) -> None:
    await copies.hears(*TEAM, posted("plum"), counted(seat()))
    [one] = await listed(copies)
    done = FinishFollowUp(task_id=one.task_id, staff_id="ada", note="Spoke with them.")
    assert (await copies.asks(done.model_copy(update={"note": ""}))).reason == "note-needed"
    copies.now += timedelta(hours=1)
    for _ in range(2):
        assert isinstance(await copies.asks(done), TaskFinished)
    late = await copies.asks(done.model_copy(update={"id": "late", "staff_id": "bea"}))
    assert (late.reason, late.say) == ("done", "Ada has done it.")
    [kept] = await listed(copies)
    assert (kept.done_by, kept.done_at, kept.note) == ("Ada", copies.now, "Spoke with them.")
    assert len(copies.heard_of(FollowUpDone)) == 1
    copies.now += timedelta(days=15)
    assert await listed(copies) == ()


@pytest.mark.parametrize("staff_id", ["cas", "stranger"])
async def test_only_those_who_answer_alerts_see_the_desks_list(copies: Copies, staff_id: str) -> None:
    await copies.hears(*TEAM)
    for wish in (ReadFollowUps(staff_id=staff_id), FinishFollowUp(task_id="t", staff_id=staff_id, note="x")):
        answer = await copies.asks(wish)
        assert isinstance(answer, Refused)
        assert answer.reason == "not-allowed"


async def test_a_worry_of_each_adult_is_one_task_for_the_desk_with_their_words(copies: Copies) -> None:
    def written(staff_id: str, *about: str) -> DebriefWritten:
        worries = tuple(Worry(member_id=one, nickname=one.capitalize()) for one in about)
        return DebriefWritten(
            id=f"written-{staff_id}", session_id="s1", course_id="c1", title="Next steps", week=2, starts_at=EVENING,
            staff_id=staff_id, name=staff_id.capitalize(), debrief=Debrief(worry="So quiet tonight."), worries=worries,
        )  # fmt: skip

    await copies.hears(*TEAM, posted("plum"), counted(seat()))
    await copies.hears_at_once([written("sam", "m1", "m2")] * 2 + [written("ash", "m1"), written("cas")])
    tasks = await listed(copies)
    assert sorted((one.nickname, one.by, one.words) for one in tasks) == [
        ("M1", "", ""),
        ("M1", "Ash", "So quiet tonight."),
        ("M1", "Sam", "So quiet tonight."),
        ("M2", "Sam", "So quiet tonight."),
    ]
    assert "quiet" not in "".join(one.model_dump_json() for one in copies.heard_of(FollowUpOpened))


@pytest.mark.parametrize(("talk", "told"), [(True, [("lou",)]), (False, [])])
async def test_the_leads_are_told_that_an_adult_would_like_to_talk_and_of_nothing_else(
    copies: Copies, talk: bool, told: list[tuple[str, ...]]
) -> None:
    event = DebriefWritten(
        id="written", session_id="s1", course_id="c1", title="Next steps", week=2, starts_at=EVENING,
        staff_id="sam", name="Sam", debrief=Debrief(talk=talk, you_words="A long one."),
    )  # fmt: skip
    await copies.hears(*TEAM, event, event)
    reminded = {one.id: one for one in copies.heard_of(StaffReminded)}
    assert [one.page for one in reminded.values()] == told
    assert all(one.why is ReminderWhy.DEBRIEF and "long" not in one.model_dump_json() for one in reminded.values())
