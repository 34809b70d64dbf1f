"""What of the queue somebody looks at: told by the address, so that a link or a bookmark keeps it. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from harbour.contracts.alerts import AlertState
from harbour.contracts.concerns import Urgency
from harbour.contracts.safeguard import AlertView, Queue

STATES = {"waiting": "Waiting", "in-hand": "In hand", "mine": "Mine", "for-me": "For me"}


@dataclass(frozen=True)
class Filters:
    """What is looked at; empty means everything."""

    urgency: str = ""
    state: str = ""
    evening: str = ""

    def __bool__(self) -> bool:
        """Whether anything is left out."""
        return bool(self.urgency or self.state or self.evening)

    def address(self, **changed: str) -> str:
        """Where the queue is shown so, with what is changed."""
        chosen = {name: value for name, value in {**vars(self), **changed}.items() if value}
        return f"/queue?{urlencode(chosen)}" if chosen else "/queue"


def read_filters(query: Mapping[str, str]) -> Filters:
    """What the address asks for; what it does not know is left out."""
    urgency, state = query.get("urgency", ""), query.get("state", "")
    return Filters(
        urgency=urgency if urgency in set(Urgency) else "",
        state=state if state in STATES else "",
        evening=query.get("evening", "")[:64],
    )


def shows(filters: Filters, alert: AlertView, you: str) -> bool:
    """Whether an alert is among what is looked at."""
    is_so = {
        "": True,
        "waiting": alert.state is AlertState.WAITING,
        "in-hand": alert.state is AlertState.CLAIMED,
        "mine": alert.claimed_by == you,
        "for-me": you in (alert.offered_to, *alert.asked),
    }[filters.state]
    return is_so and filters.urgency in ("", alert.urgency) and filters.evening in ("", alert.session_id)


def counts(queue: Queue, you: str) -> dict[str, Counter[str]]:
    """How many alerts there are of each urgency, in each state, and of each evening."""
    by_state = {state: sum(shows(Filters(state=state), one, you) for one in queue.alerts) for state in STATES}
    return {
        "urgency": Counter(one.urgency.value for one in queue.alerts),
        "state": Counter(by_state),
        "evening": Counter(one.session_id for one in queue.alerts),
    }


def evenings(queue: Queue) -> dict[str, str]:
    """The evenings that have something on the queue, by name."""
    titled = {one.session_id: one.title or "An evening without a name" for one in queue.alerts}
    return dict(sorted(titled.items(), key=lambda one: one[1]))
