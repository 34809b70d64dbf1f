"""`harbour knowledge …`: look for mistakes in what the desk has to hand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harbour.stack import Trouble

app = typer.Typer(no_args_is_help=True, help="Help lines and local contacts: check what the charity wrote.")


@app.callback()
def knowledge() -> None:
    """Keep `check` a command of its own."""


@app.command()
def check(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="Empty for the file that ships.")] = None,
) -> None:
    """Look for every mistake, each on a line of its own with its file and line; exit 1 where there is one."""
    from services.gateway.knowledge.reading import SHIPPED, Unreadable, read, summary

    path = file or SHIPPED
    try:
        found = read(path, called=str(file) if file else path.name)
    except Unreadable as unreadable:
        typer.echo(str(unreadable))
        count = len(unreadable.faults)
        typer.echo(f"\n{count} fault{'s' * (count != 1)}. The desk cannot use it until there is none.", err=True)
        raise typer.Exit(1) from None
    except OSError as error:
        raise Trouble(f"{path} cannot be read ({error.strerror}).") from None
    typer.echo(f"{file or path.name}: {summary(found)}")
    if found.samples:
        typer.echo(
            f"{found.samples} of the local authorities are samples: their numbers reach nobody. Put in the real ones "
            "before young people come.",
            err=True,
        )
