"""Who said, was told, saw and kept what: a book without any words, and the reckoning of it at the end."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any, Literal


@dataclass(frozen=True)
class Kept:
    """One line of the transcript as the stream itself has it."""

    number: int
    message_id: str
    session_id: str
    client_id: str
    fact: Literal["posted", "held", "declined"]
    held_id: str = ""


@dataclass(frozen=True)
class Record:
    """What the streams hold at the end, read from them and from nobody's account of it."""

    lines: tuple[Kept, ...]
    flagged: tuple[tuple[str, str], ...]
    """Message id and alert id of each flag."""
    raised: tuple[str, ...]
    """The alert id of each alert."""


@dataclass
class Ledger:
    """Everything that simulated people did and saw. Moments are seconds on one steady clock."""

    said: dict[str, tuple[str, str, float]] = field(default_factory=dict)
    """By client id: author, session, and when the key was pressed."""
    confirmed: dict[str, Literal["sent", "held"]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    shown: dict[str, dict[str, dict[int, float]]] = field(default_factory=dict)
    """By screen, then client id: under which numbers it was shown, and when first."""
    repeats: Counter[str] = field(default_factory=Counter)
    """By screen: numbers that one connection gave twice."""
    alerts: dict[str, float] = field(default_factory=dict)
    """By alert id: when it first stood on the officer's screen."""

    def say(self, client_id: str, author: str, session_id: str, at: float) -> None:
        """Somebody pressed the key; trying again later does not change when."""
        self.said.setdefault(client_id, (author, session_id, at))

    def confirm(self, client_id: str, state: Literal["sent", "held"]) -> None:
        """The writer was told what became of it."""
        self.confirmed.setdefault(client_id, state)

    def refuse(self, client_id: str, reason: str) -> None:
        """The writer was told that it cannot be said."""
        self.refused.setdefault(client_id, reason)

    def show(self, screen: str, client_id: str, number: int, at: float) -> None:
        """It stands on a screen; a number that comes again after a reconnect takes its own place there."""
        self.shown.setdefault(screen, {}).setdefault(client_id, {}).setdefault(number, at)

    def repeat(self, screen: str) -> None:
        """One connection gave the same number twice."""
        self.repeats[screen] += 1

    def alert(self, alert_id: str, at: float) -> None:
        """An alert stands on the officer's screen."""
        self.alerts.setdefault(alert_id, at)

    @property
    def unanswered(self) -> int:
        """How much was said whose writer does not know yet what became of it."""
        return len(self.said.keys() - self.confirmed.keys() - self.refused.keys())


@dataclass(frozen=True)
class Reckoning:
    """What the evening came to."""

    sent: int
    refused: int
    unanswered: int
    stored: int
    seen: int
    expected: int
    seen_each: tuple[tuple[int, int], ...]
    """Of each screen: how much of what its room holds it showed, and how much that is."""
    held: int
    released: int
    declined: int
    flagged: int
    alerts: int
    lost: int
    doubled: int
    unrecorded: int
    """Shown on a screen although the stream does not hold it as posted."""
    key_to_screen: tuple[float, ...]
    message_to_alert: tuple[float, ...]

    @property
    def is_sound(self) -> bool:
        """Whether nothing was lost, doubled, unanswered or shown off the record, and each flag is an alert."""
        return not (self.lost or self.doubled or self.unanswered or self.unrecorded) and self.flagged == self.alerts


def reckon(ledger: Ledger, record: Record, screens: Mapping[str, Sequence[str]]) -> Reckoning:
    """Set what people were told and saw against what the streams hold. `screens`: by session, who sits in it."""
    ours = [line for line in record.lines if line.client_id in ledger.said]
    posted = {line.client_id: line for line in ours if line.fact == "posted"}
    held = {line.client_id: line for line in ours if line.fact == "held"}
    taken = posted | held
    expected = _expected(posted.values(), screens)
    missing = {client for clients in _missing(ledger, expected).values() for client in clients}
    gone = {client for client in ledger.confirmed if client not in taken}
    flagged, raised = _concerns(record, taken.values())
    each = tuple((len(_seen(ledger, who) & due), len(due)) for who, due in sorted(expected.items()))
    return Reckoning(
        sent=len(ledger.said),
        refused=len(ledger.refused),
        unanswered=ledger.unanswered,
        stored=len(taken),
        seen=sum(seen for seen, _ in each),
        expected=sum(due for _, due in each),
        seen_each=each,
        held=len(held),
        released=len(held.keys() & posted.keys()),
        declined=len({line.client_id for line in ours if line.fact == "declined"}),
        flagged=len({message for message, _ in flagged}),
        alerts=len(set(raised)),
        lost=len(missing | gone),
        doubled=_doubled(ledger, ours, flagged, raised),
        unrecorded=_unrecorded(ledger, posted, screens),
        key_to_screen=_key_to_screen(ledger, held.keys()),
        message_to_alert=_message_to_alert(ledger, taken.values(), flagged),
    )


def still_missing(ledger: Ledger, record: Record, screens: Mapping[str, Sequence[str]]) -> int:
    """How many messages on record have not reached how many screens: 0 once everybody has caught up."""
    posted = [line for line in record.lines if line.fact == "posted" and line.client_id in ledger.said]
    return sum(map(len, _missing(ledger, _expected(posted, screens)).values()))


def percentile(values: Sequence[float], percent: float) -> float | None:
    """The value that so many percent do not exceed (nearest rank); None where there are none."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[max(0, ceil(len(ordered) * percent / 100) - 1)]


def _expected(posted: Iterable[Kept], screens: Mapping[str, Sequence[str]]) -> dict[str, set[str]]:
    expected: dict[str, set[str]] = {screen: set() for room in screens.values() for screen in room}
    for line in posted:
        for screen in screens.get(line.session_id, ()):
            expected[screen].add(line.client_id)
    return expected


def _seen(ledger: Ledger, screen: str) -> set[str]:
    return set(ledger.shown.get(screen, {}))


def _missing(ledger: Ledger, expected: Mapping[str, set[str]]) -> dict[str, set[str]]:
    return {screen: due - _seen(ledger, screen) for screen, due in expected.items()}


def _concerns(record: Record, taken: Iterable[Kept]) -> tuple[list[tuple[str, str]], list[str]]:
    """Flags of our messages, and the alerts that go with them or with nothing we know."""
    ids = {line.message_id for line in taken}
    flagged = [(message, alert) for message, alert in record.flagged if message in ids]
    others = {alert for message, alert in record.flagged if message not in ids}
    return flagged, [alert for alert in record.raised if alert not in others]


def _doubled(ledger: Ledger, ours: Sequence[Kept], flagged: Sequence[tuple[str, str]], raised: Sequence[str]) -> int:
    stored = Counter((line.client_id, line.fact) for line in ours)
    per_message = Counter(message for message, _ in set(flagged))
    on_screens = sum(len(numbers) - 1 for screen in ledger.shown.values() for numbers in screen.values())
    twice = sum(count - 1 for counts in (stored, per_message, Counter(raised)) for count in counts.values())
    return on_screens + twice + sum(ledger.repeats.values())


def _unrecorded(ledger: Ledger, posted: Mapping[str, Kept], screens: Mapping[str, Sequence[str]]) -> int:
    rooms = {screen: session for session, room in screens.items() for screen in room}
    return sum(
        client in ledger.said and (client not in posted or posted[client].session_id != rooms.get(screen))
        for screen, clients in ledger.shown.items()
        for client in clients
    )


def _key_to_screen(ledger: Ledger, held: Iterable[str]) -> tuple[float, ...]:
    """Seconds until each other person's screen; what waited for an adult is left out."""
    waited = set(held)
    return tuple(
        min(numbers.values()) - ledger.said[client][2]
        for screen, clients in ledger.shown.items()
        for client, numbers in clients.items()
        if client in ledger.said and client not in waited and ledger.said[client][0] != screen
    )


def _message_to_alert(ledger: Ledger, taken: Iterable[Kept], flagged: Iterable[tuple[str, str]]) -> tuple[float, ...]:
    writers = {line.message_id: line.client_id for line in taken}
    return tuple(
        ledger.alerts[alert] - ledger.said[writers[message]][2]
        for message, alert in dict(flagged).items()
        if alert in ledger.alerts
    )


def as_json(reckoning: Reckoning) -> dict[str, Any]:
    """The reckoning as plain numbers."""
    numbers: dict[str, Any] = {name: value for name, value in vars(reckoning).items() if isinstance(value, int)}
    for name in ("key_to_screen", "message_to_alert"):
        values = getattr(reckoning, name)
        numbers[f"{name}_ms"] = {
            f"p{percent}": None if (found := percentile(values, percent)) is None else round(found * 1000, 1)
            for percent in (50, 95, 99)
        }
    return numbers | {"seen_each": [list(pair) for pair in reckoning.seen_each], "sound": reckoning.is_sound}
