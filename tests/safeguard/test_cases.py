"""Cases: one open one for each young person, entries that are never changed, decisions with reasons, two to close."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from harbour.contracts.cases import (
    ActionKind,
    AddEntry,
    AnswerAction,
    CaseClosed,
    CaseDetails,
    CaseOpened,
    CaseOutcome,
    CaseReopened,
    CaseSignOffClock,
    CaseState,
    ChaseClock,
    CloseCase,
    EntryKind,
    ExportCase,
    FindCase,
    HandOverCase,
    ListCases,
    OpenCase,
    ReadCase,
    ReopenCase,
    SignOffCase,
)
from harbour.contracts.enrolment import Enrolled
from harbour.contracts.messages import Message, TimerCancelled
from harbour.contracts.reminders import ReminderWhy, StaffReminded
from harbour.contracts.safeguard import OpenAlert, ReadQueue
from harbour.runtime import rooms
from services.safeguard import judging
from services.safeguard.beat import beat
from services.safeguard.chain import Chain
from services.safeguard.settings import SafeguardSettings
from tests.rooms import Stage, rehearsed
from tests.safeguard.people import TEAM, judge_by_words, posted, scheduled

TUESDAY = datetime(2026, 11, 24, 10, 15, tzinfo=UTC)


class Room:
    """The desk on stage, with a clock that a test sets."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.now = stage, TUESDAY

    async def hears(self, *events: Message) -> None:
        """Let it hear events, one after the other."""
        for event in events:
            await self.stage.hears(event)

    async def asks(self, wish: Message) -> Any:
        """What it answers."""
        return await self.stage.asks(wish)

    def said(self, kind: type[Any]) -> list[Any]:
        """All it has said of this kind."""
        return [one for one in self.stage.said if isinstance(one, kind)]

    async def alert(self, word: str = "quince", member: str = "m1", second: int = 0) -> str:
        """The id of a new alert."""
        known = {one.alert_id for one in (await self.asks(ReadQueue(staff_id="ada"))).alerts}
        await self.hears(posted(word, second, member))
        found = {one.alert_id for one in (await self.asks(ReadQueue(staff_id="ada"))).alerts}
        [alert_id] = found - known
        return str(alert_id)

    async def opened(self, *alert_ids: str, by: str = "ada") -> str:
        """The id of the case these alerts are in."""
        return str((await self.asks(OpenCase(alert_ids=alert_ids, staff_id=by))).case_id)

    async def read(self, case_id: str, by: str = "ada") -> CaseDetails:
        """A case, whole."""
        details = await self.asks(ReadCase(case_id=case_id, staff_id=by))
        assert isinstance(details, CaseDetails)
        return details

    async def adds(self, case_id: str, kind: EntryKind, by: str = "ada", **said: Any) -> Any:
        """What is answered to an entry."""
        return await self.asks(AddEntry(case_id=case_id, staff_id=by, kind=kind, **said))


@pytest.fixture
async def room(database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Room]:
    """The desk on each database, with its people and a group."""
    monkeypatch.setattr(judging, "judge", judge_by_words)
    async with rehearsed("safeguard", database_url) as stage:
        here = Room(stage)
        monkeypatch.setattr(rooms, "now", lambda: here.now)
        seat = Enrolled(course_id="c1", member_id="m1", nickname="M1", badge="leaf-sage")
        await here.hears(*TEAM, scheduled(), seat)
        yield here


# ── opened ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_case_is_opened_from_an_alert_by_whoever_then_has_it(room: Room) -> None:
    alert_id = await room.alert()
    case_id = await room.opened(alert_id)
    details = await room.read(case_id)
    case = details.case
    assert (case.nickname, case.badge, case.group, case.owner_name) == ("M1", "leaf-sage", "Next steps, week 2", "Ada")
    assert [one.alert_id for one in details.alerts] == [alert_id]
    assert [one.kind for one in details.entries] == [EntryKind.OPENED, EntryKind.ALERT, EntryKind.READ]
    assert [(one.case_id, one.member_id) for one in room.said(CaseOpened)] == [(case_id, "m1")]
    assert details.needs_two


