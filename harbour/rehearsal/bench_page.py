"""The page and the picture that `harbour bench --write` leaves: what was measured, on what, when, and how again."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import psutil

from harbour.rehearsal import bench_plot, bench_table
from harbour.rehearsal.bench_house import nats_program
from harbour.rehearsal.bench_run import Options, Outcome, Pass, say_idle
from harbour.screening import judging

_INTRO = """# What the live room carries

`make bench` starts the system as `make run` does, with embedded servers and a folder of its own, fills its rooms with
signed-in people, and lets a load generator in a process of its own speak through their WebSockets. Every socket
receives every message of its room. All that is said is everyday text of 80 bytes, said by young people, so that each
message passes the whole way: sign-in session, membership, both rate limits, screening at the door, and the stream on
disk before anybody sees it. The limits themselves are lifted by settings of this stack, as nobody types so fast;
that they are looked at for each message stays.
"""
_AGAIN = """`--quick` gives a glance; `--sync default` lets the bus sync to disk when NATS itself would,
which is safe only where three servers hold the same; `harbour bench prepare --rooms N --members M` makes live rooms on
a stack that runs, and prints how each person connects, for any other load generator.
"""
_FOUND = """## Where the processor time goes

A message of ten deliveries cost 4 ms of processor in all at first (0.41 s for 1,000 deliveries). What went, in the
order it was found: worker threads for dependencies of handlers (three and more a message); FastStream for the one
wish that everybody asks all the time (0.43 ms; now the hot lane of `harbour/runtime/lane.py`); a line in the log
and spans that nobody collects; a question to Redis for each frame; a task, a queue and an ASGI message for each
socket and frame; a model of each message for its frame; the collector, which walked through what stays for ever (a
fifth of all); a second message for the confirmation (a third).

Then, as fast as goes, on two processors of which programs of others took more than one: what is said in one turn of
the loop goes as one message to chat and in one batch to the stream, with one sync to disk, and nothing of it takes
the way through queues and tasks of nats-py (0.051 to 0.069 before, 0.027 to 0.036 after; for the bus alone 137 to
183 µs a message before, 42 to 57 after). One write for each socket in a turn of the loop took 20 µs a message more
from the gateway, and as much from whoever reads. At low rates nothing can be joined: there a message wakes five
processes, and costs four times as much. Rooms in which nothing is missing are only compared on the beat, no longer
read (0.02 of what 500 messages a second cost). The message that comes back from the room is its confirmation to chat as
well, where it is quiet, and rooms that talk are read again sixteen at a time: a waking and some reading less, 0.126
where it was 0.144, in two runs on different evenings.

What is left: screening at the door, half of what chat does for a message; the writes to the sockets; and at low
rates the sync to disk, half of what the bus does for a message, and the waking. A batch costs the bus as much as
sixteen messages that come alone: with sync 11,400 messages a second go through in batches of a hundred where 3,100
to 4,300 go through one by one. The bus with `GOMAXPROCS=1` takes a tenth less for a message and stores a fifth more
a second on two processors. 5,000 people who say nothing, in 500 rooms, took the gateway from 121 to 332 MB.
"""
_LOAD = "\n(The last is the load average over one minute: processes that wanted a processor.)\n"


def write(folder: Path, options: Options, outcome: Outcome) -> str:
    """Write `bench.md` and `pictures/bench.svg`; the names of both."""
    page, drawing = folder / "bench.md", folder / "pictures" / "bench.svg"
    drawing.parent.mkdir(parents=True, exist_ok=True)
    first = outcome.passes[0]
    title = f"{first.title}: {options.rooms} rooms of {options.members} sockets, 80-byte texts"
    drawing.write_text(bench_plot.picture(first.lines, title), encoding="utf-8")
    page.write_text(told(options, outcome, machine()), encoding="utf-8")
    return f"{page}, {drawing}"


def told(options: Options, outcome: Outcome, facts: list[tuple[str, str]]) -> str:
    """The page."""
    rows = [*facts, ("busy with other things", f"{outcome.load:.1f} at the start")]
    parts = [
        _INTRO,
        "![Latency and processor time by rate](pictures/bench.svg)\n",
        *(_section(options, one) for one in outcome.passes),
        bench_table.LEGEND + "\n",
        _FOUND,
        "## On what\n",
        bench_table.markdown(("what", "which"), rows),
        _LOAD,
        "## Again\n",
        f'    make bench ARGS="{arguments(options)}"\n',
        _AGAIN,
    ]
    return "\n".join(parts)


def _section(options: Options, one: Pass) -> str:
    rows = [bench_table.cells(line) for line in one.lines]
    names = list(one.lines[0].parts) if one.lines else []
    labels = ["max" if line.asked is None else f"{line.asked:g}" for line in one.lines]
    shares = [(label, *bench_table.part_cells(line)) for label, line in zip(labels, one.lines, strict=True)]
    runs = max((line.runs for line in one.lines), default=0)
    size = f"{options.rooms} rooms of {options.members} sockets, {options.seconds:g} s a run, medians of {runs}"
    found = [f"## {one.title}\n", f"{size}; JetStream syncs: {options.sync}.\n"]
    found += [bench_table.markdown(bench_table.HEAD, rows)]
    found += ["\nMilliseconds of processor for 1,000 deliveries, by process:\n"]
    found += [bench_table.markdown(("asked", *names, bench_table.OWN), shares), ""]
    if one.idle:
        found += [say_idle(one.idle), ""]
    return "\n".join(found)


def arguments(options: Options) -> str:
    """How to ask for the same again."""
    rates = ",".join("max" if rate is None else f"{rate:g}" for rate in options.rates)
    of = "both" if len(options.passes) > 1 else options.passes[0]
    return (
        f"--rooms {options.rooms} --members {options.members} --rates {rates} --seconds {options.seconds:g} "
        f"--runs {options.runs} --idle {options.idle} --sync {options.sync} --of {of} --write docs"
    )


def machine() -> list[tuple[str, str]]:
    """What it was measured on, and when."""
    server = subprocess.run([nats_program(), "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    return [
        ("when", f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"),
        ("processors", f"{os.cpu_count()}, shared with the load generator ({_processor()})"),
        ("memory", f"{psutil.virtual_memory().total / 2**30:.0f} GB"),
        ("system", f"{platform.system()} {platform.release()}"),
        ("Python", platform.python_version()),
        ("screening in depth", "rules and words" + (" and meaning" if judging.warm() else "")),
        ("nats-server", server.stdout.strip().rpartition("v")[2] or "unknown"),
    ]


def _processor() -> str:
    try:
        words = Path("/proc/cpuinfo").read_text()
    except OSError:
        return platform.machine()
    named = (line.split(":", 1)[1].strip() for line in words.splitlines() if "model name" in line)
    return next(named, platform.machine())
