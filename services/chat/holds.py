"""What is held, and what becomes of it: decided once in SQL, then put into the transcript, however often it takes."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from harbour.contracts.chat import MessageHeld
from harbour.contracts.messages import Event
from harbour.runtime.database import Database
from services.chat.rules import Decision, Outcome, outcome_event
from services.chat.store import Decisions
from services.chat.transcript import (
    EVERYBODY,
    NotStored,
    NotThere,
    Stored,
    Transcript,
    Unreachable,
    find,
    read_all,
)

log = structlog.get_logger("harbour.chat.holds")


@dataclass(frozen=True)
class Ruling:
    """A held message and the decision that stands on it."""

    held: MessageHeld
    decision: Decision

    @property
    def outcome(self) -> Outcome:
        """What was decided first, whoever asks now."""
        return self.decision.outcome


class Holds:
    """The messages that wait for an adult, and the decisions on them."""

    def __init__(self, database: Database, transcript: Transcript) -> None:
        self._database, self._transcript = database, transcript

    async def ever_held(self, session_id: str, member_id: str = EVERYBODY) -> list[MessageHeld]:
        """All that was ever held in a session, or of one person in it."""
        lines = await read_all(self._transcript, session_id, (MessageHeld,), member_id)
        return [line.event for line in lines]

    async def decide(
        self, session_id: str, held_id: str, outcome: Outcome, staff_id: str, now: datetime, **reply: Any
    ) -> Ruling | None:
        """The ruling on a held message: this one, or the one made before it. None where nothing was held by this id.

        `reply` is what the adult says with a message they give back: `words`, `rephrase` and their `name`.

        Of two decisions at the same moment on two copies, the row that is there first stands.
        """
        held = await read_all(self._transcript, session_id, (MessageHeld,))
        line = next((line for line in held if line.event.id == held_id), None)
        if line is None:
            return None
        wished = Decision(held_id, session_id, line.number, outcome, staff_id, now, **reply)
        async with self._database.begin() as tx:
            return Ruling(line.event, await Decisions(tx).decide(wished))

    async def record(self, ruling: Ruling) -> Stored[Event]:
        """Put a ruling's outcome into the transcript, once, however often and by however many this is called."""
        held, decision = ruling.held, ruling.decision
        if decision.number is not None:
            return await self._transcript.at(decision.number)
        event = outcome_event(held, decision)
        stored = await find(self._transcript, held.session_id, held.member_id, event.id, decision.held_number)
        stored = stored or await self._transcript.append(event)
        async with self._database.begin() as tx:
            await Decisions(tx).recorded(decision.held_id, stored.number)
        return stored

    async def mend(self) -> int:
        """Put into the transcript what was decided but did not get there before a copy died; how many there were."""
        async with self._database.reading() as tx:
            left = await Decisions(tx).unrecorded()
        for decision in left:
            try:
                held = (await self._transcript.at(decision.held_number)).event
            except NotThere:
                continue  # the held message was erased, and nothing is to be said about it any more
            if isinstance(held, MessageHeld):
                await self.record(Ruling(held, decision))
        return len(left)


async def keep_mending(holds: Holds, every_seconds: float) -> None:
    """Mend at once and then on a slow beat, for as long as the process runs."""
    while True:
        try:
            await holds.mend()
        except (NotStored, Unreachable, SQLAlchemyError) as error:
            log.warning("decisions wait for the transcript", error=type(error).__name__)
        await asyncio.sleep(every_seconds)
