"""Calls to the adults: "I need help now", and a quiet report of a message."""

from harbour.contracts.chat import (
    AnswerHelp,
    AskForHelp,
    HelpTaken,
    MessagePosted,
    ReportMessage,
    ReportTaken,
)
from harbour.contracts.messages import Refused
from harbour.runtime.rooms import Says
from services.chat import rules
from services.chat.handlers.doors import CallBook, Now, RoomBook, TheTranscript, router
from services.chat.transcript import said_in


@router.answers(AskForHelp)
async def ask_for_help(wish: AskForHelp, rooms: RoomBook, calls: CallBook, now: Now) -> Says:
    """Tell the adults and the desk; pressing again while nobody has come says nothing new. Whoever was asked to step
    out is heard too."""
    place = rules.young_seat(await rooms.gathering(wish.session_id), wish.person_id, out_too=True)
    if isinstance(place, Refused):
        return place
    one = rules.call(place, await calls.made(wish.session_id), now)
    fresh = await calls.make(one)
    taken = HelpTaken(help_id=one.help_id)
    return [taken, rules.help_asked(wish, one)] if fresh else taken


@router.answers(AnswerHelp)
async def answer_help(wish: AnswerHelp, rooms: RoomBook, calls: CallBook, now: Now) -> Says:
    """Keep that an adult is with them, and let them know who; the first adult stands."""
    place = rules.leading_seat(await rooms.gathering(wish.session_id), wish.staff_id)
    if isinstance(place, Refused):
        return place
    one = next((call for call in await calls.made(wish.session_id) if call.help_id == wish.help_id), None)
    if one is None:
        return Refused(reason="no-such-call")
    fresh = await calls.answer(wish.help_id, wish.staff_id, place.person.nickname)
    taken = HelpTaken(help_id=wish.help_id)
    return [taken, rules.help_answered(one, place, now)] if fresh else taken


@router.answers(ReportMessage)
async def report_message(
    wish: ReportMessage, rooms: RoomBook, calls: CallBook, transcript: TheTranscript, now: Now
) -> Says:
    """Tell the adults about a message, and nobody else."""
    place = rules.young_seat(await rooms.gathering(wish.session_id), wish.person_id)
    if isinstance(place, Refused):
        return place
    message = await said_in(transcript, wish.session_id, wish.number, MessagePosted)
    if message is None:
        return Refused(reason="no-such-message")
    if message.member_id == wish.person_id:
        return Refused(reason="own-message")
    one = rules.told(place, wish, message, now)
    taken = ReportTaken(number=wish.number)
    return [taken, rules.message_reported(wish, one, message)] if await calls.report(one) else taken
