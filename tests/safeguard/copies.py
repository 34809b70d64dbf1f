"""Several copies of safeguard at work on one database, each wish and event in a transaction of its own."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from harbour.contracts.chat import (
    AttendanceTaken,
    CanarySent,
    DebriefWritten,
    ExposureFound,
    HelpAsked,
    MemberCheckedIn,
    MemberLeft,
    MessageHeld,
    MessagePosted,
    MessageReported,
    MessageWithdrawn,
    PersonLetBack,
    PersonRemoved,
    PrivateWordSent,
    SessionClosing,
    SessionEnded,
    SessionPaused,
    SessionStarted,
)
from harbour.contracts.closing import SignOffClock, SignOffClosing
from harbour.contracts.desk import (
    AnswerOffer,
    AskOpinion,
    GiveOpinion,
    LeaseClock,
    MergeAlerts,
    OfferAlert,
    ReadAlert,
    StayAtDesk,
)
from harbour.contracts.enrolment import CourseScheduled, Enrolled, StaffAdded
from harbour.contracts.envelope import (
    AgreeEnvelope,
    CountersignClock,
    CountersignEnvelope,
    EnvelopeExpires,
    EnvelopeLooked,
    HoldBackEnvelope,
    ReadEnvelopes,
    ReadOwnRecord,
    RequestEnvelope,
)
from harbour.contracts.follow_ups import FinishFollowUp, ReadFollowUps
from harbour.contracts.messages import Answer, Message
from harbour.contracts.record import AnchorDue
from harbour.contracts.rota import PutOnDuty, ReadRota, TakeOffDuty
from harbour.contracts.safeguard import (
    AlertDetails,
    AlertView,
    ClaimAlert,
    ClaimClock,
    ConfirmOnCall,
    EndOnCall,
    MessageFlagged,
    OpenAlert,
    Queue,
    ReadQueue,
    ResolveAlert,
    SeeCanary,
    SilenceDue,
)
from harbour.contracts.worries import CanaryClock, RaiseConcern, ReadCanaries
from harbour.runtime.database import Database
from services.safeguard import handlers
from services.safeguard.bench.shadow import Beside, Shadows
from services.safeguard.care import Budget
from services.safeguard.care_book import Care
from services.safeguard.chain import Chain
from services.safeguard.closings import Closings
from services.safeguard.duties import Duties
from services.safeguard.envelope_book import EnvelopeBook
from services.safeguard.follow_ups import FollowUps
from services.safeguard.groups import Groups
from services.safeguard.hands_book import CheckInBook, Opinions, Presence
from services.safeguard.store import Desk, Heard, Rooms, Rota, Tonight, metadata
from tests.safeguard.people import CLOCKS, EVENING, LEASES

M = TypeVar("M", bound=Message)


async def schedule(event: CourseScheduled, tx: AsyncConnection) -> None:
    """The two handlers that hear of the evenings of a course."""
    await handlers.alerts.name_evenings(event, Rota(tx))
    await handlers.aftercare.know_evenings(event, Groups(tx))


@dataclass
class Copies:
    """The copies, what they have said, and the time it is for them."""

    databases: list[Database]
    now: datetime = EVENING
    said: list[Message] = field(default_factory=list)

    async def hears(self, *events: Message) -> None:
        """Let one copy after the other hear an event."""
        for event in events:
            await self.handles(event)

    async def hears_at_once(self, events: Iterable[Message], seed: int = 0) -> None:
        """Let the copies hear events side by side, in no order."""
        shuffled = list(events)
        random.Random(seed).shuffle(shuffled)
        await asyncio.gather(*(self.handles(event, turn) for turn, event in enumerate(shuffled)))

    async def asks(self, wish: Message, turn: int = 0) -> Any:
        """What one copy answers."""
        return await self.handles(wish, turn)

    async def handles(self, message: Message, turn: int = 0) -> Any:
        """Let one copy handle a message as the runtime would: what is said counts only once it is committed."""
        async with self.databases[turn % len(self.databases)].begin() as tx:
            outcome = await self.call(tx, message)
        spoken = outcome if isinstance(outcome, list | tuple) else [outcome]
        self.said += [one for one in spoken if one is not None and not isinstance(one, Answer)]
        return next((one for one in spoken if isinstance(one, Answer)), None)

    def call(self, tx: AsyncConnection, message: Any) -> Awaitable[Any]:
        """The handler of a message, with its books open."""
        heard, desk, rota, tonight, now = Heard(tx), Desk(tx), Rota(tx), Tonight(tx), self.now
        opinions, duties = Opinions(tx), Duties(tx)
        envelopes = EnvelopeBook(tx)
        shadow = Beside(tx, Shadows(self.databases[0]))
        calls: dict[type[Message], Callable[[], Awaitable[Any]]] = {
            StaffAdded: lambda: handlers.alerts.know_colleague(message, rota),
            CourseScheduled: lambda: schedule(message, tx),
            MessagePosted: lambda: handlers.alerts.screen_message(message, heard, desk, CLOCKS, now, shadow),
            PrivateWordSent: lambda: handlers.alerts.screen_message(message, heard, desk, CLOCKS, now, shadow),
            MessageHeld: lambda: handlers.alerts.screen_message(message, heard, desk, CLOCKS, now, shadow),
            SessionStarted: lambda: handlers.context.follow_evening(message, Rooms(tx)),
            SessionPaused: lambda: handlers.context.follow_evening(message, Rooms(tx)),
            SessionClosing: lambda: handlers.context.follow_evening(message, Rooms(tx)),
            SessionEnded: lambda: handlers.context.follow_evening(message, Rooms(tx)),
            SilenceDue: lambda: handlers.context.raise_for_silence(message, heard, desk, Rooms(tx), CLOCKS, now),
            MemberLeft: lambda: handlers.context.raise_for_leaving(message, desk, CLOCKS, now),
            ClaimClock: lambda: handlers.alerts.page_next(message, desk, duties, CLOCKS, now),
            ReadQueue: lambda: handlers.alerts.read_queue(message, desk, rota, tonight, opinions, LEASES, now),
            MemberCheckedIn: lambda: handlers.alerts.screen_message(message, heard, desk, CLOCKS, now, shadow),
            CanarySent: lambda: handlers.tonight.put_canary_on_queue(message, tonight, now),
            CanaryClock: lambda: handlers.worries.raise_for_canary(message, desk, tonight, CLOCKS, now),
            RaiseConcern: lambda: handlers.worries.raise_concern(message, desk, rota, CLOCKS, now),
            ReadCanaries: lambda: handlers.worries.read_canaries(message, tonight, rota, now),
            SeeCanary: lambda: handlers.tonight.see_canary(message, tonight, rota, now),
            ConfirmOnCall: lambda: handlers.tonight.confirm_on_call(message, tonight, rota, now),
            EndOnCall: lambda: handlers.tonight.end_on_call(message, tonight, rota, now),
            OpenAlert: lambda: handlers.alerts.open_alert(message, heard, desk, rota, CheckInBook(tx), LEASES, now),
            ClaimAlert: lambda: handlers.alerts.claim_alert(message, desk, rota, LEASES, now),
            ResolveAlert: lambda: handlers.closing.resolve_alert(message, desk, Closings(tx), rota, CLOCKS, now),
            SignOffClosing: lambda: handlers.closing.sign_off_closing(message, desk, Closings(tx), rota, LEASES, now),
            SignOffClock: lambda: handlers.closing.call_for_sign_off(message, desk, Closings(tx), rota, CLOCKS, now),
            HelpAsked: lambda: handlers.alerts.raise_for_help(message, desk, CLOCKS, now),
            PersonRemoved: lambda: handlers.alerts.raise_for_removal(message, desk, CLOCKS, now),
            PersonLetBack: lambda: handlers.alerts.note_let_back(message, desk, CLOCKS, now),
            AttendanceTaken: lambda: handlers.afterwards.open_follow_ups(message, FollowUps(tx), now),
            DebriefWritten: lambda: handlers.afterwards.take_worries(message, rota, FollowUps(tx), now),
            MessageFlagged: lambda: handlers.afterwards.follow_up_late(message, FollowUps(tx), now),
            ReadFollowUps: lambda: handlers.afterwards.read_follow_ups(message, rota, FollowUps(tx), now),
            FinishFollowUp: lambda: handlers.afterwards.finish_follow_up(message, rota, FollowUps(tx), now),
            RequestEnvelope: lambda: handlers.envelopes.request_envelope(message, desk, envelopes, rota, now),
            AgreeEnvelope: lambda: handlers.envelopes.agree_envelope(message, desk, envelopes, rota, now),
            CountersignEnvelope: lambda: handlers.envelopes.countersign_envelope(message, desk, envelopes, rota, now),
            HoldBackEnvelope: lambda: handlers.envelopes.hold_back_envelope(message, desk, envelopes, rota, now),
            ReadEnvelopes: lambda: handlers.envelopes.read_envelopes(message, envelopes, rota, now),
            ReadOwnRecord: lambda: handlers.envelopes.read_own_record(message, envelopes, now),
            EnvelopeLooked: lambda: handlers.envelopes.note_look(message, desk, envelopes, rota),
            EnvelopeExpires: lambda: handlers.envelopes.close_envelope(message, desk, envelopes, now),
            CountersignClock: lambda: handlers.envelopes.call_breach(message, desk, envelopes, rota, now),
            AnchorDue: lambda: handlers.record.anchor_record(message, Chain(tx)),
            Enrolled: lambda: handlers.aftercare.know_member(message, Groups(tx)),
            MessageWithdrawn: lambda: handlers.aftercare.look_after_shown(
                message, heard, Groups(tx), FollowUps(tx), now
            ),
            ExposureFound: lambda: handlers.aftercare.look_after_shown(message, heard, Groups(tx), FollowUps(tx), now),
            ReadRota: lambda: handlers.rota.read_rota(message, rota, duties, tonight, Groups(tx), now),
            PutOnDuty: lambda: handlers.rota.put_on_duty(message, rota, duties, Chain(tx), now),
            TakeOffDuty: lambda: handlers.rota.take_off_duty(message, rota, duties, Chain(tx), now),
            ReadAlert: lambda: handlers.hands.read_alert(message, desk, rota, opinions, tonight, LEASES, now),
            StayAtDesk: lambda: handlers.hands.stay_at_desk(message, Presence(tx), rota, Care(tx), Budget(), now),
            LeaseClock: lambda: handlers.hands.return_if_gone(message, desk, Presence(tx), CLOCKS, LEASES, now),
            OfferAlert: lambda: handlers.hands.offer_alert(message, desk, rota, now),
            AnswerOffer: lambda: handlers.hands.answer_offer(message, desk, rota, LEASES, now),
            AskOpinion: lambda: handlers.hands.ask_opinion(message, desk, rota, opinions, now),
            GiveOpinion: lambda: handlers.hands.give_opinion(message, desk, rota, opinions, now),
            MergeAlerts: lambda: handlers.hands.merge_alerts(message, desk, rota, LEASES, now),
            MessageReported: lambda: handlers.alerts.raise_for_report(message, heard, desk, CLOCKS, now),
        }
        return calls[type(message)]()

    def heard_of(self, kind: type[M]) -> list[M]:
        """All that was said of this kind."""
        return [one for one in self.said if isinstance(one, kind)]

    async def reads(self, staff_id: str = "ada") -> Queue:
        """The queue, as a member of staff reads it."""
        queue = await self.asks(ReadQueue(staff_id=staff_id))
        assert isinstance(queue, Queue)
        return queue

    async def opens(self, alert_id: str, staff_id: str = "ada") -> AlertDetails:
        """An alert with its words, as a member of staff opens it."""
        details = await self.asks(OpenAlert(alert_id=alert_id, staff_id=staff_id))
        assert isinstance(details, AlertDetails)
        return details

    async def only_alert(self) -> AlertView:
        """The one alert on the queue."""
        [alert] = (await self.reads()).alerts
        return alert

    async def kept_to_say(self) -> list[str]:
        """The subjects of what lies in the outbox."""
        async with self.databases[0].begin() as tx:
            return list((await tx.execute(select(metadata.tables["outbox"].c.subject))).scalars())