async def test_a_young_person_has_one_open_case_that_further_alerts_join(room: Room) -> None:
    first, second, other = await room.alert(), await room.alert("plum", second=9), await room.alert("pear", "m2", 11)
    case_id = await room.opened(first)
    assert await room.opened(second, by="bea") == case_id
    assert await room.opened(second) == case_id
    assert await room.opened(other) != case_id
    assert len((await room.read(case_id)).alerts) == 2
    assert len(room.said(CaseOpened)) == 2
    found = await room.asks(FindCase(alert_id=second, staff_id="lou"))
    assert (found.joined, found.case.case_id, found.case.alerts) == (True, case_id, 2)


async def test_alerts_of_different_people_make_no_case(room: Room) -> None:
    both = (await room.alert(), await room.alert("plum", "m2", 9))
    assert (await room.asks(OpenCase(alert_ids=both, staff_id="ada"))).reason == "another-person"
    assert (await room.asks(OpenCase(alert_ids=("a0",), staff_id="ada"))).reason == "no-such-alert"


async def test_the_same_wish_opens_one_case(room: Room) -> None:
    wish = OpenCase(alert_ids=(await room.alert(),), staff_id="ada")
    assert (await room.asks(wish)).case_id == (await room.asks(wish)).case_id
    assert len((await room.asks(ListCases(staff_id="ada"))).cases) == 1


async def test_nobody_but_officers_and_leads_sees_or_writes_a_case(room: Room) -> None:
    alert_id = await room.alert()
    case_id = await room.opened(alert_id)
    for staff_id in ("cas", "nobody"):
        who = {"case_id": case_id, "staff_id": staff_id}
        wishes: list[Message] = [
            ListCases(staff_id=staff_id), FindCase(alert_id=alert_id, staff_id=staff_id),
            OpenCase(alert_ids=(alert_id,), staff_id=staff_id), ReadCase(**who),
            AddEntry(**who, kind=EntryKind.DISCUSSION, words="Hm."), AnswerAction(**who, entry_id="e", words="Hm."),
            HandOverCase(**who, to="ada", words="Hm."), CloseCase(**who, outcome=CaseOutcome.SUPPORTED, words="Hm."),
            SignOffCase(**who, agree=True), ReopenCase(**who, words="Hm."), ExportCase(**who, reason="Hm.", form="pdf"),
        ]  # fmt: skip
        assert {(await room.asks(one)).reason for one in wishes} == {"not-allowed"}


# ── written ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("kind", "said", "reason"),
    [
        (EntryKind.DISCUSSION, {}, "words-needed"),
        (EntryKind.FACT, {"words": "They live with an aunt."}, "source-needed"),
        (EntryKind.DECISION, {"words": "We tell the GP."}, "reason-needed"),
        (EntryKind.DECISION, {"words": "We tell the GP.", "reason": "  "}, "reason-needed"),
        (EntryKind.ACTION, {"words": "Rang."}, "action-needed"),
        (EntryKind.ACTION, {"words": "Rang.", "action": ActionKind.GP}, "whom-needed"),
        (EntryKind.ACTION, {"words": "Rang 999.", "action": ActionKind.EMERGENCY}, "reference-needed"),
    ],
)
async def test_what_is_missing_from_an_entry_is_asked_for(
    room: Room, kind: EntryKind, said: dict[str, Any], reason: str
) -> None:
    case_id = await room.opened(await room.alert())
    refused = await room.adds(case_id, kind, **said)
    assert (refused.reason, bool(refused.say)) == (reason, True)
    assert len((await room.read(case_id)).entries) == 3


