"""What may be done with a case, and what follows: pure, like the rules.

A young person has at most one open case. Entries are added and never changed; a decision has a reason, a fact a source.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from harbour.contracts.cases import (
    REFERRALS,
    ActionKind,
    AddEntry,
    CaseAlert,
    CaseColleague,
    CaseOutcome,
    CaseSignOffClock,
    CaseState,
    CaseTaken,
    CaseView,
    CloseCase,
    Entry,
    EntryKind,
    HandOverCase,
    ReopenCase,
    SignOffCase,
)
from harbour.contracts.closing import Outcome
from harbour.contracts.messages import Message, Refused, Timer, derived_id
from harbour.contracts.reminders import ReminderWhy, StaffReminded
from services.safeguard import closing, rules
from services.safeguard.model import Alert, Clocks, Colleague
from services.safeguard.workdays import one_working_day_after

NO_SUCH_CASE = Refused(reason="no-such-case")
CLOCK = "The clock"


@dataclass(frozen=True)
class Case:
    """What the desk does for one young person, and where that stands."""

    case_id: str
    member_id: str
    nickname: str
    badge: str
    group: str
    state: CaseState
    owner_id: str
    owner_name: str
    opened_at: datetime
    changed_at: datetime
    outcome: CaseOutcome | None = None
    closing_id: str = ""
    closing_by: str = ""
    closing_name: str = ""
    closing_since: datetime | None = None
    closing_due: datetime | None = None
    closing_reminders: int = 0


# ── a case ────────────────────────────────────────────────────────────────────────────────────────────────────


def why_no_case(who: Colleague, alerts: Sequence[Alert], wanted: int) -> Refused | None:
    """A case is about one young person, and begins with an alert."""
    if refused := rules.why_not_read(who):
        return refused
    if len(alerts) < wanted:
        return rules.NO_SUCH_ALERT
    if any(not is_about_member(one) for one in alerts):
        return Refused(reason="no-member", say="This alert is not about a young person, so it has no case.")
    if len({one.line.member_id for one in alerts}) > 1:
        return Refused(reason="another-person", say="These alerts are about different young people.")
    return None


def is_about_member(alert: Alert) -> bool:
    """Whether an alert is about a young person."""
    return rules.is_judged(alert.line) and bool(alert.line.member_id)


def begun(cause: Message, alert: Alert, who: Colleague, badge: str, group: str, now: datetime) -> Case:
    """A new case, with whoever opened it."""
    line = alert.line
    case_id = derived_id("case", cause.id)
    return Case(case_id, line.member_id, line.nickname, badge, group, CaseState.OPEN, who.staff_id, who.name, now, now)


def needs_two(alerts: Iterable[Alert]) -> bool:
    """Whether closing the case waits for a second person: where an alert of it was high or immediate."""
    return any(closing.needs_two(one.urgency) for one in alerts)


def may_work(who: Colleague, case: Case | None) -> Refused | None:
    """Why somebody may not write in a case."""
    if refused := rules.why_not_read(who):
        return refused
    if case is None:
        return NO_SUCH_CASE
    if case.state is CaseState.CLOSED:
        return Refused(reason="closed", say="This case is closed. Open it again first.")
    return None


def is_theirs(who: Colleague, case: Case) -> bool:
    """Whether somebody may close a case or give it away: its owner, and any lead."""
    return who.lead or case.owner_id == who.staff_id


# ── entries ───────────────────────────────────────────────────────────────────────────────────────────────────


def entry(cause: Message, kind: EntryKind, who: Colleague | str, now: datetime, about: str = "") -> Entry:
    """An entry without words; one cause makes one of a kind about one thing."""
    staff_id, name = (who.staff_id, who.name) if isinstance(who, Colleague) else ("", who)
    entry_id = derived_id(cause.id, kind.value, about)
    return Entry(entry_id=entry_id, at=now, kind=kind, staff_id=staff_id, name=name, about=about)


def written(wish: AddEntry, who: Colleague, now: datetime) -> Entry:
    """What somebody writes into a case, and when it is chased."""
    said = {name: getattr(wish, name) for name in ("words", "reason", "source", "whom", "reference", "next", "action")}
    due = one_working_day_after(now) if wish.chase and wish.kind is EntryKind.ACTION else None
    done_at = (wish.done_at or now) if wish.kind is EntryKind.ACTION else None
    return entry(wish, wish.kind, who, now).model_copy(update={**said, "done_at": done_at, "chase_at": due})


def why_not_add(who: Colleague, case: Case | None, wish: AddEntry) -> Refused | None:
    """A fact says where it is from, a decision why, an action with whom; a call to emergency services its reference."""
    if refused := may_work(who, case):
        return refused
    if not wish.words:
        return Refused(reason="words-needed", say="Write what it is.")
    if wish.kind is EntryKind.FACT and not wish.source:
        return Refused(reason="source-needed", say="Say where you know this from.")
    if wish.kind is EntryKind.DECISION and not wish.reason:
        return Refused(reason="reason-needed", say="Say why it was decided so.")
    return why_not_act(wish) if wish.kind is EntryKind.ACTION else None


def why_not_act(wish: AddEntry) -> Refused | None:
    """What an action needs."""
    if wish.action is None:
        return Refused(reason="action-needed", say="Choose what was done.")
    if wish.action not in (ActionKind.SPOKE, ActionKind.EMERGENCY) and not wish.whom:
        return Refused(reason="whom-needed", say="Say with whom, or to whom.")
    if wish.action is ActionKind.EMERGENCY and not wish.reference:
        return Refused(reason="reference-needed", say="Write down the reference of the call.")
    return None


def answered_at(one: Entry) -> datetime | None:
    """When somebody spoke with the young person, where the entry says so."""
    return one.done_at if one.action is ActionKind.SPOKE else None


def is_chased(action: ActionKind) -> bool:
    """Whether an action is chased unless somebody says otherwise."""
    return action in REFERRALS


# ── handing over, closing, opening again ──────────────────────────────────────────────────────────────────────


def why_not_hand_over(who: Colleague, case: Case | None, to: Colleague, wish: HandOverCase) -> Refused | None:
    """Its owner or a lead gives a case to a colleague who answers alerts, with a note."""
    if refused := may_work(who, case):
        return refused
    assert case
    if not is_theirs(who, case):
        return Refused(reason="not-yours", say=f"{case.owner_name} has this case; they or a lead hand it over.")
    if not to.safeguards or to.staff_id == case.owner_id:
        return Refused(reason="nobody", say="Choose a colleague who does not have it yet.")
    return None if wish.words else Refused(reason="words-needed", say="Say what they need to know.")


def closing_entry(wish: CloseCase, who: Colleague, now: datetime) -> Entry:
    """That somebody closed it, or asks to, and why."""
    one = entry(wish, EntryKind.CLOSING, who, now)
    return one.model_copy(update={"reason": wish.words, "outcome": wish.outcome})


def sign_off_entry(wish: SignOffCase, who: Colleague, now: datetime) -> Entry:
    """The second person's word."""
    kind = EntryKind.SIGNED_OFF if wish.agree else EntryKind.HANDED_BACK
    return entry(wish, kind, who, now).model_copy(update={"words": wish.words})


