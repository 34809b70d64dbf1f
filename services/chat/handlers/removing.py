"""Somebody is asked to step out for tonight, and may be let back in."""

from harbour.contracts.chat import LetPersonBack, RemovalTaken, RemovePerson, RoomRuled
from harbour.contracts.messages import Refused
from harbour.runtime.rooms import Says
from services.chat import rules
from services.chat.handlers.doors import Now, RemovalBook, RoomBook, TheWays, router


@router.answers(RemovePerson)
async def remove_person(wish: RemovePerson, rooms: RoomBook, ways: TheWays, removals: RemovalBook, now: Now) -> Says:
    """Keep that a young person is out for tonight and why, and let the desk know, once."""
    place = rules.ruling_seat(await rooms.gathering(wish.session_id), wish.staff_id)
    if isinstance(place, Refused):
        return place
    who = rules.member_of(place, wish.person_id)
    if who is None:
        return Refused(reason="no-such-person")
    led = await ways.to_change(wish.session_id)  # of two adults at once, the second waits here and finds them out
    one = rules.removal(place, who, wish, await removals.of(wish.session_id), now)
    taken = RemovalTaken(removal_id=one.removal_id, out=True)
    if not await removals.keep(one):
        return taken
    after = rules.without(led, who.person_id)
    said = [taken, rules.person_removed(one)]
    if after == led:
        return said
    await ways.keep(wish.session_id, after)
    return [*said, RoomRuled.after(wish, by=wish.staff_id, ways=after, at=now)]


@router.answers(LetPersonBack)
async def let_person_back(wish: LetPersonBack, rooms: RoomBook, removals: RemovalBook, now: Now) -> Says:
    """Let somebody back in; of two adults at once, the first is named."""
    place = rules.ruling_seat(await rooms.gathering(wish.session_id), wish.staff_id)
    if isinstance(place, Refused):
        return place
    one = rules.out_now(await removals.of(wish.session_id), wish.person_id)
    if one is None:
        return Refused(reason="not-out")
    fresh = await removals.let_back(one.removal_id, wish.staff_id, place.person.nickname)
    taken = RemovalTaken(removal_id=one.removal_id, out=False)
    return [taken, rules.person_let_back(one, place, now)] if fresh else taken
