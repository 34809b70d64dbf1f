"""Promise 14: the record cannot be quietly changed. Every way of touching it is found, on both databases."""

import asyncio
import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, insert, select, update

from harbour.contracts.messages import new_id
from harbour.contracts.record import AnchorDue, RecordAnchored
from harbour.contracts.safeguard import ClaimAlert, ResolveAlert
from services.safeguard import anchoring, record
from services.safeguard.beat import beat
from services.safeguard.chain import NOTHING, Chain, Entry, chain, chain_head, moment
from services.safeguard.settings import SafeguardSettings
from services.safeguard.store import Desk
from services.safeguard.tables import alerts, deeds
from services.safeguard.verifying import Check, Wrong
from tests.safeguard.copies import Copies
from tests.safeguard.people import EVENING, TEAM, posted


@dataclass
class KeptAnchors:
    """Anchors as the stream would keep them."""

    kept: list[RecordAnchored] = field(default_factory=list)

    async def all(self) -> list[RecordAnchored]:
        return self.kept

    async def last(self) -> RecordAnchored | None:
        return self.kept[-1] if self.kept else None


async def verified(copies: Copies, *anchors: RecordAnchored) -> Check:
    return await record.verify(copies.databases[0], KeptAnchors(list(anchors)))


async def an_evening(copies: Copies, messages: int = 4) -> None:
    """Some alerts, each raised, claimed and resolved with a note."""
    await copies.hears(*TEAM)
    for second in range(messages):
        await copies.hears(posted("plum orchard", second, member=f"m{second}"))
    for alert in (await copies.reads()).alerts:
        await copies.asks(ClaimAlert(alert_id=alert.alert_id, staff_id="ada"))
        await copies.asks(ResolveAlert(alert_id=alert.alert_id, staff_id="ada", note="We spoke."))


async def tamper(copies: Copies, *statements: Any) -> None:
    async with copies.databases[0].begin() as tx:
        for statement in statements:
            await tx.execute(statement)


async def row(copies: Copies, number: int) -> dict[str, Any]:
    async with copies.databases[0].begin() as tx:
        return dict((await tx.execute(select(chain).where(chain.c.number == number))).mappings().one())


async def anchor(copies: Copies, day: str = "2026-11-04") -> RecordAnchored:
    """The record is anchored as the bus would keep it."""
    await copies.asks(AnchorDue(id=f"anchor-{day}", day=day, due=EVENING))
    return copies.heard_of(RecordAnchored)[-1]


async def test_everything_that_is_done_with_an_alert_is_chained_and_whole(copies: Copies) -> None:
    await an_evening(copies, messages=2)
    check = await verified(copies)
    assert check.is_whole
    assert check.reached.number == 2 * 4  # heard, raised, claimed, resolved
    kinds = [(await row(copies, number))["kind"] for number in (1, 2, 5, 6)]
    assert kinds == ["alert.heard", "deed.raised", "deed.claimed", "deed.resolved"]


async def test_the_record_of_nothing_is_whole(copies: Copies) -> None:
    assert (await verified(copies)).is_whole


async def test_the_same_cause_adds_one_entry(copies: Copies) -> None:
    async with copies.databases[0].begin() as tx:
        assert await Chain(tx).add("case.opened", "c1", EVENING, "ada", {}, cause="once")
        assert not await Chain(tx).add("case.opened", "c1", EVENING, "ada", {}, cause="once")
    assert (await verified(copies)).reached.number == 1


async def test_facts_and_notes_of_nobody_are_in_the_clear_hash(copies: Copies) -> None:
    """What stands in the chain for an erased word cannot be tried: the salt is another for equal words."""
    async with copies.databases[0].begin() as tx:
        for cause in ("a", "b"):
            await Chain(tx).add("case.noted", "c1", EVENING, "ada", {}, words="yes", cause=cause)
    one, two = await row(copies, 1), await row(copies, 2)
    assert one["words_hash"] != two["words_hash"]


# ── every way to touch it ─────────────────────────────────────────────────────────────────────────────────────


CHANGES: dict[str, dict[str, Any]] = {
    "kind": {"kind": "deed.opened"},
    "subject": {"subject": "another"},
    "moment": {"at": EVENING + timedelta(hours=3)},
    "who": {"who": "bea"},
    "facts": {"facts": '{"name":"Bea","what":"claimed"}'},
    "spaces in the facts": {"facts": '{"name": "Ada", "what": "claimed"}'},
    "facts that are none": {"facts": '{"name":NaN}'},
    "no JSON": {"facts": "claimed"},
    "cause": {"cause": "another"},
    "place": {"place": ""},
    "hash of the words": {"words_hash": "0" * 64},
    "hash": {"hash": "f" * 64},
    "hash of the one before": {"previous": "f" * 64},
}


