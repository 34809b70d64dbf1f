"""Why a notice is made, sent, put off or let go."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from harbour.contracts.concerns import Urgency
from harbour.contracts.enrolment import Enrolled
from harbour.contracts.notify import Channel, NoticeKind, SendCode
from harbour.contracts.reminders import ReminderWhy, StaffReminded
from harbour.contracts.safeguard import AlertOverdue
from services.notify import rules
from services.notify.rules import Contact, Evening, Notice, State, Step

NOW = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)
BOTH = (Channel.EMAIL, Channel.SMS)


def a_code(**changes: object) -> Notice:
    wish = SendCode(member_id="m1", code="123456", minutes=10)
    return replace(rules.code_notice(wish, "sealed", NOW), **changes)  # type: ignore[arg-type]


def a_seat() -> Notice:
    return rules.seat_notice(Enrolled(course_id="c1", member_id="m1", nickname="Robin", badge="leaf-teal"), NOW)


def overdue(step: int, *people: str) -> AlertOverdue:
    return AlertOverdue(alert_id="a1", urgency=Urgency.IMMEDIATE, step=step, page=people)


def test_the_same_wish_for_a_code_is_the_same_notice() -> None:
    wish = SendCode(member_id="m1", code="123456", minutes=10)
    again = wish.model_copy()
    other = SendCode(member_id="m1", code="123456", minutes=10)
    assert rules.code_notice_id(wish) == rules.code_notice_id(again)
    assert rules.code_notice_id(wish) != rules.code_notice_id(other)


def test_each_person_is_paged_once_for_each_step() -> None:
    first = rules.page_notices(overdue(0, "s1", "s2", "s1"), NOW)
    again = rules.page_notices(overdue(0, "s2", "s1"), NOW + timedelta(minutes=1))
    next_step = rules.page_notices(overdue(1, "s1"), NOW)
    assert [page.person_id for page in first] == ["s1", "s2"]
    assert {page.notice_id for page in first} == {page.notice_id for page in again}
    assert next_step[0].notice_id not in {page.notice_id for page in first}


def test_each_person_is_told_once_of_what_waits_on_the_desk() -> None:
    waits = StaffReminded(about_id="a1", why=ReminderWhy.ALERT_SIGN_OFF, page=("s1", "s2", "s1"))
    pages = rules.desk_notices(waits, NOW)
    assert [(page.person_id, page.kind, page.about) for page in pages] == [
        ("s1", NoticeKind.SIGN_OFF_PAGE, "a1"),
        ("s2", NoticeKind.SIGN_OFF_PAGE, "a1"),
    ]
    assert {page.notice_id for page in pages} == {page.notice_id for page in rules.desk_notices(waits, NOW)}
    kinds = {why: rules.desk_notices(waits.model_copy(update={"why": why}), NOW)[0].kind for why in ReminderWhy}
    assert kinds[ReminderWhy.CHASE] is kinds[ReminderWhy.CASE_SIGN_OFF] is NoticeKind.CASE_PAGE
    assert kinds[ReminderWhy.DEBRIEF] is NoticeKind.DEBRIEF_PAGE


def test_a_person_with_an_email_address_gets_mail_and_one_without_a_text() -> None:
    assert rules.channel_for(Contact(email="a@example.org", phone="07700900123"), BOTH) is Channel.EMAIL
    assert rules.channel_for(Contact(phone="07700900123"), BOTH) is Channel.SMS


def test_a_channel_that_is_not_set_up_is_passed_over() -> None:
    both = Contact(email="a@example.org", phone="07700900123")
    assert rules.channel_for(both, [Channel.SMS]) is Channel.SMS
    assert rules.channel_for(Contact(phone="07700900123"), [Channel.EMAIL]) is None


def test_an_address_on_its_way_is_reachable_wherever_anything_can_be_sent() -> None:
    assert not rules.is_unreachable(rules.UNKNOWN_YET, [Channel.SMS])
    assert rules.is_unreachable(rules.UNKNOWN_YET, [])
    assert rules.is_unreachable(None, BOTH)


def test_a_contact_is_read_from_what_was_sealed() -> None:
    contact = rules.read_contact(json.dumps({"email": " robin@example.org ", "phone": "07700 900 123"}))
    assert contact == Contact(email="robin@example.org", phone="07700900123")


@pytest.mark.parametrize(
    "opened",
    [
        "",
        "not json",
        "[]",
        "{}",
        '{"email": ""}',
        '{"email": "a@b\\nBcc: c@d"}',
        '{"email": "a@b, c@d"}',
        '{"phone": "x"}',
    ],
)
def test_what_is_no_address_is_not_taken_for_one(opened: str) -> None:
    assert rules.read_contact(opened) is None


def test_a_contact_never_shows_its_address() -> None:
    shown = repr(Contact(email="robin@example.org", phone="07700900123"))
    assert "robin" not in shown
    assert "0770" not in shown


def test_a_notice_never_shows_its_words() -> None:
    assert "marked" not in repr(a_code(sealed="marked"))


@pytest.mark.parametrize("state", [State.SENT, State.EXPIRED])
def test_what_is_done_is_left_alone(state: State) -> None:
    assert rules.next_step(a_code(state=state), NOW) is Step.NOTHING


def test_a_code_is_sent_within_its_minutes_and_not_after() -> None:
    assert rules.next_step(a_code(), NOW + timedelta(minutes=9, seconds=59)) is Step.SEND
    assert rules.next_step(a_code(), NOW + timedelta(minutes=10)) is Step.EXPIRE


def test_a_code_whose_words_are_gone_is_not_sent() -> None:
    assert rules.next_step(a_code(sealed=""), NOW) is Step.EXPIRE


def test_a_failed_notice_that_is_replayed_is_tried_again() -> None:
    assert rules.next_step(replace(a_seat(), state=State.FAILED), NOW + timedelta(days=30)) is Step.SEND


def test_a_confirmation_waits_a_little_for_the_dates_and_not_for_ever() -> None:
    assert rules.awaits_its_course(a_seat(), (), NOW + timedelta(minutes=4))
    assert not rules.awaits_its_course(a_seat(), (), NOW + timedelta(minutes=5))
    assert not rules.awaits_its_course(a_seat(), (Evening(NOW, 60),), NOW)
    assert not rules.awaits_its_course(a_code(), (), NOW)


def test_the_first_evening_is_the_soonest_that_is_not_over() -> None:
    evenings = [Evening(NOW + timedelta(weeks=week), 90) for week in (2, 0, 1)]
    assert rules.first_evening(evenings, NOW + timedelta(minutes=89)) == NOW
    assert rules.first_evening(evenings, NOW + timedelta(minutes=90)) == NOW + timedelta(weeks=1)
    assert rules.first_evening(evenings, NOW + timedelta(weeks=9)) is None


def test_what_somebody_waits_for_is_tried_again_within_seconds() -> None:
    page = rules.page_notices(overdue(0, "s1"), NOW)[0]
    assert rules.wait_before_retry(page, NOW) <= timedelta(seconds=5)
    assert rules.wait_before_retry(a_code(), NOW) <= timedelta(seconds=5)
    assert rules.wait_before_retry(page, NOW + timedelta(hours=1)) <= timedelta(minutes=1)
    assert rules.wait_before_retry(a_seat(), NOW) < rules.wait_before_retry(a_seat(), NOW + timedelta(hours=1))


def test_a_notice_is_given_up_only_after_long_trying() -> None:
    assert not rules.is_hopeless(a_seat(), NOW + timedelta(days=2))
    assert rules.is_hopeless(a_seat(), NOW + timedelta(days=3))


def test_every_kind_of_notice_ends_some_day() -> None:
    assert set(rules.GIVE_UP_AFTER) | {NoticeKind.SIGN_IN_CODE} == set(NoticeKind)
    assert a_code().expires_at is not None


def test_a_code_with_seconds_to_go_works_for_a_minute() -> None:
    assert rules.minutes_left(NOW + timedelta(seconds=20), NOW) == 1
    assert rules.minutes_left(NOW + timedelta(minutes=10), NOW + timedelta(seconds=20)) == 10
