"""A small chat and safeguard in memory, which store what they say in a real stream; and the people of one evening."""

import asyncio
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, cast

from nats.aio.client import Client
from nats.js.api import RePublish, StreamConfig

from harbour.contracts.book import BookEntry, BookView, EntryKept, EntryKind, KeepEntry, Keeping, Prompt, ReadBook
from harbour.contracts.cases import CaseList, FindCase, ListCases
from harbour.contracts.chat import (
    Activity,
    ActivityAnswered,
    ActivityClosed,
    ActivityPushed,
    ActivityShown,
    AnswerActivity,
    AnswerHelp,
    AskForHelp,
    CanaryState,
    CancelSession,
    CheckedIn,
    CheckIn,
    CheckInNote,
    CheckIns,
    CloseActivity,
    CloseSession,
    CompareRooms,
    CountAnswer,
    Declined,
    DeclineMessage,
    EndSession,
    Evenings,
    EveningStands,
    EveningView,
    HeldMessage,
    HelpAnswered,
    HelpAsked,
    HelpCall,
    HelpTaken,
    HoldEverything,
    KeepObserving,
    KeepWatch,
    Lack,
    LeadRound,
    LetPersonBack,
    ListEvenings,
    MemberCheckedIn,
    MessageDeclined,
    MessageHeld,
    MessagePosted,
    MessageReported,
    MessageTaken,
    MessageWithdrawn,
    MutePerson,
    NoteKept,
    ObserverHeard,
    ObservingBegun,
    ObservingEnded,
    OpenSession,
    PassedOn,
    PassedOnNote,
    PassTurn,
    PauseSession,
    PersonLetBack,
    PersonRemoved,
    PostMessage,
    PrivateWord,
    PrivateWordTaken,
    PushActivity,
    Reacted,
    Reaction,
    ReactionSet,
    ReactionTaken,
    ReadCheckIns,
    ReadPassedOn,
    ReadRoom,
    ReadSheet,
    RecordShown,
    RecordStays,
    ReleaseMessage,
    Removal,
    RemovalTaken,
    RemovePerson,
    Report,
    ReportMessage,
    ReportTaken,
    ResumeSession,
    RoomChanged,
    RoomLed,
    RoomMessage,
    RoomPerson,
    RoomRuled,
    RoomsFar,
    RoomState,
    RoomView,
    SendCanary,
    SendPrivateWord,
    SendStaffNote,
    SessionCancelled,
    SessionClosing,
    SessionEnded,
    SessionOpened,
    SessionPaused,
    SessionResumed,
    SessionStarted,
    SessionTakenOver,
    SetReaction,
    Sheet,
    ShownRecorded,
    ShownRun,
    ShowWriting,
    SlowRoom,
    Speaker,
    StaffNote,
    StartSession,
    StaysRecorded,
    TakeOver,
    TookOver,
    Watching,
    Ways,
    WithdrawMessage,
    Withdrawn,
    WithdrawnMessage,
)
from harbour.contracts.closing import SignOffClosing
from harbour.contracts.concerns import Category, Reason, Urgency
from harbour.contracts.desk import AlertAround, AtDesk, ReadAlert, StayAtDesk
from harbour.contracts.enrolment import Step, Wording
from harbour.contracts.envelope import Envelopes, ReadEnvelopes
from harbour.contracts.messages import Answer, Event, Refused, Wish, derived_id
from harbour.contracts.safeguard import (
    AlertClaimed,
    AlertDetails,
    AlertRaised,
    AlertState,
    AlertTaken,
    AlertView,
    CanarySeen,
    CanaryTaken,
    CanaryView,
    ClaimAlert,
    ConfirmOnCall,
    ContextLine,
    Deed,
    EndOnCall,
    OnCallConfirmed,
    OnCallEnded,
    OnCallStands,
    OnCallView,
    OpenAlert,
    Queue,
    ReadQueue,
    ResolveAlert,
    SeeCanary,
)
from harbour.contracts.worries import ConcernTaken, RaiseConcern
from harbour.runtime.asking import Unavailable
from services.chat import rules
from tests.gateway.closing import no_case, resolve, sign_off

SESSION = "evening-1"
SAM = RoomPerson(person_id="sam", nickname="Sam", speaker=Speaker.FACILITATOR)
JUNIPER = RoomPerson(person_id="juniper", nickname="Juniper", badge="leaf-teal", speaker=Speaker.MEMBER)
WREN = RoomPerson(person_id="wren", nickname="Wren", badge="boat-navy", speaker=Speaker.MEMBER)
HERON = RoomPerson(person_id="heron", nickname="Heron", badge="wave-blue", speaker=Speaker.MEMBER)
HELD_WORD = "0770"
"""In this small chat, a text with this in it is held."""


