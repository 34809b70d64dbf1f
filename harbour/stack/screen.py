"""What the person at the keyboard sees: how far the start has come, then one clear screen, then what happens."""

import time
from collections.abc import Iterable, Mapping
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
            self.say(f"{name} stopped by itself ({_exit(notice.code)}); it starts again in {notice.seconds:g} s.")
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
            parts += [Text(), self._people(plan, evening), Text(), staff_table(evening.secrets, now)]
            parts.append(Text("New codes: harbour demo. A code counts once.", style=_QUIET))
        notes = _pairs()
        notes.add_row("Logs", f"{shown(state / 'log')}")
        notes.add_row("Stop", "Ctrl-C" + ("   all is kept; begin anew with: make run FRESH=1" if fresh_hint else ""))
        title = f"Harbour is open ({time.monotonic() - self._began:.1f} s)"
        self._console.print(Panel(Group(*parts, Text(), notes), title=title, title_align="left", padding=(1, 2)))

    def say(self, sentence: str, style: str = "") -> None:
        """One line."""
        self._console.print(Text(sentence, style=style), soft_wrap=True)

    def _people(self, plan: Plan, evening: Evening) -> RenderableType:
        rows = _pairs()
        rows.add_row("Tonight", "a session is live now, with " + ", ".join(person.nickname for person in PEOPLE))
        if plan.url:
            rows.add_row("Young people", f"sign up at {plan.url}/join, or sign in at {plan.url}/sign-in")
            rows.add_row("", f"as {', '.join(person.email for person in PEOPLE)}")
            rows.add_row("", "the code to sign in with is in the mailbox")
            rows.add_row("Staff", f"sign in at {plan.url}/staff/sign-in")
            rows.add_row("", Text.assemble("password ", (PASSWORD, "bold"), " and the code of now:"))
        return rows

    def _show(self, name: str, what: RenderableType) -> None:
        self._rows[name] = what
        if self._live:
            self._live.update(self._list())

    def _list(self) -> RenderableType:
        table = Table.grid(padding=(0, 2))
        for name, what in self._rows.items():
            table.add_row(Text(name), what)
        return Padding(Group(Text("Harbour is starting", style="bold"), table), (1, 2))


def staff_table(secrets: Mapping[str, str], now: datetime) -> Table:
    """Who works here, and the code each authenticator shows now."""
    import pyotp

    table = Table(box=None, padding=(0, 2, 0, 0), header_style=_QUIET)
    left = 30 - int(now.timestamp()) % 30
    for heading in ("name", "role", "mail address", f"code ({left} s left)", "authenticator secret"):
        table.add_column(heading, no_wrap=True)
    for adult in STAFF:
        secret = secrets[adult.email]
        code = pyotp.TOTP(secret).at(now)
        table.add_row(adult.name, adult.role.replace("_", " "), adult.email, Text(code, style="bold"), secret)
    return table


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
