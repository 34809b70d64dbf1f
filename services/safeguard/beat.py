"""A light beat beside the handlers: context that has expired goes, a clock that was lost is set again, and the next
anchor of the record is set."""

import asyncio
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from harbour.contracts.messages import now
from harbour.runtime.database import Database
from harbour.runtime.outbox import Outbox
from services.safeguard import alarms, anchoring, care, cases, chasing, closing, envelope_news, hands, views
from services.safeguard.care_book import Care
from services.safeguard.case_book import Cases
from services.safeguard.closings import Closings
from services.safeguard.envelope_book import EnvelopeBook
from services.safeguard.hands_book import CheckInBook
from services.safeguard.settings import SafeguardSettings
from services.safeguard.store import Desk, Heard


async def beat(database: Database, settings: SafeguardSettings, moment: datetime) -> None:
    """Forget what is older than context is kept, and set the clock again of every alert that waits past its own,
    or is in the hands of somebody who has gone.

    A clock is lost where its handling was dead-lettered, e.g. after a long night without a database. No alert waits
    in silence for that.
    """
    async with database.begin() as tx:
        await Outbox(tx).add(anchoring.next_anchor(moment))
        await Heard(tx).forget(moment - timedelta(days=settings.context_days))
        await Care(tx).forget(moment - care.KEPT_FOR)
        await CheckInBook(tx).forget(moment - timedelta(days=settings.context_days))
        for alert in await Desk(tx).waiting_past(moment - timedelta(seconds=settings.beat_seconds)):
            await Outbox(tx).add(views.clock_again(alert, moment))
            alarms.clock_revived(alert.alert_id)
        for one in await Closings(tx).waiting_past(moment - timedelta(seconds=settings.beat_seconds)):
            await Outbox(tx).add(closing.clock_again(one, moment))
            alarms.clock_revived(one.alert_id)
        for waiting in await EnvelopeBook(tx).unfinished(moment - timedelta(seconds=settings.beat_seconds)):
            for again in envelope_news.clocks_again(waiting, moment):
                await Outbox(tx).add(again)
                alarms.clock_revived(waiting.alert_id)
        late = moment - timedelta(seconds=settings.beat_seconds)
        await look_after_cases(Cases(tx), Outbox(tx), moment, late)
        await Cases(tx).forget(moment - timedelta(days=settings.case_days), moment)
        for shown in await Desk(tx).in_hand():
            if hands.has_gone(shown.alert, shown.active_at, settings.leases(), late):
                await Outbox(tx).add(views.lease_again(shown.alert, moment))
                alarms.clock_revived(shown.alert.alert_id)


async def look_after_cases(book: Cases, outbox: Outbox, moment: datetime, late: datetime) -> None:
    """Set the clocks of cases again that were lost: what is to be chased, and what waits for a second person."""
    for chase in await book.chases_past(late):
        await outbox.add(chasing.clock_again(chase, moment))
        alarms.clock_revived(chase.case_id)
    for case in await book.closing_past(late):
        await outbox.add(cases.sign_off_clock_again(case, moment))
        alarms.clock_revived(case.case_id)


async def keep_beating(database: Database, settings: SafeguardSettings) -> None:
    """Beat until cancelled; a database that is away for a while is asked again at the next beat."""
    while True:
        try:
            await beat(database, settings, now())
        except (SQLAlchemyError, OSError) as error:
            alarms.beat_failed(type(error).__name__)
        await asyncio.sleep(settings.beat_seconds)