def waits(case: Case) -> bool:
    """Whether it waits for a second person."""
    return case.state is CaseState.CLOSING


def sign_off_clock(cause: Message, case: Case) -> CaseSignOffClock:
    """The clock the closing now waits on."""
    due = {"step": case.closing_reminders, "due": case.closing_due}
    return CaseSignOffClock.after(cause, case_id=case.case_id, closing_id=case.closing_id, **due)


def sign_off_clock_again(case: Case, moment: datetime) -> CaseSignOffClock:
    """A clock in place of one that was lost: it runs out at once."""
    clock_id = derived_id("case-again", case.closing_id, case.closing_reminders, moment.isoformat())
    closing_id, step = case.closing_id, case.closing_reminders
    return CaseSignOffClock(id=clock_id, case_id=case.case_id, closing_id=closing_id, step=step, due=moment)


def reminder(cause: Timer, case: Case, why: ReminderWhy, page: Iterable[Colleague]) -> StaffReminded:
    """Something about a case has waited long enough; these people are to be told."""
    return StaffReminded.after(cause, about_id=case.case_id, why=why, page=tuple(one.staff_id for one in page))


def handed_over(case: Case, to: Colleague) -> Case:
    """The case with its new owner."""
    return replace(case, owner_id=to.staff_id, owner_name=to.name)


def why_not_close(who: Colleague, case: Case | None, wish: CloseCase, open_chases: int) -> Refused | None:
    """Its owner or a lead closes it, with the reason, once everything asked of others was answered."""
    if refused := may_work(who, case):
        return refused
    assert case
    if case.state is CaseState.CLOSING:
        return Refused(reason="closing", say=f"{case.closing_name} has asked to close it.")
    if not is_theirs(who, case):
        return Refused(reason="not-yours", say=f"{case.owner_name} has this case; they or a lead close it.")
    if open_chases:
        say = "Something was asked of others and is not answered. Write what came of it first."
        return Refused(reason="unanswered", say=say)
    return None if wish.words else Refused(reason="words-needed", say="Say why it can be closed.")


