"""`harbour bench`: how much the live room carries, how fast, and what it costs; and rooms for any load generator."""

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from harbour.rehearsal import Trouble

if TYPE_CHECKING:
    from harbour.rehearsal.bench_run import Options

app = typer.Typer(help="Measure the live room, or make live rooms for another load generator.", add_completion=False)
Rooms = Annotated[int, typer.Option(help="How many live rooms.", min=1)]
Members = Annotated[int, typer.Option(help="Sockets in each: up to 8 young people, the rest adults.", min=1, max=40)]


@app.callback(invoke_without_command=True)
def bench(
    ctx: typer.Context,
    rooms: Rooms = 50,
    members: Members = 10,
    rates: Annotated[str, typer.Option(help="Messages a second; max: as many as possible.")] = "100,500,1000,max",
    seconds: Annotated[float, typer.Option(help="How long each run is measured.", min=0.5)] = 10,
    runs: Annotated[int, typer.Option(help="Runs of each rate; the table shows medians.", min=1)] = 3,
    idle: Annotated[int, typer.Option(help="Sockets that say nothing, for memory; 0 for none.", min=0)] = 1000,
    quick: Annotated[bool, typer.Option("--quick", help="A glance: one short run of each.")] = False,
    sync: Annotated[
        Literal["always", "default"], typer.Option(help="When the bus syncs to disk; default: as NATS does by itself.")
    ] = "always",
    of: Annotated[
        Literal["live", "whole", "both"],
        typer.Option(help="The live path alone, or with everything that hears of it afterwards, too."),
    ] = "both",
    write: Annotated[bool, typer.Option("--write", help="Write docs/bench.md and its picture.")] = False,
) -> None:
    """Start the whole system, fill its rooms, and measure: rate, latency, processor time, memory."""
    if ctx.invoked_subcommand:
        return
    from rich.console import Console

    from harbour.rehearsal import bench_page, bench_run

    passes = ("live", "whole") if of == "both" else (of,)
    asked = read_rates(rates)
    options = bench_run.Options(rooms, members, asked, seconds, runs=runs, idle=idle, sync=sync, passes=passes)
    if quick:
        options = glance(options)
    try:
        outcome = asyncio.run(bench_run.measure(options, Console(highlight=False)))
    except Trouble as trouble:
        raise _said(trouble) from None
    if write:
        typer.echo(f"Written: {bench_page.write(Path('docs'), options, outcome)}")
    raise typer.Exit(0 if outcome.is_sound else 1)


def glance(options: "Options") -> "Options":
    """The same, but small and short."""
    from dataclasses import replace

    rooms, idle, seconds = min(10, options.rooms), min(100, options.idle), min(3.0, options.seconds)
    return replace(options, rooms=rooms, idle=idle, seconds=seconds, warm=1.0, runs=1)


def read_rates(words: str) -> tuple[float | None, ...]:
    """`100,500,max` as numbers; None is as many as possible. Raises a sentence where it does not read like that."""
    try:
        rates = tuple(None if word.strip() == "max" else float(word) for word in words.split(",") if word.strip())
    except ValueError:
        rates = ()
    if not rates or any(rate is not None and not 0 < rate < 1e6 for rate in rates):
        raise typer.BadParameter(f"{words}: say it like 100,500,max")
    return rates


@app.command()
def prepare(
    rooms: Rooms = 5,
    members: Members = 8,
    url: Annotated[str, typer.Option(help="Address of the gateway, where it is not the one of the state folder.")] = "",
    state: Annotated[Path, typer.Option(help="State folder of the stack that runs.")] = Path("var"),
) -> None:
    """Make live rooms with signed-in people on a stack that runs; one JSON object a line says how each connects."""
    from harbour.rehearsal.bench_house import standing_house
    from harbour.rehearsal.bench_town import make_rooms

    try:
        places = asyncio.run(make_rooms(standing_house(state, url), rooms, members))
    except Trouble as trouble:
        raise _said(trouble) from None
    for place in places:
        typer.echo(json.dumps(place.as_json()))


def _said(trouble: Trouble) -> typer.Exit:
    typer.secho(str(trouble), err=True, fg=typer.colors.YELLOW)
    return typer.Exit(1)
