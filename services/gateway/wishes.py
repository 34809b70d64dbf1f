"""What a frame asks of chat, where the answer is only whether it was done: what there is to see, everybody hears."""

from typing import Any

from harbour.contracts.chat import (
    ActivityShown,
    AnswerActivity,
    AnswerHelp,
    AskForHelp,
    CloseActivity,
    HoldEverything,
    LeadRound,
    LetPersonBack,
    MutePerson,
    PassTurn,
    PushActivity,
    ReadSheet,
    RemovePerson,
    ReportMessage,
    ReportTaken,
    SendPrivateWord,
    SendStaffNote,
    SetReaction,
    Sheet,
    ShowWriting,
    SlowRoom,
    WithdrawMessage,
)
from harbour.contracts.messages import Answer, Wish
from services.gateway import frames
from services.gateway.frames import Frame, Spoken

FOR_FACILITATORS: tuple[type[frames.Frame], ...] = (
    frames.Withdraw, frames.Mute, frames.Slow, frames.Hold, frames.ShowWhoWrites, frames.TakeTurns,
    frames.BeWith,
    frames.Push, frames.Shut, frames.AskSheet,
    frames.Note, frames.HandOver,
    frames.Remove, frames.LetBack,
)  # fmt: skip
"""Frames that only an adult who leads the room may send."""

FOR_OBSERVERS: tuple[type[frames.Frame], ...] = (frames.Note, frames.AskSheet)
"""Those of them that a supervisor who watches may send as well: a word beside the room."""


def wish_of(frame: Spoken, session_id: str, person_id: str) -> Wish[Any] | None:
    """The wish in this frame, in the name of who is signed in; None where it is another kind of frame."""
    match frame:
        case frames.Withdraw():
            return WithdrawMessage(session_id=session_id, number=frame.number, staff_id=person_id)
        case frames.Mute():
            return MutePerson(session_id=session_id, staff_id=person_id, person_id=frame.person_id, muted=frame.muted)
        case frames.Slow():
            return SlowRoom(session_id=session_id, staff_id=person_id, seconds=frame.seconds)
        case frames.Hold():
            return HoldEverything(session_id=session_id, staff_id=person_id, on=frame.on)
        case frames.ShowWhoWrites():
            return ShowWriting(session_id=session_id, staff_id=person_id, on=frame.on)
        case frames.TakeTurns():
            turn = {"step": frame.step, "turn": frame.turn, "order": frame.order}
            return LeadRound(session_id=session_id, staff_id=person_id, **turn)
        case frames.Note() | frames.HandOver():
            told = {"client_id": frame.client_id, "text": frame.text, "handover": frame.type == "handover"}
            return SendStaffNote(session_id=session_id, staff_id=person_id, **told)
        case frames.Remove():
            about = {"session_id": session_id, "staff_id": person_id, "person_id": frame.person_id}
            return RemovePerson(**about, reason=frame.reason)
        case frames.LetBack():
            return LetPersonBack(session_id=session_id, staff_id=person_id, person_id=frame.person_id)
        case frames.Push():
            return PushActivity(session_id=session_id, staff_id=person_id, step_id=frame.step_id)
        case frames.Shut():
            return CloseActivity(session_id=session_id, staff_id=person_id, activity_id=frame.activity_id)
        case frames.AskSheet():
            return ReadSheet(session_id=session_id, staff_id=person_id)
        case frames.Choose():
            its = {"activity_id": frame.activity_id, "choice": frame.choice}
            return AnswerActivity(session_id=session_id, person_id=person_id, **its)
        case frames.Pass():
            return PassTurn(session_id=session_id, person_id=person_id)
        case frames.AskHelp():
            return AskForHelp(session_id=session_id, person_id=person_id)
        case frames.React():
            return SetReaction(session_id=session_id, person_id=person_id, number=frame.number, reaction=frame.reaction)
        case frames.Whisper():
            about = {"session_id": session_id, "person_id": person_id, "member_id": frame.member_id}
            return SendPrivateWord(**about, client_id=frame.client_id, text=frame.text[: frames.TEXT_MAX_CHARS])
        case frames.BeWith():
            return AnswerHelp(session_id=session_id, help_id=frame.help_id, staff_id=person_id)
        case frames.ReportThis():
            return ReportMessage(session_id=session_id, person_id=person_id, number=frame.number, about=frame.about)
    return None


def reply_to(answer: Answer) -> Frame | None:
    """What to say to the one who asked, where nobody else will hear of it."""
    match answer:
        case ReportTaken():
            return frames.Thanked(number=answer.number)
        case ActivityShown():
            return frames.ActivityFrame(activity=answer.activity, mine=answer.mine)
        case Sheet():
            return frames.sheet(answer)
    return None
