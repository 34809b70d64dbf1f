"""Who looks at what worries us, how soon, and who is called when nobody has?

Owns: alerts and their clocks, whose hands they are in, the words around them, the rota of those who answer, what the
    desk follows up, cases, the record of everything decided, who may look at contact details, the rules of screening
    and all that changes them
Hears: MessagePosted, MessageHeld, MemberCheckedIn, PrivateWordSent, MessageWithdrawn, ExposureFound, Enrolled,
    HelpAsked, MessageReported, PersonRemoved, PersonLetBack, CourseScheduled, StaffAdded, CanarySent, ClaimClock,
    SignOffClock, AttendanceTaken, MessageFlagged, DebriefWritten, AnchorDue, LeaseClock, SessionStarted,
    SessionPaused, SessionResumed, SessionClosing, SessionEnded, SessionCancelled, SilenceDue, MemberLeft, ChaseClock,
    CaseSignOffClock, EnvelopeLooked, EnvelopeExpires, CountersignClock,
    VerificationAsked, TrialDue, CanaryClock
Answers: ReadQueue, OpenAlert, ClaimAlert, ResolveAlert, SignOffClosing, SeeCanary, ConfirmOnCall, EndOnCall,
    ReadFollowUps, FinishFollowUp, ReadAlert, StayAtDesk, OfferAlert, AnswerOffer, AskOpinion, GiveOpinion,
    MergeAlerts, OpenCase, ListCases, FindCase, ReadCase, AddEntry, AnswerAction, HandOverCase, CloseCase,
    SignOffCase, ReopenCase, ExportCase, ReadReport, ReadStatus,
    ReadRota, PutOnDuty, TakeOffDuty, RequestEnvelope, AgreeEnvelope,
    CountersignEnvelope, HoldBackEnvelope, ReadEnvelopes, ReadOwnRecord,
    ReadRecord, VerifyRecord, ReadBench, ReadRule, SaveDraft, ReadDraft,
    TryDraft, ShadowDraft, OpenTrialMessages, ProposeDraft, DecideDraft, DropDraft, ReadEditions, RestoreEdition,
    AddLine, DropLine, ReadLines, RaiseConcern, ReadCanaries, ReadWellbeing, WriteShiftDebrief, KeepTalk
Says: MessageFlagged, AlertRaised, AlertClaimed, AlertResolved, AlertOverdue, ClaimClock, CanaryRaised, CanarySeen,
    OnCallConfirmed, OnCallEnded, FollowUpOpened, FollowUpDone, ClosingAsked, ClosingHandedBack, SignOffClock,
    StaffReminded, RecordAnchored, AnchorDue, AlertReturned, AlertOffered, AlertHanded, AlertOfferEnded,
    AlertOpinionAsked, AlertOpinionGiven, AlertMerged, LeaseClock, SilenceDue, CaseOpened, CaseClosed, CaseReopened,
    ChaseClock, CaseSignOffClock, RotaChanged, EnvelopeAsked, EnvelopeGranted, EnvelopeClosed, EnvelopeCountersigned,
    EnvelopeBreached, EnvelopeExpires, CountersignClock, VerificationAsked, EditionPublished, TrialDue, CanaryClock
"""
