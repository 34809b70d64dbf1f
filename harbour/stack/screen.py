"""What the person at the keyboard sees: how far the start has come, then one clear screen, then what happens."""

import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.padding import Padding
from rich.panel import Panel
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from harbour.stack.demo import PASSWORD, PEOPLE, STAFF, Evening
from harbour.stack.plan import Plan
from harbour.stack.supervisor import Notice

_QUIET = "grey62"


class Screen:
    """Tells on a terminal with a moving list, and anywhere else in plain lines."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False)
        self._began = time.monotonic()
        self._rows: dict[str, RenderableType] = {}
        self._live: Live | None = None

    def begin(self, names: Iterable[str]) -> None:
        """Show what is going to be started."""
        self._rows = {name: Text("waits", style=_QUIET) for name in names}
        if self._console.is_terminal:
            self._live = Live(self._list(), console=self._console, refresh_per_second=12, transient=True)
            self._live.start()
        else:
            self.say(f"Starting {', '.join(self._rows)} …")

    def step(self, name: str, text: str, done: bool = False) -> None:
        """Show a step that is not a process, e.g. setting out the demo."""
        self._show(name, Text(f"✓ {text}", style="green") if done else Spinner("dots", text=Text(text)))
        if not self._live:
            self.say(f"  {name}: {text}")

    def tell(self, notice: Notice) -> None:
        """Show what happened to a part."""
        name = notice.part.name
        if self._live and notice.what == "starting":
            self._show(name, Spinner("dots", text="starts"))
        elif notice.what == "ready" and name in self._rows:
            self._show(name, Text(f"✓ ready  {notice.seconds:4.1f} s", style="green"))
            if not self._live:
                self.say(f"  {name}: ready ({notice.seconds:.1f} s)")
        elif notice.what == "ready":
            self.say(f"{name} is back ({notice.seconds:.1f} s).")
        elif notice.what == "died":
            when = f"in {notice.seconds:g} s" if notice.seconds else "at once"
            self.say(f"{name} stopped by itself ({_exit(notice.code)}); it starts again {when}.")
        elif notice.what == "killed":
            self.say(f"  {name} did not stop when asked and was ended.")
        elif notice.what == "stopped":
            self.say(f"  {name} stopped.")

    def end_start(self) -> None:
        """The start is over, one way or the other."""
        if self._live:
            self._live.stop()
            self._live = None
        self._rows = {}

    def welcome(self, plan: Plan, state: Path, evening: Evening | None, now: datetime, fresh_hint: bool) -> None:
        """The one clear screen."""
        places = _pairs()
        if plan.url:
            places.add_row("Open", Text(f"{plan.url}/", style="bold cyan"))
            places.add_row("Mailbox", f"{plan.url}/mailbox   mails and texts appear here")
        parts: list[RenderableType] = [places]
        if evening:
            adults = "Sam and Jo are played while this runs; without an adult's page a room pauses itself"
            parts += [Text(), who_can_sign_in(plan.url, evening.secrets, now, ".venv/bin/harbour demo", adults)]
        notes = _pairs()
        notes.add_row("Logs", f"{shown(state / 'log')}")
        notes.add_row("Stop", "Ctrl-C" + ("   all is kept; begin anew with: make run FRESH=1" if fresh_hint else ""))
        title = f"Harbour is open ({time.monotonic() - self._began:.1f} s)"
        self._console.print(Panel(Group(*parts, Text(), notes), title=title, title_align="left", padding=(1, 2)))

    def say(self, sentence: str, style: str = "") -> None:
        """One line; nobody reading it any more is no reason to stop."""
        with suppress(OSError, SystemExit):  # Rich leaves the program where the pipe it prints to is closed
            self._console.print(Text(sentence, style=style), soft_wrap=True)

    def _show(self, name: str, what: RenderableType) -> None:
        self._rows[name] = what
        if self._live:
            self._live.update(self._list())

    def _list(self) -> RenderableType:
        table = Table.grid(padding=(0, 2))
        for name, what in self._rows.items():
            table.add_row(Text(name), what)
        return Padding(Group(Text("Harbour is starting", style="bold"), table), (1, 2))


def who_can_sign_in(url: str, secrets: Mapping[str, str], now: datetime, again: str, adults: str) -> Group:
    """The invented people of the demo, and how to be one of them; `again` says how to see new codes, `adults` who
    looks after the room."""
    left = 30 - int(now.timestamp()) % 30
    rows = _pairs()
    rows.add_row("Tonight", "a session is live now, with " + ", ".join(person.nickname for person in PEOPLE))
    rows.add_row("", adults)
    rows.add_row("New here?", f"sign up at {url}/join")
    rows.add_row("Young people", f"sign in at {url}/sign-in with a code from the mailbox, as")
    rows.add_row("", ", ".join(person.email for person in PEOPLE))
    rows.add_row("Staff", f"sign in at {url}/staff/sign-in with")
    rows.add_row("", Text.assemble("the password ", (PASSWORD, "bold"), " and the code of now"))
    return Group(
        rows,
        Text(),
        _staff(secrets, now),
        Text(f"A code counts once, these for {left} s more. New ones: {again}", style=_QUIET),
    )


def _staff(secrets: Mapping[str, str], now: datetime) -> Table:
    """Who works here, and the code each authenticator shows now; it fits a terminal of 80 columns."""
    import pyotp

    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style=_QUIET)
    for heading in ("mail address", "role", "code", "authenticator secret"):
        table.add_column(heading, no_wrap=True)
    for adult in STAFF:
        secret = secrets[adult.email]
        code = Text(pyotp.TOTP(secret).at(now), style="bold")
        table.add_row(adult.email, adult.role.replace("_", " "), code, secret)
    return table


def show_people(url: str, secrets: Mapping[str, str], now: datetime) -> None:
    """Print who can sign in."""
    adults = "without an adult's page it pauses itself after 15 s: open the console as Sam"
    Console(highlight=False).print(Padding(who_can_sign_in(url, secrets, now, "the same command", adults), (1, 2)))


def shown(path: Path) -> str:
    """A path as short as it can be said from here."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _pairs() -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style=_QUIET, no_wrap=True)
    table.add_column()
    return table


def _exit(code: int | None) -> str:
    return f"killed by signal {-code}" if code is not None and code < 0 else f"exit {code}"
