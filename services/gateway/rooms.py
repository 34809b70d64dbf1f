"""One room on this gateway: what was heard goes to its open sockets; what was missed is read from history.

JetStream republishes a message to `room.<session>.<fact>` only after it is stored, with its number and the number
before it on the same subject. A number before that we have not had is a gap, and a gap is filled from history, by the
same reading that greets somebody who has just come in.
"""

import asyncio
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial

import structlog
from nats.aio.client import Client
from nats.aio.subscription import Subscription
from nats.errors import Error as NatsError

from harbour.contracts.chat import (
    ActivityAnswered,
    ActivityClosed,
    ActivityPushed,
    ExposureFound,
    HelpAnswered,
    HelpAsked,
    MemberCheckedIn,
    MessageDeclined,
    MessageHeld,
    MessagePosted,
    MessageReported,
    MessageWithdrawn,
    ObservingBegun,
    ObservingEnded,
    PersonLetBack,
    PersonRemoved,
    PrivateWordSent,
    ReactionSet,
    ReadRoom,
    RoomRuled,
    RoomState,
    RoomView,
    SessionCancelled,
    SessionClosing,
    SessionEnded,
    SessionOpened,
    SessionPaused,
    SessionResumed,
    SessionStarted,
    SessionTakenOver,
    StaffNoteSent,
)
from harbour.contracts.messages import Event, Refused, Unreadable, read_event
from harbour.runtime.asking import Asker, Unavailable
from harbour.runtime.straight import Heard, straight
from services.gateway import afterwards, frames, quick
from services.gateway.frames import Close
from services.gateway.quick import Posted
from services.gateway.seats import Seat
from services.gateway.writing import Writing

log = structlog.get_logger("gateway.rooms")

_MOVES: dict[type[Event], RoomState] = {
    SessionOpened: RoomState.DOORS,
    SessionStarted: RoomState.LIVE,
    SessionPaused: RoomState.PAUSED,
    SessionResumed: RoomState.LIVE,
    SessionClosing: RoomState.CLOSING,
    SessionEnded: RoomState.ENDED,
    SessionCancelled: RoomState.CANCELLED,
}
"""Where an evening stands once this was said; what has resumed says so itself."""
QUIET: frozenset[type[Event]] = frozenset(
    {
        *_MOVES,
        RoomRuled,
        ActivityPushed,
        ActivityAnswered,
        ActivityClosed,
        StaffNoteSent,
        ObservingBegun,
        ObservingEnded,
        SessionTakenOver,
    }
)
"""What is heard directly, of all rooms together, without a number of the transcript."""
_LONG_AGO, _BEFORE = datetime.min.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC, microsecond=1)
_WHOLE_TURNS = 8
"""Every so many beats a room is read even where it seems to miss nothing."""
_CLOSES = {"no-such-session": Close.NO_SUCH_SESSION}


