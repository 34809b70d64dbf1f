"""What the person at the keyboard sees: how far the evening has come, and the table at the end. Never a word of it."""

from collections import defaultdict
from collections.abc import Sequence

from rich.table import Table

from harbour.rehearsal.kills import Kill
from harbour.rehearsal.ledger import Ledger, Reckoning, percentile


def progress(ledger: Ledger, total: int, kills: Sequence[Kill], seconds: float) -> str:
    """Where the evening stands, in one line."""
    answered = len(ledger.confirmed) + len(ledger.refused)
    shown = sum(map(len, ledger.shown.values()))
    return (
        f"{seconds:4.0f} s   said {len(ledger.said)} of {total}   answered {answered}   "
        f"shown {shown}   on the queue {len(ledger.alerts)}   kills {len(kills)}"
    )


def table(reckoning: Reckoning, kills: Sequence[Kill], seconds: float, planned: int) -> Table:
    """The evening in numbers; `planned` is how much was to be said."""
    rows = Table(title=f"The evening, in {seconds:.0f} s", title_justify="left", show_header=False)
    rows.add_column("what")
    rows.add_column("how many", justify="right")
    for what, value in [
        ("sent", f"{reckoning.sent} of {planned}"),
        *_counts(reckoning),
        *_times(reckoning),
        *_recoveries(kills),
    ]:
        rows.add_row(what, value)
    return rows


def _counts(r: Reckoning) -> list[tuple[str, str]]:
    shares = [f"{seen}/{due}" for seen, due in sorted(r.seen_each, key=lambda pair: pair[0] - pair[1])]
    each = f"least {shares[0]}, most {shares[-1]}" if shares else "-"
    return [
        ("stored", str(r.stored)),
        ("refused", str(r.refused)),
        ("unanswered", str(r.unanswered)),
        ("seen by all", f"{r.seen}/{r.expected}"),
        ("seen by each", each),
        ("held", str(r.held)),
        ("released / declined", f"{r.released} / {r.declined}"),
        ("flagged", str(r.flagged)),
        ("alerts", str(r.alerts)),
        ("seen off the record", str(r.unrecorded)),
        ("lost", str(r.lost)),
        ("doubled", str(r.doubled)),
    ]


def _times(r: Reckoning) -> list[tuple[str, str]]:
    return [("key to screen, ms", _spread(r.key_to_screen)), ("message to alert, ms", _spread(r.message_to_alert))]


def _spread(values: Sequence[float]) -> str:
    found = [(percent, percentile(values, percent)) for percent in (50, 95, 99)]
    return "  ".join(f"p{percent} {'-' if value is None else f'{value * 1000:.0f}'}" for percent, value in found)


def _recoveries(kills: Sequence[Kill]) -> list[tuple[str, str]]:
    parts: dict[str, list[float | None]] = defaultdict(list)
    for kill in kills:
        parts[kill.part].append(kill.seconds)
    return [(f"killed {name}", _back(times)) for name, times in sorted(parts.items())]


def _back(times: Sequence[float | None]) -> str:
    back = [seconds for seconds in times if seconds is not None]
    never = len(times) - len(back)
    longest = f", back in {min(back):.1f} to {max(back):.1f} s" if back else ""
    return f"{len(times)} times{longest}" + (f", {never} not back" if never else "")
