"""`harbour programme …`: look for mistakes in programmes, and see an evening as young people and facilitators will."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harbour.stack import Trouble

if TYPE_CHECKING:
    from services.enrolment.programmes import Programme

Files = Annotated[list[Path] | None, typer.Argument(metavar="[FILE]…", help="Programmes; empty for those that ship.")]
app = typer.Typer(no_args_is_help=True, help="Programmes: check what a clinician wrote, and preview it.")


@app.command()
def check(files: Files = None) -> None:
    """Look for every mistake, each on a line of its own with its file and line; exit 1 where there is one."""
    from services.enrolment.programmes import FOLDER, ProgrammeUnreadable, read_programme

    faults = 0
    shipped = not files
    for path in _every(files or [FOLDER]):
        try:
            programme = read_programme(path, called=path.name if shipped else str(path))
        except ProgrammeUnreadable as unreadable:
            faults += len(unreadable.faults)
            typer.echo(str(unreadable))
        except OSError as error:
            raise Trouble(f"{path} cannot be read ({error.strerror}).") from None
        else:
            typer.echo(f"{path.name if shipped else path}: {_in_short(programme)}")
    if faults:
        typer.echo(f"\n{faults} fault{'s' * (faults != 1)}. Nothing runs on a programme until there is none.", err=True)
        raise typer.Exit(1)


@app.command()
def preview(
    file: Annotated[Path, typer.Argument(help="A programme, or the name of one that ships, e.g. seven-weeks.")],
    week: Annotated[int | None, typer.Option(help="Only this evening, counted from 1.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write a page to print here instead.")] = None,
) -> None:
    """Show what young people see and, marked, what only facilitators see."""
    from rich.console import Console

    from harbour import programme_page
    from services.enrolment.programmes import ProgrammeUnreadable, read_programme

    try:
        programme = read_programme(path := _found(file), called=str(file))
    except ProgrammeUnreadable as unreadable:
        typer.echo(str(unreadable))
        raise typer.Exit(1) from None
    except OSError as error:
        raise Trouble(f"{file} cannot be read ({error.strerror}).") from None
    if week is not None and not 1 <= week <= len(programme.weeks):
        raise Trouble(f"{path.name} has weeks 1 to {len(programme.weeks)}; there is no week {week}.")
    weeks = [week] if week else list(range(1, len(programme.weeks) + 1))
    if html is None:
        programme_page.show(programme, weeks, Console(highlight=False, markup=False, emoji=False))
        return
    try:
        html.write_text(programme_page.page(programme, weeks), encoding="utf-8")
    except OSError as error:
        raise Trouble(f"{html} cannot be written ({error.strerror}).") from None
    typer.echo(f"{html}: {'week ' + str(week) if week else f'{len(weeks)} weeks'}, ready to print.")


def _every(paths: list[Path]) -> list[Path]:
    """The files among these; for a folder, the programmes in it. Raises Trouble."""
    found: list[Path] = []
    for path in paths:
        inside = sorted(path.glob("*.yaml")) if path.is_dir() else [_found(path)]
        if not inside:
            raise Trouble(f"There is no programme (*.yaml) in {path}.")
        found += inside
    return found


def _found(path: Path) -> Path:
    """This file, or the programme that ships under this name. Raises Trouble."""
    from services.enrolment.programmes import FOLDER

    if path.is_file():
        return path
    shipped = FOLDER / f"{path}.yaml"
    if path.name == str(path) and shipped.is_file():
        return shipped
    names = ", ".join(sorted(one.stem for one in FOLDER.glob("*.yaml")))
    raise Trouble(f"There is no file {path}. Programmes that ship: {names}.")


def _in_short(programme: Programme) -> str:
    """`7 weeks of 90 minutes, 71 steps, 14 wordings. No fault. A sample: …`."""
    weeks, steps = len(programme.weeks), sum(len(week.steps) for week in programme.weeks)
    sample = " A sample, for clinicians to review and replace." if programme.sample else ""
    return (
        f"{weeks} week{'s' * (weeks != 1)} of {programme.minutes} minutes, {steps} steps, "
        f"{len(programme.wordings)} wordings. No fault.{sample}"
    )
