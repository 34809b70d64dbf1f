"""`harbour …`: everything an operator or a developer does from a terminal. Each command loads only what it needs."""

import asyncio
import os
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from harbour import dead_letters, knowledge, programmes, record, rule_bench
from harbour.contracts.enrolment import Role
from harbour.rehearsal import bench
from harbour.stack import Trouble
from harbour.stack.folder import VAR, bus_of, join


class Plainly(TyperGroup):
    """Commands that say what is wrong in a sentence, without a traceback, where it is something a person can mend."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was named."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            if not (sentence := _sentence(error)):
                raise
            typer.secho(sentence, err=True, fg=typer.colors.YELLOW)
            raise typer.Exit(1) from None


def _sentence(error: Exception) -> str:
    """What went wrong as a sentence; empty where it is a fault of ours that deserves its traceback."""
    if isinstance(error, Trouble):
        return str(error)
    if type(error).__module__ == "harbour.runtime.streams":
        return str(error)
    if type(error).__module__ == "harbour.runtime.asking":
        return f"Nobody answered: {error} Is Harbour running? Start it with `make run`, or set NATS_URL."
    return ""


app = typer.Typer(
    cls=Plainly, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None,
    help="Harbour: anonymous, text-only group courses for young people, with safeguarding built in.",
)  # fmt: skip
State = Annotated[Path, typer.Option("--state", help="Folder that keeps everything.", show_default=True)]


@app.command()
def run(
    services: Annotated[list[str] | None, typer.Option(help="Only these services, e.g. chat,gateway.")] = None,
    copies: Annotated[list[str] | None, typer.Option(help="Several copies, e.g. safeguard=3,chat=2.")] = None,
    port: Annotated[int, typer.Option(help="Port of the pages.")] = 8000,
    state: State = VAR,
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget everything first.")] = False,
    demo: Annotated[bool, typer.Option(help="Set out a demo evening that is live now.")] = True,
    ready_file: Annotated[Path | None, typer.Option(help="Write where everything listens here, once it does.")] = None,
) -> None:
    """Start the whole system on this machine, and keep it running until Ctrl-C."""
    from harbour.stack import plan
    from harbour.stack import run as stack

    options = plan.Options(
        state=state,
        port=port,
        services=plan.read_services(services or []),
        copies=plan.read_copies(copies or []),
        fresh=fresh,
        demo=demo,
        ready_file=ready_file,
    )
    asyncio.run(stack.run(options))


@app.command()
def serve(
    name: Annotated[str, typer.Argument(help="enrolment, chat, safeguard, notify or gateway.")],
    port: Annotated[int, typer.Option(help="Port of its health, its metrics and, for the gateway, the pages.")] = 8000,
) -> None:
    """Run one service, with its settings from the environment."""
    from harbour.runtime.service import serve as serve_service

    _known_service(name)
    serve_service(name, port)


@app.command()
def declare(state: State = VAR) -> None:
    """Declare every stream and consumer on the bus; what is there already stays."""
    from harbour import doors
    from harbour.runtime.streams import declare_all

    join(state)
    asyncio.run(declare_all(doors.hearings(), bus_of()))
    typer.echo("The bus is declared.")


@app.command()
def migrate(name: Annotated[str, typer.Argument(help="A service, or all.")] = "all", state: State = VAR) -> None:
    """Bring the tables of a service, or of all, up to date."""
    from harbour.runtime.database import is_out_of_reach
    from harbour.runtime.database import migrate as migrate_service

    join(state)
    names = [service for service in _services() if service != "gateway"] if name == "all" else [_known_service(name)]
    for service in names:
        try:
            migrate_service(service)
        except Exception as error:
            if not is_out_of_reach(error):
                raise
            raise Trouble(_cannot_use(service, error)) from None
        typer.echo(f"{service}: up to date")


@app.command()
def demo(state: State = VAR) -> None:
    """Set out a demo evening on a stack that runs, and show who can sign in and the codes of now."""
    from datetime import UTC, datetime

    from harbour.runtime.asking import Asker
    from harbour.stack import demo as evenings
    from harbour.stack import screen

    join(state)

    async def set_out() -> evenings.Evening:
        async with Asker(bus_of()) as ask:
            return await evenings.set_out(ask, state / "secrets" / "demo.json", datetime.now(UTC))

    evening = asyncio.run(set_out())
    screen.show_people(os.environ.get("GATEWAY_PUBLIC_URL", ""), evening.secrets, datetime.now(UTC))


app.add_typer(dead_letters.app, name="dead")
app.add_typer(record.app, name="record")
app.add_typer(programmes.app, name="programme")
app.add_typer(knowledge.app, name="knowledge")
app.add_typer(bench.app, name="bench")
app.add_typer(rule_bench.app, name="rules")
staff = typer.Typer(no_args_is_help=True, help="Accounts of members of staff.")
app.add_typer(staff, name="staff")


@staff.command("add")
def add_staff(
    name: Annotated[str, typer.Option(prompt=True, help="What people call them.")],
    email: Annotated[str, typer.Option(prompt=True, help="Their mail address.")],
    role: Annotated[list[str], typer.Option(help=", ".join(Role))],
    password: Annotated[
        str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, envvar="STAFF_PASSWORD")
    ],
    state: State = VAR,
) -> None:
    """Give a member of staff an account, and show the secret for their authenticator, once."""
    from harbour.stack import accounts

    join(state)
    typer.echo(asyncio.run(accounts.add(bus_of(), name, email, password, role)))


@app.command()
def docs(folder: Annotated[Path, typer.Argument(help="Folder for the files.")] = Path("docs")) -> None:
    """Write AsyncAPI, OpenAPI, the page of events and the list of settings from the code."""
    from harbour.docs import write

    write(folder)


@app.command()
def rehearse(
    kill: Annotated[bool, typer.Option("--kill", help="Kill a random part every few seconds meanwhile.")] = False,
    texts: Annotated[Path | None, typer.Option(help='What is said: plain lines, or JSON lines with "text".')] = None,
    courses: Annotated[int, typer.Option(help="How many courses.")] = 3,
    members: Annotated[int, typer.Option(help="How many young people each.")] = 8,
    minutes: Annotated[float, typer.Option(help="After so long nothing new is said.")] = 15,
    seed: Annotated[int, typer.Option(help="The same seed, the same evening.")] = 1,
    url: Annotated[str, typer.Option(help="Use the stack that runs at this address instead of one of its own.")] = "",
    state: Annotated[Path | None, typer.Option(help="State folder; with --url, of the stack that runs.")] = None,
    json: Annotated[Path | None, typer.Option(help="Write the numbers here too.")] = None,
) -> None:
    """Let simulated people live through an evening, and count what was lost or doubled."""
    from rich.console import Console

    from harbour import rehearsal
    from harbour.rehearsal import evening

    bus = ""
    if url:
        join(state or VAR)
        bus = bus_of()
    options = evening.Options(texts, kill, courses, members, minutes, seed, url, bus, state, json)
    try:
        outcome = asyncio.run(evening.rehearse(options, Console(highlight=False)))
    except rehearsal.Trouble as trouble:
        raise Trouble(str(trouble)) from None
    raise typer.Exit(0 if outcome.reckoning.is_sound else 1)


@app.command()
def secrets(folder: Annotated[Path, typer.Argument(help="Folder for the files.")]) -> None:
    """Make the keys and passwords that a deployment needs, where they are missing."""
    from harbour.stack.keys import make_all

    made = make_all(folder)
    typer.echo(f"{folder}: made {len(made)} secrets." if made else f"{folder}: every secret is there.")


@app.command()
def version() -> None:
    """Say which version this is."""
    from importlib.metadata import version as version_of

    typer.echo(f"harbour {version_of('harbour')}")


def _cannot_use(service: str, error: Exception) -> str:
    why = str(getattr(error, "orig", error)).partition("\n")[0].rstrip(".")
    return f"The database of {service} cannot be used: {why}. Is it running? Look at {service.upper()}_DATABASE_URL."


def _services() -> tuple[str, ...]:
    from harbour.stack.plan import SERVICES

    return SERVICES


def _known_service(name: str) -> str:
    if name not in _services():
        raise Trouble(f"There is no service called {name!r}; there are {', '.join(_services())}.")
    return name


if __name__ == "__main__":
    app()
