"""What is remembered, on each database."""

from dataclasses import replace
from datetime import timedelta

from harbour.contracts.concerns import Urgency
from services.safeguard import rules
from services.safeguard.beat import beat
from services.safeguard.settings import SafeguardSettings
from services.safeguard.store import Desk, Heard, Rota
from tests.safeguard.copies import Copies
from tests.safeguard.people import CLOCKS, EVENING, TEAM, finding, line, posted


async def test_an_alert_comes_back_as_it_was_put(copies: Copies) -> None:
    alert = rules.first_alert(line("plum"), finding(Urgency.HIGH), EVENING, CLOCKS)
    async with copies.databases[0].begin() as tx:
        assert await Desk(tx).put(alert)
        assert not await Desk(tx).put(alert)
    async with copies.databases[1].begin() as tx:
        assert await Desk(tx).hold(alert.alert_id) == alert
        done = rules.resolved(alert, rules.colleague_of(TEAM[2]), EVENING, "w1")
        await Desk(tx).change(done)
    async with copies.databases[2].begin() as tx:
        shown = await Desk(tx).show(alert.alert_id)
    assert shown is not None
    assert shown.alert == done


async def test_a_line_is_kept_once_as_it_was_first_heard(copies: Copies) -> None:
    first = line("plum", 1)
    async with copies.databases[0].begin() as tx:
        assert await Heard(tx).keep(first) == first.at
        assert await Heard(tx).keep(replace(first, at=EVENING + timedelta(hours=1))) == first.at
        assert await Heard(tx).before(line("later", 2), 6) == [first]


async def test_the_lines_around_one_are_in_order_and_only_its_authors_where_asked(copies: Copies) -> None:
    mine = [rules.line_of(posted(f"{n}", n)) for n in range(5)]
    theirs = [rules.line_of(posted(f"other {n}", n, member="m2")) for n in range(5)]
    async with copies.databases[0].begin() as tx:
        heard = Heard(tx)
        for one in [*mine, *theirs]:
            await heard.keep(one)
        assert await heard.before(mine[3], 2, own=True) == mine[1:3]
        assert await heard.after(mine[1], 2, own=True) == mine[2:4]
        assert [one.text for one in await heard.before(mine[2], 3)] == ["other 0", "1", "other 1"]
        assert [one.text for one in await heard.after(mine[2], 2)] == ["other 2", "3"]


async def test_officers_keep_their_place_in_the_order_when_more_is_said_of_them(copies: Copies) -> None:
    ada = rules.colleague_of(TEAM[0])
    renamed = replace(ada, name="Ada B", added_at=EVENING)
    async with copies.databases[0].begin() as tx:
        rota = Rota(tx)
        for known in (ada, renamed, ada):
            await rota.know(known)
        assert await rota.find("ada") == replace(ada, name="Ada B")


async def test_context_is_forgotten_after_its_days_and_an_alert_keeps_its_own_words(copies: Copies) -> None:
    await copies.hears(*TEAM, posted("before", 1), posted("quince", 2), posted("after", 86_400 * 2))
    settings = SafeguardSettings(context_days=30)
    await beat(copies.databases[0], settings, EVENING + timedelta(days=31))
    details = await copies.opens((await copies.only_alert()).alert_id)
    assert [one.text for one in details.context] == ["quince", "after"]
    assert details.text == "quince"
