"""An answer inherits the subject of its question, as the screen's own rules know it."""

from datetime import timedelta

import pytest

from harbour.contracts.chat import Speaker
from harbour.contracts.concerns import Urgency
from harbour.screening import Finding, judge_by_rules
from services.safeguard.answers import PATIENCE, inherited, may_answer
from services.safeguard.model import Line
from tests.safeguard.people import EVENING


def said(text: str, second: float, who: str = "robin", *, adult: bool = False, private: bool = False) -> Line:
    """A line of the room."""
    speaker = Speaker.FACILITATOR if adult else Speaker.MEMBER
    at = EVENING + timedelta(seconds=second)
    return Line(f"{who}-{second}", "s1", who, who.capitalize(), str(speaker), at, text, private)


def answered(question: str, answer: str, after: float = 10, **how: bool) -> Finding | None:
    """What the answer of somebody a facilitator asked comes up as."""
    line = said(answer, after)
    return inherited(line, [said(question, 0, "sam", adult=True, **how)], judge_by_rules) if may_answer(line) else None


@pytest.mark.parametrize(
    ("question", "answer", "urgency"),
    [
        ("are you safe tonight?", "no", Urgency.IMMEDIATE),
        ("r u safe rn", "not really", Urgency.IMMEDIATE),
        ("Can you keep yourself safe tonight?", "idk", Urgency.IMMEDIATE),
        ("you safe?", "nope", Urgency.HIGH),
        ("do you feel safe at home?", "no", Urgency.HIGH),
        ("have you taken anything?", "yes", Urgency.IMMEDIATE),
        ("Have you taken too many tablets?", "yh", Urgency.IMMEDIATE),
        ("do you want to die?", "yeah sometimes", Urgency.HIGH),
        ("are you thinking about killing yourself?", "idk", Urgency.HIGH),
        ("have you got a plan to end it?", "kinda", Urgency.HIGH),
        ("do you still feel suicidal?", "a bit", Urgency.HIGH),
        ("any thoughts of suicide today?", "mhm", Urgency.HIGH),
        ("did you hurt yourself last night?", "yeaaah", Urgency.HIGH),
        ("have you hurt yourself?", "a bit", Urgency.MEDIUM),
        ("are you thinking of hurting yourself?", "maybe", Urgency.MEDIUM),
        ("is someone hurting you at home?", "yeah", Urgency.HIGH),
        ("does your dad hit you?", "sometimes", Urgency.HIGH),
        ("I hear you, that sounds hard. Are you safe right now?", "no", Urgency.IMMEDIATE),
    ],
)
def test_an_answer_is_read_with_its_question(question: str, answer: str, urgency: Urgency) -> None:
    assert judge_by_rules(answer) is None
    finding = answered(question, answer)
    assert finding is not None
    assert finding.urgency is urgency
    [reason] = finding.reasons
    assert (reason.rule, reason.tier) == ("context.answer", "context")
    assert reason.why.startswith("Said in answer to a question. ")
    assert reason.spans == ((0, len(answer)),)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("are you safe tonight?", "yes"),
        ("are you thinking about killing yourself?", "no"),
        ("have you hurt yourself?", "nah not this week"),
        ("do you want to die in this level?", "no lol"),
        ("do you like pizza?", "no"),
        ("are you coming on thursday?", "yeah"),
        ("have you got a plan for the weekend?", "yes"),
        ("did you take the dog out?", "yeah twice"),
        ("are you safe tonight?", "who wants to hear my song"),
        ("lovely to see you all", "yes"),
    ],
)
def test_an_answer_that_tells_of_no_harm_brings_nothing_up(question: str, answer: str) -> None:
    assert answered(question, answer) is None


def test_a_peer_may_ask_too_and_others_may_talk_in_between() -> None:
    thread = [
        said("do you want to die?", 0, "wren"),
        *(said(f"i had chips {n}", n, "kit") for n in range(1, 4)),
    ]
    finding = inherited(said("a bit", 9), thread, judge_by_rules)
    assert finding is not None
    assert finding.urgency is Urgency.HIGH


def test_a_question_to_somebody_else_by_name_or_in_private_is_not_answered() -> None:
    thread = [said("hi", 0, "wren"), said("Wren, are you safe tonight?", 1, "sam", adult=True)]
    assert inherited(said("no", 5), thread, judge_by_rules) is None
    assert inherited(said("no", 5, "wren"), thread, judge_by_rules) is not None
    assert answered("are you safe tonight?", "no", private=True) is None
    private = [said("are you safe tonight?", 0, "sam", adult=True, private=True)]
    assert inherited(said("no", 5, private=True), private, judge_by_rules) is not None


def test_a_question_is_answered_only_for_a_while_and_never_by_who_asked_it() -> None:
    assert answered("are you safe tonight?", "no", after=PATIENCE.total_seconds() + 1) is None
    assert inherited(said("no", 5), [said("are you safe tonight?", 0)], judge_by_rules) is None
