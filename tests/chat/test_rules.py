"""Who may be here, when an evening may move on, what may be said, and who sees what is held."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from harbour.contracts.chat import MessageHeld, MessagePosted, PostMessage, RoomState, Speaker
from harbour.contracts.concerns import Category
from harbour.contracts.messages import Refused
from harbour.screening import Verdict
from services.chat import rules
from services.chat.rules import Breath, Decision, Move, Outcome, Pace, Seat
from tests.chat.people import ASH, EVENING, ROBIN, SAM, WREN, gathering, held

HOLD = Verdict(hold=True, reasons=held().reasons, version="1")
PASS = Verdict(hold=False, reasons=(), version="1")


def place(person_id: str, state: RoomState = RoomState.LIVE) -> Seat:
    found = rules.seat(gathering(state), person_id)
    assert isinstance(found, Seat)
    return found


def reason(answer: Seat | Refused) -> str:
    return answer.reason if isinstance(answer, Refused) else ""


# ── who may be here ───────────────────────────────────────────────────────────────────────────────────────────


def test_everybody_of_the_course_has_a_place_and_nobody_else() -> None:
    assert place("robin").person == ROBIN
    assert place("robin").people == (ROBIN, WREN, SAM, ASH)
    assert reason(rules.seat(gathering(), "stranger")) == "not-yours"
    assert reason(rules.seat(None, "robin")) == "no-such-session"


def test_only_the_adults_of_the_room_decide() -> None:
    assert reason(rules.leading_seat(gathering(), "sam")) == ""
    assert reason(rules.leading_seat(gathering(), "robin")) == "not-yours"
    assert reason(rules.leading_seat(gathering(), "stranger")) == "not-yours"
    assert reason(rules.leading_seat(None, "sam")) == "no-such-session"


# ── the evening ───────────────────────────────────────────────────────────────────────────────────────────────


MOVES = list(Move)


class Evening(RuleBasedStateMachine):
    """Whatever is asked in whatever order, an evening never skips its doors, and what is over stays over."""

    def __init__(self) -> None:
        super().__init__()
        self.state, self.resumes_to = RoomState.SCHEDULED, RoomState.LIVE
        self.path = [RoomState.SCHEDULED]

    @rule(move=st.sampled_from(MOVES))
    def ask(self, move: Move) -> None:
        if self.state not in rules.FROM[move]:
            assert rules.why_not(move, self.state) is not None or self.state is not RoomState.SCHEDULED
            return
        assert rules.why_not(move, self.state) is None
        if move is Move.PAUSE:
            self.resumes_to = self.state
        self.state = rules.TO.get(move, self.resumes_to)
        self.path.append(self.state)

    @invariant()
    def it_is_live_only_after_its_doors(self) -> None:
        if RoomState.LIVE in self.path:
            assert self.path[:3] == [RoomState.SCHEDULED, RoomState.DOORS, RoomState.LIVE]

    @invariant()
    def a_pause_leads_back_to_where_it_began(self) -> None:
        for before, paused, after in zip(self.path, self.path[1:], self.path[2:], strict=False):
            if paused is RoomState.PAUSED:
                assert after in (before, RoomState.ENDED)

    @invariant()
    def what_is_over_stays_over(self) -> None:
        assert not set(self.path[:-1]) & rules.OVER

    @invariant()
    def young_people_speak_only_while_it_is_live_or_closing(self) -> None:
        refusal = rules.why_not_post(place("robin", self.state), "hello", 2000)
        assert (refusal is None) == (self.state in (RoomState.LIVE, RoomState.CLOSING))


TestEvening = Evening.TestCase


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (RoomState.SCHEDULED, "- not-open not-live not-live not-live not-live -"),
        (RoomState.DOORS, "- - not-live not-live not-live not-live -"),
        (RoomState.LIVE, "- - - - - - begun"),
        (RoomState.PAUSED, "- - - - not-live - begun"),
        (RoomState.CLOSING, "- - - - - - begun"),
        (RoomState.ENDED, "ended ended not-live not-live not-live - ended"),
        (RoomState.CANCELLED, "cancelled cancelled not-live not-live not-live cancelled -"),
    ],
)
def test_why_an_evening_cannot_be_moved_is_said_in_a_word(state: RoomState, why: str) -> None:
    assert " ".join(rules.why_not(move, state) or "-" for move in MOVES) == why


# ── what may be said ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("person", "state", "refusal"),
    [
        ("robin", RoomState.SCHEDULED, "not-live"),
        ("robin", RoomState.DOORS, "not-live"),
        ("robin", RoomState.LIVE, None),
        ("robin", RoomState.ENDED, "not-live"),
        ("sam", RoomState.SCHEDULED, "not-live"),
        ("sam", RoomState.DOORS, None),
        ("sam", RoomState.LIVE, None),
        ("sam", RoomState.ENDED, "not-live"),
    ],
)
def test_while_people_wait_at_the_doors_only_adults_speak(person: str, state: RoomState, refusal: str | None) -> None:
    assert rules.why_not_post(place(person, state), "hello", 2000) == refusal


@pytest.mark.parametrize("nothing", ["", "   ", "\n\t", "\u200b\u2060", "\x00\x07", "\ufeff \u00a0"])
def test_words_that_nobody_would_see_are_empty(nothing: str) -> None:
    assert rules.why_not_post(place("robin"), rules.tidy(nothing), 2000) == "empty"


def test_an_emoji_alone_is_something_to_say() -> None:
    assert rules.why_not_post(place("robin"), rules.tidy(" 🌊 "), 2000) is None


def test_a_message_may_be_as_long_as_the_setting_and_no_longer() -> None:
    assert rules.why_not_post(place("robin"), "a" * 2000, 2000) is None
    assert rules.why_not_post(place("robin"), "a" * 2001, 2000) == "too-long"


@given(st.text())
def test_tidying_twice_is_tidying_once_and_keeps_every_letter(text: str) -> None:
    tidy = rules.tidy(text)
    assert rules.tidy(tidy) == tidy
    assert [c for c in tidy if c.isalpha()] == [c for c in text if c.isalpha()]
    assert "\x00" not in tidy


# ── how fast ──────────────────────────────────────────────────────────────────────────────────────────────────

PACE = Pace(burst=8, seconds=10)


def test_eight_at_once_are_fine_and_the_ninth_waits_a_moment() -> None:
    breath: Breath | None = None
    for _ in range(8):
        breath = rules.spend(breath, PACE, EVENING)
        assert breath is not None
    assert rules.spend(breath, PACE, EVENING) is None
    assert rules.spend(breath, PACE, EVENING + timedelta(seconds=1.3)) is not None


@given(st.lists(st.floats(min_value=-5, max_value=30), max_size=60))
def test_nobody_speaks_faster_than_the_pace_whatever_the_clock_does(waits: list[float]) -> None:
    breath, now, taken, latest = None, EVENING, 0, EVENING
    for wait in waits:
        now += timedelta(seconds=wait)
        latest = max(latest, now)
        spent = rules.spend(breath, PACE, now)
        if spent is not None:
            breath, taken = spent, taken + 1
        assert taken <= PACE.burst + (latest - EVENING).total_seconds() * PACE.burst / PACE.seconds + 1e-6


# ── what a message becomes ────────────────────────────────────────────────────────────────────────────────────

WISH = PostMessage(session_id="s1", person_id="robin", client_id="k1", text="hello")


def test_what_passes_is_posted_and_what_does_not_is_held_with_its_reasons() -> None:
    passed = rules.as_said(place("robin"), WISH, "hello", PASS, EVENING)
    kept = rules.as_said(place("robin"), WISH, "hello", HOLD, EVENING)
    assert isinstance(passed, MessagePosted)
    assert isinstance(kept, MessageHeld)
    assert (kept.reasons, kept.version) == (HOLD.reasons, "1")
    assert passed.text == kept.text == "hello"
    assert (passed.nickname, passed.badge, passed.speaker) == ("Robin", "leaf-teal", Speaker.MEMBER)


def test_posted_or_held_the_same_wish_has_the_same_id() -> None:
    passed = rules.as_said(place("robin"), WISH, "hello", PASS, EVENING)
    kept = rules.as_said(place("robin"), WISH, "hello", HOLD, EVENING + timedelta(seconds=3))
    assert passed.id == kept.id


def test_an_adult_of_the_room_is_never_held() -> None:
    assert isinstance(rules.as_said(place("sam"), WISH, "hello", HOLD, EVENING), MessagePosted)


def test_the_transcript_is_asked_where_the_stream_may_have_forgotten() -> None:
    live, late = gathering().room, EVENING + rules.REMEMBERED + timedelta(seconds=1)
    assert not rules.may_be_kept_already(live, EVENING + timedelta(minutes=90))
    assert rules.may_be_kept_already(live, late)
    assert rules.may_be_kept_already(gathering(RoomState.ENDED).room, EVENING)
    assert not rules.may_be_kept_already(gathering(RoomState.SCHEDULED, opened_at=None).room, late)


# ── what is held ──────────────────────────────────────────────────────────────────────────────────────────────


def ruled(message: MessageHeld, outcome: Outcome) -> Decision:
    return Decision(message.id, "s1", 7, outcome, "sam", EVENING)


def test_a_young_person_sees_their_own_held_messages_and_no_others() -> None:
    mine, theirs = held(client_id="k1"), held("a number of Wren's", WREN)
    shown = rules.held_for(place("robin"), [mine, theirs], {})
    assert [one.held_id for one in shown] == [mine.id]
    assert shown[0].state == "waiting"


def test_a_writer_sees_what_was_declined_and_no_longer_what_was_released() -> None:
    first, second = held(client_id="k1"), held(client_id="k2")
    decided = {first.id: ruled(first, Outcome.RELEASED), second.id: ruled(second, Outcome.DECLINED)}
    shown = rules.held_for(place("robin"), [first, second], decided)
    assert [(one.held_id, one.state) for one in shown] == [(second.id, "declined")]


def test_an_adult_sees_all_that_waits_with_why_and_nothing_that_is_decided() -> None:
    first, second, third = held(client_id="k1"), held(client_id="k2"), held("a number of Wren's", WREN)
    shown = rules.held_for(place("sam"), [first, second, third], {second.id: ruled(second, Outcome.DECLINED)})
    assert [one.held_id for one in shown] == [first.id, third.id]
    assert shown[0].categories == (Category.CONTACT_OR_PII,)
    assert shown[0].why == ("Gives a phone number",)


def test_what_a_decision_says_is_the_same_every_time() -> None:
    message = held()
    for outcome in Outcome:
        decision = Decision(message.id, "s1", 7, outcome, "sam", EVENING)
        first, again = rules.outcome_event(message, decision), rules.outcome_event(message, decision)
        assert (first, first.id, first.at) == (again, again.id, EVENING)
        assert first.held_id == message.id


def test_a_released_message_is_the_writers_own_and_names_who_released_it() -> None:
    message = held()
    said = rules.outcome_event(message, Decision(message.id, "s1", 7, Outcome.RELEASED, "sam", EVENING))
    assert isinstance(said, MessagePosted)
    assert (said.text, said.member_id, said.client_id) == (message.text, "robin", message.client_id)
    assert (said.released_by, said.id != message.id) == ("sam", True)
