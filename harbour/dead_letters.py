"""`harbour dead …`: what no handler could work with, and a second chance for it once the handler is mended."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from harbour.stack import Trouble
from harbour.stack.folder import VAR, bus_of, join

if TYPE_CHECKING:
    from harbour.runtime.dead import DeadLetter, DeadLetters

T = TypeVar("T")
State = Annotated[Path, typer.Option("--state", help="Folder that keeps everything.", show_default=True)]
Handler = Annotated[str, typer.Option(help="Only those of this handler, e.g. safeguard-screen_message.")]
app = typer.Typer(no_args_is_help=True, help="Messages that no handler could work with: list, show, replay.")


@app.command("list")
def list_letters(handler: Handler = "", state: State = VAR) -> None:
    """Every dead letter, oldest first: when, for which handler, why. Never its words."""
    from rich.console import Console
    from rich.table import Table

    letters = _on_the_bus(state, lambda dead: _all(dead, handler))
    if not letters:
        typer.echo("No dead letters." if not handler else f"No dead letters of {handler}.")
        return
    table = Table(box=None, pad_edge=False)
    for name in ("no", "died (UTC)", "handler", "attempts", "why"):
        table.add_column(name, justify="right" if name in ("no", "attempts") else "left", overflow="fold")
    for one in letters:
        died = f"{one.died_at:%Y-%m-%d %H:%M:%S}"
        table.add_row(str(one.number), died, one.grave.handler, str(one.grave.attempts), one.grave.reason)
    Console(highlight=False, markup=False).print(table)
    typer.echo(f"\n{len(letters)} in all. Mend the handler, then: harbour dead replay NUMBER, or --all.")


@app.command()
def show(number: Annotated[int, typer.Argument(help="Its number in the list.")], state: State = VAR) -> None:
    """One dead letter, and whether its message is still kept. Never its words."""

    async def look(dead: DeadLetters) -> tuple[DeadLetter, bool]:
        letter = await _find(dead, number)
        return letter, await dead.original(letter) is not None

    letter, is_kept = _on_the_bus(state, look)
    grave = letter.grave
    kept = (
        "still kept; it can be replayed"
        if is_kept
        else "no longer kept (erased, or past its age); it cannot be replayed"
    )
    for name, value in {
        "number": letter.number,
        "died": f"{letter.died_at:%Y-%m-%d %H:%M:%S} UTC, after {grave.attempts} attempt{'s' * (grave.attempts != 1)}",
        "handler": grave.handler,
        "why": grave.reason,
        "subject": grave.subject,
        "message": f"{letter.cause or 'without an id'}, number {grave.sequence} of {grave.stream}: {kept}",
    }.items():
        typer.echo(f"{name:<8} {value}")


@app.command()
def replay(
    numbers: Annotated[list[int] | None, typer.Argument(help="Their numbers in the list.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All of them, oldest first.")] = False,
    handler: Handler = "",
    state: State = VAR,
) -> None:
    """Give their messages to their handlers once more. What is done leaves the list; what fails again stays."""
    if bool(numbers) == (every or bool(handler)):
        raise Trouble("Say which: numbers from `harbour dead list`, or --all, or --handler NAME.")

    async def again(dead: DeadLetters) -> int:
        letters = [await _find(dead, number) for number in numbers] if numbers else await _all(dead, handler)
        failed = 0
        for letter in letters:
            why = await dead.replay(letter)
            failed += bool(why)
            typer.echo(f"{letter.number} {letter.grave.handler}: {f'failed again: {why}' if why else 'done'}")
        if not letters:
            typer.echo("No dead letters.")
        return failed

    if _on_the_bus(state, again):
        raise typer.Exit(1)


async def _all(dead: DeadLetters, handler: str) -> list[DeadLetter]:
    return [one async for one in dead if handler in ("", one.grave.handler)]


async def _find(dead: DeadLetters, number: int) -> DeadLetter:
    if (letter := await dead.find(number)) is None:
        raise Trouble(f"There is no dead letter {number}. `harbour dead list` shows those there are.")
    return letter


def _on_the_bus(state: Path, work: Callable[[DeadLetters], Awaitable[T]]) -> T:
    from nats.errors import Error as NatsError

    from harbour.runtime.dead import DeadLetters
    from harbour.runtime.settings import BusSettings
    from harbour.runtime.streams import connect

    join(state)

    async def working() -> T:
        try:
            nc = await connect(BusSettings(url=bus_of()), connect_timeout=3, max_reconnect_attempts=2)
        except (NatsError, OSError) as error:
            raise Trouble(f"There is no bus at {bus_of()} ({type(error).__name__}). Is Harbour running?") from None
        try:
            return await work(DeadLetters(nc))
        finally:
            await nc.close()

    return asyncio.run(working())
