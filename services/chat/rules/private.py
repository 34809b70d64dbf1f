"""Private words: whose thread it is, and who sees it."""

from datetime import datetime

from harbour.contracts.chat import PrivateWord, PrivateWordSent, SendPrivateWord, Speaker
from harbour.contracts.messages import Refused, derived_id
from services.chat.rules.evening import Seat, is_empty


def thread(place: Seat, wish: SendPrivateWord) -> str | Refused:
    """Whose thread these words belong to: one's own, or for an adult that of a young person of the room."""
    if not place.leads:
        own = wish.member_id in ("", wish.person_id)
        return wish.person_id if own else Refused(reason="not-yours")
    young = {person.person_id for person in place.people if person.speaker is Speaker.MEMBER}
    return wish.member_id if wish.member_id in young else Refused(reason="no-such-person")


def why_not_whisper(text: str, max_chars: int) -> str | None:
    """Why these words cannot be taken; no state of the evening stands in their way."""
    if is_empty(text):
        return "empty"
    return "too-long" if len(text) > max_chars else None


def private_word(place: Seat, wish: SendPrivateWord, member_id: str, text: str, now: datetime) -> PrivateWordSent:
    """The word as it is kept."""
    return PrivateWordSent(
        id=derived_id("private", wish.session_id, wish.person_id, wish.client_id),
        at=now,
        session_id=wish.session_id,
        member_id=member_id,
        author_id=wish.person_id,
        by_adult=place.leads,
        nickname=place.person.nickname,
        badge=place.person.badge,
        text=text,
        client_id=wish.client_id,
    )


def as_shown(number: int, word: PrivateWordSent) -> PrivateWord:
    """A kept word under its number."""
    return PrivateWord(number=number, at=word.at, **word.model_dump(exclude={"session_id"}))