async def test_promise_14_every_edit_is_found_and_named(copies: Copies) -> None:
    await an_evening(copies)
    before = await row(copies, 12)
    for change in CHANGES.values():
        await tamper(copies, update(chain).where(chain.c.number == 12).values(change))
        [fault] = [one for one in (await verified(copies)).faults if one.wrong is Wrong.EDITED]
        assert (fault.number, fault.subject) == (12, change.get("subject", before["subject"]))
        await tamper(copies, update(chain).where(chain.c.number == 12).values(before))
    assert (await verified(copies)).is_whole


async def test_promise_14_an_edit_with_a_new_hash_is_found_by_what_stands_after_it(copies: Copies) -> None:
    await an_evening(copies)
    for number in (9, 16):
        before, new = await row(copies, number), await hash_as(copies, number, "bea")
        await tamper(copies, update(chain).where(chain.c.number == number).values(who="bea", hash=new))
        assert [one.number for one in (await verified(copies)).faults if one.wrong is Wrong.EDITED] == [number]
        await tamper(copies, update(chain).where(chain.c.number == number).values(before))


async def test_promise_14_a_dropped_entry_is_found_and_named(copies: Copies) -> None:
    await an_evening(copies)
    for number, say in ((1, "It is gone."), (7, "It is gone."), (8, "Numbers 7 to 8 are gone.")):
        await tamper(copies, delete(chain).where(chain.c.number == number))
        found = [one for one in (await verified(copies)).faults if one.wrong is Wrong.DROPPED]
        assert (found[-1].number, found[-1].say) == (min(number, 7), say)
    strays = [one.kind for one in (await verified(copies)).faults if one.wrong is Wrong.ADDED]
    assert sorted(strays) == ["alert.heard", "alert.heard", "deed.raised"], "what was dropped still stands in the book"


async def test_promise_14_two_entries_that_changed_places_are_found_and_named(copies: Copies) -> None:
    await an_evening(copies)
    for one, other in ((5, 6), (4, 9)):
        moves = ((one, -1), (other, one), (-1, other))
        swap = [update(chain).where(chain.c.number == was).values(number=to) for was, to in moves]
        await tamper(copies, *swap)
        found = [fault for fault in (await verified(copies)).faults if fault.wrong is Wrong.REORDERED]
        assert [(fault.number, fault.say) for fault in found] == [
            (one, f"It was number {other} when it was written."),
            (other, f"It was number {one} when it was written."),
        ]
        await tamper(copies, *swap)


async def test_a_cut_tail_is_found_by_the_end_of_the_chain(copies: Copies) -> None:
    await an_evening(copies)
    await tamper(copies, delete(chain).where(chain.c.number > 14))
    fault = (await verified(copies)).faults[0]
    assert (fault.number, fault.wrong, fault.say) == (15, Wrong.DROPPED, "Numbers 15 to 16 are gone.")


async def test_an_entry_slipped_in_at_the_end_is_found(copies: Copies) -> None:
    await an_evening(copies)
    last = await row(copies, 16)
    await tamper(copies, insert(chain).values({**last, "number": 17, "cause": "slipped in"}))
    assert {one.number for one in (await verified(copies)).faults} == {17}


async def test_promise_14_a_cut_tail_with_a_new_end_is_found_by_its_anchor(copies: Copies) -> None:
    await an_evening(copies)
    kept = await anchor(copies)
    await cut_with_care(copies, 12)
    found = [one for one in (await verified(copies, kept)).faults if one.wrong is Wrong.DROPPED]
    assert [(one.number, one.say) for one in found] == [
        (16, "On 2026-11-04 the record had 16 entries, and now it has 12.")
    ]


async def cut_with_care(copies: Copies, last: int) -> None:
    """Cut the tail as somebody does who knows how the chain is made."""
    gone = select(chain.c.cause).where(chain.c.number > last)
    end = await row(copies, last)
    await tamper(
        copies,
        delete(deeds).where(deeds.c.deed_id.in_(gone)),
        delete(chain).where(chain.c.number > last),
        update(chain_head).values(number=last, hash=end["hash"]),
    )
    assert (await verified(copies)).is_whole, "nothing but the anchor knows"


