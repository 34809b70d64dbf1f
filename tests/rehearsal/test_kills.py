"""Who is killed, how the kills are told, and what is never hurt."""

from collections import Counter
from io import StringIO
from random import Random

import pytest
from rich.console import Console

from harbour.rehearsal import Trouble
from harbour.rehearsal.evening import Options, rehearse
from harbour.rehearsal.kills import NATS_EVERY, Kill, choose
from harbour.rehearsal.ledger import Ledger, Record, reckon
from harbour.rehearsal.table import table

PARTS = ("chat-1", "gateway-1", "nats", "redis", "safeguard-1")


def test_every_service_has_its_turn_and_now_and_then_the_bus_and_never_the_cache() -> None:
    random = Random(1)
    turns = Counter(choose(PARTS, turn, random) for turn in range(1, 10 * NATS_EVERY + 1))
    assert turns["nats"] == 10
    assert set(turns) == {"chat-1", "gateway-1", "safeguard-1", "nats"}


def test_the_table_says_how_long_each_part_was_away() -> None:
    kills = [Kill("chat-1", 2.0), Kill("chat-1", 3.5), Kill("nats", None)]
    shown = StringIO()
    Console(width=100, file=shown).print(table(reckon(Ledger(), Record((), (), ()), {}), kills, 12.0, planned=0))
    assert "2 times, back in 2.0 to 3.5 s" in shown.getvalue()
    assert "1 times, 1 not back" in shown.getvalue()


async def test_a_stack_the_rehearsal_did_not_start_is_never_hurt() -> None:
    with pytest.raises(Trouble, match="leave out --url"):
        await rehearse(Options(kill=True, url="http://127.0.0.1:1", bus="nats://127.0.0.1:1"), Console(file=StringIO()))
