"""How the staff of the desk are: counted for them and whoever supervises them, on each database."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from harbour.contracts.desk import StayAtDesk
from harbour.contracts.enrolment import Role
from harbour.contracts.messages import now
from harbour.contracts.reminders import ReminderWhy, StaffReminded
from harbour.contracts.safeguard import OpenAlert, ReadQueue
from harbour.contracts.wellbeing import Feels, KeepTalk, ReadWellbeing, Wellbeing, WriteShiftDebrief
from services.safeguard import care
from services.safeguard.care import Budget
from services.safeguard.care_book import Care
from tests.rooms import Stage, rehearsed
from tests.safeguard.people import TEAM, added, posted

VAL = added("val", Role.SUPERVISOR)


async def furnished(stage: Stage, supervisor: bool = True) -> None:
    """The team, and whoever supervises it."""
    for one in (*TEAM, *([VAL] if supervisor else [])):
        await stage.hears(one)


async def reads(stage: Stage, words: str, count: int) -> None:
    """Ada opens so many alerts, each twice."""
    for n in range(count):
        await stage.hears(posted(words, member=f"{words}{n}"))
    for one in (await stage.asks(ReadQueue(staff_id="ada"))).alerts:
        for _ in range(2):
            await stage.asks(OpenAlert(alert_id=one.alert_id, staff_id="ada"))


async def of(stage: Stage, staff_id: str) -> Wellbeing:
    """What somebody sees."""
    answer = await stage.asks(ReadWellbeing(staff_id=staff_id))
    assert isinstance(answer, Wellbeing)
    return answer


async def test_each_urgent_message_that_was_opened_counts_once_and_calm_ones_do_not(
    database_url: str, by_words: None
) -> None:
    async with rehearsed("safeguard", database_url) as stage:
        await furnished(stage)
        await reads(stage, "plum", 2)
        await reads(stage, "quince", 3)
        ada, bea = await of(stage, "ada"), await of(stage, "bea")
    assert (ada.opened, ada.suggest_break, bea.opened) == (3, False, 0)


async def test_past_the_budget_a_break_is_suggested_until_they_took_two_minutes(
    database_url: str, by_words: None
) -> None:
    async with rehearsed("safeguard", database_url) as stage:
        await furnished(stage)
        await reads(stage, "quince", 6)
        assert (await stage.asks(StayAtDesk(staff_id="ada"))).suggest_break
        assert not (await stage.asks(StayAtDesk(staff_id="bea"))).suggest_break
        await stage.asks(WriteShiftDebrief(staff_id="ada", feels=Feels.HEAVY, words="The third one."))
        ada = await of(stage, "ada")
        assert not (await stage.asks(StayAtDesk(staff_id="ada"))).suggest_break
    assert (ada.opened, ada.suggest_break) == (6, False)
    assert [(one.feels, one.words) for one in ada.debriefs] == [(Feels.HEAVY, "The third one.")]


async def test_only_a_supervisor_sees_how_colleagues_are_by_name(database_url: str, by_words: None) -> None:
    async with rehearsed("safeguard", database_url) as stage:
        await furnished(stage)
        await reads(stage, "quince", 6)
        await stage.asks(WriteShiftDebrief(staff_id="ada", feels=Feels.HEAVY, words="The third one."))
        val, bea, lou = await of(stage, "val"), await of(stage, "bea"), await of(stage, "lou")
        assert (await stage.asks(ReadWellbeing(staff_id="cas"))).reason == "not-allowed"
    assert [(one.name, one.had_much) for one in val.colleagues] == [("Ada", True), ("Bea", False), ("Lou", False)]
    assert val.colleagues[0].debriefs[0].words == "The third one."
    for one in (bea, lou):
        assert (one.colleagues, one.supervises, one.debriefs) == ((), False, ())


async def test_where_nobody_supervises_the_lead_does(database_url: str, by_words: None) -> None:
    async with rehearsed("safeguard", database_url) as stage:
        await furnished(stage, supervisor=False)
        assert [one.name for one in (await of(stage, "lou")).colleagues] == ["Ada", "Bea"]


async def test_somebody_who_would_like_to_talk_is_told_of_without_a_name_and_the_talk_is_kept(
    database_url: str, by_words: None
) -> None:
    async with rehearsed("safeguard", database_url) as stage:
        await furnished(stage)
        wish = WriteShiftDebrief(staff_id="ada", feels=Feels.TOO_MUCH, wants_talk=True)
        for _ in range(2):
            await stage.asks(wish)
        told = [one for one in stage.said if isinstance(one, StaffReminded)]
        [theirs] = (await of(stage, "val")).colleagues[0].debriefs
        assert (await stage.asks(KeepTalk(staff_id="bea", debrief_id=theirs.debrief_id))).reason == "not-allowed"
        await stage.asks(KeepTalk(staff_id="val", debrief_id=theirs.debrief_id))
        [mine] = (await of(stage, "ada")).debriefs
    assert {(one.why, one.page) for one in told} == {(ReminderWhy.TALK, ("val",))}
    assert (mine.wants_talk, mine.talked_by) == (True, "Val")


async def test_what_was_written_is_forgotten(database_url: str, by_words: None) -> None:
    async with rehearsed("safeguard", database_url) as stage:
        await furnished(stage)
        await stage.asks(WriteShiftDebrief(staff_id="ada", feels=Feels.FINE))
        async with stage.database.begin() as tx:
            await Care(tx).forget(now() + timedelta(minutes=1))
        assert (await of(stage, "ada")).debriefs == ()


@pytest.mark.parametrize(("opened", "much"), [(5, False), (6, True)])
def test_the_budget_is_how_many_are_much(opened: int, much: bool) -> None:
    assert care.suggests_break(opened, Budget(heavy=6)) is much


async def test_saying_that_one_is_at_the_desk_does_not_read_all_that_was_ever_done(tmp_path: Path) -> None:
    async with rehearsed("safeguard", f"sqlite+aiosqlite:///{tmp_path / 'desk.db'}") as stage:
        await furnished(stage)
        asked: list[tuple[str, Any]] = []

        def note(_: Any, __: Any, statement: str, values: Any, *___: Any) -> None:
            asked.append((statement, values))

        event.listen(stage.database.engine.sync_engine, "before_cursor_execute", note)
        await stage.asks(StayAtDesk(staff_id="ada"))
        event.remove(stage.database.engine.sync_engine, "before_cursor_execute", note)
        async with stage.database.reading() as tx:
            counted = [(sql, values) for sql, values in asked if "FROM deeds" in sql]
            plans = [(await tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)).all() for sql, values in counted]
    assert plans
    assert all(any("deeds_by_what" in step[-1] for step in plan) for plan in plans)