async def test_promise_14_a_chain_built_anew_is_found_by_its_anchor(copies: Copies) -> None:
    await an_evening(copies)
    kept = await anchor(copies)
    previous = NOTHING
    for number in range(1, 17):
        who = "bea" if number == 9 else None
        found = await hash_as(copies, number, who, previous)
        values = {"previous": previous, "hash": found, **({"who": who} if who else {})}
        await tamper(copies, update(chain).where(chain.c.number == number).values(values))
        previous = found
    await tamper(copies, update(chain_head).values(hash=previous))
    cause = (await row(copies, 9))["cause"]
    await tamper(copies, update(deeds).where(deeds.c.deed_id == cause).values(staff_id="bea"))
    assert (await verified(copies)).is_whole, "nothing but the anchor knows"
    assert [(one.number, one.wrong) for one in (await verified(copies, kept)).faults] == [(16, Wrong.ANCHOR)]


async def hash_as(copies: Copies, number: int, who: str | None, previous: str = "") -> str:
    """The hash an entry would have with another person in it."""
    found = await row(copies, number)
    return Entry(
        number=number,
        previous=previous or found["previous"],
        kind=found["kind"],
        subject=found["subject"],
        at=moment(found["at"]),
        who=who or found["who"],
        facts=json.loads(found["facts"]),
        cause=found["cause"],
        place=found["place"],
        words=found["words_hash"],
    ).hash()


async def test_a_head_set_back_is_found_and_what_is_done_next_goes_on_record_all_the_same(copies: Copies) -> None:
    await an_evening(copies)
    early = await row(copies, 3)
    await tamper(copies, update(chain_head).values(number=3, hash=early["hash"]))
    assert [one.wrong for one in (await verified(copies)).faults] == [Wrong.ADDED]
    await copies.hears(posted("plum", 50, member="m9"))
    assert (await verified(copies)).reached.number == 18


# ── words and deeds ───────────────────────────────────────────────────────────────────────────────────────────


OTHER_NOTE = update(deeds).where(deeds.c.what == "resolved").values(note="We did not.")
OTHER_TEXT = update(alerts).values(text="apple")


async def test_promise_14_changed_words_are_found(copies: Copies) -> None:
    await an_evening(copies, messages=1)
    await tamper(copies, OTHER_NOTE, OTHER_TEXT)
    found = [(one.kind, one.wrong) for one in (await verified(copies)).faults]
    assert found == [("alert.heard", Wrong.WORDS_CHANGED), ("deed.resolved", Wrong.WORDS_CHANGED)]


async def test_words_that_are_gone_without_an_erasure_are_found(copies: Copies) -> None:
    await an_evening(copies, messages=1)
    await tamper(copies, update(chain).where(chain.c.kind == "deed.resolved").values(salt=None), OTHER_NOTE)
    assert [one.wrong for one in (await verified(copies)).faults] == [Wrong.WORDS_GONE]


async def test_a_deed_that_says_something_else_is_found(copies: Copies) -> None:
    await an_evening(copies, messages=1)
    await tamper(copies, update(deeds).where(deeds.c.what == "claimed").values(staff_id="bea", name="Bea"))
    await tamper(copies, delete(deeds).where(deeds.c.what == "raised"))
    found = (await verified(copies)).faults
    assert [one.kind for one in found if one.wrong is Wrong.DEED_CHANGED] == ["deed.raised", "deed.claimed"]


async def test_a_deed_and_an_alert_put_in_past_the_record_are_found(copies: Copies) -> None:
    await an_evening(copies, messages=1)
    deed = {"deed_id": "x", "alert_id": "a1", "at": EVENING + timedelta(days=1), "staff_id": "ada", "name": "Ada"}
    await tamper(copies, insert(deeds).values({**deed, "what": "claimed", "note": ""}))
    async with copies.databases[0].begin() as tx:
        known = (await tx.execute(select(alerts))).mappings().one()
        await tx.execute(insert(alerts).values({**known, "alert_id": "a2", "message_id": "m2"}))
    assert {(one.kind, one.subject) for one in (await verified(copies)).faults} == {
        ("deed.claimed", "a1"),
        ("alert.heard", "a2"),
    }


async def test_promise_14_erased_words_leave_their_hash_and_the_record_whole(copies: Copies) -> None:
    await an_evening(copies, messages=2)
    async with copies.databases[0].begin() as tx:
        alert_id = (await tx.execute(select(alerts.c.alert_id).where(alerts.c.member_id == "m0"))).scalar_one()
        erased = await Chain(tx).erase_of(alert_id, EVENING, "lou", "They asked for it.")
        assert await Chain(tx).erase_of(alert_id, EVENING, "lou", "Once more.") == 0
    check = await verified(copies)
    assert check.is_whole
    assert check.erased == erased == 3  # what was said, why it came up, what was done
    async with copies.databases[0].begin() as tx:
        assert (await tx.execute(select(alerts.c.text).where(alerts.c.alert_id == alert_id))).scalar_one() == ""
        kept = await Desk(tx).deeds(alert_id)
        others = (await tx.execute(select(alerts.c.text).where(alerts.c.alert_id != alert_id))).scalars().all()
    assert [one.note for one in kept] == ["", "", ""]
    assert others == ["plum orchard"]


