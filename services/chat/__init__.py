"""Where are people together, who may speak, and what has been said?

Owns: the live session: rooms and their state, messages, holds and what was decided about them, who was shown what,
    how each room is led, who was asked to step out, calls for help, quiet reports, reactions, each evening's
    run-sheet and what was done of it, what its adults tell one another, private words, who was there from when to when,
    who watches, who leads an evening they were not planned for, debriefs
Hears: CourseScheduled, Enrolled, StaffAdded, CanarySeen, OnCallConfirmed, OnCallEnded, DoorsDue, CanaryDue, AdultsDue,
    ClosingDue, EndDue, AttendanceDue, ObserverDue, LeavingDue
Answers: OpenSession, StartSession, PostMessage, ReadRoom, CompareRooms, ReleaseMessage, DeclineMessage, EndSession,
    RecordShown, WithdrawMessage, CloseSession, CancelSession, PauseSession, ResumeSession, KeepWatch, SendCanary,
    CheckIn, ReadCheckIns,
    AskForHelp, AnswerHelp, ReportMessage, SetReaction, SendPrivateWord,
    MutePerson, SlowRoom, HoldEverything, ShowWriting, LeadRound, PassTurn,
    PushActivity, CloseActivity, AnswerActivity, CountAnswer, ReadSheet,
    SendStaffNote, RecordStays,
    RemovePerson, LetPersonBack,
    KeepObserving, ListEvenings, TakeOver,
    SaveDebrief, ReadDebrief, ReadOwedDebriefs, ReadDebriefs, ReadPassedOn
Says: SessionOpened, SessionStarted, SessionEnded, MessagePosted, MessageHeld, MessageDeclined, MessageWithdrawn,
    ExposureFound, SessionPaused, SessionResumed, SessionClosing, SessionCancelled, CanarySent, DoorsKeptShut,
    MemberCheckedIn, DoorsDue, CanaryDue, AdultsDue, ClosingDue, EndDue,
    HelpAsked, HelpAnswered, MessageReported, ReactionSet, PrivateWordSent,
    RoomRuled,
    ActivityPushed, ActivityAnswered, ActivityClosed,
    StaffNoteSent, AttendanceTaken, AttendanceDue, DebriefWritten, LeavingDue, MemberLeft,
    PersonRemoved, PersonLetBack,
    ObservingBegun, ObservingEnded, ObserverDue, SessionTakenOver
"""
