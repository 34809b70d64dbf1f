"""`harbour record …`: whether the record of everything safeguard decided is whole."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harbour.stack import Trouble
from harbour.stack.folder import VAR, bus_of, join

if TYPE_CHECKING:
    from rich.progress import Progress

    from services.safeguard.verifying import Check

State = Annotated[Path, typer.Option("--state", help="Folder that keeps everything.", show_default=True)]
app = typer.Typer(no_args_is_help=True, help="The record of everything safeguard decided.")


@app.callback()
def record() -> None:
    """The record of everything safeguard decided."""


@app.command()
def verify(
    as_json: Annotated[bool, typer.Option("--json", help="Write what was found as JSON.")] = False,
    state: State = VAR,
) -> None:
    """Look at every entry, in the database and against the anchors on the bus; say what is wrong. Exit code 1 then.

    It needs SAFEGUARD_DATABASE_URL and NATS_URL where Harbour does not run on this machine.
    """
    from rich.console import Console
    from rich.progress import Progress

    join(state)
    with Progress(console=Console(stderr=True), transient=True, disable=as_json) as bar:
        check = asyncio.run(_verify(bar))
    typer.echo(json.dumps(_found(check), indent=2, ensure_ascii=False) if as_json else _sentences(check))
    if not check.is_whole:
        raise typer.Exit(1)


async def _verify(bar: Progress) -> Check:
    from nats.errors import Error as NatsError
    from nats.js.errors import Error as StreamError

    from harbour.runtime.database import Database, is_out_of_reach
    from harbour.runtime.settings import BusSettings, database_url
    from harbour.runtime.streams import connect
    from services.safeguard.record import StreamAnchors
    from services.safeguard.record import verify as verify_record

    task = bar.add_task("Looking at the record", total=None)

    async def told(looked: int, of: int) -> None:
        bar.update(task, completed=looked, total=of)

    database = Database(database_url("safeguard"))
    try:
        nc = await connect(BusSettings(url=bus_of()), connect_timeout=3, max_reconnect_attempts=2)
        try:
            return await verify_record(database, StreamAnchors(nc.jetstream), told)
        finally:
            await nc.close()
    except (NatsError, StreamError) as error:
        raise Trouble(f"The anchors on the bus cannot be read ({type(error).__name__}). Is it running?") from None
    except Exception as error:
        if not is_out_of_reach(error):
            raise
        raise Trouble("The database of safeguard cannot be used. Look at SAFEGUARD_DATABASE_URL.") from None
    finally:
        await database.close()


def _sentences(check: Check) -> str:
    words = f", {check.erased} of them without their words, which were erased on record" if check.erased else ""
    looked = f"{check.reached.number} entries{words}; {len(check.anchors)} anchors."
    if check.is_whole:
        return f"The record is whole: {looked}\nIts last hash is {check.reached.hash}."
    lines = [f"The record is NOT whole: {looked}", ""]
    lines += [
        f"{one.number or '-':>8}  {one.wrong:<22} {one.kind} {one.subject}\n{'':10}{one.say}" for one in check.faults
    ]
    return "\n".join([*lines, *([f"\n… and {check.unnamed} more."] if check.unnamed else [])])


def _found(check: Check) -> dict[str, object]:
    faults = [{**vars(one), "wrong": str(one.wrong)} for one in check.faults]
    return {
        "whole": check.is_whole,
        "entries": check.reached.number,
        "hash": check.reached.hash,
        "anchors": len(check.anchors),
        "erased": check.erased,
        "faults": faults,
        "more_faults": check.unnamed,
    }
