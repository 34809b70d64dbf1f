"""The lookout: the safeguarding queue on every open staff screen, read once per change for all of them."""

import asyncio
from datetime import UTC, datetime

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error as NatsError

from harbour.contracts.cases import CaseClosed, CaseList, CaseOpened, CaseReopened, ListCases
from harbour.contracts.closing import ClosingAsked, ClosingHandedBack
from harbour.contracts.desk import (
    AlertHanded,
    AlertMerged,
    AlertOffered,
    AlertOfferEnded,
    AlertOpinionAsked,
    AlertOpinionGiven,
    AlertReturned,
)
from harbour.contracts.envelope import (
    EnvelopeAsked,
    EnvelopeBreached,
    EnvelopeClosed,
    EnvelopeCountersigned,
    EnvelopeGranted,
    Envelopes,
    ReadEnvelopes,
)
from harbour.contracts.messages import Event, Refused
from harbour.contracts.safeguard import (
    AlertClaimed,
    AlertOverdue,
    AlertRaised,
    AlertResolved,
    CanaryRaised,
    CanarySeen,
    OnCallConfirmed,
    OnCallEnded,
    Queue,
    ReadQueue,
)
from harbour.runtime.asking import Asker, Unavailable
from services.gateway import frames
from services.gateway.frames import Close
from services.gateway.seats import Line
from services.gateway.stands import stands

_NUDGES: tuple[type[Event], ...] = (
    AlertRaised, AlertClaimed, AlertResolved, AlertOverdue, CanaryRaised, CanarySeen, OnCallConfirmed, OnCallEnded,
    ClosingAsked, ClosingHandedBack,
    AlertHanded, AlertMerged, AlertOffered, AlertOfferEnded, AlertOpinionAsked, AlertOpinionGiven, AlertReturned,
    EnvelopeAsked, EnvelopeGranted, EnvelopeClosed, EnvelopeCountersigned, EnvelopeBreached,
    CaseOpened, CaseClosed, CaseReopened,
)  # fmt: skip


class Lookout:
    """Everybody who looks at the queue on this gateway sees the whole of it within a moment of a change."""

    def __init__(self, nc: Client, ask: Asker, *, beat_seconds: float = 10.0, gather_seconds: float = 0.1) -> None:
        self._nc, self._ask = nc, ask
        self._beat_seconds, self._gather_seconds = beat_seconds, gather_seconds
        self._lines: list[Line] = []
        self._nudged = asyncio.Event()
        self._subscriptions: list[Subscription] = []
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to listen."""
        for kind in _NUDGES:
            self._subscriptions.append(await self._nc.subscribe(kind.pattern(), cb=self._hear))
        self._task = asyncio.create_task(self._keep_watch())

    async def stop(self) -> None:
        """Stop listening and close what is open."""
        for line in self._lines:
            line.close(Close.RESTARTING)
        self._lines.clear()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        for subscription in self._subscriptions:
            try:
                await subscription.unsubscribe()
            except NatsError:
                break  # the connection is closed, and every subscription with it

    def nudge(self) -> None:
        """Something may have changed: read the queue again."""
        self._nudged.set()

    async def join(self, line: Line) -> None:
        """Show the queue to one more, if it is theirs to see."""
        while not line.closing.is_set():
            try:
                if queue := await self._read(line):
                    line.give(_frame(queue, await self._stands(line)))
                    self._lines.append(line)
                return
            except Unavailable:
                await asyncio.sleep(1)

    def leave(self, line: Line) -> None:
        """One less."""
        if line in self._lines:
            self._lines.remove(line)

    async def _hear(self, _: Msg) -> None:
        self.nudge()

    async def _keep_watch(self) -> None:
        while True:
            try:
                await asyncio.wait_for(self._nudged.wait(), self._beat_seconds)
                await asyncio.sleep(self._gather_seconds)  # several changes at once are one reading
            except TimeoutError:
                pass
            self._nudged.clear()
            try:
                await self._show_all()
            except Unavailable:
                await asyncio.sleep(1)
                self.nudge()

    async def _show_all(self) -> None:
        """Read once, on behalf of each in turn, so that a right taken away is noticed."""
        while self._lines:
            reader = self._lines.pop(0)
            self._lines.append(reader)
            if queue := await self._read(reader):
                frame = _frame(queue, await self._stands(reader))
                for line in self._lines:
                    line.give(frame)
                return

    async def _read(self, reader: Line) -> Queue | None:
        queue: Queue | Refused = await self._ask(ReadQueue(staff_id=reader.person_id))
        if isinstance(queue, Refused):
            reader.close(Close.NOT_YOURS)
            self.leave(reader)
            return None
        return queue

    async def _stands(self, reader: Line) -> dict[str, str]:
        """How cases and envelopes stand, for the pages that show some."""
        envelopes = await self._ask(ReadEnvelopes(staff_id=reader.person_id))
        cases = await self._ask(ListCases(staff_id=reader.person_id))
        if not (isinstance(envelopes, Envelopes) and isinstance(cases, CaseList)):
            return {}
        return stands(envelopes.envelopes, cases.cases)


def _frame(queue: Queue, stand: dict[str, str]) -> str:
    return frames.queue(queue, datetime.now(UTC), stand).wire()
