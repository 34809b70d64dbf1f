"""The reckoning at the end: every way something can be lost or doubled is seen."""

from dataclasses import replace

import pytest

from harbour.rehearsal.ledger import Kept, Ledger, Reckoning, Record, as_json, percentile, reckon

SCREENS = {"s": ("robin", "skye", "sam")}
POSTED = Kept(5, "e-1", "s", "c-1", "posted")
HELD = Kept(6, "e-2", "s", "c-2", "held")
RECORD = Record((POSTED, HELD), (("e-1", "a-1"),), ("a-1",))


@pytest.fixture
def book() -> Ledger:
    """Robin said one thing that all saw and one that is held; the first is on the queue."""
    book = Ledger()
    book.say("c-1", "robin", "s", 10.0)
    book.confirm("c-1", "sent")
    book.say("c-2", "robin", "s", 11.0)
    book.confirm("c-2", "held")
    for screen, at in (("robin", 10.1), ("skye", 10.2), ("sam", 10.4)):
        book.show(screen, "c-1", 5, at)
    book.alert("a-1", 10.5)
    return book


def outcome(book: Ledger, record: Record = RECORD) -> Reckoning:
    return reckon(book, record, SCREENS)


def test_an_evening_that_went_well_is_sound(book: Ledger) -> None:
    came = outcome(book)
    assert came.is_sound
    assert (came.sent, came.stored, came.held, came.flagged, came.alerts) == (2, 2, 1, 1, 1)
    assert (came.seen, came.expected, came.seen_each) == (3, 3, ((1, 1), (1, 1), (1, 1)))


def test_what_was_confirmed_and_is_not_on_record_is_lost(book: Ledger) -> None:
    came = outcome(book, replace(RECORD, lines=(POSTED,)))
    assert came.lost == 1
    assert not came.is_sound


def test_what_one_screen_never_showed_is_lost(book: Ledger) -> None:
    del book.shown["skye"]["c-1"]
    came = outcome(book)
    assert came.lost == 1
    assert (0, 1) in came.seen_each


def test_what_is_lost_in_two_ways_is_one_message(book: Ledger) -> None:
    book.shown.clear()
    assert outcome(book).lost == 1


def test_a_message_under_two_numbers_on_one_screen_is_doubled(book: Ledger) -> None:
    book.show("skye", "c-1", 9, 12.0)
    assert outcome(book).doubled == 1


def test_a_number_given_again_after_a_reconnect_takes_its_own_place(book: Ledger) -> None:
    book.show("skye", "c-1", 5, 12.0)
    assert outcome(book).doubled == 0
    assert max(outcome(book).key_to_screen) == pytest.approx(0.4)


def test_a_number_that_one_connection_gave_twice_is_doubled(book: Ledger) -> None:
    book.repeat("sam")
    assert outcome(book).doubled == 1


def test_a_message_stored_twice_is_doubled(book: Ledger) -> None:
    again = replace(POSTED, number=8, message_id="e-8")
    assert outcome(book, replace(RECORD, lines=(POSTED, again, HELD))).doubled == 1


def test_two_alerts_for_one_message_are_doubled(book: Ledger) -> None:
    twice = replace(RECORD, flagged=(("e-1", "a-1"), ("e-1", "a-2")), raised=("a-1", "a-2"))
    came = outcome(book, twice)
    assert came.doubled == 1
    assert not came.is_sound


def test_a_flag_without_its_alert_is_not_sound(book: Ledger) -> None:
    came = outcome(book, replace(RECORD, raised=()))
    assert (came.flagged, came.alerts) == (1, 0)
    assert not came.is_sound


def test_a_held_message_on_another_screen_is_off_the_record(book: Ledger) -> None:
    book.show("skye", "c-2", 7, 12.0)
    came = outcome(book)
    assert came.unrecorded == 1
    assert not came.is_sound


def test_a_message_on_the_screen_of_another_room_is_off_the_record(book: Ledger) -> None:
    book.show("stranger", "c-1", 5, 12.0)
    assert reckon(book, RECORD, {**SCREENS, "t": ("stranger",)}).unrecorded == 1


def test_a_released_message_is_due_on_every_screen_and_no_double(book: Ledger) -> None:
    released = Kept(7, "e-3", "s", "c-2", "posted", held_id="e-2")
    record = replace(RECORD, lines=(POSTED, HELD, released))
    assert outcome(book, record).lost == 1
    for screen in SCREENS["s"]:
        book.show(screen, "c-2", 7, 20.0)
    came = outcome(book, record)
    assert (came.lost, came.doubled, came.released, came.stored) == (0, 0, 1, 2)


def test_something_nobody_answered_is_not_sound(book: Ledger) -> None:
    book.say("c-3", "skye", "s", 12.0)
    assert outcome(book).unanswered == 1
    assert not outcome(book).is_sound


def test_times_run_from_the_first_key_to_each_other_screen_and_leave_out_what_waited(book: Ledger) -> None:
    book.say("c-1", "robin", "s", 99.0)
    came = outcome(book)
    assert sorted(came.key_to_screen) == pytest.approx([0.2, 0.4])
    assert came.message_to_alert == pytest.approx((0.5,))


def test_messages_of_others_in_the_same_stream_count_for_nothing(book: Ledger) -> None:
    foreign = Kept(9, "x-1", "other", "x", "posted")
    record = Record((*RECORD.lines, foreign), (*RECORD.flagged, ("x-1", "a-9")), ("a-1", "a-9"))
    assert outcome(book, record) == outcome(book)


def test_a_percentile_is_a_value_that_was_measured() -> None:
    values = [float(n) for n in range(1, 101)]
    assert [percentile(values, p) for p in (50, 95, 99, 100)] == [50, 95, 99, 100]
    assert percentile([3.0], 50) == 3
    assert percentile([], 50) is None


def test_the_numbers_can_be_read_by_a_script(book: Ledger) -> None:
    numbers = as_json(outcome(book))
    assert (numbers["sent"], numbers["lost"], numbers["sound"]) == (2, 0, True)
    assert numbers["key_to_screen_ms"]["p50"] == 200.0
