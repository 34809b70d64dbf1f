"""When contact details may be looked at, by whom, for how long, and when their owner learns of it. Pure, like the
rules."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from harbour.contracts.concerns import Urgency
from harbour.contracts.envelope import (
    AgreeEnvelope,
    Countersign,
    CountersignEnvelope,
    EnvelopeStands,
    EnvelopeState,
    EnvelopeView,
    EnvelopeWhy,
    HoldBackEnvelope,
    OwnLook,
    RequestEnvelope,
)
from harbour.contracts.messages import Refused, derived_id
from services.safeguard import rules
from services.safeguard.model import Alert, Colleague

OPEN_FOR = timedelta(minutes=30)
COUNTERSIGN_WITHIN = timedelta(minutes=15)
TELL_AFTER = timedelta(hours=72)
"""When a young person's page shows it, where their alert is not closed sooner."""
HELD_BACK_AT_MOST = timedelta(days=28)
SHOWN_FOR = timedelta(days=90)
"""How long staff see it in the list."""

NO_SUCH_ENVELOPE = Refused(reason="no-such-envelope")
_TO_COUNTERSIGN = frozenset({Countersign.DUE, Countersign.BREACHED})


@dataclass(frozen=True)
class Envelope:
    """A request for somebody's contact details, and what became of it."""

    grant_id: str
    alert_id: str
    member_id: str
    nickname: str
    why: EnvelopeWhy
    state: EnvelopeState
    alone: bool
    asked_by: str
    asked_name: str
    asked_at: datetime
    until: datetime
    second_by: str = ""
    second_name: str = ""
    granted_at: datetime | None = None
    countersign: Countersign = Countersign.NOT_NEEDED
    countersign_due: datetime | None = None
    countersigned_name: str = ""
    looks: int = 0
    held_back_until: datetime | None = None
    held_back_name: str = ""
    last_wish: str = ""
    """The id of the wish that last changed it, so that asking twice is answered twice and done once."""

    @property
    def staff(self) -> tuple[str, ...]:
        """Who may look."""
        return tuple(one for one in (self.asked_by, self.second_by) if one)

    def stands(self) -> EnvelopeStands:
        """The answer to whoever asked."""
        return EnvelopeStands(grant_id=self.grant_id, state=self.state, until=self.until)


@dataclass(frozen=True)
class Kept:
    """An envelope with what the desk knows around it."""

    envelope: Envelope
    reason: str
    """What who asked wrote; empty once it is erased."""
    is_done: bool
    """Whether the alert is closed and no case of theirs is open."""


def grant_id_of(wish: RequestEnvelope) -> str:
    """The one request this wish makes."""
    return derived_id("envelope", wish.id)


# ── may they? ─────────────────────────────────────────────────────────────────────────────────────────────────


def why_not_ask(
    who: Colleague, alert: Alert | None, wish: RequestEnvelope, others: Sequence[Envelope], now: datetime
) -> Refused | None:
    """Officers and leads, about a young person, with a reason; alone only where life may be at risk now."""
    if refused := rules.why_not_read(who):
        return refused
    if alert is None:
        return rules.NO_SUCH_ALERT
    if not rules.is_judged(alert.line):
        return Refused(reason="no-member", say="This alert is about nobody whose contact details we hold.")
    if not wish.reason:
        return Refused(reason="reason-needed")
    if wish.alone and alert.urgency is not Urgency.IMMEDIATE:
        return Refused(reason="not-immediate", say="Only on an immediate alert may one person open it alone.")
    if any(one.state is EnvelopeState.OPEN and now < one.until and who.staff_id in one.staff for one in others):
        return Refused(reason="open-already", say="It is open for you already.")
    waiting = next((one for one in others if one.state is EnvelopeState.WAITING and now < one.until), None)
    if waiting is not None and not wish.alone:
        return Refused(reason="asked-already", say=f"{waiting.asked_name} has asked already, and waits for somebody.")
    return None


def why_not_agree(who: Colleague, one: Envelope | None, wish: AgreeEnvelope, now: datetime) -> Refused | None:
    """Somebody else than who asked, while it waits; declining takes a reason."""
    if refused := rules.why_not_read(who):
        return refused
    if one is None:
        return NO_SUCH_ENVELOPE
    if one.state is not EnvelopeState.WAITING or now >= one.until:
        return Refused(reason="not-waiting")
    if wish.agree and one.asked_by == who.staff_id:
        return Refused(reason="same-person", say="You asked, so somebody else agrees.")
    return None if wish.agree or wish.reason else Refused(reason="reason-needed")


def why_not_countersign(
    who: Colleague, one: Envelope | None, wish: CountersignEnvelope, rota: Iterable[Colleague]
) -> Refused | None:
    """A lead who did not open it; where there is no other lead, another officer. Always with a reason."""
    if refused := rules.why_not_read(who):
        return refused
    if one is None:
        return NO_SUCH_ENVELOPE
    if who.staff_id == one.asked_by:
        return Refused(reason="same-person", say="You opened it, so somebody else countersigns.")
    if who.staff_id not in {each.staff_id for each in who_countersigns(one, rota)}:
        return Refused(reason="not-allowed", say="A safeguarding lead countersigns.")
    if one.countersign not in _TO_COUNTERSIGN:
        return Refused(reason="not-due")
    return None if wish.reason else Refused(reason="reason-needed")


