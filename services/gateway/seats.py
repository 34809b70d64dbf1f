"""One open socket as the hub sees it: what it was given, what waits to be written, and whether it is behind."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from harbour.contracts.chat import (
    Activity,
    HeldMessage,
    RoomMessage,
    RoomPerson,
    RoomState,
    RoomView,
    Speaker,
    StaffNote,
    Ways,
)
from services.gateway import frames
from services.gateway.frames import Close
from services.gateway.wire import text_frame

OUT_MAX_FRAMES = 256
"""A socket that has this many frames waiting is too slow; nobody waits for it."""


class Way(Protocol):
    """Where a line leads: it takes the bytes of whole WebSocket frames, and says when it takes no more for now."""

    @property
    def has_room(self) -> bool:
        """Whether it takes more just now."""

    def write(self, data: bytes) -> None:
        """Put whole frames on their way."""

    def when_there_is_room(self, go_on: Callable[[], None]) -> None:
        """Have this called each time there is room again."""


class Line:
    """The way out to one browser: frames go in at once, and a socket that cannot keep up is closed."""

    def __init__(self, person_id: str, size: int = OUT_MAX_FRAMES) -> None:
        self.person_id = person_id
        self.out: list[bytes] = []
        """What the browser does not take yet."""
        self.closing = asyncio.Event()
        self.code: Close | None = None
        self._size = size
        self._wire: Way | None = None

    def lead_to(self, wire: Way) -> None:
        """From now on frames leave by this wire, those that wait first."""
        self._wire = wire
        wire.when_there_is_room(self._flow)
        self._flow()

    def give(self, frame: str | bytes) -> None:
        """Put a frame on its way, a text or the bytes that `text_frame` made of one; never waits."""
        if self.closing.is_set():
            return
        data, wire = frame if isinstance(frame, bytes) else text_frame(frame), self._wire
        if wire is not None and wire.has_room and not self.out:
            wire.write(data)
        elif len(self.out) < self._size:
            self.out.append(data)
        else:
            self.close(Close.TOO_SLOW)

    def _flow(self) -> None:
        while self.out and self._wire is not None and self._wire.has_room:
            self._wire.write(self.out.pop(0))

    def close(self, code: Close | None) -> None:
        """Have the socket closed with this code, or take note that it is; the first code counts."""
        if not self.closing.is_set():
            self.code = code
            self.closing.set()


class Seat(Line):
    """A place in a room. A number is given once; everything up to `upto` was given."""

    def __init__(self, person_id: str, *, may_lead: bool = False, after: int = 0, size: int = OUT_MAX_FRAMES) -> None:
        super().__init__(person_id, size)
        self.may_lead = may_lead
        self.facilitator = False
        """An adult, who leads the room or watches it."""
        self.observes = False
        self.greeted = False
        self.upto = after
        self.given: set[int] = set()
        """Numbers above `upto` that were given."""
        self.behind = False
        """History is being read for this seat; what comes live waits in `late`."""
        self.again = False
        """Something happened meanwhile that only another reading tells."""
        self.must = 0
        """A number that history has to reach before this seat has caught up."""
        self.late: dict[int, str | bytes] = {}
        self.told: set[str] = set()
        """Held messages it was told of as waiting."""
        self.over: set[str] = set()
        """Held messages that were decided; an older reading does not bring them back."""
        self.taken_back: dict[int, str] = {}
        """Numbers that an adult took back, with the adult's name."""
        self.told_back: set[int] = set()
        """Those of them this seat was told of."""
        self.told_shown: dict[int, set[str]] = {}
        """Who had seen them, by what this seat was told."""
        self.waited: tuple[int, ...] = ()
        self.private: set[int] = set()
        """The private words it was given."""
        self.calls: dict[str, str] = {}
        """The calls it was told of, with the adult who came."""
        self.reports: set[tuple[int, str]] = set()
        """The reports it was told of."""
        self.observers: dict[str, tuple[datetime, bool]] = {}
        """Who it was told watches: since when, and whether it has ended."""
        self.adults_at: datetime | None = None
        """Since when those lead whom it knows as the adults, where that is not as planned."""
        self.removals: dict[str, str] = {}
        """Who it was told was asked to step out, with the adult who let them back in."""
        self.reactions: dict[int, int] = {}
        """The turn of the reactions it was told of, by number."""
        self.reading: asyncio.Task[None] | None = None
        self.here: tuple[str, ...] | None = None
        """Who it was told has the room open."""
        self.noted: set[str] = set()
        """The notes of other adults it was told of."""
        self.led = -1
        """The revision of the ways to lead that it knows."""
        self.ways = Ways()
        self.activity: tuple[datetime, int] | None = None
        """When the activity it knows was opened, and its revision."""

    @property
    def leads(self) -> bool:
        """An adult who leads the room; what is told to the leaders by name goes to nobody who only watches."""
        return self.facilitator and not self.observes

    @property
    def ready(self) -> bool:
        """It was greeted and has caught up, so that it hears what is said as it is said."""
        return self.greeted and not self.behind

    def lacks(self, number: int) -> bool:
        """Whether this number was not given yet."""
        return number > self.upto and number not in self.given

    def was_given(self, number: int) -> bool:
        """Whether this number is, or was, in this browser's log."""
        return number <= self.upto or number in self.given

    def hear(self, number: int, frame: str | bytes) -> None:
        """A message that was posted just now."""
        if number <= self.upto or number in self.given or number in self.taken_back:
            return
        if self.behind or not self.greeted:
            self._keep_for_later(number, frame)
            return
        self.given.add(number)
        self.give(frame)

    def _keep_for_later(self, number: int, frame: str | bytes) -> None:
        self.late[number] = frame
        if len(self.late) > OUT_MAX_FRAMES:
            self.late.clear()
            self.again = True

    def know(self, view: RoomView) -> None:
        """Whose seat this is: chat and the sign-in have to agree before anybody leads."""
        self.facilitator = self.may_lead and view.you.speaker is Speaker.FACILITATOR
        self.observes = view.observing

    def greet(self, view: RoomView, stands: frames.State) -> None:
        """Say hello, once."""
        self.know(view)
        if not self.greeted:
            self.greeted, self.adults_at = True, view.adults_at
            self.give(frames.hello(view, stands.state).wire())
            if stands.state is RoomState.PAUSED:
                self.give(stands.wire())
            self._show_history(view, first=True)
            return
        self._show_history(view, first=False)

    def _show_history(self, view: RoomView, *, first: bool) -> None:
        fresh = tuple(self._as_it_stands(message) for message in view.messages if self.lacks(message.number))
        if view.messages:
            self.complete(view.messages[-1].number)
        if fresh or first:
            self.give(frames.Messages(list=fresh, more=view.more, upto=self.upto).wire())

    def complete(self, number: int) -> None:
        """Everything up to this number was given."""
        self.upto = max(self.upto, number)
        self.given = {given for given in self.given if given > self.upto}

    def arrive(self) -> None:
        """Caught up: what came meanwhile follows, in order."""
        self.behind, self.must = False, 0
        late, self.late = self.late, {}
        for number in sorted(late):
            self.hear(number, late[number])

    # ── what an adult took back ───────────────────────────────────────────────────────────────────────────────

    def take_back(self, number: int, name: str) -> None:
        """This number has no words any more; told once, and at once where this seat was greeted."""
        if number not in self.taken_back:
            self.taken_back[number] = name
            self.late.pop(number, None)
        if self.greeted and number not in self.told_back:
            self.told_back.add(number)
            self.give(frames.WithdrawnFrame(number=number, name=name).wire())

    def tell_shown(self, frame: frames.Shown) -> None:
        """Who had it on their screen, where that is more than this seat was told."""
        known = self.told_shown.get(frame.number)
        if known is None or not known.issuperset(frame.people):
            self.told_shown[frame.number] = {*(known or ()), *frame.people}
            self.give(frame.wire())

    def tell_waited(self, seconds: tuple[int, ...]) -> None:
        """How long decided messages waited, where that has changed."""
        if seconds != self.waited:
            self.waited = seconds
            self.give(frames.Waited(seconds=seconds).wire())

    def tell_private(self, frame: frames.PrivateFrame) -> None:
        """A private word, once."""
        if frame.number not in self.private:
            self.private.add(frame.number)
            self.give(frame.wire())

    # ── calls and reports ─────────────────────────────────────────────────────────────────────────────────────

    def tell_call(self, frame: frames.Help) -> None:
        """A call for help, once, and once more when an adult has come; an older reading does not undo that."""
        known = self.calls.get(frame.help_id)
        if known is None or (frame.answered_by and not known):
            self.calls[frame.help_id] = frame.answered_by
            self.give(frame.wire())

    def tell_report(self, frame: frames.Reported) -> None:
        """A quiet report, once."""
        if (frame.number, frame.person_id) not in self.reports:
            self.reports.add((frame.number, frame.person_id))
            self.give(frame.wire())

    def tell_adults(self, at: datetime | None, adults: tuple[RoomPerson, ...]) -> None:
        """Who leads now, where that is news; older news never undoes newer."""
        if self.greeted and at is not None and (self.adults_at is None or at > self.adults_at):
            self.adults_at = at
            self.give(frames.adults(at, adults).wire())

    def tell_observer(self, frame: frames.ObserverFrame) -> None:
        """That a supervisor watches, or does no more; to adults alone, and older news never undoes newer."""
        now = (frame.since, frame.until is not None)
        known = self.observers.get(frame.person_id)
        if self.facilitator and (known is None or now > known):
            self.observers[frame.person_id] = now
            self.give(frame.wire())

    def tell_removal(self, frame: frames.SteppedOut) -> None:
        """That somebody was asked to step out, once, and once more when they were let back in."""
        known = self.removals.get(frame.removal_id)
        if known is None or (frame.let_back_by and not known):
            self.removals[frame.removal_id] = frame.let_back_by
            self.give(frame.wire())

    def tell_reactions(self, frame: frames.Reactions) -> None:
        """How a message is reacted to, unless it was told of this turn or a later one."""
        if frame.turn > self.reactions.get(frame.number, 0):
            self.reactions[frame.number] = frame.turn
            self.give(frame.wire())

    def _as_it_stands(self, message: RoomMessage) -> RoomMessage:
        """A message of an older reading, without its words where it was taken back since."""
        name = self.taken_back.get(message.number, "")
        return message.model_copy(update={"text": "", "withdrawn_by": name}) if name else message

    # ── how the room is led ───────────────────────────────────────────────────────────────────────────────────

    def lead(self, ways: Ways) -> None:
        """Tell how the room is led, where that is news."""
        if self.greeted and ways.revision > self.led:
            self.led, self.ways = ways.revision, ways
            self.give(frames.ways(ways, only="" if self.facilitator else self.person_id).wire())

    def do(self, activity: Activity | None, mine: int | None = None) -> None:
        """Give an activity, where it is news."""
        if activity is None or not self.greeted or not self.is_newer(activity):
            return
        self.activity = (activity.opened_at, activity.revision)
        self.give(frames.ActivityFrame(activity=activity, mine=mine).wire())

    def is_newer(self, activity: Activity) -> bool:
        """Whether this is more than the seat knows."""
        return self.activity is None or (activity.opened_at, activity.revision) > self.activity

    def tell_note(self, one: StaffNote) -> None:
        """What one adult told the others; told to adults alone, once."""
        if self.facilitator and one.note_id not in self.noted:
            self.noted.add(one.note_id)
            self.give(frames.note(one).wire())

    # ── what waits for an adult ───────────────────────────────────────────────────────────────────────────────

    def show_held(self, held: tuple[HeldMessage, ...], known: frozenset[str]) -> None:
        """Set right what this seat knows of held messages; `known` is what it knew before the reading."""
        for one in held:
            if self.facilitator:
                self._show_waiting(one)
            elif one.person_id == self.person_id:
                self._show_own(one)
        gone = known - {one.held_id for one in held if one.state == "waiting"}
        for held_id in gone & self.told:
            self.told.discard(held_id)
            if self.facilitator:
                self.give(frames.Decided(held_id=held_id, state="settled").wire())

    def _show_waiting(self, one: HeldMessage) -> None:
        if one.state == "waiting":
            self.wait_for(one.held_id, frames.waiting_still(one).wire())

    def _show_own(self, one: HeldMessage) -> None:
        if one.state == "waiting":
            frame = frames.Held(client_id=one.client_id, held_id=one.held_id, text=one.text)
            self.wait_for(one.held_id, frame.wire())
        elif one.state == "declined" and one.held_id not in self.over:
            frame_back = frames.DeclinedFrame(
                client_id=one.client_id,
                held_id=one.held_id,
                text=one.text,
                name=one.name,
                words=one.words,
                rephrase=one.rephrase,
            )
            self.decide(one.held_id, frame_back.wire())

    def wait_for(self, held_id: str, frame: str) -> None:
        """Tell of a message that waits, once."""
        if held_id not in self.told and held_id not in self.over:
            self.told.add(held_id)
            self.give(frame)

    def decide(self, held_id: str, frame: str | None) -> None:
        """It waits no longer."""
        self.told.discard(held_id)
        if held_id not in self.over:
            self.over.add(held_id)
            if frame is not None:
                self.give(frame)
