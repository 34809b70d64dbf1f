"""Reactions: somebody says something kind to a message without words of their own."""

from harbour.contracts.chat import MessagePosted, ReactionTaken, SetReaction
from harbour.contracts.messages import Refused
from harbour.runtime.rooms import Says
from services.chat import rules
from services.chat.handlers.doors import ReactionBook, RoomBook, TheTranscript, router
from services.chat.transcript import said_in


@router.answers(SetReaction)
async def set_reaction(wish: SetReaction, rooms: RoomBook, reactions: ReactionBook, transcript: TheTranscript) -> Says:
    """Keep somebody's one reaction to a message, or that they took it back."""
    place = rules.seat(await rooms.gathering(wish.session_id), wish.person_id)
    if isinstance(place, Refused):
        return place
    message = await said_in(transcript, wish.session_id, wish.number, MessagePosted)
    if reason := rules.why_not_react(place, message, wish.person_id):
        return Refused(reason=reason)
    before = await reactions.hold(wish.session_id, wish.number)
    after = rules.with_reaction(before, wish.person_id, wish.reaction)
    taken = ReactionTaken(number=wish.number)
    if after is before:
        return taken
    await reactions.put(wish.session_id, after, wish.person_id)
    return [taken, rules.reaction_set(wish, after)]
