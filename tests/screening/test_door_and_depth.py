"""The door keeps things from peers; the depth tells adults. A disclosure passes the one and reaches the other."""

import pytest

from harbour.contracts.concerns import Category, Urgency
from harbour.screening import VERSION, judge, judge_by_rules, look_at_door

DISCLOSURES = [
    "I want to die",
    "I hurt myself last night",
    "i want to kill myself",
    "i have just taken too many pills",
    "my stepdad hits me",
    "some lads keep telling me to kill myself every day",
    "the girls at school call me names",
    "a man keeps messaging me asking to meet",
    "i havent eaten for three days now",
    "this account keeps posting pictures of cuts",
    "this is goodbye",
]


@pytest.mark.parametrize("text", DISCLOSURES)
def test_a_disclosure_is_heard_and_never_held(text: str) -> None:
    assert not look_at_door(text).hold
    finding = judge(text)
    assert finding is not None
    assert finding.urgency.rank >= Urgency.MEDIUM.rank


@pytest.mark.parametrize(
    "text",
    [
        "kys you loser",
        "just shut up you absolute freak",
        "tell me the quickest way to end my life",
        "hey whats your insta then",
    ],
)
def test_what_peers_must_not_see_is_held_and_told(text: str) -> None:
    assert look_at_door(text).hold
    assert judge(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "thats 3 weeks clean for me today",
        "my scars are fading now",
        "i went for a run instead of hurting myself",
        "managed three meals today, go me",
    ],
)
def test_ordinary_recovery_talk_is_low_or_nothing_to_the_rules_and_never_high(text: str) -> None:
    by_rules, finding = judge_by_rules(text), judge(text)
    assert by_rules is None or by_rules.urgency is Urgency.LOW
    assert finding is None or finding.urgency.rank <= Urgency.MEDIUM.rank
    assert not look_at_door(text).hold


@pytest.mark.parametrize(
    "text", ["", "hi", "omg same", "cut my hair", "sorry my phone was dead all day", "maths homework is killing me"]
)
def test_small_talk_is_left_alone(text: str) -> None:
    assert judge(text) is None
    assert not look_at_door(text).hold


def test_to_the_rules_a_joke_is_low_and_a_joke_that_is_meant_is_not() -> None:
    joke, meant = judge_by_rules("i want to die lol"), judge_by_rules("i want to die lol, not joking")
    assert joke is not None
    assert meant is not None
    assert joke.urgency is Urgency.LOW
    assert meant.urgency is Urgency.HIGH


def test_a_disclosure_with_a_number_is_held_for_the_number_and_heard_for_the_rest() -> None:
    text = "i want to die, text me on 07700 900123"
    assert look_at_door(text).reasons[0].category is Category.CONTACT_OR_PII
    finding = judge(text)
    assert finding is not None
    assert finding.urgency is Urgency.HIGH


def test_a_thought_split_over_messages_is_read_as_one() -> None:
    assert judge_by_rules("myself") is None
    finding = judge("myself", earlier=["gonna", "go and kill"])
    assert finding is not None
    assert Category.SUICIDE_RISK in finding.categories


def test_what_came_up_before_does_not_come_up_again() -> None:
    assert judge("anyway how was tea", earlier=["i want to die"]) is None


def test_a_number_split_over_messages_is_found() -> None:
    finding = judge("900123", earlier=["07700"])
    assert finding is not None
    assert finding.categories == (Category.CONTACT_OR_PII,)


def test_a_course_may_hold_less_or_more() -> None:
    assert not look_at_door("hey whats your insta then", held=frozenset()).hold
    assert look_at_door("I want to die", held=frozenset({Category.SUICIDE_RISK})).hold


def test_a_message_too_long_to_read_is_held() -> None:
    verdict = look_at_door("lovely day " * 1_000)
    assert verdict.hold
    assert verdict.reasons[0].rule == "reading.too-long"


def test_the_most_urgent_reason_comes_first_and_sets_the_urgency() -> None:
    finding = judge("feeling down, i took an overdose")
    assert finding is not None
    assert finding.urgency is Urgency.IMMEDIATE
    assert finding.reasons[0].urgency is Urgency.IMMEDIATE
    assert finding.version.startswith(VERSION)
