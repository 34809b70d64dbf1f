"""The rule bench: a rule is drafted, tried, published by two people and taken back; and nothing counts before that."""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from harbour.contracts.closing import Outcome
from harbour.contracts.concerns import Category
from harbour.contracts.desk import MergeAlerts
from harbour.contracts.messages import Message, Refused, now
from harbour.contracts.rule_bench import (
    AddLine,
    Bench,
    DecideDraft,
    DraftChecked,
    DraftShown,
    DraftState,
    DropDraft,
    EditionPublished,
    Editions,
    HarmlessLines,
    Kind,
    LineAdded,
    OpenTrialMessages,
    ProposeDraft,
    ReadBench,
    ReadDraft,
    ReadEditions,
    ReadLines,
    ReadRule,
    Restored,
    RestoreEdition,
    RuleData,
    RuleShown,
    SaveDraft,
    ShadowDraft,
    TrialDue,
    TrialMessages,
    TryDraft,
)
from harbour.contracts.safeguard import ClaimAlert, OpenAlert, ResolveAlert
from harbour.screening import editions
from harbour.screening.editions import compile_edition
from harbour.screening.labelled import Labelled, fired_on
from harbour.screening.rulebook import put_in_force, rulebook
from services.safeguard.bench.store import EditionBook
from services.safeguard.bench.upkeep import look
from services.safeguard.chain import chain
from services.safeguard.rules import alert_id_for
from services.safeguard.store import metadata
from tests.rooms import Stage, rehearsed
from tests.safeguard.people import TEAM, posted

PLUMS = RuleData(
    id="self_harm.plums",
    category="self_harm",
    urgency="medium",
    why="Somebody talks of plums, in a test.",
    patterns=("purple plums",),
    unless=("no @",),
    must_fire=("i like purple plums",),
    must_not_fire=("no purple plums",),
)


ROWS = [
    Labelled("all those purple plums", "high", (Category.SELF_HARM,)),
    Labelled("purple plums for tea", "none", ()),
    Labelled("no purple plums for tea", "none", ()),
]


