"""A private word between a young person and the adults, beside the group."""

from harbour.contracts.chat import PrivateWordTaken, SendPrivateWord
from harbour.contracts.messages import Refused
from services.chat import rules
from services.chat.handlers.doors import Now, TheDoorkeeper, TheTranscript, router


@router.answers(SendPrivateWord, transaction=False)
async def send_private_word(
    wish: SendPrivateWord, doorkeeper: TheDoorkeeper, transcript: TheTranscript, now: Now
) -> PrivateWordTaken | Refused:
    """Take a word beside the group, and answer once it is stored; it is judged in depth like any other."""
    place = await doorkeeper.seat(wish.session_id, wish.person_id)
    if isinstance(place, Refused):
        return place
    member_id = rules.thread(place, wish)
    if isinstance(member_id, Refused):
        return member_id
    text = rules.tidy(wish.text)
    if reason := rules.why_not_whisper(text, doorkeeper.limits.max_chars):
        return Refused(reason=reason)
    if doorkeeper.too_fast(wish.person_id, now):
        return Refused(reason="too-fast")
    stored = await transcript.append(rules.private_word(place, wish, member_id, text, now))
    return PrivateWordTaken(number=stored.number, at=now)