async def test_what_is_written_stands_in_order_with_who_when_and_its_place_in_the_record(room: Room) -> None:
    case_id = await room.opened(await room.alert())
    await room.adds(case_id, EntryKind.FACT, words="They live with an aunt.", source="Robin, by private word")
    room.now += timedelta(minutes=5)
    await room.adds(case_id, EntryKind.DISCUSSION, by="bea", words="Is the aunt to be told?")
    decided: dict[str, Any] = {
        "words": "We ask Robin first.",
        "reason": "They are sixteen and it can wait.",
    }
    await room.adds(case_id, EntryKind.DECISION, **decided)
    spoke: dict[str, Any] = {
        "action": ActionKind.SPOKE,
        "words": "They agree.",
        "next": "Ring the aunt together",
        "done_at": TUESDAY,
    }
    await room.adds(case_id, EntryKind.ACTION, **spoke)
    details = await room.read(case_id)
    written = [one for one in details.entries if one.kind not in (EntryKind.OPENED, EntryKind.ALERT, EntryKind.READ)]
    assert [(one.kind, one.name) for one in written] == [
        (EntryKind.FACT, "Ada"), (EntryKind.DISCUSSION, "Bea"), (EntryKind.DECISION, "Ada"), (EntryKind.ACTION, "Ada"),
    ]  # fmt: skip
    fact, _, decision, action = written
    assert fact.source == "Robin, by private word"
    assert decision.reason.startswith("They are sixteen")
    assert (action.action, action.next, action.done_at) == (ActionKind.SPOKE, "Ring the aunt together", TUESDAY)
    assert [one.number for one in written] == sorted(one.number for one in written)
    assert all(len(one.hash) == 64 for one in written)


async def test_the_same_wish_writes_one_entry(room: Room) -> None:
    case_id = await room.opened(await room.alert())
    wish = AddEntry(case_id=case_id, staff_id="ada", kind=EntryKind.DISCUSSION, words="Once.")
    first, second = await room.asks(wish), await room.asks(wish)
    assert first.entry_id == second.entry_id
    assert [one.words for one in (await room.read(case_id)).entries].count("Once.") == 1


async def test_erased_words_are_gone_from_the_case_and_their_place_stays(room: Room) -> None:
    case_id = await room.opened(await room.alert())
    await room.adds(case_id, EntryKind.FACT, words="They live with an aunt.", source="Robin")
    async with room.stage.database.begin() as tx:
        await Chain(tx).erase_of(case_id, room.now, "lou", "Asked to be forgotten.")
    [fact] = [one for one in (await room.read(case_id)).entries if one.kind is EntryKind.FACT]
    assert (fact.words, fact.source, fact.erased, bool(fact.hash)) == ("", "", True, True)


# ── chased ────────────────────────────────────────────────────────────────────────────────────────────────────


async def referred(room: Room) -> tuple[str, str]:
    """A case in which CAMHS were asked for something, and the entry."""
    case_id = await room.opened(await room.alert())
    said: dict[str, Any] = {"action": ActionKind.CAMHS, "whom": "Duty line", "words": "Referred.", "chase": True}
    return case_id, (await room.adds(case_id, EntryKind.ACTION, **said)).entry_id


async def test_a_referral_is_chased_after_a_working_day_until_somebody_writes_what_came_of_it(room: Room) -> None:
    case_id, entry_id = await referred(room)
    [clock] = room.said(ChaseClock)
    assert clock.due == TUESDAY + timedelta(days=1)
    assert (await room.read(case_id)).case.chase_at == clock.due
    room.now = clock.due
    await room.hears(clock)
    await room.hears(clock)
    [reminded] = room.said(StaffReminded)
    assert (reminded.about_id, reminded.why, reminded.page) == (case_id, ReminderWhy.CHASE, ("ada",))
    room.now = room.said(ChaseClock)[1].due
    await room.hears(room.said(ChaseClock)[1])
    assert room.said(StaffReminded)[1].page == ("ada", "lou")
    answer = AnswerAction(case_id=case_id, entry_id=entry_id, staff_id="bea", words="They see Robin on Friday.")
    assert (await room.asks(answer)).entry_id
    assert room.said(TimerCancelled)[-1].set_subject.endswith(f"chase-clock.{entry_id}")
    details = await room.read(case_id)
    assert details.case.chase_at is None
    [action] = [one for one in details.entries if one.entry_id == entry_id]
    assert action.answered
    again = await room.asks(AnswerAction(case_id=case_id, entry_id=entry_id, staff_id="ada", words="Twice."))
    assert again.reason == "answered"


