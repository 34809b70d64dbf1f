"""What stands beside the messages of an evening, read in one go."""

from sqlalchemy.ext.asyncio import AsyncConnection

from services.chat.rules import Beside
from services.chat.store.calls import Calls
from services.chat.store.exposure import Exposures
from services.chat.store.notes import Notes
from services.chat.store.observing import Observers
from services.chat.store.reactions import Reactions
from services.chat.store.removing import Removals


class Besides:
    """The books beside the transcript, open on one page."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._exposures, self._calls = Exposures(tx), Calls(tx)
        self._reactions, self._notes = Reactions(tx), Notes(tx)
        self._removals, self._observers = Removals(tx), Observers(tx)

    async def of(self, session_id: str) -> Beside:
        """Everything beside the messages of an evening."""
        return Beside(
            withdrawn=tuple(await self._exposures.withdrawn(session_id)),
            calls=tuple(await self._calls.made(session_id)),
            reports=tuple(await self._calls.reported(session_id)),
            reactions=tuple(await self._reactions.standing(session_id)),
            notes=await self._notes.of(session_id),
            observers=await self._observers.of(session_id),
            removals=tuple(await self._removals.of(session_id)),
        )
