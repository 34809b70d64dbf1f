"""Who gets a place and why not, when a course meets, and which code counts."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harbour.contracts.enrolment import BADGES, AddStaff, Apply, CourseView, Role, ScheduleCourse
from harbour.contracts.messages import Refused, derived_id
from services.enrolment import rules
from services.enrolment.programmes import load_programmes
from services.enrolment.records import Company, StaffRecord

SEVEN = load_programmes()["seven-weeks"]
EVENING = datetime(2026, 3, 10, 19, 0, tzinfo=UTC)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def course(course_id: str = "tuesdays", starts_at: datetime = EVENING) -> CourseView:
    return rules.plan_course(
        ScheduleCourse(course_id=course_id, programme="seven-weeks", starts_at=starts_at, staff=("sam",)), SEVEN
    )


def wish(**fields: object) -> Apply:
    return Apply.model_validate(
        {"course_id": "tuesdays", "nickname": "Mia", "age": 15, "email": "mia@example.org"} | fields
    )


def person(staff_id: str, *roles: Role) -> StaffRecord:
    return StaffRecord(staff_id, staff_id.title(), roles, password_hash="", totp_sealed="", made_by="")


# ── when a course meets


@pytest.mark.parametrize(
    "first",
    [
        datetime(2026, 3, 10, 19, 0, tzinfo=UTC),  # into summer time: the clocks go forward on 29 March
        datetime(2026, 10, 6, 18, 0, tzinfo=UTC),  # out of it: they go back on 25 October
    ],
)
def test_every_evening_starts_at_the_same_time_in_london_when_the_clocks_change(first: datetime) -> None:
    starts = [plan.starts_at for plan in course(starts_at=first).sessions]
    assert [start.astimezone(rules.LONDON).strftime("%a %H:%M") for start in starts] == ["Tue 19:00"] * 7
    assert len({start.hour for start in starts}) == 2
    assert starts[0] == first
    assert all(start.tzinfo is UTC for start in starts)


def test_seven_evenings_have_their_topics_and_ids_of_their_own() -> None:
    sessions = course().sessions
    assert [plan.session_id for plan in sessions] == [f"tuesdays-w{week}" for week in range(1, 8)]
    assert [plan.topic for plan in sessions] == [week.topic for week in SEVEN.weeks]
    assert {plan.minutes for plan in sessions} == {90}


@given(st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True))
def test_even_the_longest_course_id_gives_seven_different_session_ids_that_fit(course_id: str) -> None:
    sessions = course(course_id).sessions
    assert len({plan.session_id for plan in sessions}) == 7
    assert all(len(plan.session_id) <= 64 for plan in sessions)


def test_somebody_new_may_join_until_the_first_evening_is_over() -> None:
    tonight = course()
    assert rules.may_join(tonight, EVENING + timedelta(minutes=89), until_week=1)
    assert not rules.may_join(tonight, EVENING + timedelta(minutes=90), until_week=1)
    assert rules.may_join(tonight, EVENING + timedelta(minutes=90), until_week=2)


def test_an_adult_leads_in_their_leading_role() -> None:
    sam, ash = person("sam", Role.COUNSELLOR, Role.LEAD), person("ash", Role.YOUTH_WORKER)
    cast = rules.cast_adults(["sam", "ash", "sam"], [ash, sam])
    assert cast is not None
    assert [(adult.staff_id, adult.role) for adult in cast] == [("sam", Role.COUNSELLOR), ("ash", Role.YOUTH_WORKER)]


@pytest.mark.parametrize("wanted", [["sam", "nobody"], ["kit"], []])
def test_a_course_needs_adults_who_are_here_and_lead(wanted: list[str]) -> None:
    assert rules.cast_adults(wanted, [person("sam", Role.COUNSELLOR), person("kit", Role.OFFICER)]) is None


# ── who gets a place


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"age": 13}, "too-young"),
        ({"age": 19}, "too-old"),
        ({"email": ""}, "no-address"),
        ({"email": "  "}, "no-address"),
        ({"email": "mia@"}, "address-unreadable"),
        ({"phone": "12"}, "address-unreadable"),
        ({"email": "", "phone": "020 7946 0018"}, "address-unreadable"),
    ],
)
def test_an_application_is_refused_for_age_or_address(fields: dict[str, object], reason: str) -> None:
    answer = rules.read_application(wish(**fields))
    assert isinstance(answer, Refused)
    assert answer.reason == reason


@pytest.mark.parametrize("age", [14, 15, 18])
def test_fourteen_to_eighteen_may_apply_with_mail_or_phone(age: int) -> None:
    assert isinstance(rules.read_application(wish(age=age)), rules.Wanted)
    assert isinstance(rules.read_application(wish(age=age, email="", phone="07700 900123")), rules.Wanted)


def test_a_readable_address_beside_an_unreadable_one_is_asked_for_again() -> None:
    answer = rules.read_application(wish(phone="077"))
    assert isinstance(answer, Refused)
    assert answer.reason == "address-unreadable"


def test_somebody_who_is_here_already_hears_that_before_anything_about_their_name() -> None:
    wanted = rules.read_application(wish())
    assert isinstance(wanted, rules.Wanted)
    refusal = rules.why_not_join(wanted, Company(frozenset({"mia"}), (), ()), here_already=True)
    assert refusal is not None
    assert refusal.reason == "already-here"


def test_a_member_id_derives_from_the_wish_and_tells_nothing_of_the_person() -> None:
    asked = wish()
    wanted = rules.read_application(asked)
    assert isinstance(wanted, rules.Wanted)
    nobody = Company(frozenset(), (), ())
    places = {rules.enrol(asked, wanted, nobody, "seat", arrival, EVENING).member_id for arrival in (1, 2)}
    assert places == {derived_id("member", asked.id)}


@given(st.lists(st.text(min_size=1, max_size=10), min_size=12, max_size=12, unique=True))
def test_the_first_twelve_in_a_course_have_twelve_badges(members: list[str]) -> None:
    worn: list[str] = []
    for member in members:
        badge = rules.choose_badge(member, worn)
        assert badge == rules.choose_badge(member, list(reversed(worn)))
        worn.append(badge)
    assert sorted(worn) == sorted(BADGES)
    assert rules.choose_badge("a thirteenth", worn) in BADGES


# ── who is a member of staff


def test_a_staff_id_is_the_same_however_the_address_is_cased() -> None:
    assert rules.staff_id_or_nobody("Sam@Example.org") == rules.staff_id_or_nobody(" sam@example.ORG")
    assert rules.staff_id_or_nobody("sam@example.org") != rules.staff_id_or_nobody("ash@example.org")
    assert rules.staff_id_or_nobody("not an address") == "nobody"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"password": "eleven char"}, "password-weak"),
        ({"email": "sam"}, "address-unreadable"),
        ({"totp_secret": "not base32!"}, "secret-unreadable"),
        ({"totp_secret": "ABC"}, "secret-unreadable"),
    ],
)
def test_an_account_needs_a_readable_address_a_long_password_and_a_real_secret(
    fields: dict[str, str], reason: str
) -> None:
    whole = {"name": "Sam", "email": "sam@example.org", "password": "a long enough one", "roles": ("counsellor",)}
    assert rules.read_new_staff(AddStaff.model_validate(whole)) == "sam@example.org"
    answer = rules.read_new_staff(AddStaff.model_validate(whole | fields))
    assert isinstance(answer, Refused)
    assert answer.reason == reason


@pytest.mark.parametrize(("seconds", "counts"), [(-61, False), (-30, True), (0, True), (30, True), (61, False)])
def test_a_code_counts_one_step_either_side_of_now(seconds: int, counts: bool) -> None:
    code = pyotp.TOTP(SECRET).at(EVENING + timedelta(seconds=seconds))
    assert (rules.step_of(code, SECRET, EVENING) is not None) is counts


def test_a_code_may_be_typed_with_a_space() -> None:
    code = pyotp.TOTP(SECRET).at(EVENING)
    assert rules.step_of(f"{code[:3]} {code[3:]}", SECRET, EVENING) == int(EVENING.timestamp()) // 30


@given(st.text(max_size=12).filter(lambda text: not text.replace(" ", "").isdigit()))
def test_what_is_no_code_is_of_no_step(text: str) -> None:
    assert rules.step_of(text, SECRET, EVENING) is None


def test_a_secret_may_be_copied_with_spaces_and_in_lower_case() -> None:
    assert rules.plain_secret("jbsw y3dp ehpk 3pxp") == "JBSWY3DPEHPK3PXP"
