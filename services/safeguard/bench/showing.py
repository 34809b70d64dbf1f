"""One rule, whole: the labelled rows it fires on are counted in a thread and outside any transaction."""

import asyncio
from datetime import datetime, timedelta

from harbour.contracts.messages import Refused
from harbour.contracts.rule_bench import ReadRule, RuleShown
from harbour.runtime.database import Database
from harbour.screening import labelled
from services.safeguard.bench import rules
from services.safeguard.bench.store import Brings, Drafts, EditionBook, Harmless
from services.safeguard.store import Rota


async def show(database: Database, wish: ReadRule, at: datetime) -> RuleShown | Refused:
    """The rule with its figures, as it is shipped, and the drafts about it."""
    async with database.reading() as tx:
        if refused := rules.why_not_read(await Rota(tx).find(wish.staff_id)):
            return refused
        book = await EditionBook(tx).newest()
        rule, shipped = rules.in_force(book).get(wish.rule_id), rules.shipped_rule(wish.rule_id)
        known = rules.figures(await Brings(tx).since(at - timedelta(days=wish.days)))
        typed = [one.text for one in await Harmless(tx).all() if wish.rule_id in one.rules]
        drafts = tuple(one for one in await Drafts(tx).open() if one.rule_id == wish.rule_id)
    shown = rule or shipped
    if shown is None:
        return rules.NO_SUCH_RULE
    return RuleShown(
        rule=shown,
        line=rules.line_of(shown, book, known),
        shipped=shipped,
        drafts=drafts,
        suggestions=rules.suggestions(shown, typed),
        rows=await asyncio.to_thread(labelled.fired_on, book, wish.rule_id) if rule and wish.rows else (),
    )