def why_not_hold_back(who: Colleague, one: Envelope | None, wish: HoldBackEnvelope, now: datetime) -> Refused | None:
    """A lead, with a reason, for at most four weeks from now."""
    if refused := rules.why_not_read(who):
        return refused
    if one is None:
        return NO_SUCH_ENVELOPE
    if not who.lead:
        return Refused(reason="not-allowed", say="A safeguarding lead decides that.")
    if not wish.reason:
        return Refused(reason="reason-needed")
    if wish.until <= now:
        return Refused(reason="past")
    return Refused(reason="too-long") if wish.until > now + HELD_BACK_AT_MOST else None


# ── what becomes of it ────────────────────────────────────────────────────────────────────────────────────────


def asked(wish: RequestEnvelope, alert: Alert, who: Colleague, now: datetime) -> Envelope:
    """The request; open at once where one officer opens it alone."""
    one = Envelope(
        grant_id=grant_id_of(wish),
        alert_id=alert.alert_id,
        member_id=alert.line.member_id,
        nickname=alert.line.nickname,
        why=wish.why,
        state=EnvelopeState.WAITING,
        alone=wish.alone,
        asked_by=who.staff_id,
        asked_name=who.name,
        asked_at=now,
        until=now + OPEN_FOR,
        last_wish=wish.id,
    )
    if not wish.alone:
        return one
    due = now + COUNTERSIGN_WITHIN
    return replace(
        one, state=EnvelopeState.OPEN, granted_at=now, countersign=Countersign.DUE, countersign_due=due
    )  # fmt: skip


def answered(one: Envelope, wish: AgreeEnvelope, who: Colleague, now: datetime) -> Envelope:
    """After the second person's word: open from now on, or declined."""
    one = replace(one, second_name=who.name, last_wish=wish.id)
    if wish.agree:
        return replace(one, state=EnvelopeState.OPEN, second_by=who.staff_id, granted_at=now, until=now + OPEN_FOR)
    return replace(one, state=EnvelopeState.DECLINED, until=now)


def expired(one: Envelope) -> Envelope:
    """After its time: closed, or lapsed where nobody had agreed."""
    return replace(one, state=EnvelopeState.CLOSED if one.state is EnvelopeState.OPEN else EnvelopeState.LAPSED)


def countersigned(one: Envelope, wish: CountersignEnvelope, who: Colleague, now: datetime) -> Envelope:
    """After a lead's word. Where they disagree, nobody may look any more."""
    word = Countersign.AGREED if wish.agree else Countersign.DISAGREED
    one = replace(one, countersign=word, countersigned_name=who.name, last_wish=wish.id)
    if wish.agree or is_settled(one):
        return one
    return replace(one, state=EnvelopeState.CLOSED, until=min(one.until, now))


def breached(one: Envelope) -> Envelope:
    """Nobody countersigned in time."""
    return replace(one, countersign=Countersign.BREACHED)


def held_back(one: Envelope, wish: HoldBackEnvelope, who: Colleague) -> Envelope:
    """Their page says nothing of it until then."""
    return replace(one, held_back_until=wish.until, held_back_name=who.name, last_wish=wish.id)


def is_over(one: Envelope | None, now: datetime) -> bool:
    """Whether its time is up and nothing says so yet."""
    return one is not None and one.state in (EnvelopeState.OPEN, EnvelopeState.WAITING) and now >= one.until


def is_settled(one: Envelope) -> bool:
    """Whether no clock of its time runs any more."""
    return one.state not in (EnvelopeState.OPEN, EnvelopeState.WAITING)


def is_due(one: Envelope | None, now: datetime) -> bool:
    """Whether the time to countersign is up."""
    if one is None or one.countersign is not Countersign.DUE or one.countersign_due is None:
        return False
    return now >= one.countersign_due


def who_countersigns(one: Envelope, rota: Iterable[Colleague]) -> tuple[Colleague, ...]:
    """The leads but for who opened it; where there is no other lead, everybody else who answers alerts."""
    others = others_than(one, rota)
    return tuple(each for each in others if each.lead) or others


def others_than(one: Envelope, rota: Iterable[Colleague]) -> tuple[Colleague, ...]:
    found = [each for each in rota if each.safeguards and each.staff_id != one.asked_by]
    return tuple(sorted(found, key=lambda each: each.staff_id))


# ── for those who read ────────────────────────────────────────────────────────────────────────────────────────


def is_told(kept: Kept, now: datetime) -> bool:
    """Whether its owner's page shows it: once nobody looks after it any more, or after three days, unless held back."""
    one = kept.envelope
    if one.granted_at is None or now < one.until:
        return False
    if one.held_back_until is not None and now < one.held_back_until:
        return False
    return kept.is_done or now >= one.granted_at + TELL_AFTER


def view(kept: Kept, now: datetime) -> EnvelopeView:
    """For staff: everything but the details themselves. What has run out shows as that, whenever its clock comes."""
    one = expired(kept.envelope) if is_over(kept.envelope, now) else kept.envelope
    known = {name: getattr(one, name) for name in EnvelopeView.model_fields if hasattr(one, name)}
    tell_at = one.granted_at + TELL_AFTER if one.granted_at else None
    return EnvelopeView(**known, reason=kept.reason, told=is_told(kept, now), tell_at=tell_at)


def in_order(views: Iterable[EnvelopeView]) -> tuple[EnvelopeView, ...]:
    """What waits for somebody first, then the newest."""

    def place(one: EnvelopeView) -> tuple[bool, float]:
        waits = one.state is EnvelopeState.WAITING or one.countersign in _TO_COUNTERSIGN
        return not waits, -one.asked_at.timestamp()

    return tuple(sorted(views, key=place))


def own_look(one: Envelope) -> OwnLook:
    """What its owner reads of it."""
    assert one.granted_at
    return OwnLook(at=one.granted_at, why=one.why, by="one" if one.alone else "two", looked=one.looks > 0)
