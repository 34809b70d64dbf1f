"""What the words around a message add to it: pure, like the rules. They raise an urgency and never lower one.

A worry that comes back, a goodbye said as a joke after one, an answer to a question, silence after a goodbye, leaving
right after a disclosure: each becomes a reason of its own that joins the one alert of its message.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from harbour.contracts.chat import (
    MemberLeft,
    RoomState,
    SessionCancelled,
    SessionClosing,
    SessionEnded,
    SessionPaused,
    SessionResumed,
    SessionStarted,
)
from harbour.contracts.concerns import Category, Reason, Urgency
from harbour.contracts.messages import Event, Message
from harbour.contracts.safeguard import SilenceDue
from harbour.screening import Finding
from services.safeguard.model import Alert, Line

WHILE = timedelta(minutes=30)
"""How long a worry counts for what its author says next."""
SOON = timedelta(minutes=5)
"""How long somebody may take back what they said."""
SHORTLY = timedelta(minutes=10)
"""How long after a disclosure leaving the room counts as leaving right after it."""
LOOKED_AT = 6
"""How many of its author's latest alerts a message is seen with."""

_OWN_DANGER = frozenset(
    {
        Category.SUICIDE_RISK,
        Category.SELF_HARM,
        Category.ABUSE_DISCLOSURE,
        Category.EATING_DISORDER,
        Category.SUBSTANCE_MISUSE,
    }
)
_LIFE = frozenset({Category.SUICIDE_RISK, Category.SELF_HARM})
_GOING_WELL = (".recovery",)
_BY_CONTEXT = "context."
_LONGEST = 80
"""Characters; no longer message is a goodbye in passing or takes something back."""
_UP = {Urgency.LOW: Urgency.MEDIUM, Urgency.MEDIUM: Urgency.HIGH}
_SILENT = {**_UP, Urgency.HIGH: Urgency.IMMEDIATE}


def added(finding: Finding, reason: Reason) -> Finding:
    """The finding with one reason more, as urgent as its most urgent."""
    reasons = sorted((*finding.reasons, reason), key=lambda one: -one.urgency.rank)
    categories = tuple(dict.fromkeys([*finding.categories, reason.category]))
    return replace(finding, urgency=reasons[0].urgency, categories=categories, reasons=tuple(reasons))


def joined_by(line: Line, more: Finding | None, found: Sequence[tuple[Line, Finding]]) -> list[tuple[Line, Finding]]:
    """What was found, with one finding more on this line, as one."""
    if more is None:
        return list(found)
    known = {one.message_id: finding for one, finding in found}.get(line.message_id)
    whole = added(known, more.reasons[0]) if known else more
    return [(line, whole), *(pair for pair in found if pair[0].message_id != line.message_id)]


def _worry(reasons: Sequence[Reason]) -> Reason | None:
    """The most urgent reason that tells of the writer's own danger, by itself and not by what is around it."""
    own = [
        one
        for one in reasons
        if one.category in _OWN_DANGER and not one.rule.startswith(_BY_CONTEXT) and not one.rule.endswith(_GOING_WELL)
    ]
    return max(own, key=lambda one: one.urgency.rank, default=None)


# ── a worry that comes back ───────────────────────────────────────────────────────────────────────────────────


def repeated(finding: Finding, earlier: Sequence[Alert]) -> Finding:
    """The finding one step up where its author's messages of the last while worried us too, joke or not.

    At most high: what is immediate is said, not added up.
    """
    worry = _worry(finding.reasons)
    if worry is None or finding.urgency not in _UP:
        return finding
    ranks = [one.urgency.rank for alert in earlier if (one := _worry(alert.reasons))]
    grave = sum(rank >= Urgency.MEDIUM.rank for rank in ranks)
    if grave < (1 if finding.urgency is Urgency.LOW else 2) and (finding.urgency, len(ranks) >= 3) != _OFTEN:
        return finding
    why = "Several of their messages in a short while gave reason to worry, so this one counts for more."
    return added(finding, _reason("repeated", worry.category, _UP[finding.urgency], why))


_OFTEN = (Urgency.LOW, True)
"""Three small worries before a fourth are as good as one that is not small."""


_TAKEN_BACK = re.compile(
    r"^(?:(?:lol|ha(?:ha)*|omg|nah|no|ok|okay|wait|guys|all|sorry|soz|its|it was|im|i was|was|honestly|genuinely) )*"
    r"(?:jk|j/k|jokes?|only joking|(?:just |only )?joking?|(?:just |only )?kidding|(?:just )?a joke|messing|"
    r"(?:just |only )?messing|forget (?:i said (?:that|it|anything)|it|that)|ignore (?:me|that)|never ?mind(?: me)?|"
    r"didnt mean (?:it|that)|dw|dont worry(?: about it| about me)?|nvm|im (?:all )?(?:fine|ok|okay|good))\b"
)