async def test_an_answer_that_is_not_enough_is_chased_again(room: Room) -> None:
    case_id, entry_id = await referred(room)
    said = {"case_id": case_id, "entry_id": entry_id, "staff_id": "ada"}
    await room.asks(AnswerAction(**said, words="They ring back.", again=True))
    assert room.said(ChaseClock)[-1].due == TUESDAY + timedelta(days=1)
    await room.hears(room.said(ChaseClock)[0])
    assert room.said(StaffReminded) == []
    refused = await room.asks(
        CloseCase(case_id=case_id, staff_id="ada", outcome=CaseOutcome.SUPPORTED, words="All is well.")
    )
    assert refused.reason == "unanswered"


async def test_a_clock_of_a_case_that_was_lost_is_set_again_by_the_beat(room: Room) -> None:
    await referred(room)
    room.stage.said.clear()
    late = TUESDAY + timedelta(days=1, minutes=1)
    await beat(room.stage.database, SafeguardSettings(beat_seconds=30), late)
    async with room.stage.database.reading() as tx:
        kept = (await tx.exec_driver_sql("SELECT subject FROM outbox ORDER BY kept_at")).scalars().all()
    assert kept.count(kept[-1]) >= 1
    assert sum("chase-clock" in one for one in kept) == 2


# ── handed over, closed, opened again ─────────────────────────────────────────────────────────────────────────


async def test_a_case_is_handed_to_a_named_colleague_with_a_note(room: Room) -> None:
    case_id = await room.opened(await room.alert())
    hand = {"case_id": case_id, "to": "bea"}
    assert (await room.asks(HandOverCase(**hand, staff_id="bea", words="Mine."))).reason == "not-yours"
    assert (await room.asks(HandOverCase(**hand, staff_id="ada", words=""))).reason == "words-needed"
    assert (await room.asks(HandOverCase(case_id=case_id, to="cas", staff_id="ada", words="Hm."))).reason == "nobody"
    await room.asks(HandOverCase(**hand, staff_id="ada", words="Their aunt rings on Thursday."))
    details = await room.read(case_id)
    assert details.case.owner_name == "Bea"
    assert [one.whom for one in details.entries if one.kind is EntryKind.HANDED_OVER] == ["Bea"]
    assert sorted(one.name for one in details.colleagues) == ["Ada", "Lou"]


@pytest.mark.parametrize("word", ["quince", "medlar"])
async def test_a_case_with_a_high_or_immediate_alert_is_closed_by_two(room: Room, word: str) -> None:
    case_id = await room.opened(await room.alert(word))
    close = {"case_id": case_id, "outcome": CaseOutcome.PASSED_ON}
    assert (await room.asks(CloseCase(**close, staff_id="ada", words=""))).reason == "words-needed"
    assert (await room.asks(CloseCase(**close, staff_id="bea", words="Done."))).reason == "not-yours"
    assert (await room.asks(CloseCase(**close, staff_id="ada", words="CAMHS see them."))).state is CaseState.CLOSING
    [listed] = (await room.asks(ListCases(staff_id="bea"))).cases
    assert (listed.closing_name, listed.outcome) == ("Ada", CaseOutcome.PASSED_ON)
    sign = {"case_id": case_id}
    assert (await room.asks(SignOffCase(**sign, staff_id="ada", agree=True))).reason == "your-own"
    assert (await room.asks(SignOffCase(**sign, staff_id="bea", agree=False))).reason == "words-needed"
    back = await room.asks(SignOffCase(**sign, staff_id="bea", agree=False, words="Who tells the aunt?"))
    assert back.state is CaseState.OPEN
    await room.asks(CloseCase(**close, staff_id="ada", words="The aunt knows."))
    assert room.said(CaseClosed) == []
    done = await room.asks(SignOffCase(**sign, staff_id="bea", agree=True))
    assert done.state is CaseState.CLOSED
    [closed] = room.said(CaseClosed)
    assert (closed.staff_id, closed.signed_by, closed.outcome) == ("ada", "bea", CaseOutcome.PASSED_ON)
    assert (await room.asks(ListCases(staff_id="ada"))).cases == ()
    assert (await room.adds(case_id, EntryKind.DISCUSSION, words="Late.")).reason == "closed"


async def test_a_case_with_lesser_alerts_is_closed_at_once(room: Room) -> None:
    case_id = await room.opened(await room.alert("plum"))
    close = CloseCase(case_id=case_id, staff_id="ada", outcome=CaseOutcome.NO_CONCERN, words="A song they like.")
    assert (await room.asks(close)).state is CaseState.CLOSED
    assert (await room.asks(close)).state is CaseState.CLOSED
    assert [one.signed_by for one in room.said(CaseClosed)] == [""]