class Room:
    """One room on this gateway: its open sockets, and what it has heard."""

    def __init__(self, session_id: str, nc: Client, ask: Asker) -> None:
        self.session_id = session_id
        self.seats: set[Seat] = set()
        self.state, self.words, self.by_itself = RoomState.SCHEDULED, "", False
        self._moved_at = _LONG_AGO
        self.newest = 0
        self.writing = Writing(self)
        self.awaited: dict[tuple[str, str], Callable[[bool], None]] = {}
        """What was said here and is to come back, by who said it and what they call it; told True when it does."""
        self._last: dict[str, int] = {}
        """The last number heard on each original subject."""
        self._nc, self._ask = nc, ask
        self._subscription: Subscription | None = None
        self._heard = self._looked = 0
        """The newest number that was heard of, and how far the room had come when it was read last."""
        self._turn = 0

    # ── coming and going ──────────────────────────────────────────────────────────────────────────────────────

    async def open(self) -> None:
        """Listen, and know that the server has heard so, before anybody reads history."""
        self._subscription = await straight(self._nc).hear(f"room.{self.session_id}.*", self.hear)
        try:
            await self._nc.flush(timeout=2)
        except (NatsError, TimeoutError):
            log.warning("room opened while the bus is away", session=self.session_id)

    async def close(self) -> None:
        """Stop listening."""
        try:
            if self._subscription is not None:
                await self._subscription.unsubscribe()
        except NatsError:
            log.warning("subscription was gone already", session=self.session_id)

    def sit(self, seat: Seat) -> None:
        """Take a place: hello and history come first, then what is said."""
        self.seats.add(seat)
        self.catch_up([seat], until=self.newest)

    # ── what is said ──────────────────────────────────────────────────────────────────────────────────────────

    def hear(self, msg: Heard) -> None:
        """Something was said of this room."""
        headers = msg.headers
        try:
            if headers.get("ce-type") == MessagePosted.fact:
                number = self._note(headers, is_posted=True)
                self._posted(*quick.posted(headers, msg.data, number), number)
                return
            event = read_event(headers, msg.data)
            if type(event) not in QUIET:
                self._note(headers, is_posted=False)
        except (Unreadable, ValueError):
            log.warning("a message in the room could not be read", session=self.session_id)
            self.catch_up(self.seats)
            return
        match event:
            case MessageHeld():
                self._held(event)
            case MessageDeclined():
                self._declined(event)
            case MessageWithdrawn():
                afterwards.withdrawn(self.seats, event)
            case ExposureFound():
                afterwards.exposure_found(self.seats, event)
            case HelpAsked():
                afterwards.call_made(self.seats, frames.help_asked(event))
            case HelpAnswered():
                afterwards.call_answered(self.seats, event)
            case PrivateWordSent():
                afterwards.private_word(self.seats, frames.private_word_sent(event, int(headers["Nats-Sequence"])))
            case ReactionSet():
                afterwards.reaction_set(self.seats, event)
            case PersonRemoved():
                afterwards.stepped_out(self.seats, event)
            case PersonLetBack():
                afterwards.let_back(self.seats, event)
            case MessageReported():
                afterwards.reported(self.seats, event)
            case RoomRuled():
                for seat in self.seats:
                    seat.lead(event.ways)
                self.writing.show()
            case StaffNoteSent():
                for seat in self.seats:
                    seat.tell_note(event.note)
            case SessionTakenOver():
                afterwards.taken_over(self.seats, event)
            case ObservingBegun() | ObservingEnded():
                for seat in self.seats:
                    seat.tell_observer(frames.observing_now(event))
            case ActivityPushed() | ActivityAnswered() | ActivityClosed():
                for seat in self.seats:
                    seat.do(event.activity)
            case MemberCheckedIn():
                self._for_leaders(frames.checked_in(event).wire())
            case _ if type(event) in _MOVES:
                state = getattr(event, "state", _MOVES[type(event)])
                by_itself = isinstance(event, SessionPaused) and event.why == "adults-away"
                self.advance(state, event.at, getattr(event, "words", ""), by_itself)

    def _note(self, headers: dict[str, str], *, is_posted: bool) -> int:
        """Keep the number, and have a gap before it filled. Raises ValueError where a republish has no number."""
        subject, number = headers.get("Nats-Subject", ""), int(headers.get("Nats-Sequence", ""))
        before, last = int(headers.get("Nats-Last-Sequence", "0")), self._last.get(subject, 0)
        if before > last and before > min((seat.upto for seat in self.seats if seat.ready), default=0):
            self.catch_up(self.seats, until=before if is_posted else 0)
        self._last[subject] = max(number, last)
        self._heard = max(self._heard, number)
        return number

    def _posted(self, event: Posted, frame: bytes, number: int) -> None:
        self.newest = max(self.newest, number)
        if came := self.awaited.get((event.member_id, event.client_id)):
            came(True)
        decided = frames.Decided(held_id=event.held_id, state="released").wire() if event.held_id else ""
        for seat in self.seats:
            if event.held_id and (seat.facilitator or seat.person_id == event.member_id):
                seat.decide(event.held_id, decided if seat.facilitator else None)
            seat.hear(number, frame)
        self.writing.stop(event.member_id)

    def _held(self, event: MessageHeld) -> None:
        for_facilitators = frames.waiting(event).wire()
        for_writer = frames.Held(client_id=event.client_id, held_id=event.id, text=event.text).wire()
        for seat in self.seats:
            if not seat.ready:
                seat.again = True
            elif seat.facilitator:
                seat.wait_for(event.id, for_facilitators)
            elif seat.person_id == event.member_id:
                seat.wait_for(event.id, for_writer)

    def _declined(self, event: MessageDeclined) -> None:
        for_facilitators = frames.Decided(held_id=event.held_id, state="declined").wire()
        for_writer = frames.DeclinedFrame(
            client_id=event.client_id,
            held_id=event.held_id,
            name=event.name,
            words=event.words,
            rephrase=event.rephrase,
        ).wire()
        for seat in self.seats:
            mine = seat.person_id == event.member_id
            if not seat.ready:
                seat.again = True
            elif seat.facilitator or mine:
                fresh = event.held_id not in seat.over
                seat.decide(event.held_id, for_facilitators if seat.facilitator else for_writer)
                if seat.facilitator and mine and fresh:
                    seat.give(for_writer)

    def _for_leaders(self, frame: str) -> None:
        for seat in self.seats:
            if seat.ready and seat.leads:
                seat.give(frame)

    def advance(self, state: RoomState, at: datetime | None, words: str = "", by_itself: bool = False) -> None:
        """What was said last counts; each seat is told when the evening moves on."""
        moment = at or _BEFORE
        if moment <= self._moved_at:
            return
        self._moved_at, self.state, self.words, self.by_itself = moment, state, words, by_itself
        frame = self.stands().wire()
        for seat in self.seats:
            if seat.greeted:
                seat.give(frame)
        self.writing.show()

    def stands(self) -> frames.State:
        """Where the evening stands."""
        return frames.State(state=self.state, words=self.words, by_itself=self.by_itself)

    # ── reading history ───────────────────────────────────────────────────────────────────────────────────────

    def catch_up(self, seats: Iterable[Seat], until: int = 0) -> None:
        """Read history for these seats, at least up to this number; what comes meanwhile waits behind it."""
        for seat in seats:
            seat.must = max(seat.must, until)
            if seat.behind:
                seat.again = True
                continue
            seat.behind = True
            seat.reading = asyncio.create_task(self._read_for(seat))
            seat.reading.add_done_callback(partial(_read_out, seat))

    async def _read_for(self, seat: Seat) -> None:
        pause, short = 0.05, 0
        while not seat.closing.is_set():
            seat.again = False
            view = await self._read(seat, after=seat.upto)
            if view is None:
                if not seat.greeted and pause > 1:
                    seat.close(Close.TRY_AGAIN)
            elif not view.more and not seat.again:
                # A copy of chat may be a moment behind the stream. What was erased meanwhile never comes: give up
                # after about three seconds; the beat sets right whatever is still missing.
                if view.latest >= seat.must or short >= 6:
                    break
                short += 1
            else:
                continue
            await asyncio.sleep(pause)
            pause = min(pause * 2, 2)
        seat.arrive()

    async def _read(self, seat: Seat, after: int) -> RoomView | None:
        known = frozenset(seat.told)
        try:
            wish = ReadRoom(session_id=self.session_id, person_id=seat.person_id, after=after)
            view: RoomView | Refused = await self._ask(wish)
        except Unavailable:
            return None
        if isinstance(view, Refused):
            lapsed = seat.observes and view.reason == "not-yours"  # its page was quiet; it comes back on record
            seat.close(Close.TRY_AGAIN if lapsed else _CLOSES.get(view.reason, Close.NOT_YOURS))
            return None
        if view.stepped_out:
            seat.close(Close.STEPPED_OUT)
            return None
        self.advance(view.state, view.changed_at, view.words, view.paused_by_itself)
        if seat.behind:
            seat.greet(view, self.stands())
        self._lead(seat, view)
        seat.show_held(view.held, known)
        afterwards.show_beside(self.seats, seat, view)
        return view

    def _lead(self, reader: Seat, view: RoomView) -> None:
        """Tell a reader how the room is led and what it does; where that is news to others, they read too."""
        others = [seat for seat in self.seats if seat is not reader and seat.ready]
        doing = view.activity
        missed = [
            seat for seat in others if seat.led < view.ways.revision or (doing is not None and seat.is_newer(doing))
        ]
        reader.lead(view.ways)
        reader.do(doing, view.my_choice)
        self.catch_up(missed)

    async def check(self, far: int) -> None:
        """Look at it where it has come further than we know, and now and then anyway."""
        self._turn += 1
        if not self._turn % _WHOLE_TURNS or (far > self._heard and far != self._looked):
            self._looked = far
            await self.look()

    async def look(self) -> None:
        """Compare with history and heal what was missed: by one seat in turn for all, and what only adults see by one
        of theirs in turn."""
        members = sorted((seat for seat in self.seats if not seat.facilitator), key=id)
        leading = sorted((seat for seat in self.seats if seat.facilitator), key=id)
        everybody = members or leading
        reader = everybody[self._turn % len(everybody)] if everybody else None
        if reader is not None and reader.ready and not reader.closing.is_set():
            await self._compare(reader)
        adult = leading[self._turn % len(leading)] if leading else None
        if adult is not None and adult is not reader and adult.ready and not adult.closing.is_set():
            await self._read(adult, after=max(self.newest, adult.upto))

    async def _compare(self, reader: Seat) -> None:
        after = min((seat.upto for seat in self.seats if seat.ready), default=reader.upto)
        view = await self._read(reader, after)
        if view is None or not view.messages:
            return
        numbers = [message.number for message in view.messages]
        if any(seat.lacks(number) for seat in self._settled(after) for number in numbers):
            await asyncio.sleep(0.3)  # an answer may overtake the republish of the newest message by a moment
        for seat in self._settled(after):
            if any(seat.lacks(number) for number in numbers):
                self.catch_up([seat])
            else:
                seat.complete(numbers[-1])

    def _settled(self, after: int) -> list[Seat]:
        return [seat for seat in self.seats if seat.ready and seat.upto >= after]


def _read_out(seat: Seat, task: asyncio.Task[None]) -> None:
    """A reading that broke closes its socket; the browser comes back and reads anew."""
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("history could not be read", error=type(error).__name__)
        seat.close(Close.TRY_AGAIN)
