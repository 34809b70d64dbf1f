"""A light beat of the rule bench: an edition that the stream has lost is said again, a trial that stands still goes on,
and what was found in messages is forgotten with them."""

import asyncio
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from harbour.contracts.messages import derived_id, now
from harbour.contracts.rule_bench import EditionPublished, TrialDue
from harbour.runtime.database import Database
from harbour.runtime.newest import Newest
from harbour.runtime.outbox import Outbox
from services.safeguard import alarms
from services.safeguard.bench.store import EditionBook, Trials
from services.safeguard.settings import SafeguardSettings

SETTLED = timedelta(seconds=10)
"""After so long, what was published is surely in the stream and known here."""


async def look(
    database: Database, known: EditionPublished | None, sequence: int, context: timedelta, moment: datetime
) -> None:
    """One look. `known`: the newest edition that the stream has, and its number there.

    The database is what counts: a stream may be lost, or older than the database it is restored beside, or newer.
    """
    async with database.begin() as tx:
        edition, trials = await EditionBook(tx).newest(), Trials(tx)
        published_at = await EditionBook(tx).published_at(edition.number)
        differs = known is None or known.edition.digest != edition.digest or known.edition.number != edition.number
        if published_at and published_at < moment - SETTLED and differs:
            again = derived_id("edition-again", edition.number, edition.digest, sequence, f"{moment:%Y-%m-%d %H:%M}")
            await Outbox(tx).add(EditionPublished(id=again, edition=edition, published_at=published_at, at=moment))
            alarms.edition_said_again(edition.number)
        for trial_id in await trials.going_on(moment - 3 * SETTLED):
            again = derived_id("trial-again", trial_id, moment.isoformat())
            await Outbox(tx).add(TrialDue(id=again, trial_id=trial_id, due=moment))
        await trials.forget_before(moment - context)


async def keep_up(database: Database, newest: Newest[EditionPublished], settings: SafeguardSettings) -> None:
    """Look until cancelled; a database that is away for a while is asked again at the next beat."""
    while True:
        await asyncio.sleep(settings.beat_seconds)
        try:
            await look(database, newest.last, newest.sequence, timedelta(days=settings.context_days), now())
        except (SQLAlchemyError, OSError) as error:
            alarms.beat_failed(type(error).__name__)