@pytest.fixture(autouse=True)
def rows(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A few labelled rows instead of thousands."""
    monkeypatch.setattr("harbour.screening.labelled.shipped_rows", lambda: ROWS)
    fired_on.cache_clear()
    yield
    fired_on.cache_clear()


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Stage]:
    """The desk with its team, and five messages of late, one of them about plums."""
    async with rehearsed("safeguard", f"sqlite+aiosqlite:///{tmp_path / 'desk.db'}") as stage:
        for event in TEAM:
            await stage.hears(event)
        for at, text in enumerate(["hello", "purple plums are nice", "no purple plums", "bye", "night"]):
            await stage.hears(posted(text, at))
        stage.said.clear()
        yield stage


async def draft(room: Stage, rule: RuleData = PLUMS, who: str = "ada") -> str:
    """A draft that was kept; its id."""
    checked = await room.asks(SaveDraft(staff_id=who, rule=rule))
    assert isinstance(checked, DraftChecked), checked
    assert checked.draft, checked.faults
    return checked.draft.draft_id


async def shown(room: Stage, draft_id: str, who: str = "ada") -> DraftShown:
    """A draft as somebody sees it."""
    answer = await room.asks(ReadDraft(staff_id=who, draft_id=draft_id))
    assert isinstance(answer, DraftShown), answer
    return answer


async def tried(room: Stage, draft_id: str, who: str = "ada") -> DraftShown:
    """A draft after its trial."""
    await room.asks(TryDraft(staff_id=who, draft_id=draft_id))
    while steps := [one for one in room.said if isinstance(one, TrialDue)]:
        room.said.clear()
        for step in steps:
            await room.hears(step)
    return await shown(room, draft_id)


async def published(room: Stage, rule: RuleData = PLUMS) -> EditionPublished:
    """What is said when a draft of Ada's, who is an officer, is published by Lou, who is a lead."""
    draft_id = await draft(room, rule)
    stands = await tried(room, draft_id)
    await room.asks(ProposeDraft(staff_id="ada", draft_id=draft_id, reason="We need it."))
    room.said.clear()
    answer = await room.asks(decision(draft_id, stands, "lou"))
    assert isinstance(answer, DraftShown), answer
    [said] = room.said
    assert isinstance(said, EditionPublished)
    return said


def decision(draft_id: str, stands: DraftShown, who: str, publish: bool = True, said: str = "") -> DecideDraft:
    text_hash = stands.draft.text_hash
    return DecideDraft(staff_id=who, draft_id=draft_id, publish=publish, text_hash=text_hash, said=said)


async def reason(answer: Any) -> str:
    answer = await answer
    assert isinstance(answer, Refused), answer
    assert answer.say
    return answer.reason


async def on_record(room: Stage) -> list[str]:
    async with room.database.reading() as tx:
        kinds = (await tx.execute(select(chain.c.kind).order_by(chain.c.number))).scalars()
        return [kind for kind in kinds if kind.startswith("rules.")]


async def test_a_rule_goes_the_whole_way_and_each_step_is_on_record(database_url: str) -> None:
    async with rehearsed("safeguard", database_url) as room:
        for event in (*TEAM, posted("purple plums are nice"), posted("no purple plums", 1), posted("hello", 2)):
            await room.hears(event)
        draft_id = await draft(room)
        stands = await tried(room, draft_id)
        trial = stands.draft.trial
        assert trial is not None
        assert (trial.done, trial.total, trial.counts.new, trial.counts.changed) == (3, 3, 1, 1)
        assert trial.lines > 200
        assert [one.line for one in trial.lines_changed] == ["i like purple plums"]
        opened = await room.asks(OpenTrialMessages(staff_id="ada", draft_id=draft_id))
        assert isinstance(opened, TrialMessages)
        assert [one.text for one in opened.messages] == ["purple plums are nice"]
        await room.asks(ProposeDraft(staff_id="ada", draft_id=draft_id, reason="We need it."))
        wish = decision(draft_id, stands, "lou", said="Agreed.")
        for _ in range(2):
            answer = await room.asks(wish)
            assert isinstance(answer, DraftShown)
            assert (answer.draft.state, answer.draft.edition) == (DraftState.PUBLISHED, 1)
        [said] = [one for one in room.said if isinstance(one, EditionPublished)]
        assert (said.edition.number, said.edition.rules) == (1, (PLUMS,))
        assert said.subject == "safeguard.edition-published.rules"
        bench = await room.asks(ReadBench(staff_id="bea"))
        assert isinstance(bench, Bench)
        assert [(one.rule_id, one.state) for one in bench.rules if one.state != "shipped"] == [(PLUMS.id, "added")]
        assert (bench.edition.number, bench.edition.author, bench.edition.approver) == (1, "Ada", "Lou")
        steps = ["rules.tried", "rules.messages-opened", "rules.proposed", "rules.published"]
        assert await on_record(room) == steps


async def test_what_needs_another_look_is_named_by_field_and_line(room: Stage) -> None:
    wrong = PLUMS.model_copy(
        update={
            "id": "Plums", "why": "short", "patterns": ("purple plums", "* plums", "Plums"), "unless": (":nowhere",),
            "must_fire": ("ring me on 07700 900123",),
        }
    )  # fmt: skip
    answer = await room.asks(SaveDraft(staff_id="ada", rule=wrong))
    assert isinstance(answer, DraftChecked)
    assert answer.draft is None
    found = {(one.field, one.line) for one in answer.faults}
    assert found == {("id", 0), ("why", 0), ("patterns", 2), ("patterns", 3), ("unless", 1), ("must_fire", 1)}


async def test_lines_are_tried_at_once(room: Stage) -> None:
    wrong = PLUMS.model_copy(update={"must_fire": ("hello", "purple plums"), "must_not_fire": ("purple plums",)})
    answer = await room.asks(SaveDraft(staff_id="ada", rule=wrong))
    assert isinstance(answer, DraftChecked)
    assert [(one.field, one.line) for one in answer.faults] == [("must_fire", 1), ("must_not_fire", 1)]


async def test_a_change_that_breaks_the_lines_of_another_rule_is_not_kept(room: Stage) -> None:
    known = (await room.asks(ReadRule(staff_id="ada", rule_id="bullying.tells-to-die"))).rule
    silent = known.model_copy(update={"unless": (*known.unless, "you"), "must_not_fire": ("hello",)})
    answer = await room.asks(SaveDraft(staff_id="ada", rule=silent))
    assert isinstance(answer, DraftChecked)
    assert {one.field for one in answer.faults} == {"must_fire"}


async def test_nothing_is_proposed_that_was_not_tried_as_it_stands(room: Stage) -> None:
    draft_id = await draft(room)
    propose = ProposeDraft(staff_id="ada", draft_id=draft_id, reason="We need it.")
    assert await reason(room.asks(propose)) == "not-tried"
    await tried(room, draft_id)
    await room.asks(SaveDraft(staff_id="ada", draft_id=draft_id, rule=PLUMS.model_copy(update={"urgency": "low"})))
    assert await reason(room.asks(propose)) == "not-tried"
    await tried(room, draft_id)
    assert await reason(room.asks(propose.model_copy(update={"reason": " "}))) == "reason-needed"
    assert isinstance(await room.asks(propose), DraftShown)


async def test_who_wrote_or_proposed_a_rule_never_publishes_it_and_one_of_two_is_a_lead(room: Stage) -> None:
    draft_id = await draft(room, who="lou")
    await room.asks(SaveDraft(staff_id="ada", draft_id=draft_id, rule=PLUMS.model_copy(update={"softer": (":idiom",)})))
    stands = await tried(room, draft_id)
    assert await reason(room.asks(decision(draft_id, stands, "lou"))) == "not-proposed"
    await room.asks(ProposeDraft(staff_id="ada", draft_id=draft_id, reason="We need it."))
    for who, why in {"ada": "own-draft", "lou": "own-draft", "bea": "lead-needed", "cas": "not-allowed"}.items():
        assert await reason(room.asks(decision(draft_id, stands, who))) == why
    assert await reason(room.asks(decision(draft_id, stands, "bea", publish=False))) == "reason-needed"
    back = await room.asks(decision(draft_id, stands, "bea", publish=False, said="Too wide."))
    assert (back.draft.state, back.draft.said) == (DraftState.DRAFT, "Too wide.")
    assert [one for one in room.said if isinstance(one, EditionPublished)] == []


async def test_a_draft_that_was_read_in_other_words_is_not_published(room: Stage) -> None:
    draft_id = await draft(room)
    stands = await tried(room, draft_id)
    await room.asks(ProposeDraft(staff_id="ada", draft_id=draft_id, reason="We need it."))
    other = stands.model_copy(update={"draft": stands.draft.model_copy(update={"text_hash": "another"})})
    assert await reason(room.asks(decision(draft_id, other, "lou"))) == "moved"


async def test_a_draft_is_tried_again_where_another_edition_came_between(room: Stage) -> None:
    draft_id = await draft(room, PLUMS.model_copy(update={"id": "self_harm.pears", "patterns": ("soft plums",),
                                                          "must_fire": ("soft plums",)}))  # fmt: skip
    stands = await tried(room, draft_id)
    await room.asks(ProposeDraft(staff_id="ada", draft_id=draft_id, reason="We need it."))
    await published(room)
    assert await reason(room.asks(decision(draft_id, stands, "lou"))) == "not-tried"


async def test_only_those_who_answer_alerts_come_to_the_bench(room: Stage) -> None:
    draft_id = await draft(room)
    wishes: list[Message] = [
        ReadBench(staff_id="cas"), ReadRule(staff_id="cas", rule_id=PLUMS.id), SaveDraft(staff_id="cas", rule=PLUMS),
        ReadDraft(staff_id="cas", draft_id=draft_id), TryDraft(staff_id="cas", draft_id=draft_id),
        ShadowDraft(staff_id="cas", draft_id=draft_id, on=True), OpenTrialMessages(staff_id="cas", draft_id=draft_id),
        ProposeDraft(staff_id="cas", draft_id=draft_id, reason="x"), DropDraft(staff_id="cas", draft_id=draft_id),
        ReadEditions(staff_id="cas"), RestoreEdition(staff_id="cas", number=0, reason="x"),
        AddLine(staff_id="cas", alert_id="x", text="x"), ReadLines(staff_id="cas"),
    ]  # fmt: skip
    assert [await reason(room.asks(wish)) for wish in wishes] == ["not-allowed"] * len(wishes)


async def test_a_draft_in_shadow_counts_and_changes_nothing(room: Stage) -> None:
    draft_id = await draft(room)
    await room.asks(ShadowDraft(staff_id="ada", draft_id=draft_id, on=True))
    await room.service.context.get("shadows").refresh()
    for at, text in enumerate(["purple plums again", "no purple plums", "more purple plums"]):
        await room.hears(posted(text, at).model_copy(update={"id": f"now-{at}", "at": now() + timedelta(seconds=at)}))
    shadow = (await shown(room, draft_id)).draft.shadow
    assert shadow is not None
    assert (shadow.judged, shadow.counts.new, shadow.counts.changed) == (3, 2, 2)
    assert room.said == []
    opened = await room.asks(OpenTrialMessages(staff_id="bea", draft_id=draft_id, of="shadow", what="new"))
    assert [one.text for one in opened.messages] == ["more purple plums", "purple plums again"]
    await room.asks(ShadowDraft(staff_id="ada", draft_id=draft_id, on=False))
    assert (await shown(room, draft_id)).draft.shadow is None


async def test_going_back_can_be_looked_at_in_shadow_like_anything_else(room: Stage) -> None:
    said, shipped = await published(room), rulebook()
    answer = await room.asks(RestoreEdition(staff_id="ada", number=0, reason="All of it."))
    await room.asks(ShadowDraft(staff_id="ada", draft_id=answer.draft_id, on=True))
    await room.service.context.get("shadows").refresh()
    put_in_force(compile_edition(said.edition))
    try:
        await room.hears(posted("more purple plums", 70))
    finally:
        put_in_force(shipped)
    shadow = (await shown(room, answer.draft_id)).draft.shadow
    assert shadow is not None
    assert shadow.counts.gone == 1


async def test_a_trial_says_what_comes_up_of_the_labelled_rows_and_what_no_more(
    room: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.safeguard.bench.trying.ROWS", 2)
    trial = (await tried(room, await draft(room))).draft.trial
    assert trial is not None
    assert trial.labelled is not None
    counts = {one.label: (one.rows, one.new, one.gone) for one in trial.labelled.counts if one.rows}
    assert counts == {"high": (1, 1, 0), "none": (2, 1, 0)}
    shown = [(one.text, one.label, one.what, one.then) for one in trial.labelled.shown]
    assert shown == [
        ("purple plums for tea", "none", "new", "medium"),
        ("all those purple plums", "high", "new", "medium"),
    ]
    assert await on_record(room) == ["rules.tried"], "they are nobody's words, so reading them is not on record"


async def test_a_trial_goes_on_from_where_it_stood(room: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.safeguard.bench.trying.BATCH", 2)
    monkeypatch.setattr("services.safeguard.bench.trying.STEP_SECONDS", 0)
    draft_id = await draft(room)
    await room.asks(TryDraft(staff_id="ada", draft_id=draft_id))
    seen = []
    while steps := [one for one in room.said if isinstance(one, TrialDue)]:
        room.said.clear()
        await room.hears(steps[-1])
        await room.hears(steps[-1])  # once more, as after a crash
        trial = (await shown(room, draft_id)).draft.trial
        assert trial
        seen.append((trial.done, trial.counts.new))
    assert seen[-1] == (5, 1)
    assert sorted(seen) == seen
    assert trial
    assert trial.is_over


async def test_a_lead_goes_back_one_step_alone_and_nobody_goes_further_alone(room: Stage) -> None:
    await published(room)
    await published(room, PLUMS.model_copy(update={"urgency": "high"}))
    assert await reason(room.asks(RestoreEdition(staff_id="lou", number=2, reason="x"))) == "in-force"
    assert await reason(room.asks(RestoreEdition(staff_id="lou", number=9, reason="x"))) == "no-such-edition"
    assert await reason(room.asks(RestoreEdition(staff_id="lou", number=1, reason=" "))) == "reason-needed"
    room.said.clear()
    for wish in [RestoreEdition(staff_id="lou", number=1, reason="It brings up too much.")] * 2:
        assert (await room.asks(wish)).edition == 3
    [said] = room.said
    assert isinstance(said, EditionPublished)
    assert (said.edition.number, said.edition.rules) == (3, (PLUMS,))
    room.said.clear()
    for who in ("lou", "ada"):
        answer = await room.asks(RestoreEdition(staff_id=who, number=0, reason="All of it."))
        assert isinstance(answer, Restored)
        assert answer.edition is None
        assert room.said == []
    stands = await shown(room, answer.draft_id, "bea")
    assert stands.why_not_approve == ""
    await room.asks(decision(answer.draft_id, stands, "bea"))
    [said] = room.said
    assert isinstance(said, EditionPublished)
    assert (said.edition.number, said.edition.rules, said.edition.off) == (4, (), ())
    history = await room.asks(ReadEditions(staff_id="ada"))
    assert isinstance(history, Editions)
    assert [(one.number, one.restores) for one in history.editions] == [(4, 0), (3, 1), (2, None), (1, None), (0, None)]


async def test_a_rule_is_switched_off_and_on_again_in_the_same_way(room: Stage) -> None:
    off = await room.asks(SaveDraft(staff_id="ada", kind=Kind.OFF, rule_id="contact.phone"))
    stands = await tried(room, off.draft.draft_id)
    assert stands.draft.trial
    assert {one.rule for one in stands.draft.trial.lines_changed} >= {"contact.phone"}
    await room.asks(ProposeDraft(staff_id="ada", draft_id=stands.draft.draft_id, reason="We need it."))
    await room.asks(decision(stands.draft.draft_id, stands, "lou"))
    rule = await room.asks(ReadRule(staff_id="ada", rule_id="contact.phone"))
    assert isinstance(rule, RuleShown)
    assert rule.line.state == "off"
    on = await room.asks(SaveDraft(staff_id="ada", kind=Kind.ON, rule_id="contact.phone"))
    assert on.draft
    assert await reason(room.asks(SaveDraft(staff_id="ada", kind=Kind.OFF, rule_id="contact.phone"))) == "no-such-rule"


async def dismissed(room: Stage) -> str:
    """An alert that an adult closed as a false alarm."""
    await room.hears(posted("the high score in our maths game is 07700 900123 now", 60, message_id="score"))
    alert_id = alert_id_for("score")
    await room.asks(ClaimAlert(alert_id=alert_id, staff_id="ada"))
    await room.asks(ResolveAlert(alert_id=alert_id, staff_id="ada", note="A score.", outcome=Outcome.FALSE_ALARM))
    return alert_id


async def test_a_paraphrase_of_a_dismissed_message_becomes_a_harmless_line(room: Stage) -> None:
    alert_id = await dismissed(room)
    for text, why in {
        "": "empty",
        "look at the high score in our tree": "same-words",
        "score game is high now": "same-words",
        "call me on 07700 900123 about it": "contact",
        "so " * 200: "too-long",
    }.items():
        assert await reason(room.asks(AddLine(staff_id="ada", alert_id=alert_id, text=text))) == why
    added = await room.asks(AddLine(staff_id="ada", alert_id=alert_id, text="my points went up  to a huge total"))
    assert isinstance(added, LineAdded)
    lines = await room.asks(ReadLines(staff_id="bea"))
    assert isinstance(lines, HarmlessLines)
    assert [(one.text, one.by) for one in lines.lines] == [("my points went up to a huge total", "Ada")]
    rule = await room.asks(ReadRule(staff_id="ada", rule_id=lines.lines[0].rules[0]))
    assert rule.suggestions == ("my points went up to a huge total",)


async def test_an_alert_that_is_open_gives_no_line(room: Stage) -> None:
    await room.hears(posted("I want to die tonight", 60, message_id="m"))
    assert await reason(room.asks(AddLine(staff_id="ada", alert_id=alert_id_for("m"), text="some other words"))) == (
        "not-closed"
    )


async def test_a_rule_shows_how_often_it_fired_alone_and_for_nothing(room: Stage) -> None:
    alert_id = await dismissed(room)
    assert alert_id
    bench = await room.asks(ReadBench(staff_id="ada", days=730))
    fired = {one.rule_id: one.figures for one in bench.rules if one.figures.fired}
    assert bench.alerts == 1
    assert fired
    assert all(one.fired == 1 and one.false_alarms == 1 for one in fired.values())


async def test_a_rule_shows_on_how_many_labelled_rows_it_fires_as_it_runs(room: Stage) -> None:
    await published(room)
    rule = await room.asks(ReadRule(staff_id="ada", rule_id=PLUMS.id, rows=True))
    assert isinstance(rule, RuleShown)
    assert [(one.label, one.fired, one.rows) for one in rule.rows if one.rows] == [("high", 1, 1), ("none", 1, 2)]
    assert (await room.asks(ReadRule(staff_id="ada", rule_id=PLUMS.id))).rows == ()
    assert await reason(room.asks(ReadRule(staff_id="ada", rule_id="self_harm.pears", rows=True))) == "no-such-rule"


async def test_what_became_of_an_alert_became_of_those_it_speaks_for(room: Stage) -> None:
    said = {"one": 60, "two": 61}
    for message_id, second in said.items():
        await room.hears(posted(f"the high score in game {message_id} is 07700 900123", second, message_id=message_id))
    first, second_one = sorted(map(alert_id_for, said))
    await room.asks(ClaimAlert(alert_id=first, staff_id="ada"))
    taken = await room.asks(MergeAlerts(alert_id=first, staff_id="ada", others=(second_one,)))
    closing = ResolveAlert(alert_id=taken.alert_id, staff_id="ada", note="A score.", outcome=Outcome.FALSE_ALARM)
    await room.asks(closing)
    bench = await room.asks(ReadBench(staff_id="ada", days=730))
    fired = [one.figures for one in bench.rules if one.figures.fired]
    assert max(one.fired for one in fired) == 2
    assert all(one.false_alarms == one.fired for one in fired)


async def test_an_edition_the_stream_does_not_have_is_said_again(room: Stage) -> None:
    said = await published(room)
    moment: datetime = now() + timedelta(minutes=1)
    for known in (None, said.model_copy(update={"edition": editions.edition(7)})):
        await look(room.database, known, 5, timedelta(days=30), moment)
    await look(room.database, said, 5, timedelta(days=30), moment)
    async with room.database.reading() as tx:
        outbox = (await tx.execute(select(metadata.tables["outbox"].c.subject))).scalars().all()
        assert (await EditionBook(tx).newest()) == said.edition
    assert sum(one == said.subject for one in outbox) == 2


async def test_an_alert_keeps_the_whole_version_of_what_judged_it(database_url: str) -> None:
    shipped = rulebook()
    async with rehearsed("safeguard", database_url) as room:
        put_in_force(compile_edition(editions.edition(1234, [PLUMS])))
        try:
            for event in (*TEAM, posted("I want to die tonight")):
                await room.hears(event)
        finally:
            put_in_force(shipped)
        details = await room.asks(OpenAlert(staff_id="ada", alert_id=alert_id_for("posted-m1-0")))
        assert ".e1234-" in details.version
        assert details.version.startswith(shipped.version)