def closed(case: Case, wish: CloseCase, who: Colleague, now: datetime, clocks: Clocks, two: bool) -> Case:
    """The case closed, or waiting for a second person."""
    if not two:
        return replace(case, state=CaseState.CLOSED, outcome=wish.outcome)
    return replace(
        case,
        state=CaseState.CLOSING,
        outcome=wish.outcome,
        closing_id=derived_id("case-closing", wish.id),
        closing_by=who.staff_id,
        closing_name=who.name,
        closing_since=now,
        closing_due=now + clocks.sign_off,
        closing_reminders=0,
    )


def why_not_sign_off(who: Colleague, case: Case | None, wish: SignOffCase) -> Refused | None:
    """Nobody signs off their own; handing back takes a note, and who asked may take it back."""
    if refused := rules.why_not_read(who):
        return refused
    if case is None:
        return NO_SUCH_CASE
    if case.state is not CaseState.CLOSING:
        return Refused(reason="not-closing", say="This case does not wait for anybody to sign it off.")
    if wish.agree and case.closing_by == who.staff_id:
        return Refused(reason="your-own", say="You asked to close this case, so somebody else signs it off.")
    if not wish.agree and not wish.words:
        return Refused(reason="words-needed", say="Say why it is not done yet, so that they know.")
    return None


def after_sign_off(case: Case, agreed: bool) -> Case:
    """Closed where the second person agrees, open again where not."""
    if agreed:
        return replace(case, state=CaseState.CLOSED)
    return opened_again(case)


def opened_again(case: Case) -> Case:
    """The case, open."""
    return replace(
        case,
        state=CaseState.OPEN,
        outcome=None,
        closing_id="",
        closing_by="",
        closing_name="",
        closing_since=None,
        closing_due=None,
        closing_reminders=0,
    )


def why_not_reopen(who: Colleague, case: Case | None, other: Case | None, wish: ReopenCase) -> Refused | None:
    """A closed case opens again with a reason, unless the young person has another open one."""
    if refused := rules.why_not_read(who):
        return refused
    if case is None:
        return NO_SUCH_CASE
    if case.state is not CaseState.CLOSED:
        return Refused(reason="not-closed", say="This case is open.")
    if other is not None:
        return Refused(reason="another-open", say="They have another open case. Write in that one.")
    return None if wish.words else Refused(reason="words-needed", say="Say why it is opened again.")


def reminded(case: Case, now: datetime, clocks: Clocks) -> Case:
    """The case after somebody was told that it waits to be signed off."""
    return replace(case, closing_reminders=case.closing_reminders + 1, closing_due=now + clocks.sign_off)


# ── for staff ─────────────────────────────────────────────────────────────────────────────────────────────────


def taken(case: Case, one: Entry | None = None) -> CaseTaken:
    """How the case stands."""
    return CaseTaken(case_id=case.case_id, state=case.state, entry_id=one.entry_id if one else "")


def view(case: Case, alerts: int, chase_at: datetime | None) -> CaseView:
    """The case as the list shows it: no words."""
    shown = {name: value for name, value in vars(case).items() if name in CaseView.model_fields}
    return CaseView(**shown, alerts=alerts, chase_at=chase_at)


def in_order(cases: Iterable[CaseView]) -> tuple[CaseView, ...]:
    """Those that wait for a second person first, then by what is to be chased soonest, then the oldest."""
    return tuple(
        sorted(
            cases,
            key=lambda one: (
                one.state is not CaseState.CLOSING,
                one.chase_at is None,
                one.chase_at or one.opened_at,
                one.opened_at,
            ),
        )
    )


def alert_view(alert: Alert, outcome: str) -> CaseAlert:
    """An alert of a case: no text."""
    return CaseAlert(
        alert_id=alert.alert_id,
        urgency=alert.urgency,
        categories=alert.categories,
        why=tuple(dict.fromkeys(reason.why for reason in alert.reasons)),
        state=alert.state.value,
        raised_at=alert.raised_at,
        claimed_name=alert.claimed_name,
        outcome=Outcome(outcome) if outcome else None,
    )


def others(rota: Iterable[Colleague], case: Case) -> tuple[CaseColleague, ...]:
    """Those the case can be handed to."""
    people = sorted((one for one in rota if one.staff_id != case.owner_id), key=lambda one: one.name)
    return tuple(CaseColleague(staff_id=one.staff_id, name=one.name) for one in people)