def takes_back(text: str) -> bool:
    """Whether a message says that the one before was not meant."""
    return len(text) <= _LONGEST and bool(_TAKEN_BACK.match(_plainly(text)))


def taken_back(alert: Alert) -> Finding | None:
    """What is added to the alert of a message that its author took back afterwards; it still waits for somebody."""
    worry = _worry(alert.reasons)
    if worry is None:
        return None
    why = "They said afterwards that they were joking, or fine. That does not clear it."
    return _alone(_reason("taken-back", worry.category, Urgency.LOW, why), alert.version)


# ── a goodbye, and then nothing ───────────────────────────────────────────────────────────────────────────────


_FAREWELL = re.compile(
    r"\b(?:good ?bye|bye|farewell|so long|thank(?:s| you|u)(?: \w+){0,2} for (?:everything|being|listening|putting up)|"
    r"look after (?:each other|yourselves|one another)|take care of (?:each other|yourselves)|"
    r"(?:i )?love (?:you|u|ya|yous|ye) all|(?:ill|i will|gonna|going to) miss (?:you|u|ya|yous|this|everyone)|"
    r"(?:it(?:s| was) been|was) (?:nice|good|lovely|great) (?:knowing|to know) (?:you|u|ya|yous|everyone)|"
    r"good ?night (?:all|everyone|everybody|guys|friends)|take care (?:all|everyone|guys))\b"
)


def is_farewell(line: Line, finding: Finding | None) -> bool:
    """Whether a message reads like a goodbye, gravely or in passing."""
    if finding and any(one.rule.endswith(".goodbye") for one in finding.reasons):
        return True
    return len(line.text) <= 2 * _LONGEST and bool(_FAREWELL.search(_plainly(line.text)))


def silence_after(cause: Message, line: Line, due: datetime) -> SilenceDue:
    """The clock that looks whether somebody says anything after a goodbye; the next goodbye sets it anew."""
    return SilenceDue.after(
        cause, session_id=line.session_id, member_id=line.member_id, message_id=line.message_id, due=due
    )


def state_after(event: Event) -> RoomState:
    """Where an evening stands after what chat said of it."""
    if isinstance(event, SessionResumed):
        return event.state
    return _STATES[type(event)]


_STATES: dict[type[Event], RoomState] = {
    SessionStarted: RoomState.LIVE,
    SessionPaused: RoomState.PAUSED,
    SessionClosing: RoomState.CLOSING,
    SessionEnded: RoomState.ENDED,
    SessionCancelled: RoomState.CANCELLED,
}


def is_open(state: RoomState | None) -> bool:
    """Whether people speak in the room just now, so that silence says something."""
    return state is RoomState.LIVE


def may_go_on(state: RoomState | None) -> bool:
    """Whether the room only holds its breath: then it is looked again later."""
    return state is RoomState.PAUSED


def gone_quiet(alert: Alert | None) -> Finding:
    """What silence after a goodbye comes up as: one step above the message itself, and at least medium."""
    worry = _worry(alert.reasons) if alert else None
    urgency = _SILENT.get(worry.urgency, Urgency.IMMEDIATE) if worry else Urgency.MEDIUM
    category = worry.category if worry else Category.SUICIDE_RISK
    why = "It reads like a goodbye, and they have said nothing since while the room went on."
    return _alone(_reason("silence", category, urgency, why), alert.version if alert else "context")


# ── leaving right after ───────────────────────────────────────────────────────────────────────────────────────


def left_after(event: MemberLeft, alerts: Sequence[Alert]) -> tuple[Alert, Finding] | None:
    """The last worrying message of somebody who left soon after it, and what leaving adds to it.

    What tells that their life may be at risk becomes immediate; other disclosures rise to high at most.
    """
    near = [(one, worry) for one in alerts if (worry := _worry(one.reasons)) and worry.urgency is not Urgency.LOW]
    near = [pair for pair in near if timedelta() <= event.last_at - pair[0].line.at <= SHORTLY]
    if not near:
        return None
    alert, worry = max(near, key=lambda pair: (pair[1].urgency.rank, pair[0].line.at))
    step = _SILENT if worry.category in _LIFE else _UP
    why = "They left the room shortly after saying this, and have not come back."
    urgency = step.get(worry.urgency, worry.urgency)
    return alert, _alone(_reason("left", worry.category, urgency, why), alert.version)


# ── small things ──────────────────────────────────────────────────────────────────────────────────────────────


def _reason(name: str, category: Category, urgency: Urgency, why: str) -> Reason:
    return Reason(rule=f"{_BY_CONTEXT}{name}", category=category, urgency=urgency, why=why, tier="context")


def _alone(reason: Reason, version: str) -> Finding:
    return Finding(urgency=reason.urgency, categories=(reason.category,), reasons=(reason,), version=version)


def _plainly(text: str) -> str:
    """Small letters and single spaces, without marks."""
    return " ".join(re.sub(r"[^\w/' ]+", " ", text.casefold().replace("’", "'")).split()).replace("'", "")