async def test_a_closing_of_a_case_that_waits_too_long_is_brought_to_the_lead(room: Room) -> None:
    case_id = await room.opened(await room.alert())
    await room.asks(CloseCase(case_id=case_id, staff_id="ada", outcome=CaseOutcome.SUPPORTED, words="Done."))
    [clock] = room.said(CaseSignOffClock)
    assert clock.due == TUESDAY + timedelta(minutes=30)
    await room.hears(clock)
    await room.hears(clock)
    [reminded] = room.said(StaffReminded)
    assert (reminded.why, reminded.page) == (ReminderWhy.CASE_SIGN_OFF, ("lou",))
    await room.asks(SignOffCase(case_id=case_id, staff_id="lou", agree=True))
    await room.hears(room.said(CaseSignOffClock)[-1])
    assert len(room.said(StaffReminded)) == 1


async def test_a_closed_case_is_opened_again_with_a_reason_unless_there_is_another(room: Room) -> None:
    case_id = await room.opened(await room.alert("plum"))
    await room.asks(CloseCase(case_id=case_id, staff_id="ada", outcome=CaseOutcome.SUPPORTED, words="Done."))
    again = {"case_id": case_id, "staff_id": "bea"}
    assert (await room.asks(ReopenCase(**again, words=""))).reason == "words-needed"
    assert (await room.asks(ReopenCase(**again, words="They rang."))).state is CaseState.OPEN
    assert len(room.said(CaseReopened)) == 1
    await room.asks(CloseCase(case_id=case_id, staff_id="ada", outcome=CaseOutcome.SUPPORTED, words="Done."))
    await room.opened(await room.alert("pear", second=40))
    assert (await room.asks(ReopenCase(**again, words="They rang."))).reason == "another-open"


# ── kept and taken out ────────────────────────────────────────────────────────────────────────────────────────


async def test_a_chronology_has_everything_in_order_with_reasons_and_its_place_in_the_record(room: Room) -> None:
    alert_id = await room.alert()
    await room.asks(OpenAlert(alert_id=alert_id, staff_id="bea"))
    room.now += timedelta(minutes=1)
    case_id = await room.opened(alert_id)
    await room.adds(case_id, EntryKind.DECISION, words="We tell the GP.", reason="Robin asked us to.")
    out = {"case_id": case_id, "staff_id": "lou", "form": "json"}
    assert (await room.asks(ExportCase(**out, reason=""))).reason == "words-needed"
    taken = await room.asks(ExportCase(**out, reason="The local authority asked for it."))
    lines = taken.lines
    assert [one.what for one in lines] == [
        "alert.heard", "deed.raised", "deed.opened", "case.opened", "case.alert", "case.decision", "case.exported",
    ]  # fmt: skip
    assert lines[0].words == {"text": "quince"}
    assert lines[5].words == {"reason": "Robin asked us to.", "words": "We tell the GP."}
    assert [one.who for one in lines][2:] == ["Bea", "Ada", "Ada", "Ada", "Lou"]
    assert all(len(one.hash) == 64 and one.number for one in lines)
    assert (taken.exported_by, taken.reason) == ("Lou", "The local authority asked for it.")


async def test_the_words_of_a_closed_case_go_when_its_time_is_over(room: Room) -> None:
    case_id = await room.opened(await room.alert("plum"))
    await room.adds(case_id, EntryKind.FACT, words="They live with an aunt.", source="Robin")
    await room.asks(CloseCase(case_id=case_id, staff_id="ada", outcome=CaseOutcome.SUPPORTED, words="Done."))
    settings = SafeguardSettings(case_days=30)
    await beat(room.stage.database, settings, TUESDAY + timedelta(days=29))
    assert (await room.read(case_id)).case.nickname == "M1"
    for _ in range(2):
        await beat(room.stage.database, settings, TUESDAY + timedelta(days=31))
    details = await room.read(case_id)
    assert details.case.nickname == ""
    assert not any(one.words or one.reason or one.source for one in details.entries)
