"""What is said, or not said, around a message makes an adult look sooner, never later, on its one alert."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harbour.contracts.chat import (
    MemberLeft,
    SessionClosing,
    SessionEnded,
    SessionPaused,
    SessionStarted,
    Speaker,
)
from harbour.contracts.concerns import Category, Reason, Urgency
from harbour.contracts.safeguard import AlertRaised, MessageFlagged, SilenceDue
from harbour.screening import Finding
from services.safeguard import context, judging, rules
from services.safeguard.model import Alert
from tests.safeguard.copies import Copies
from tests.safeguard.people import CLOCKS, EVENING, TEAM, finding, line, posted

STARTED = SessionStarted(session_id="s1", course_id="c1", staff_id="sam", at=EVENING)
PAUSED = SessionPaused(session_id="s1", course_id="c1", why="facilitator", at=EVENING + timedelta(seconds=30))
CLOSING = SessionClosing(session_id="s1", course_id="c1", at=EVENING + timedelta(seconds=60))
ENDED = SessionEnded(session_id="s1", course_id="c1", staff_id="sam", at=EVENING + timedelta(seconds=90))


def alert(urgency: Urgency, second: int = 0, rule: str = "a-rule", category: Category = Category.SELF_HARM) -> Alert:
    """An alert on something said so many seconds into the evening."""
    return rules.first_alert(line("plum", second), finding(urgency, rule, category), EVENING, CLOCKS)


def left(second: int) -> MemberLeft:
    """They were seen in the room for the last time so many seconds into the evening."""
    return MemberLeft(session_id="s1", member_id="m1", last_at=EVENING + timedelta(seconds=second))


async def why(copies: Copies) -> list[tuple[str, Urgency]]:
    """The reasons of the one alert."""
    details = await copies.opens((await copies.only_alert()).alert_id)
    return [(one.rule, one.urgency) for one in details.reasons]


# ── a worry that comes back ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("now", "earlier", "then"),
    [
        (Urgency.LOW, [], Urgency.LOW),
        (Urgency.LOW, [Urgency.LOW] * 2, Urgency.LOW),
        (Urgency.LOW, [Urgency.LOW] * 3, Urgency.MEDIUM),
        (Urgency.LOW, [Urgency.HIGH], Urgency.MEDIUM),
        (Urgency.MEDIUM, [Urgency.MEDIUM], Urgency.MEDIUM),
        (Urgency.MEDIUM, [Urgency.LOW] * 4, Urgency.MEDIUM),
        (Urgency.MEDIUM, [Urgency.MEDIUM, Urgency.HIGH], Urgency.HIGH),
        (Urgency.HIGH, [Urgency.HIGH] * 4, Urgency.HIGH),
        (Urgency.IMMEDIATE, [Urgency.HIGH] * 4, Urgency.IMMEDIATE),
    ],
)
def test_repeated_worry_rises_one_step_and_to_high_at_most(
    now: Urgency, earlier: Sequence[Urgency], then: Urgency
) -> None:
    seen = context.repeated(finding(now), [alert(urgency, at) for at, urgency in enumerate(earlier)])
    assert seen.urgency is then
    assert [one.tier for one in seen.reasons if one.rule == "context.repeated"] == ["context"] * (then is not now)


@pytest.mark.parametrize(
    ("rule", "category"), [("self_harm.recovery", Category.SELF_HARM), ("contact.handle", Category.CONTACT_OR_PII)]
)
def test_recovery_talk_and_contact_details_do_not_add_up_to_a_worry(rule: str, category: Category) -> None:
    earlier = [alert(Urgency.MEDIUM, at, rule, category) for at in range(5)]
    assert context.repeated(finding(Urgency.LOW), earlier).urgency is Urgency.LOW
    assert context.repeated(finding(Urgency.LOW, rule, category), [alert(Urgency.HIGH)]).urgency is Urgency.LOW


def test_what_rose_by_context_alone_does_not_make_the_next_one_rise() -> None:
    risen = rules.joined(alert(Urgency.LOW), finding(Urgency.MEDIUM, rule="context.repeated"), EVENING, CLOCKS)
    assert context.repeated(finding(Urgency.LOW), [risen, risen]).urgency is Urgency.LOW


URGENCIES = st.sampled_from(Urgency)


@given(URGENCIES, st.lists(URGENCIES, max_size=6))
def test_context_never_lowers_anything_and_loses_no_reason(now: Urgency, earlier: list[Urgency]) -> None:
    alerts = [alert(urgency, at) for at, urgency in enumerate(earlier)]
    seen = context.repeated(finding(now), alerts)
    assert seen.urgency.rank >= now.rank
    assert set(finding(now).reasons) <= set(seen.reasons)
    for one in alerts:
        for more in (context.gone_quiet(one), context.taken_back(one)):
            assert more is None or rules.joined(one, more, EVENING, CLOCKS).urgency.rank >= one.urgency.rank
        if found := context.left_after(left(60), [one]):
            assert rules.joined(one, found[1], EVENING, CLOCKS).urgency.rank >= one.urgency.rank


async def test_several_worries_in_a_while_rise_and_in_an_hour_do_not(copies: Copies) -> None:
    await copies.hears(*TEAM, posted("plum", 0), posted("plum", 60), posted("plum", 120))
    assert [one.urgency for one in (await copies.reads()).alerts] == [Urgency.HIGH, Urgency.MEDIUM, Urgency.MEDIUM]
    await copies.hears(posted("plum", 3600), posted("plum", 61, member="m2"))
    assert [one.urgency for one in (await copies.reads()).alerts].count(Urgency.HIGH) == 1


@pytest.mark.parametrize("seed", range(3))
async def test_worries_heard_side_by_side_rise_in_their_order(copies: Copies, seed: int) -> None:
    await copies.hears(*TEAM, posted("hello"))
    await copies.hears_at_once([posted("plum", second) for second in (1, 2, 3)], seed)
    found = {one.why for one in (await copies.reads()).alerts if one.urgency is Urgency.HIGH}
    assert len(found) == 1


async def test_a_worry_heard_twice_rises_once(copies: Copies) -> None:
    await copies.hears(*TEAM, *[posted("plum", second) for second in (1, 2, 3)] * 2)
    assert [one.urgency for one in (await copies.reads()).alerts] == [Urgency.HIGH, Urgency.MEDIUM, Urgency.MEDIUM]
    ids = [one.id for one in copies.heard_of(MessageFlagged)]
    assert len(ids) == len(set(ids)) == 3


# ── taken back ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text", ["jk", "JK lol", "only joking!!", "lol jk", "im fine", "nvm", "forget i said that", "it was a joke", "dw"]
)
async def test_a_joke_afterwards_does_not_clear_what_was_said(copies: Copies, text: str) -> None:
    await copies.hears(*TEAM, posted("quince", 1), posted(text, 20))
    assert await why(copies) == [("quince", Urgency.HIGH), ("context.taken-back", Urgency.LOW)]
    assert (await copies.only_alert()).urgency is Urgency.HIGH
    assert len(copies.heard_of(AlertRaised)) == 1


@pytest.mark.parametrize(
    ("text", "second", "member"),
    [("jk", 400, "m1"), ("jk", 20, "m2"), ("jack is here", 20, "m1"), ("fine art", 20, "m1")],
)
async def test_a_joke_about_something_else_adds_nothing(copies: Copies, text: str, second: int, member: str) -> None:
    await copies.hears(*TEAM, posted("quince", 1), posted(text, second, member))
    assert await why(copies) == [("quince", Urgency.HIGH)]


async def test_a_joke_after_something_grave_counts_for_more_than_a_joke(copies: Copies) -> None:
    await copies.hears(*TEAM, posted("plum", 1), posted("pear", 20))
    assert [one.urgency for one in (await copies.reads()).alerts] == [Urgency.MEDIUM] * 2


# ── an answer ─────────────────────────────────────────────────────────────────────────────────────────────────


def judged(text: str) -> Finding | None:
    """A judge who knows two words of danger."""
    return finding(Urgency.HIGH, "a-danger") if text in ("im not safe", "i hurt") else None


async def test_an_answer_is_one_alert_with_the_subject_of_its_question(
    copies: Copies, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "judge_by_rules", judged)
    asked = posted("are you safe?", 1, member="sam").model_copy(update={"speaker": Speaker.FACILITATOR})
    await copies.hears(*TEAM, asked, posted("hm", 2, member="m2"), posted("no", 5), posted("no", 5))
    assert await why(copies) == [("context.answer", Urgency.HIGH)]
    assert (await copies.opens((await copies.only_alert()).alert_id)).text == "no"
    assert len(copies.heard_of(AlertRaised)) == 1


async def test_an_adults_answer_raises_nothing(copies: Copies, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "judge_by_rules", judged)
    answer = posted("no", 5, member="sam").model_copy(update={"speaker": Speaker.FACILITATOR})
    await copies.hears(*TEAM, posted("are you safe?", 1), answer)
    assert (await copies.reads()).alerts == ()


# ── a goodbye, and then nothing ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    [
        "bye everyone",
        "Goodbye x",
        "thanks for everything",
        "love you all",
        "look after each other ok",
        "ill miss you guys",
    ],
)
def test_a_goodbye_in_passing_is_known(text: str) -> None:
    assert context.is_farewell(line(text), None)
    assert not context.is_farewell(line("hello everyone, what a day"), None)
    reason = Reason(rule="suicide.goodbye", category=Category.SUICIDE_RISK, urgency=Urgency.LOW, why="A goodbye.")
    assert context.is_farewell(line("so"), Finding(Urgency.LOW, (), (reason,), "v"))


async def test_silence_after_a_goodbye_rises_once_however_often_its_clock_is_heard(copies: Copies) -> None:
    await copies.hears(*TEAM, STARTED, posted("bye all plum", 10))
    [clock] = copies.heard_of(SilenceDue)
    assert clock.due == EVENING + CLOCKS.silence
    copies.now = clock.due
    await copies.hears(posted("pizza", 60, member="m2"))
    await copies.hears_at_once([clock] * 3)
    assert await why(copies) == [("context.silence", Urgency.HIGH), ("plum", Urgency.MEDIUM)]
    assert (await copies.only_alert()).due_at == clock.due + CLOCKS.high
    assert len(copies.heard_of(AlertRaised)) == 2


async def test_a_word_after_a_goodbye_stops_its_clock(copies: Copies) -> None:
    await copies.hears(*TEAM, STARTED, posted("bye all plum", 10), posted("still here", 40))
    copies.now = EVENING + CLOCKS.silence
    await copies.hears(*copies.heard_of(SilenceDue))
    assert await why(copies) == [("plum", Urgency.MEDIUM)]


@pytest.mark.parametrize("then", [CLOSING, ENDED])
async def test_silence_says_nothing_once_the_evening_closes(
    copies: Copies, then: SessionClosing | SessionEnded
) -> None:
    await copies.hears(*TEAM, STARTED, posted("bye all plum", 10), then, STARTED)
    await copies.hears(*copies.heard_of(SilenceDue))
    assert await why(copies) == [("plum", Urgency.MEDIUM)]


async def test_while_a_room_is_paused_the_clock_is_set_again(copies: Copies) -> None:
    await copies.hears(*TEAM, STARTED, posted("bye all plum", 10), PAUSED)
    [clock] = copies.heard_of(SilenceDue)
    copies.now = clock.due
    await copies.hears(clock)
    assert [one.due for one in copies.heard_of(SilenceDue)] == [clock.due, clock.due + CLOCKS.silence]
    assert await why(copies) == [("plum", Urgency.MEDIUM)]


async def test_an_ordinary_goodbye_sets_no_clock_and_one_after_a_worry_does(copies: Copies) -> None:
    await copies.hears(*TEAM, STARTED, posted("bye all", 10), posted("bye all", 11, member="m2"))
    assert copies.heard_of(SilenceDue) == []
    await copies.hears(posted("plum", 20), posted("bye all", 30))
    [clock] = copies.heard_of(SilenceDue)
    copies.now = clock.due
    await copies.hears(clock)
    quiet = [one for one in (await copies.reads()).alerts if "goodbye" in one.why[0]]
    assert [one.urgency for one in quiet] == [Urgency.MEDIUM]


# ── leaving right after ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("urgency", "category", "then"),
    [
        (Urgency.MEDIUM, Category.SUICIDE_RISK, Urgency.HIGH),
        (Urgency.HIGH, Category.SELF_HARM, Urgency.IMMEDIATE),
        (Urgency.HIGH, Category.ABUSE_DISCLOSURE, Urgency.HIGH),
        (Urgency.IMMEDIATE, Category.SUICIDE_RISK, Urgency.IMMEDIATE),
    ],
)
def test_leaving_right_after_a_disclosure_rises(urgency: Urgency, category: Category, then: Urgency) -> None:
    found = context.left_after(left(60), [alert(urgency, category=category)])
    assert found is not None
    assert found[1].urgency is then


@pytest.mark.parametrize(
    ("urgency", "category", "second"),
    [
        (Urgency.LOW, Category.SUICIDE_RISK, 60),
        (Urgency.HIGH, Category.CONTACT_OR_PII, 60),
        (Urgency.HIGH, Category.SUICIDE_RISK, 3600),
        (Urgency.HIGH, Category.SUICIDE_RISK, -60),
    ],
)
def test_leaving_otherwise_says_nothing(urgency: Urgency, category: Category, second: int) -> None:
    assert context.left_after(left(second), [alert(urgency, category=category)]) is None


async def test_leaving_joins_the_alert_of_the_last_grave_message_once(copies: Copies) -> None:
    await copies.hears(*TEAM, posted("plum", 1), posted("quince", 20), posted("hello", 30))
    await copies.hears_at_once([left(40)] * 3)
    assert [one.urgency for one in (await copies.reads()).alerts] == [Urgency.IMMEDIATE, Urgency.MEDIUM]
    assert len(copies.heard_of(AlertRaised)) == 3


async def test_whoever_leaves_without_a_worry_is_left_alone(copies: Copies) -> None:
    await copies.hears(*TEAM, posted("hello", 1), left(40), posted("quince", 20, member="m2"))
    assert [one.urgency for one in (await copies.reads()).alerts] == [Urgency.HIGH]
