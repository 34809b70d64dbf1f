"""A supervisor watches a room: they read along, the adults who lead it see that they do, and it is on record."""

from pydantic import AwareDatetime

from harbour.contracts.chat.room import RoomPerson, RoomState
from harbour.contracts.enrolment import Part
from harbour.contracts.messages import Answer, Command, Event, Key, Query, Timer


class ObservingBegun(Event, fact="chat.observing-begun", key=("session_id",)):
    """A supervisor reads along from now on. No young person's screen hears of it."""

    session_id: Key
    staff_id: Key
    name: str


class ObservingEnded(Event, fact="chat.observing-ended", key=("session_id",)):
    """They read along no more; `at` is when their page was heard last."""

    session_id: Key
    staff_id: Key
    name: str
    since: AwareDatetime


class ObserverDue(Timer, fact="chat.observer-due", key=("session_id", "staff_id")):
    """By now the page of somebody who watches should have been heard again."""

    session_id: Key
    staff_id: Key


class ObserverHeard(Answer):
    """Since when this supervisor has been watching."""

    since: AwareDatetime


class KeepObserving(Command[ObserverHeard], ask="chat.keep-observing"):
    """The page of somebody who watches is here, said every few seconds; the first one begins it, and only while it
    goes on may they read the room. It never counts as an adult being there.

    Refused with `no-such-session`, `leads` for an adult who leads this room, `not-yours`.
    """

    session_id: Key
    staff_id: Key


class EveningView(Part):
    """An evening that a member of staff does not lead, and what they may do there."""

    session_id: Key
    title: str
    week: int
    topic: str
    starts_at: AwareDatetime
    minutes: int
    state: RoomState
    adults: tuple[str, ...]
    """Who leads it, by name."""
    may_watch: bool = False
    may_take_over: bool = False
    led_by: tuple[RoomPerson, ...] = ()
    """The same as `adults`, with their ids and roles."""


class Evenings(Answer):
    """Tonight's evenings, soonest first."""

    evenings: tuple[EveningView, ...]


class ListEvenings(Query[Evenings], ask="chat.list-evenings"):
    """Which of tonight's evenings, beside those they lead, may this member of staff come to?"""

    staff_id: Key
