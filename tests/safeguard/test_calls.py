"""A call for help and a quiet report become exactly one alert each, at once."""

from datetime import timedelta

import pytest

from harbour.contracts.chat import HelpAsked, MessageReported, PersonLetBack, PersonRemoved, PrivateWordSent
from harbour.contracts.concerns import Urgency
from harbour.contracts.safeguard import AlertRaised, ClaimAlert, ClaimClock, MessageFlagged
from harbour.runtime.delivery import NotYet
from tests.safeguard.copies import Copies
from tests.safeguard.people import EVENING, TEAM, held, posted, scheduled


def asked(help_id: str = "help-1", member: str = "robin") -> HelpAsked:
    return HelpAsked(
        id=f"asked-{help_id}", at=EVENING, session_id="s1", member_id=member, help_id=help_id,
        nickname=member.capitalize(),
    )  # fmt: skip


def reported(message_id: str, by: str = "wren", about: str = "unkind", held_id: str = "") -> MessageReported:
    return MessageReported.model_validate({
        "id": f"reported-{message_id}-{by}", "at": EVENING, "session_id": "s1", "member_id": by, "nickname": "Wren",
        "number": 7, "message_id": message_id, "held_id": held_id, "author_id": "robin", "author": "Robin",
        "about": about,
    })  # fmt: skip


async def test_a_call_for_help_is_one_alert_on_the_queue_with_its_clock(copies: Copies) -> None:
    await copies.hears(*TEAM, scheduled())
    await copies.hears_at_once([asked()] * 3)
    alert = await copies.only_alert()
    assert (alert.nickname, alert.title, alert.urgency) == ("Robin", "Next steps, week 2", Urgency.HIGH)
    assert alert.why == ("They pressed “I need help now” in the room.",)
    assert alert.due_at == EVENING + timedelta(minutes=5)
    assert [type(one) for one in copies.said] == [MessageFlagged, AlertRaised, ClaimClock]


async def test_a_second_call_is_a_second_alert_and_a_claim_stands(copies: Copies) -> None:
    await copies.hears(*TEAM, asked())
    await copies.asks(ClaimAlert(alert_id=(await copies.only_alert()).alert_id, staff_id="ada"))
    await copies.hears(asked(), asked("help-2"))
    assert sorted(str(one.state) for one in (await copies.reads()).alerts) == ["claimed", "waiting"]


async def test_a_reported_message_is_one_alert_with_its_words_for_the_desk(copies: Copies) -> None:
    await copies.hears(*TEAM, posted("you again", member="robin", message_id="p1"))
    await copies.hears(reported("p1"), reported("p1"), reported("p1", by="heron", about="worried"))
    alert = await copies.only_alert()
    assert (alert.nickname, alert.urgency) == ("Robin", Urgency.HIGH)
    assert len(alert.why) == 2
    assert (await copies.opens(alert.alert_id)).text == "you again"
    assert len(copies.heard_of(AlertRaised)) == 1


async def test_a_report_joins_the_alert_that_is_there_already(copies: Copies) -> None:
    await copies.hears(*TEAM, posted("plum", member="robin", message_id="p1"), reported("p1"))
    alert = await copies.only_alert()
    assert alert.urgency is Urgency.HIGH
    assert set(alert.why) == {"Because of plum.", "Somebody in the room told us quietly that this is unkind."}


async def test_a_report_of_a_released_message_joins_the_alert_of_its_hold(copies: Copies) -> None:
    await copies.hears(*TEAM, held("plum", member="robin", message_id="h1"))
    await copies.hears(posted("plum", second=9, member="robin", message_id="p1", held_id="h1"))
    await copies.hears(reported("p1", held_id="h1"))
    assert len((await copies.only_alert()).why) == 2


async def test_a_report_that_overtakes_its_message_waits_for_it_but_not_for_ever(copies: Copies) -> None:
    await copies.hears(*TEAM)
    with pytest.raises(NotYet):
        await copies.hears(reported("p1"))
    assert (await copies.reads()).alerts == ()
    copies.now += timedelta(minutes=11)
    await copies.hears(reported("p1"))
    alert = await copies.only_alert()
    assert alert.nickname == "Robin"
    assert "no longer kept" in (await copies.opens(alert.alert_id)).text


async def test_a_private_word_is_judged_in_depth_like_any_other_and_an_adults_is_not(copies: Copies) -> None:
    def word(text: str, by_adult: bool) -> PrivateWordSent:
        return PrivateWordSent(
            id=f"word-{by_adult}", at=EVENING, session_id="s1", member_id="robin", by_adult=by_adult, text=text,
            author_id="sam" if by_adult else "robin", nickname="Sam" if by_adult else "Robin", client_id="w1",
        )  # fmt: skip

    await copies.hears(*TEAM, word("quince", by_adult=True))
    assert (await copies.reads()).alerts == ()
    await copies.hears(word("quince", by_adult=False))
    alert = await copies.only_alert()
    assert (alert.nickname, alert.urgency) == ("Robin", Urgency.HIGH)
    assert (await copies.opens(alert.alert_id)).text == "quince"


# ── somebody was asked to step out ────────────────────────────────────────────────────────────────────────────

REASON = "They need somebody to themselves."
STEPPED_OUT = PersonRemoved(
    id="removed-1", at=EVENING, session_id="s1", member_id="robin", removal_id="out-1", nickname="Robin",
    staff_id="sam", name="Sam", reason=REASON,
)  # fmt: skip
LET_BACK = PersonLetBack(
    id="back-1", at=EVENING, session_id="s1", member_id="robin", removal_id="out-1", staff_id="jo", name="Jo"
)


async def test_somebody_who_was_asked_to_step_out_is_one_alert_with_the_reason_and_its_clock(copies: Copies) -> None:
    await copies.hears(*TEAM, scheduled())
    await copies.hears_at_once([STEPPED_OUT] * 3)
    alert = await copies.only_alert()
    assert (alert.nickname, alert.urgency, alert.due_at) == ("Robin", Urgency.HIGH, EVENING + timedelta(minutes=5))
    assert (await copies.opens(alert.alert_id)).text == f"Sam asked Robin to step out for tonight: {REASON}"
    assert [type(one) for one in copies.said] == [MessageFlagged, AlertRaised, ClaimClock]


async def test_promise_11_why_somebody_was_asked_to_step_out_is_in_nothing_the_desk_says(copies: Copies) -> None:
    await copies.hears(*TEAM, STEPPED_OUT)
    assert REASON not in str([one.model_dump_json() for one in copies.said])
    assert REASON not in (await copies.reads()).model_dump_json()
    assert REASON not in repr(STEPPED_OUT)


async def test_that_they_were_let_back_in_joins_the_alert_which_still_waits(copies: Copies) -> None:
    await copies.hears(*TEAM)
    with pytest.raises(NotYet):
        await copies.hears(LET_BACK)
    await copies.hears(STEPPED_OUT, LET_BACK, LET_BACK)
    alert = await copies.only_alert()
    assert alert.why[-1] == "They have been let back into the room since."
    assert (alert.urgency, str(alert.state), len(alert.why)) == (Urgency.HIGH, "waiting", 2)
    assert len(copies.heard_of(AlertRaised)) == 1