class House:
    """Chat and safeguard for one evening, small and in memory; what they say is stored in the real stream."""

    def __init__(self, nc: Client) -> None:
        self._nc, self._js = nc, nc.jetstream()
        self.state = RoomState.LIVE
        self.ways = Ways()
        self.notes: list[StaffNote] = []
        self.steps: tuple[Step, ...] = ()
        self.wordings: tuple[Wording, ...] = ()
        self.happened: dict[str, Activity] = {}
        self.chosen: dict[str, dict[str, int]] = {}
        self.books: dict[tuple[str, str], BookEntry] = {}
        """What is in everybody's book, by its owner and the step."""
        self.words = ""
        self.lacks: tuple[Lack, ...] = ()
        self.canaries: list[CanaryView] = []
        self.on_call: list[OnCallView] = []
        self.check_ins: dict[str, CheckIn] = {}
        self.not_checked_in: set[str] = set()
        self.people = [SAM, JUNIPER, WREN, HERON]
        self.messages: list[RoomMessage] = []
        self.held: dict[str, HeldMessage] = {}
        self.alerts: list[AlertView] = []
        self.texts: dict[str, str] = {}
        self.deeds: dict[str, list[Deed]] = {}
        self.asked: list[Wish[Any]] = []
        self.silent = False
        self.newest = 0
        self.behind = 0
        """So many of the newest messages this copy of chat does not know of yet."""
        self.shown: list[ShownRun] = []
        self.passed_on: list[PassedOnNote] = []
        self.withdrawn: list[WithdrawnMessage] = []
        self.waited: tuple[int, ...] = ()
        self.private: list[PrivateWord] = []
        self.calls: list[HelpCall] = []
        self.reports: list[Report] = []
        self.removals: list[Removal] = []
        self.supervisors = {"ruth": "Ruth"}
        self.observers: dict[str, Watching] = {}
        self.substitutes = {"nell": "Nell", "sam": "Sam"}
        self.adults_at: datetime | None = None
        self.reactions: dict[int, dict[str, Reaction | None]] = {}
        self.turns: dict[int, int] = {}
        self.officers = {"olu": "Olu", "lee": "Lee"}
        self._taken: dict[tuple[str, str], MessageTaken] = {}
        self._posting: defaultdict[tuple[str, str], asyncio.Lock] = defaultdict(asyncio.Lock)

    @property
    def state(self) -> RoomState:
        """Where the evening stands."""
        return self._state

    @state.setter
    def state(self, state: RoomState) -> None:
        self._state, self.changed_at = state, datetime.now(UTC)

    async def make_streams(self) -> None:
        """The stream as Harbour declares it, as far as the live part sees it."""
        republish = RePublish(src="chat.*.*.*", dest="room.{{wildcard(2)}}.{{wildcard(1)}}")
        await self._js.add_stream(StreamConfig(name="CHAT", subjects=["chat.>"], republish=republish))

    async def say(self, event: Event) -> int:
        """Store an event; its number."""
        if event.owner() == "chat":
            ack = await self._js.publish(event.subject, event.body(), headers=event.headers("chat"), stream="CHAT")
            self.newest = ack.seq
            return ack.seq
        await self._nc.publish(event.subject, event.body(), headers=event.headers("safeguard"))
        return 0

    async def __call__(self, wish: Wish[Any]) -> Answer:
        """The answer to this wish."""
        self.asked.append(wish)
        if self.silent:
            raise Unavailable(wish.ask)
        answers: dict[type[Wish[Any]], Any] = {
            ReadRoom: self._read,
            CompareRooms: self._compare,
            PostMessage: self._post,
            ReleaseMessage: self._release,
            DeclineMessage: self._decline,
            WithdrawMessage: self._withdraw,
            AskForHelp: self._ask_for_help,
            AnswerHelp: self._answer_help,
            ReportMessage: self._report,
            RemovePerson: self._remove,
            KeepObserving: self._observe,
            ListEvenings: self._list,
            TakeOver: self._take_over,
            LetPersonBack: self._let_back,
            SetReaction: self._react,
            SendPrivateWord: self._whisper,
            RecordShown: self._record,
            RecordStays: self._stay,
            ReadPassedOn: self._passed_on,
            OpenSession: lambda wish: self._move(wish, RoomState.DOORS, SessionOpened),
            StartSession: lambda wish: self._move(wish, RoomState.LIVE, SessionStarted),
            EndSession: lambda wish: self._move(wish, RoomState.ENDED, SessionEnded),
            MutePerson: lambda wish: self._rule(wish, rules.muted(self.ways, wish.person_id, wish.muted)),
            SlowRoom: lambda wish: self._rule(wish, rules.slowed(self.ways, wish.seconds)),
            HoldEverything: lambda wish: self._rule(wish, rules.holding(self.ways, wish.on)),
            ShowWriting: lambda wish: self._rule(wish, rules.showing_writing(self.ways, wish.on)),
            LeadRound: lambda wish: self._rule(wish, rules.in_round(self.ways, wish, self.people)),
            PassTurn: lambda wish: self._rule(wish, rules.passed_on(self.ways, wish.person_id)),
            SendStaffNote: self._tell,
            PushActivity: self._push,
            CloseActivity: self._shut,
            AnswerActivity: self._choose,
            CountAnswer: self._count,
            ReadBook: self._open_book,
            KeepEntry: self._keep_entry,
            ReadSheet: self._sheet,
            CloseSession: lambda wish: self._move(wish, RoomState.CLOSING, SessionClosing),
            CancelSession: lambda wish: self._move(wish, RoomState.CANCELLED, SessionCancelled),
            PauseSession: self._pause,
            ResumeSession: lambda wish: self._move(wish, RoomState.LIVE, SessionResumed, state=RoomState.LIVE),
            KeepWatch: self._watch,
            SendCanary: self._watch,
            CheckIn: self._check_in,
            ReadCheckIns: self._check_ins,
            SeeCanary: self._see_canary,
            ConfirmOnCall: self._on_call,
            EndOnCall: self._on_call,
            ReadQueue: self._queue,
            ListCases: self._no_cases,
            OpenAlert: self._open,
            ClaimAlert: self._claim,
            ResolveAlert: partial(resolve, self),
            SignOffClosing: partial(sign_off, self),
            FindCase: no_case,
            ReadAlert: self._beside,
            StayAtDesk: self._at_desk,
            RaiseConcern: self._worry,
            ReadEnvelopes: self._no_envelopes,
        }
        return cast(Answer, await answers[type(wish)](wish))

    # ── chat ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def _compare(self, wish: CompareRooms) -> Answer:
        return RoomsFar(newest=dict.fromkeys(wish.session_ids, self.newest))

    async def _read(self, wish: ReadRoom) -> Answer:
        if wish.session_id != SESSION:
            return Refused(reason="no-such-session")
        you = next((one for one in self.people if one.person_id == wish.person_id), None)
        observes = you is None and self.watches(wish.person_id)
        if observes:
            name = self.observers[wish.person_id].name
            you = RoomPerson(person_id=wish.person_id, nickname=name, speaker=Speaker.FACILITATOR)
        if you is None:
            return Refused(reason="not-yours")
        known = self.messages[: len(self.messages) - self.behind]
        fresh = [message for message in known if message.number > wish.after]
        leads = you.speaker is Speaker.FACILITATOR
        if you.person_id in self.out:
            fresh = []
        return RoomView(
            session_id=SESSION,
            course_id="tuesday",
            title="Tuesday group",
            week=2,
            topic="Choices and control",
            starts_at=datetime.now(UTC) - timedelta(minutes=20),
            minutes=90,
            state=self.state,
            changed_at=self.changed_at,
            words=self.words,
            checked_in=you.person_id not in self.not_checked_in,
            you=you,
            people=tuple(self.people),
            messages=tuple(fresh[: wish.limit]),
            more=len(fresh) > wish.limit,
            withdrawn=tuple(
                one if leads else one.model_copy(update={"nickname": "", "shown_to": ()}) for one in self.withdrawn
            ),
            calls=tuple(one for one in self.calls if leads or one.person_id == you.person_id),
            reports=tuple(self.reports) if leads else (),
            stepped_out=you.person_id in self.out,
            removals=tuple(self.removals) if leads else (),
            observing=observes,
            adults_at=self.adults_at,
            observers=tuple(self.observers.values()) if leads else (),
            waited=self.waited if leads else (),
            private=tuple(one for one in self.private if (leads and not observes) or one.member_id == you.person_id),
            reactions=self._reacted(you.person_id, leads),
            latest=max((message.number for message in known), default=0),
            held=tuple(
                one
                for one in self.held.values()
                if (one.state == "waiting" if leads else one.person_id == you.person_id and one.state != "released")
            ),
            ways=rules.ways_for(self._place(you)),
            notes=rules.notes_for(self._place(you), self.notes),
            activity=(doing := next(reversed(self.happened.values()), None)),
            my_choice=self.chosen.get(doing.activity_id, {}).get(you.person_id) if doing else None,
        )

    async def _post(self, wish: PostMessage) -> Answer:
        """As chat does in a process of its own: it goes on when whoever asked has gone."""
        return await asyncio.shield(asyncio.create_task(self._post_once(wish)))

    async def _post_once(self, wish: PostMessage) -> Answer:
        async with self._posting[wish.person_id, wish.client_id]:
            return await self._take(wish)

    async def _take(self, wish: PostMessage) -> Answer:
        if self.state is not RoomState.LIVE:
            return Refused(reason="not-live")
        if known := self._taken.get((wish.person_id, wish.client_id)):
            return known
        you = next(one for one in self.people if one.person_id == wish.person_id)
        if wish.person_id in self.out:
            return rules.STEPPED_OUT
        if reason := rules.why_not_now(self._place(you)):
            return Refused(reason=reason)
        taken = await (
            self._hold(wish, you)
            if self._waits(wish, you)
            else self.post(you, wish.text, wish.client_id, in_reply_to=wish.in_reply_to)
        )
        self._taken[wish.person_id, wish.client_id] = taken
        return taken

    def _waits(self, wish: PostMessage, you: RoomPerson) -> bool:
        return HELD_WORD in wish.text or (self.ways.hold_all and you.speaker is Speaker.MEMBER)

    def _place(self, you: RoomPerson) -> rules.Seat:
        room = rules.Room(SESSION, "tuesday", "Tuesday group", 2, "Choices", datetime.now(UTC), 90, self.state)
        return rules.Seat(room, you, tuple(self.people), self.ways)

    async def _rule(self, wish: Any, ways: Ways) -> Answer:
        """The room is led in another way."""
        if ways != self.ways:
            self.ways = ways
            by = getattr(wish, "staff_id", "") or wish.person_id
            await self.say(RoomRuled(session_id=SESSION, by=by, ways=ways))
        return RoomLed(session_id=SESSION, ways=self.ways)

    async def _tell(self, wish: SendStaffNote) -> Answer:
        adults = [*self.people, RoomPerson(person_id="ruth", nickname="Ruth", speaker=Speaker.FACILITATOR)]
        you = next(one for one in adults if one.person_id == wish.staff_id)
        note = rules.note(self._place(you), wish, datetime.now(UTC))
        self.notes.append(note)
        await self.say(rules.note_sent(wish, note))
        return NoteKept(note=note)

    async def _push(self, wish: PushActivity) -> Answer:
        step = rules.pushable(self.steps, wish.step_id)
        if step is None:
            return Refused(reason="no-such-step")
        now = datetime.now(UTC)
        self.happened = {name: rules.closed(one, now) for name, one in self.happened.items()}
        return await self._do(rules.opened(step, wish.id, now), ActivityPushed, staff_id=wish.staff_id)

    async def _shut(self, wish: CloseActivity) -> Answer:
        closed = rules.closed(self.happened[wish.activity_id], datetime.now(UTC))
        return await self._do(closed, ActivityClosed, staff_id=wish.staff_id)

    async def _choose(self, wish: AnswerActivity) -> Answer:
        you = next(one for one in self.people if one.person_id == wish.person_id)
        before = self.happened.get(wish.activity_id)
        if before is None or (reason := rules.why_not_answer(self._place(you), before, wish.choice)):
            return Refused(reason=reason if before else "no-such-activity")
        chosen = self.chosen.setdefault(wish.activity_id, {})
        chosen[wish.person_id] = wish.choice
        shown = await self._do(rules.counted(before, chosen.values()), ActivityAnswered)
        return shown.model_copy(update={"mine": wish.choice})

    async def _count(self, wish: CountAnswer) -> Answer:
        you = next(one for one in self.people if one.person_id == wish.person_id)
        before = self.happened.get(wish.activity_id)
        if before is None or (reason := rules.why_not_count(self._place(you), before)):
            return Refused(reason=reason if before else "no-such-activity")
        chosen = self.chosen.setdefault(wish.activity_id, {})
        chosen[wish.person_id] = rules.WRITTEN
        return await self._do(rules.counted(before, chosen.values()), ActivityAnswered)

    async def _open_book(self, wish: ReadBook) -> Answer:
        steps = [step for step in self.steps if step.kind in rules.PRIVATE]
        return BookView(
            begun=bool(self.books),
            keeping=Keeping.A_YEAR,
            erase_at=None,
            sessions=(),
            prompts=tuple(
                Prompt(
                    session_id=SESSION, step_id=one.step_id, kind=EntryKind(one.kind.value), title=one.title, text=""
                )
                for one in steps
            ),
            entries=tuple(entry for (owner, _), entry in self.books.items() if owner == wish.member_id),
        )

    async def _keep_entry(self, wish: KeepEntry) -> Answer:
        if not wish.text:
            return Refused(reason="empty")
        about = {"kind": wish.kind, "session_id": wish.session_id, "step_id": wish.step_id, "text": wish.text}
        now = datetime.now(UTC)
        self.books[wish.member_id, wish.step_id] = BookEntry(
            entry_id=wish.step_id, written_at=now, changed_at=now, went=wish.went, **about
        )
        return EntryKept(entry_id=wish.step_id)

    async def _do(self, activity: Activity, kind: Any, **more: str) -> ActivityShown:
        self.happened[activity.activity_id] = activity
        await self.say(kind(session_id=SESSION, activity=activity, **more))
        return ActivityShown(activity=activity)

    async def _sheet(self, wish: ReadSheet) -> Answer:
        return Sheet(
            session_id=SESSION,
            starts_at=datetime.now(UTC) - timedelta(minutes=20),
            aim="To find out what helps.",
            steps=(*self.steps, *rules.ALWAYS),
            wordings=self.wordings,
            happened=tuple(self.happened.values()),
        )

    async def post(
        self, who: RoomPerson, text: str, client_id: str = "", held_id: str = "", in_reply_to: int = 0
    ) -> MessageTaken:
        """Somebody says something."""
        client_id = client_id or f"c-{len(self.messages)}"
        event = MessagePosted(
            session_id=SESSION,
            member_id=who.person_id,
            speaker=who.speaker,
            nickname=who.nickname,
            badge=who.badge,
            text=text,
            client_id=client_id,
            held_id=held_id,
            in_reply_to=in_reply_to,
        )
        number = await self.say(event)
        self.messages.append(
            RoomMessage(
                number=number,
                id=event.id,
                at=event.at,
                client_id=client_id,
                text=text,
                in_reply_to=in_reply_to,
                **who.model_dump(),
            )
        )
        self.messages.sort(key=lambda message: message.number)
        return MessageTaken(state="sent", message_id=event.id, number=number, at=event.at)

    async def _hold(self, wish: PostMessage, you: RoomPerson) -> MessageTaken:
        with_all = HELD_WORD not in wish.text
        reason = Reason(
            rule="contact.phone",
            category=Category.CONTACT_OR_PII,
            urgency=Urgency.LOW,
            why="It looks like it holds a telephone number.",
        )
        event = MessageHeld(
            session_id=SESSION,
            member_id=you.person_id,
            speaker=you.speaker,
            nickname=you.nickname,
            badge=you.badge,
            text=wish.text,
            client_id=wish.client_id,
            reasons=() if with_all else (reason,),
            with_all=with_all,
        )
        self.held[event.id] = HeldMessage(
            held_id=event.id,
            at=event.at,
            person_id=you.person_id,
            nickname=you.nickname,
            badge=you.badge,
            text=wish.text,
            client_id=wish.client_id,
            categories=() if with_all else (reason.category,),
            why=event.why,
        )
        number = await self.say(event)
        return MessageTaken(state="held", message_id=event.id, number=number, at=event.at)

    async def _release(self, wish: ReleaseMessage) -> Answer:
        held = self.held.get(wish.held_id)
        if held is None:
            return Refused(reason="no-such-message")
        self.held[wish.held_id] = held.model_copy(update={"state": "released"})
        who = next(one for one in self.people if one.person_id == held.person_id)
        return await self.post(who, held.text, held.client_id, held.held_id)

    async def _decline(self, wish: DeclineMessage) -> Answer:
        held = self.held.get(wish.held_id)
        if held is None:
            return Refused(reason="no-such-message")
        reply = {"name": "Sam", "words": wish.words, "rephrase": wish.rephrase}
        self.held[wish.held_id] = held.model_copy(update={"state": "declined", **reply})
        self.waited += (30,)
        event = MessageDeclined(
            session_id=SESSION,
            member_id=held.person_id,
            held_id=held.held_id,
            client_id=held.client_id,
            staff_id=wish.staff_id,
            **reply,
        )
        await self.say(event)
        return Declined(held_id=held.held_id)

    async def _withdraw(self, wish: WithdrawMessage) -> Answer:
        said = next((one for one in self.messages if one.number == wish.number), None)
        if said is None:
            return Refused(reason="no-such-message")
        seen = {run.person_id for run in self.shown if run.first <= wish.number <= run.upto} - {said.person_id}
        event = MessageWithdrawn.after(
            wish,
            member_id=said.person_id,
            message_id=said.id,
            nickname=said.nickname,
            name="Sam",
            shown_to=tuple(sorted(seen)),
        )
        gone = said.model_copy(update={"text": "", "withdrawn_by": "Sam"})
        self.messages[self.messages.index(said)] = gone
        self.withdrawn.append(
            WithdrawnMessage(
                number=said.number, name="Sam", at=event.at, nickname=said.nickname, shown_to=event.shown_to
            )
        )
        await self.say(event)
        return Withdrawn(number=wish.number, shown_to=event.shown_to)

    async def _ask_for_help(self, wish: AskForHelp) -> Answer:
        you = next(one for one in self.people if one.person_id == wish.person_id)
        open_ = next((one for one in self.calls if one.person_id == wish.person_id and not one.answered_by), None)
        if open_ is not None:
            return HelpTaken(help_id=open_.help_id)
        named = {"help_id": f"help-{len(self.calls)}", "nickname": you.nickname, "badge": you.badge}
        event = HelpAsked.after(wish, member_id=you.person_id, **named)
        self.calls.append(HelpCall(person_id=you.person_id, at=event.at, **named))
        await self.say(event)
        return HelpTaken(help_id=event.help_id)

    async def _answer_help(self, wish: AnswerHelp) -> Answer:
        [call] = [one for one in self.calls if one.help_id == wish.help_id]
        self.calls[self.calls.index(call)] = call.model_copy(update={"answered_by": "Sam"})
        await self.say(HelpAnswered.after(wish, member_id=call.person_id, name="Sam"))
        return HelpTaken(help_id=wish.help_id)

    async def _report(self, wish: ReportMessage) -> Answer:
        said = next(one for one in self.messages if one.number == wish.number)
        you = next(one for one in self.people if one.person_id == wish.person_id)
        by_adult = said.speaker is Speaker.FACILITATOR
        named = {"nickname": you.nickname, "author": said.nickname}
        event = MessageReported.after(
            wish, member_id=you.person_id, message_id=said.id, author_id=said.person_id, by_adult=by_adult, **named
        )
        if not by_adult:
            one = Report(number=said.number, person_id=you.person_id, about=wish.about, at=event.at, **named)
            self.reports.append(one)
        await self.say(event)
        return ReportTaken(number=said.number)

    @property
    def out(self) -> set[str]:
        """Who was asked to step out, and was not let back in."""
        return {one.person_id for one in self.removals if not one.let_back_by}

    def watches(self, staff_id: str) -> bool:
        """Whether this supervisor watches now."""
        return staff_id in self.observers and self.observers[staff_id].until is None

    async def _observe(self, wish: KeepObserving) -> Answer:
        if wish.staff_id not in self.supervisors:
            return Refused(reason="not-yours")
        if not self.watches(wish.staff_id):
            begun = ObservingBegun.after(wish, name=self.supervisors[wish.staff_id])
            one = Watching(staff_id=wish.staff_id, name=begun.name, since=begun.at)
            self.observers[wish.staff_id] = one
            await self.say(begun)
        return ObserverHeard(since=self.observers[wish.staff_id].since)

    async def _list(self, wish: ListEvenings) -> Answer:
        adults = tuple(one for one in self.people if one.speaker is Speaker.FACILITATOR)
        if wish.staff_id in {one.person_id for one in adults} or wish.staff_id not in self.substitutes:
            return Evenings(evenings=())
        evening = EveningView(
            session_id=SESSION,
            title="Tuesday group",
            week=2,
            topic="Choices and control",
            starts_at=datetime.now(UTC) - timedelta(minutes=20),
            minutes=90,
            state=self.state,
            adults=tuple(one.nickname for one in adults),
            may_take_over=True,
            led_by=adults,
        )
        return Evenings(evenings=(evening,))

    async def _take_over(self, wish: TakeOver) -> Answer:
        came = RoomPerson(
            person_id=wish.staff_id, nickname=self.substitutes[wish.staff_id], speaker=Speaker.FACILITATOR
        )
        self.people = [came, *(one for one in self.people if one.person_id != wish.instead_of)]
        adults = tuple(one for one in self.people if one.speaker is Speaker.FACILITATOR)
        event = SessionTakenOver.after(wish, course_id="tuesday", name=came.nickname, adults=adults)
        self.adults_at = event.at
        await self.say(event)
        return TookOver(session_id=SESSION)

    async def end_observing(self, staff_id: str) -> None:
        """Their page has been quiet for too long."""
        one = self.observers[staff_id].model_copy(update={"until": datetime.now(UTC)})
        self.observers[staff_id] = one
        ended = ObservingEnded(session_id=SESSION, staff_id=staff_id, name=one.name, since=one.since, at=one.until)
        await self.say(ended)

    async def _remove(self, wish: RemovePerson) -> Answer:
        you = next(one for one in self.people if one.person_id == wish.person_id)
        named = {"removal_id": f"out-{len(self.removals)}", "nickname": you.nickname, "name": "Sam"}
        event = PersonRemoved.after(wish, member_id=wish.person_id, **named)
        self.removals.append(Removal(person_id=wish.person_id, at=event.at, reason=wish.reason, **named))
        await self.say(event)
        return RemovalTaken(removal_id=event.removal_id, out=True)

    async def _let_back(self, wish: LetPersonBack) -> Answer:
        one = next((one for one in self.removals if one.person_id == wish.person_id and not one.let_back_by), None)
        if one is None:
            return Refused(reason="not-out")
        self.removals[self.removals.index(one)] = one.model_copy(update={"let_back_by": "Sam"})
        await self.say(PersonLetBack.after(wish, member_id=wish.person_id, removal_id=one.removal_id, name="Sam"))
        return RemovalTaken(removal_id=one.removal_id, out=False)

    async def _whisper(self, wish: SendPrivateWord) -> Answer:
        you = next(one for one in self.people if one.person_id == wish.person_id)
        member_id = rules.thread(self._place(you), wish)
        if isinstance(member_id, Refused):
            return member_id
        event = rules.private_word(self._place(you), wish, member_id, wish.text, datetime.now(UTC))
        number = await self.say(event)
        self.private.append(rules.as_shown(number, event))
        return PrivateWordTaken(number=number, at=event.at)

    async def _react(self, wish: SetReaction) -> Answer:
        said = self.reactions.setdefault(wish.number, {})
        self.turns[wish.number] = self.turns.get(wish.number, 0) + 1
        said[wish.person_id] = wish.reaction
        counts = self._counts(wish.number)
        event = ReactionSet.after(wish, member_id=wish.person_id, counts=counts, turn=self.turns[wish.number])
        await self.say(event)
        return ReactionTaken(number=wish.number)

    def _counts(self, number: int) -> dict[Reaction, int]:
        said = [one for one in self.reactions[number].values() if one]
        return {one: said.count(one) for one in Reaction if one in said}

    def _reacted(self, person_id: str, leads: bool) -> tuple[Reacted, ...]:
        return tuple(
            Reacted(
                number=number,
                turn=self.turns[number],
                counts=self._counts(number),
                mine=said.get(person_id),
                who={who: one for who, one in said.items() if one} if leads else {},
            )
            for number, said in self.reactions.items()
        )

    async def _passed_on(self, wish: ReadPassedOn) -> Answer:
        return PassedOn(notes=tuple(self.passed_on))

    async def _stay(self, wish: RecordStays) -> Answer:
        return StaysRecorded()

    async def _record(self, wish: RecordShown) -> Answer:
        self.shown += wish.runs
        return ShownRecorded()

    async def _move(self, wish: Any, to: RoomState, kind: Any, **more: Any) -> Answer:
        if kind is SessionOpened and self.lacks:
            return Refused(reason="not-ready", say=",".join(self.lacks))
        self.state, self.words = to, more.get("words", "")
        await self.say(
            kind(session_id=SESSION, course_id="tuesday", staff_id=wish.staff_id, at=self.changed_at, **more)
        )
        return RoomChanged(session_id=SESSION, state=to)

    async def _pause(self, wish: PauseSession) -> Answer:
        return await self._move(wish, RoomState.PAUSED, SessionPaused, why="facilitator", words=wish.words)

    async def _watch(self, wish: KeepWatch | SendCanary) -> Answer:
        return EveningStands(
            session_id=SESSION,
            state=self.state,
            lacks=self.lacks,
            canary=CanaryState.SENT if Lack.CANARY in self.lacks else CanaryState.SEEN,
            adults=("Sam",),
            on_call=() if Lack.ON_CALL in self.lacks else ("Olu",),
            doors_at=datetime.now(UTC),
        )

    async def _check_in(self, wish: CheckIn) -> Answer:
        self.check_ins[wish.member_id] = wish
        if wish.joins:
            self.not_checked_in.discard(wish.member_id)
        you = next(one for one in self.people if one.person_id == wish.member_id)
        await self.say(MemberCheckedIn.after(wish, nickname=you.nickname, badge=you.badge))
        return CheckedIn(joins=wish.joins)

    async def _check_ins(self, wish: ReadCheckIns) -> Answer:
        names = {one.person_id: one.nickname for one in self.people}
        if wish.staff_id not in names:
            return Refused(reason="not-yours")
        notes = (
            CheckInNote(nickname=names[who], at=datetime.now(UTC), **one.model_dump(exclude={"session_id"}))
            for who, one in self.check_ins.items()
        )
        return CheckIns(notes=tuple(notes))

    async def _see_canary(self, wish: SeeCanary) -> Answer:
        self.canaries = [one for one in self.canaries if one.canary_id != wish.canary_id]
        await self.say(CanarySeen.after(wish, session_id=SESSION))
        return CanaryTaken(canary_id=wish.canary_id)

    async def _on_call(self, wish: ConfirmOnCall | EndOnCall) -> Answer:
        until = datetime.now(UTC) + timedelta(hours=getattr(wish, "hours", 0))
        self.on_call = [one for one in self.on_call if one.staff_id != wish.staff_id]
        name = self.officers[wish.staff_id]
        if isinstance(wish, ConfirmOnCall):
            self.on_call.append(OnCallView(staff_id=wish.staff_id, name=name, until=until))
            await self.say(OnCallConfirmed.after(wish, name=name, until=until))
        else:
            await self.say(OnCallEnded.after(wish))
        return OnCallStands(staff_id=wish.staff_id, until=until)

    # ── safeguard ─────────────────────────────────────────────────────────────────────────────────────────────

    async def _queue(self, wish: ReadQueue) -> Answer:
        if wish.staff_id not in self.officers:
            return Refused(reason="not-allowed")
        shown = sorted(self.alerts, key=lambda one: (-one.urgency.rank, one.due_at))
        open_ = tuple(one for one in shown if one.state is not AlertState.RESOLVED)
        waiting = sum(one.state is AlertState.WAITING for one in open_)
        return Queue(
            alerts=open_,
            waiting=waiting,
            resolved_today=len(shown) - len(open_),
            canaries=tuple(self.canaries),
            on_call=tuple(self.on_call),
        )

    async def raise_alert(
        self, who: RoomPerson, urgency: Urgency, why: str, text: str, seconds: float = 60
    ) -> AlertView:
        """Something worrying was said."""
        now = datetime.now(UTC)
        alert = AlertView(
            alert_id=derived_id(who.person_id, text),
            urgency=urgency,
            categories=(Category.SELF_HARM,),
            why=(why,),
            nickname=who.nickname,
            session_id=SESSION,
            title="Tuesday group",
            raised_at=now,
            due_at=now + timedelta(seconds=seconds),
            state=AlertState.WAITING,
        )
        self.alerts.append(alert)
        self.texts[alert.alert_id] = text
        self.deeds[alert.alert_id] = [Deed(at=now, name="", what="raised")]
        await self.say(AlertRaised(alert_id=alert.alert_id, urgency=urgency, due_at=alert.due_at))
        return alert

    def alert(self, alert_id: str) -> AlertView | None:
        """An alert as it is now."""
        return next((one for one in self.alerts if one.alert_id == alert_id), None)

    def change(self, alert: AlertView, **fields: Any) -> AlertView:
        """Change an alert."""
        changed = alert.model_copy(update=fields)
        self.alerts[self.alerts.index(alert)] = changed
        return changed

    async def _open(self, wish: OpenAlert) -> Answer:
        alert = self.alert(wish.alert_id)
        if wish.staff_id not in self.officers:
            return Refused(reason="not-allowed")
        if alert is None:
            return Refused(reason="no-such-alert")
        self.did(wish, "opened")
        lines = [
            ContextLine(at=one.at, nickname=one.nickname, speaker=one.speaker, text=one.text)
            for one in self.messages[-3:]
        ]
        text = self.texts[wish.alert_id]
        flagged = ContextLine(at=alert.raised_at, nickname=alert.nickname, speaker="member", text=text, flagged=True)
        reasons = tuple(
            Reason(rule="distress.low_mood", category=alert.categories[0], urgency=alert.urgency, why=why)
            for why in alert.why
        )
        return AlertDetails(
            alert=alert,
            text=text,
            version="2026-11-01",
            reasons=reasons,
            context=(*lines, flagged),
            deeds=tuple(self.deeds[wish.alert_id]),
        )

    async def _beside(self, wish: ReadAlert) -> Answer:
        alert = self.alert(wish.alert_id)
        if wish.staff_id not in self.officers:
            return Refused(reason="not-allowed")
        return AlertAround(alert=alert, earlier=()) if alert else Refused(reason="no-such-alert")

    async def _worry(self, wish: RaiseConcern) -> Answer:
        return ConcernTaken(alert_id="worry")

    async def _no_envelopes(self, wish: ReadEnvelopes) -> Answer:
        return Envelopes(envelopes=())

    async def _no_cases(self, wish: ListCases) -> Answer:
        return CaseList(cases=())

    async def _at_desk(self, wish: StayAtDesk) -> Answer:
        return AtDesk(at=datetime.now(UTC))

    async def _claim(self, wish: ClaimAlert) -> Answer:
        alert = self.alert(wish.alert_id)
        if alert is None:
            return Refused(reason="no-such-alert")
        if alert.claimed_by not in {"", wish.staff_id}:
            return Refused(reason="claimed", say=f"{alert.claimed_name} has it.")
        name = self.officers[wish.staff_id]
        alert = self.change(alert, state=AlertState.CLAIMED, claimed_by=wish.staff_id, claimed_name=name)
        self.did(wish, "claimed")
        await self.say(AlertClaimed(alert_id=wish.alert_id, staff_id=wish.staff_id))
        return self.taking(alert)

    def did(self, wish: Any, what: Any, note: str = "") -> None:
        deed = Deed(at=datetime.now(UTC), name=self.officers[wish.staff_id], what=what, note=note)
        self.deeds[wish.alert_id].append(deed)

    @staticmethod
    def taking(alert: AlertView) -> AlertTaken:
        return AlertTaken(
            alert_id=alert.alert_id, state=alert.state, claimed_by=alert.claimed_by, claimed_name=alert.claimed_name
        )
