"""The book of reactions: one row for each person and message."""

from collections import defaultdict

from sqlalchemy import BigInteger, Column, Integer, String, Table, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from harbour.contracts.chat import Reaction
from harbour.runtime.database import insert_once
from services.chat.rules import Standing
from services.chat.store.rooms import sessions
from services.chat.store.tables import metadata

reactions = Table(
    "reactions",
    metadata,
    Column("session_id", String(64), primary_key=True),
    Column("number", BigInteger, primary_key=True),
    Column("person_id", String(64), primary_key=True),
    Column("reaction", String(16), nullable=False),
    Column("turn", Integer, nullable=False),
)
"""`reaction` is empty where it was taken back: the row stays, so that the turns go on counting up."""


class Reactions:
    """The book of reactions."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def hold(self, session_id: str, number: int) -> Standing:
        """The reactions to a message, held until this transaction ends, so that two changes never count the same."""
        here = select(sessions.c.session_id).where(sessions.c.session_id == session_id)
        await self._tx.execute(here.with_for_update())
        return next(iter(await self.standing(session_id, number)), Standing(number))

    async def put(self, session_id: str, standing: Standing, person_id: str) -> None:
        """Keep what this person says by a standing. The message is to be held."""
        key = {"session_id": session_id, "number": standing.number, "person_id": person_id}
        said = {"reaction": standing.who[person_id] or "", "turn": standing.turn}
        if not await insert_once(self._tx, reactions, {**key, **said}):
            here = [reactions.c[name] == value for name, value in key.items()]
            await self._tx.execute(update(reactions).where(*here).values(said))

    async def standing(self, session_id: str, number: int = 0) -> list[Standing]:
        """The reactions of an evening, or to one message of it, in the order of the messages."""
        mine = select(reactions).where(reactions.c.session_id == session_id)
        if number:
            mine = mine.where(reactions.c.number == number)
        who: dict[int, dict[str, Reaction | None]] = defaultdict(dict)
        turns: dict[int, int] = defaultdict(int)
        for row in await self._tx.execute(mine.order_by(reactions.c.number, reactions.c.turn)):
            who[row.number][row.person_id] = Reaction(row.reaction) if row.reaction else None
            turns[row.number] = max(turns[row.number], row.turn)
        return [Standing(each, turns[each], said) for each, said in who.items()]
