"""A tiny evening through the real gateway, bus and services."""

import json
from io import StringIO
from pathlib import Path

from rich.console import Console

from harbour.rehearsal import lines
from harbour.rehearsal.evening import Options, rehearse


async def test_a_tiny_evening_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    texts, numbers = tmp_path / "texts", tmp_path / "numbers.json"
    texts.write_text("\n".join(lines.EVERYDAY[:20]), "utf-8")
    printed = StringIO()
    options = Options(texts=texts, courses=1, members=4, json_out=numbers)
    came = (await rehearse(options, Console(file=printed, width=100))).reckoning
    assert (came.lost, came.doubled, came.unanswered, came.unrecorded) == (0, 0, 0, 0)
    assert came.sent == came.stored == 22
    assert came.held == came.released + came.declined == 1
    assert len(came.seen_each) == 6
    assert came.seen == came.expected > 0
    assert came.flagged == came.alerts >= 1
    assert came.is_sound
    assert json.loads(numbers.read_text())["lost"] == 0
    said = {*lines.EVERYDAY, *lines.WORRYING, *lines.CONTACTS}
    assert "doubled" in printed.getvalue()
    assert not any(text in printed.getvalue() for text in said)
