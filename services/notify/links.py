"""The link in a page to staff: made and known here alone, for one person and one alert, for a while, once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Select, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from harbour.contracts.links import LinkStands
from harbour.contracts.messages import Refused
from harbour.runtime.database import insert_once
from harbour.runtime.sealing import Seal
from services.notify.rules import Notice
from services.notify.store import links

KEPT_FOR = timedelta(days=7)
"""How long it is remembered that a link once worked, so that its page can say so."""


@dataclass(frozen=True)
class Link:
    """A link as it is kept."""

    staff_id: str
    alert_id: str
    expires_at: datetime
    spent_at: datetime | None
    spent_with: str


def token_of(seal: Seal, notice_id: str) -> str:
    """The token of the link in this notice: the same however often it is worded; nobody makes it without the key."""
    return seal.mark(f"link {notice_id}")


def digest_of(token: str) -> str:
    """What the table knows a token by."""
    return sha256(token.encode()).hexdigest()


def why_not_use(link: Link | None, now: datetime, wish_id: str = "") -> Refused | None:
    """A link works once, and only for a while."""
    if link is None:
        return Refused(reason="no-such-link")
    if link.spent_at is not None and link.spent_with != wish_id:
        return Refused(reason="used")
    return Refused(reason="expired") if now >= link.expires_at else None


def stands(link: Link | None) -> LinkStands:
    """Whose it is, for whoever holds it; a link that works."""
    assert link
    return LinkStands(staff_id=link.staff_id, alert_id=link.alert_id, expires_at=link.expires_at)


class Links:
    """The book of links."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def keep(self, notice: Notice, token: str, expires_at: datetime) -> None:
        """Remember the link of a page, once."""
        about = {"staff_id": notice.person_id, "alert_id": notice.about, "expires_at": expires_at}
        await insert_once(self._tx, links, {"digest": digest_of(token), **about, "spent_at": None, "spent_with": ""})

    async def find(self, token: str) -> Link | None:
        """The link of a token."""
        return await self._one(select(links).where(links.c.digest == digest_of(token)))

    async def hold(self, token: str) -> Link | None:
        """The same, held until this transaction ends."""
        return await self._one(select(links).where(links.c.digest == digest_of(token)).with_for_update())

    async def _one(self, query: Select[Any]) -> Link | None:
        row = (await self._tx.execute(query)).one_or_none()
        if row is None:
            return None
        return Link(row.staff_id, row.alert_id, row.expires_at, row.spent_at, row.spent_with)

    async def spend(self, token: str, at: datetime, wish_id: str) -> None:
        """Let it not work again."""
        mine = links.c.digest == digest_of(token)
        await self._tx.execute(update(links).where(mine).values(spent_at=at, spent_with=wish_id))

    async def forget(self, until: datetime) -> None:
        """Forget the links that ended before this moment."""
        await self._tx.execute(delete(links).where(links.c.expires_at < until))
