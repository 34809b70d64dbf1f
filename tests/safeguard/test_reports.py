"""How the desk did, from alerts whose times are known: counts, medians, the first answer, and nothing of a person."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from harbour.contracts.cases import ActionKind, EntryKind
from harbour.contracts.chat import PrivateWordSent
from harbour.contracts.closing import Outcome, SignOffClosing
from harbour.contracts.concerns import Category, Urgency
from harbour.contracts.desk import MergeAlerts
from harbour.contracts.enrolment import Role
from harbour.contracts.reports import DeskReport, ReadReport, Waited
from harbour.contracts.safeguard import ClaimAlert, ResolveAlert
from harbour.screening import Finding
from services.safeguard import judging
from services.safeguard.reports import percentile
from tests.safeguard.people import added, judge_by_words
from tests.safeguard.test_cases import TUESDAY, Room, room

__all__ = ["room"]


async def report(room: Room, by: str = "lou", days: float = 1) -> Any:
    """The report of the days around now."""
    span = timedelta(days=days)
    return await room.asks(ReadReport(staff_id=by, begins=TUESDAY - span, ends=TUESDAY + span))


def answered(room: Room, member: str = "m1", by_adult: bool = True) -> PrivateWordSent:
    """A private word in the thread of a young person, now."""
    author = "sam" if by_adult else member
    return PrivateWordSent(
        id=f"word-{room.now.isoformat()}-{author}", at=room.now, session_id="s1", member_id=member, author_id=author,
        by_adult=by_adult, nickname="Sam", text="Shall we talk?", client_id="c",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("values", "half", "most"),
    [([], None, None), ([7.0], 7.0, 7.0), ([1.0, 2.0, 3.0, 4.0], 2.0, 4.0), ([*map(float, range(1, 101))], 50.0, 95.0)],
)
def test_half_and_most_are_values_that_were_there(values: list[float], half: float | None, most: float | None) -> None:
    assert (percentile(values, 0.5), percentile(values, 0.95)) == (half, most)


async def test_an_empty_time_is_an_empty_report(room: Room) -> None:
    found = await report(room)
    assert isinstance(found, DeskReport)
    assert (found.alerts, found.closed, found.work, found.cut) == (0, 0, (), False)
    assert all(one == Waited(urgency=one.urgency, number=0) for one in (*found.to_claim, *found.to_reply))


async def test_a_report_counts_and_times_what_the_desk_did(room: Room) -> None:
    for second, (member, word, wait) in enumerate([("m1", "quince", 60), ("m2", "quince", 180), ("m3", "plum", 600)]):
        room.now = TUESDAY + timedelta(minutes=second)
        alert_id = await room.alert(word, member, second)
        room.now += timedelta(seconds=wait)
        await room.asks(ClaimAlert(alert_id=alert_id, staff_id="ada"))
        if member == "m2":
            room.now += timedelta(seconds=30)
            await room.hears(answered(room, member, by_adult=False), answered(room, member), answered(room, member))
            outcome = Outcome.FALSE_ALARM
            await room.asks(ResolveAlert(alert_id=alert_id, staff_id="ada", note="A song.", outcome=outcome))
            await room.asks(SignOffClosing(alert_id=alert_id, staff_id="bea", agree=True))
    await room.alert("pear", "m4", 9)
    found = await report(room)
    assert found.alerts == 4
    assert dict(found.by_urgency) == {Urgency.IMMEDIATE: 0, Urgency.HIGH: 2, Urgency.MEDIUM: 1, Urgency.LOW: 1}
    assert dict(found.by_category)[Category.SELF_HARM] == 4
    assert (found.closed, dict(found.by_outcome)[Outcome.FALSE_ALARM]) == (1, 1)
    claims, replies = ({one.urgency: one for one in those} for those in (found.to_claim, found.to_reply))
    assert claims[Urgency.HIGH] == Waited(urgency=Urgency.HIGH, number=2, half=60.0, most=180.0)
    assert claims[Urgency.LOW] == Waited(urgency=Urgency.LOW, number=0, open=1)
    assert replies[Urgency.HIGH] == Waited(urgency=Urgency.HIGH, number=1, half=210.0, most=210.0, open=1)
    assert [(one.name, one.claimed, one.closed, one.signed_off) for one in found.work] == [
        ("Ada", 3, 1, 0), ("Bea", 0, 0, 1),
    ]  # fmt: skip


async def test_alerts_that_were_merged_count_once_with_the_categories_of_all(room: Room) -> None:
    said = {"pear": Category.BULLYING_HATE, "plum": Category.SELF_HARM, "quince": Category.SELF_HARM}

    def judged(text: str, earlier: Sequence[str] = ()) -> Finding | None:
        found = judge_by_words(text, earlier)
        return found and replace(found, categories=tuple(said[word] for word in said if word in text))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(judging, "judge", judged)
        first, second, third = [await room.alert(word, "m1", at) for at, word in enumerate(said)]
    await room.asks(ClaimAlert(alert_id=third, staff_id="ada"))
    taken = await room.asks(MergeAlerts(alert_id=third, staff_id="ada", others=(first, second)))
    assert taken.alert_id == third
    found = await report(room)
    assert found.alerts == 1
    assert [(urgency, many) for urgency, many in found.by_urgency if many] == [(Urgency.HIGH, 1)]
    assert [category for category, many in found.by_category if many] == [Category.SELF_HARM, Category.BULLYING_HATE]
    assert [one.number + one.open for one in found.to_claim] == [0, 1, 0, 0]


async def test_speaking_with_them_in_a_case_is_an_answer_too_and_the_first_one_counts(room: Room) -> None:
    case_id = await room.opened(await room.alert())
    room.now += timedelta(hours=2)
    done_at = TUESDAY + timedelta(minutes=20)
    said: dict[str, Any] = {"action": ActionKind.SPOKE, "words": "Rang.", "done_at": done_at}
    await room.adds(case_id, EntryKind.ACTION, **said)
    await room.hears(answered(room))
    replies = {one.urgency: one for one in (await report(room)).to_reply}
    assert replies[Urgency.HIGH].half == 1200.0


async def test_leads_and_supervisors_read_reports_and_nobody_else(room: Room) -> None:
    await room.hears(added("sue", Role.SUPERVISOR))
    found = [await report(room, by) for by in ("lou", "sue", "ada", "cas", "nobody")]
    assert [isinstance(one, DeskReport) for one in found] == [True, True, False, False, False]
    assert (await report(room, days=200)).reason == "too-long"