# ── many at once, and killed in the middle ────────────────────────────────────────────────────────────────────


async def test_words_that_are_erased_on_record_while_somebody_looks_are_no_fault(
    copies: Copies, monkeypatch: pytest.MonkeyPatch
) -> None:
    await an_evening(copies)
    monkeypatch.setattr(record, "BATCH", 4)
    subject = (await row(copies, 14))["subject"]
    erased: list[int] = []

    async def meanwhile(looked: int, of: int) -> None:
        if not erased:
            async with copies.databases[0].begin() as tx:
                erased.append(await Chain(tx).erase_of(subject, EVENING, "Retention", "Its time is over."))

    assert (await record.verify(copies.databases[0], KeptAnchors(), meanwhile)).faults == []
    assert erased[0] > 0
    assert (await verified(copies)).is_whole


async def test_promise_14_three_copies_that_add_at_once_keep_one_chain(copies: Copies) -> None:
    await asyncio.gather(*(add(copies, turn) for turn in range(60)))
    check = await verified(copies)
    assert check.is_whole
    assert check.reached.number == 60


async def add(copies: Copies, turn: int) -> None:
    async with copies.databases[turn % 3].begin() as tx:
        await Chain(tx).add("case.noted", f"c{turn}", EVENING, "ada", {"turn": turn}, words="A note.", cause=f"n{turn}")


async def test_a_transaction_that_dies_in_the_middle_leaves_the_chain_whole(copies: Copies) -> None:
    await an_evening(copies, messages=1)
    for _ in range(3):
        with pytest.raises(RuntimeError):
            await break_off(copies)
    await add(copies, 1)
    check = await verified(copies)
    assert check.is_whole
    assert check.reached.number == 5


async def break_off(copies: Copies) -> None:
    async with copies.databases[1].begin() as tx:
        await Chain(tx).add("case.closed", "c1", EVENING, "ada", {}, cause=new_id())
        raise RuntimeError("the power is gone")


# ── anchors ───────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_day_is_anchored_once_however_often_its_clock_is_heard(copies: Copies) -> None:
    await an_evening(copies, messages=1)
    first = await anchor(copies)
    await add(copies, 1)
    again = await anchor(copies)
    assert (first.number, first.id) == (4, again.id), "the outbox and the stream keep the first of one id"
    assert (await verified(copies, first)).is_whole


async def test_an_empty_record_is_anchored_too(copies: Copies) -> None:
    kept = await anchor(copies)
    assert (kept.number, kept.hash) == (0, NOTHING)
    await add(copies, 1)
    assert (await verified(copies, kept)).is_whole


async def test_every_beat_sets_the_same_clock_for_the_next_day(copies: Copies) -> None:
    for second in range(3):
        await beat(copies.databases[second], SafeguardSettings(), EVENING + timedelta(seconds=second))
    assert await copies.kept_to_say() == [f"timers.set.safeguard.anchor-due.{anchoring.next_anchor(EVENING).day}"]
    await beat(copies.databases[0], SafeguardSettings(), EVENING + timedelta(days=1))
    assert len(await copies.kept_to_say()) == 2


def test_a_day_begins_in_london_also_when_the_clocks_change() -> None:
    summer = EVENING.replace(month=3, day=27, hour=23)
    assert anchoring.next_anchor(summer).due.isoformat() == "2026-03-28T00:00:00+00:00"
    assert anchoring.next_anchor(summer + timedelta(days=1)).due.isoformat() == "2026-03-29T00:00:00+00:00"
    assert anchoring.next_anchor(summer + timedelta(days=2)).due.isoformat() == "2026-03-31T00:00:00+01:00"


async def test_a_long_record_is_read_in_batches(copies: Copies, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "BATCH", 5)
    await an_evening(copies)
    seen: list[tuple[int, int]] = []

    async def told(looked: int, of: int) -> None:
        seen.append((looked, of))

    check = await record.verify(copies.databases[0], KeptAnchors(), told)
    assert check.is_whole
    assert seen == [(5, 16), (10, 16), (15, 16), (16, 16)]


async def test_the_chain_holds_no_word_of_a_young_person_itself(copies: Copies) -> None:
    await an_evening(copies)
    async with copies.databases[0].begin() as tx:
        with_words = select(func.count()).select_from(chain).where(chain.c.words.is_not(None))
        assert (await tx.execute(with_words)).scalar_one() == 0
        assert not [facts for facts in (await tx.execute(select(chain.c.facts))).scalars() if "orchard" in facts]
