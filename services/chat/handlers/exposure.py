"""Who was shown what: browsers say what was on their screens, and an adult takes a message back."""

from harbour.contracts.chat import MessagePosted, RecordShown, ShownRecorded, WithdrawMessage, Withdrawn
from harbour.contracts.messages import Refused
from harbour.runtime.rooms import Says
from services.chat import rules
from services.chat.handlers.doors import ExposureBook, Now, RoomBook, TheTranscript, router
from services.chat.transcript import said_in


@router.answers(RecordShown)
async def record_shown(wish: RecordShown, exposures: ExposureBook, now: Now) -> Says:
    """Keep what was on people's screens; where a message was taken back meanwhile, say that they had seen it too."""
    await exposures.keep(wish.runs)
    withdrawn = await exposures.withdrawn(*{run.session_id for run in wish.runs})
    late = rules.seen_after_all(wish.runs, withdrawn)
    young = await exposures.young({person_id for _, person_id in late}) if late else set()
    found = [(one, who) for one, who in late if who in young and await exposures.expose(one, who)]
    return [ShownRecorded(), *(rules.exposure_found(one, who, now) for one, who in found)]


@router.answers(WithdrawMessage)
async def withdraw_message(
    wish: WithdrawMessage, rooms: RoomBook, exposures: ExposureBook, transcript: TheTranscript, now: Now
) -> Says:
    """Take a message back from every screen, and say exactly who had it on theirs."""
    place = rules.leading_seat(await rooms.gathering(wish.session_id), wish.staff_id)
    if isinstance(place, Refused):
        return place
    message = await said_in(transcript, wish.session_id, wish.number, MessagePosted)
    if message is None:
        return Refused(reason="no-such-message")
    one = rules.withdrawal(place, wish.number, message, now)
    fresh = await exposures.withdraw(one)
    seen_by = await exposures.seen_by(wish.session_id, wish.number)
    for person_id in rules.to_check_in_with(place, message.member_id, seen_by):
        await exposures.expose(one, person_id)
    [kept] = [each for each in await exposures.withdrawn(wish.session_id) if each.number == wish.number]
    answer = Withdrawn(number=wish.number, shown_to=kept.shown_to)
    return [answer, rules.message_withdrawn(wish, kept)] if fresh else answer
