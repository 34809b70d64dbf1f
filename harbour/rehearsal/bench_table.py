"""What was measured, in one line for each rate: medians of runs, worked out from the samples, and how it is shown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from rich.box import SIMPLE
from rich.table import Table

from harbour.rehearsal.ledger import percentile

OWN = "load generator"
LIVE_PATH = ("gateway", "chat", "nats", "redis")
"""What a message passes on its way to the screens; the others hear of it afterwards."""


@dataclass(frozen=True)
class Sample:
    """One run as the load generator saw it. `asked`: messages a second, or None for as many as possible."""

    asked: float | None
    seconds: float
    """How long messages were sent and measured."""
    elapsed: float
    """Until everybody had everything; what the processors did is counted until then."""
    said: int
    complete: int
    """Messages that reached everybody meanwhile."""
    deliveries: int
    latencies_ms: Sequence[float]
    """From send to the last receiver of the room."""
    cpu: Mapping[str, float]
    """Seconds each part used meanwhile, and the load generator."""
    late_ms: float
    """How much later than it should the generator itself sent (99 of 100)."""
    missing: int
    doubled: int
    uneven: int
    refused: int
    closed: int
    machine: float = 0.0
    """Seconds everything on the machine used meanwhile."""
    behind: int = 0
    """Messages that safeguard had not looked at yet when the run was over."""

    @classmethod
    def read(cls, asked: float | None, answer: Mapping[str, Any], behind: int = 0) -> "Sample":
        """The answer of the load generator."""
        known = {name: answer[name] for name in cls.__dataclass_fields__ if name in answer}
        return cls(asked=asked, behind=behind, **known)

    @property
    def rate(self) -> float:
        """Messages a second that reached everybody in their room."""
        return self.complete / (self.seconds if self.asked is None else max(self.seconds, self.elapsed - 0.05))

    @property
    def others(self) -> float:
        """Processors that programs of others used meanwhile: what the measurement did not have."""
        return max(0.0, self.machine - sum(self.cpu.values())) / self.elapsed

    @property
    def faults(self) -> int:
        """What did not go as it must: deliveries missing or doubled, refusals, closed sockets."""
        return self.missing + self.doubled + self.uneven + self.refused + self.closed

    def cpu_of(self, parts: Iterable[str] = ()) -> float:
        """Seconds of processor for 1,000 deliveries, of these services or of all that serve."""
        wanted = set(parts)
        spent = sum(
            seconds for name, seconds in self.cpu.items() if name != OWN and (not wanted or service(name) in wanted)
        )
        return spent * 1000 / self.deliveries if self.deliveries else 0.0


@dataclass(frozen=True)
class Line:
    """One line of the table: the medians of the runs at one rate, and the faults of all of them."""

    asked: float | None
    runs: int
    rate: float
    deliveries: float
    """A second."""
    p50: float
    p99: float
    cpu: float
    """Seconds of all server processes for 1,000 deliveries."""
    cpu_live: float
    """The same of those that a message passes on its way to the screens."""
    parts: Mapping[str, float]
    """The same for each service."""
    own: float
    """The same for the load generator, which shares the machine."""
    missing: int
    faults: int
    behind: float
    others: float
    """Processors that programs of others used meanwhile."""
    late_ms: float

    @property
    def kept_up(self) -> bool:
        """Whether the rate that was asked for was held."""
        return self.asked is None or (self.rate >= 0.97 * self.asked and not self.missing)


@dataclass(frozen=True)
class Idle:
    """What people cost who sit there and say nothing."""

    sockets: int
    rooms: int
    mb_before: float
    mb_after: float
    cpu_cores: float
    """Processors that all parts together use meanwhile."""

    @property
    def kb_each(self) -> float:
        """Memory of the gateway for one more connection."""
        return (self.mb_after - self.mb_before) * 1024 / self.sockets if self.sockets else 0.0


def service(part: str) -> str:
    """`chat` of `chat-2`."""
    name, dash, number = part.rpartition("-")
    return name if dash and number.isdigit() else part


def lines(samples: Sequence[Sample]) -> list[Line]:
    """One line for each rate, in the order they were measured."""
    rates = dict.fromkeys(sample.asked for sample in samples)
    return [_line(asked, [one for one in samples if one.asked == asked]) for asked in rates]


def _line(asked: float | None, runs: Sequence[Sample]) -> Line:
    names = sorted({service(part) for run in runs for part in run.cpu if part != OWN})
    return Line(
        asked=asked,
        runs=len(runs),
        rate=median(run.rate for run in runs),
        deliveries=median(run.deliveries / max(run.seconds, run.elapsed if run.asked else 0) for run in runs),
        p50=median(percentile(run.latencies_ms, 50) or 0.0 for run in runs),
        p99=median(percentile(run.latencies_ms, 99) or 0.0 for run in runs),
        cpu=median(run.cpu_of() for run in runs),
        cpu_live=median(run.cpu_of(LIVE_PATH) for run in runs),
        parts={name: median(run.cpu_of([name]) for run in runs) for name in names},
        own=median(run.cpu.get(OWN, 0.0) * 1000 / max(1, run.deliveries) for run in runs),
        missing=sum(run.missing for run in runs),
        faults=sum(run.faults for run in runs),
        behind=median(run.behind for run in runs),
        others=median(run.others for run in runs),
        late_ms=median(run.late_ms for run in runs),
    )


HEAD = (
    "asked",
    "msg/s",
    "deliveries/s",
    "p50 ms",
    "p99 ms",
    "CPU",
    "live CPU",
    "missing",
    "faults",
    "behind",
    "others",
)
LEGEND = """**asked**: messages a second over all rooms; max: everybody says the next thing as soon as the last has
reached everybody. **msg/s**: messages that reached every socket of their room. **p50**, **p99**: from send to the last
receiver. **CPU**: seconds of all server processes, bus and cache among them, for 1,000 deliveries; **live CPU**: those
of gateway, chat, nats and redis. **missing**: deliveries that never came; **faults**: doubled, refused, closed.
**behind**: messages that safeguard had still to screen in depth when the run was over. **others**: processors that
programs of others used meanwhile, so that the measurement did not have them. **!**: the rate that was asked for was not
held."""


def cells(line: Line) -> tuple[str, ...]:
    """One line as words, in the order of `HEAD`."""
    return (
        "max" if line.asked is None else f"{line.asked:,.0f}",
        f"{line.rate:,.0f}" + ("" if line.kept_up else " !"),
        f"{line.deliveries:,.0f}",
        _ms(line.p50),
        _ms(line.p99),
        f"{line.cpu:.3f}",
        f"{line.cpu_live:.3f}",
        str(line.missing),
        str(line.faults - line.missing),
        f"{line.behind:,.0f}",
        f"{line.others:.1f}",
    )


def part_cells(line: Line) -> tuple[str, ...]:
    """What each part uses for 1,000 deliveries, in milliseconds of processor, and the load generator at the end."""
    return tuple(f"{seconds * 1000:.1f}" for seconds in (*line.parts.values(), line.own))


def _ms(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def shown(found: Sequence[Line], title: str) -> Table:
    """The table for a terminal."""
    table = Table(title=title, title_justify="left", box=SIMPLE, padding=(0, 1, 0, 0))
    rows = [cells(line) for line in found]
    for number, name in enumerate(HEAD):
        widest = max((len(row[number]) for row in rows), default=0)
        table.add_column(name, justify="right", overflow="fold", min_width=widest)
    for row in rows:
        table.add_row(*row)
    return table


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown, numbers to the right."""
    ruler = ["---:"] * len(head)
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, ruler, *rows))
