"""The way of one notice out of the house: read, open, word, send, and put down what became of it."""

from dataclasses import dataclass, field
from datetime import datetime

from harbour.contracts.notify import Channel, NoticeKind
from harbour.runtime.database import Database
from harbour.runtime.delivery import NotYet, Rejected
from harbour.runtime.sealing import Seal, Unsealable
from services.notify import rules
from services.notify.channels import Letter, NotArrived, NotNow, Post, Undeliverable
from services.notify.links import token_of
from services.notify.rules import Contact, Evening, Notice, State, Step
from services.notify.store import Addresses, Alerts, Calendar, Outgoing
from services.notify.words import compose


def opened(seal: Seal, sealed: str, person_id: str) -> Contact | None:
    """The contact in a sealed address, in memory only; None where it cannot be opened or read."""
    try:
        return rules.read_contact(seal.open(sealed, about=person_id))
    except Unsealable:
        return None


@dataclass(frozen=True)
class Errand:
    """A notice and all that is known for sending it."""

    notice: Notice
    sealed: str | None = field(repr=False)
    """The sealed address, or None while it has not arrived."""
    evenings: tuple[Evening, ...]
    since: datetime | None


@dataclass(frozen=True)
class Sent:
    """A notice that has left the house."""

    notice: Notice
    channel: Channel


class Postman:
    """Carries notices out, each once unless a crash falls between sending it and putting that down."""

    def __init__(self, db: Database, post: Post, seal: Seal) -> None:
        self._db = db
        self._post = post
        self._seal = seal

    async def deliver(self, notice_id: str, now: datetime) -> Sent | None:
        """Send a notice that is still to be sent; None where nothing is to be done.

        Raises NotYet where it cannot be sent at this moment, and Rejected where it never can.
        """
        errand = await self._errand(notice_id)
        step = rules.next_step(errand.notice, now)
        if step is Step.NOTHING:
            return None
        if step is Step.EXPIRE:
            await self._settle(errand.notice, State.EXPIRED, now)
            return None
        outcome = await self._try(errand, now)
        if isinstance(outcome, Channel):
            await self._settle(errand.notice, State.SENT, now, channel=outcome)
            return Sent(errand.notice, outcome)
        if isinstance(outcome, NotNow) and not rules.is_hopeless(errand.notice, now):
            delay = rules.wait_before_retry(errand.notice, now, on_its_way=isinstance(outcome, NotArrived))
            raise NotYet(str(outcome), delay=delay.total_seconds())
        await self._settle(errand.notice, State.FAILED, now, why=str(outcome))
        raise Rejected(str(outcome))

    async def _errand(self, notice_id: str) -> Errand:
        async with self._db.reading() as tx:
            notice = await Outgoing(tx).find(notice_id)
            if notice is None:
                raise Rejected("there is no such notice any more")
            return Errand(
                notice,
                sealed=await Addresses(tx).find(notice.person_id),
                evenings=await Calendar(tx).find(notice.about),
                since=await Alerts(tx).find(notice.about),
            )

    async def _try(self, errand: Errand, now: datetime) -> Channel | NotNow | Undeliverable:
        # The trouble is returned rather than raised further, so that no traceback holds an opened address.
        try:
            letter = self._letter(errand, now)
            await self._post.send(letter)
        except (NotNow, Undeliverable) as trouble:
            return trouble.with_traceback(None)
        return letter.channel

    def _letter(self, errand: Errand, now: datetime) -> Letter:
        notice = errand.notice
        if errand.sealed is None:
            raise NotArrived("the address has not arrived yet")
        if rules.awaits_its_course(notice, errand.evenings, now):
            raise NotArrived("the dates of the course have not arrived yet")
        contact = opened(self._seal, errand.sealed, notice.person_id)
        if contact is None:
            raise Undeliverable("the address cannot be read")
        channel = rules.channel_for(contact, self._post.channels)
        if channel is None:
            raise Undeliverable("no channel that is set up here reaches this address")
        words = compose(
            notice,
            now,
            code=self._code(notice),
            evening=rules.first_evening(errand.evenings, now),
            since=errand.since,
            public_url=self._post.public_url,
            token=token_of(self._seal, notice.notice_id) if notice.kind is NoticeKind.ALERT_PAGE else "",
        )
        to = contact.email if channel is Channel.EMAIL else contact.phone
        return Letter(notice.notice_id, channel, now, words.subject, to=to, text=words.text)

    def _code(self, notice: Notice) -> str:
        if not notice.sealed:
            return ""
        try:
            return self._seal.open(notice.sealed, about=notice.notice_id)
        except Unsealable:
            raise Undeliverable("the code cannot be read") from None

    async def _settle(
        self, notice: Notice, state: State, now: datetime, channel: Channel | None = None, why: str = ""
    ) -> None:
        async with self._db.begin() as tx:
            await Outgoing(tx).settle(notice.notice_id, state, now, channel, why)
