"""`harbour rules …`: the rules of screening from a terminal: look, check, try, publish, and go back.

What changes anything is done by a member of staff, who signs in here as on the page: mail address, password and the
code of their authenticator. Rows that are tried stay where they are: nothing of them is printed but their ids.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from harbour.stack import Trouble
from harbour.stack.folder import VAR, bus_of, join

if TYPE_CHECKING:
    from harbour.contracts.rule_bench import EditionData, RuleData
    from harbour.runtime.asking import Asker
    from harbour.screening.rulebook import Rulebook

T = TypeVar("T")
State = Annotated[Path, typer.Option("--state", help="Folder that keeps everything.", show_default=True)]
File = Annotated[Path, typer.Argument(help="A YAML file of rules, in the form of those that are shipped.")]
As = Annotated[str, typer.Option("--as", help="Mail address of the member of staff who does this.", prompt="Mail")]
Password = Annotated[str, typer.Option(prompt=True, hide_input=True, envvar="STAFF_PASSWORD", help="Their password.")]
Code = Annotated[str, typer.Option(prompt="Code from the authenticator", help="The code their authenticator shows.")]
Reason = Annotated[str, typer.Option(prompt="Why", help="Why; it stays on record.")]
app = typer.Typer(no_args_is_help=True, help="The rules of screening: look, check, try, publish, go back.")


# ── looking ───────────────────────────────────────────────────────────────────────────────────────────────────


@app.command("list")
def list_rules(state: State = VAR) -> None:
    """Every rule that counts now, and how soon an adult must look."""
    edition, book = _in_force(state)
    changed = {one.id for one in edition.rules}
    for compiled in sorted(book.rules, key=lambda one: one.rule.id):
        rule = compiled.rule
        mark = " (published)" if rule.id in changed else ""
        typer.echo(f"{rule.id:<28} {rule.urgency:<10} {rule.why}{mark}")
    for rule_id in edition.off:
        typer.echo(f"{rule_id:<28} off")
    typer.echo(f"\n{len(book.rules)} rules, version {book.version}.")


@app.command()
def show(rule_id: Annotated[str, typer.Argument(help="Its id in the list.")], state: State = VAR) -> None:
    """One rule as YAML, in the form that `check`, `try` and `publish` read."""
    import yaml

    _, book = _in_force(state)
    rule = next((one.rule for one in book.rules if one.rule.id == rule_id), None)
    if rule is None:
        raise Trouble(f"There is no rule {rule_id}. `harbour rules list` shows those there are.")
    fields = {name: value for name, value in rule.model_dump(mode="json").items() if value}
    typer.echo(yaml.safe_dump({"rules": [fields]}, sort_keys=False, allow_unicode=True, width=120), nl=False)


@app.command()
def running(state: State = VAR) -> None:
    """Which edition every running copy goes by, as each says itself."""
    from harbour.contracts.rule_bench import RulesRunning
    from harbour.runtime.copies import Copies

    async def look(nc: Any) -> list[RulesRunning]:
        copies = Copies("rules", RulesRunning)
        await copies.start(nc)
        await asyncio.sleep(1)
        return [one.report for one in copies.heard()]

    found = _on_the_bus(state, look)
    if not found:
        raise Trouble("No copy of chat or safeguard says anything. Are they running?")
    newest = max(one.edition for one in found)
    for one in found:
        late = "  BEHIND" if one.edition != newest else ""
        since = f"since {one.since:%Y-%m-%d %H:%M:%S} UTC"
        typer.echo(f"{one.service:<10} {one.copy_id:<28} edition {one.edition:<4} {one.version}  {since}{late}")
        if one.trouble:
            typer.echo(f"           {one.trouble}")
    if any(one.edition != newest for one in found):
        raise typer.Exit(1)


@app.command()
def history(email: As, password: Password, code: Code, state: State = VAR) -> None:
    """Every edition: when, what, who, why."""
    from harbour.contracts.rule_bench import Editions, ReadEditions

    async def look(ask: Asker, staff_id: str) -> Editions:
        found: Editions = _granted(await ask(ReadEditions(staff_id=staff_id)))
        return found

    for one in _as_staff(state, email, password, code, look).editions:
        when = f"{one.published_at:%Y-%m-%d %H:%M} UTC" if one.published_at else "shipped"
        who = f"{one.author}{f' and {one.approver}' if one.approver else ''}: {one.reason}" if one.number else ""
        typer.echo(f"{one.number:>4}  {when:<21} {one.what}. {who}")


@app.command()
def lines(email: As, password: Password, code: Code, state: State = VAR) -> None:
    """The harmless lines that colleagues typed after false alarms, as JSON lines."""
    from harbour.contracts.rule_bench import HarmlessLines, ReadLines

    async def look(ask: Asker, staff_id: str) -> HarmlessLines:
        found: HarmlessLines = _granted(await ask(ReadLines(staff_id=staff_id)))
        return found

    for one in _as_staff(state, email, password, code, look).lines:
        row = {"id": one.line_id, "text": one.text, "severity": "none", "rules": list(one.rules)}
        typer.echo(json.dumps(row, ensure_ascii=False))


# ── checking and trying ───────────────────────────────────────────────────────────────────────────────────────


@app.command()
def check(file: File, state: State = VAR) -> None:
    """Say what needs another look in a file of rules, by rule, field and line."""
    edition, _ = _in_force(state)
    _checked(_rules_in(file), edition)
    typer.echo(f"{file}: fine.")


@app.command("try")
def try_rules(
    file: File,
    rows: Annotated[Path | None, typer.Option(help='Rows to try it on: JSON lines with "id" and "text".')] = None,
    show_ids: Annotated[bool, typer.Option("--ids", help="Name the rows that would be judged otherwise.")] = False,
    state: State = VAR,
) -> None:
    """Hold a file of rules against the development lines, our labelled rows, and rows of yours. Nothing comes of it."""
    from harbour.screening import drafting

    edition, now = _in_force(state)
    then = _checked(_rules_in(file), edition)
    count, changed = drafting.try_lines(now, then, ())
    typer.echo(f"{count} development lines: {len(changed)} would be judged otherwise.")
    for one in changed:
        typer.echo(f"  {one.rule}: {one.now or 'nothing'} now, {one.then or 'nothing'} then: {one.line}")
    _try_labelled(now, then)
    if rows:
        _try_rows(rows, now, then, show_ids)


def _try_labelled(now: Rulebook, then: Rulebook) -> None:
    from harbour.screening import labelled

    rows = labelled.shipped_rows()
    tried = labelled.tried(rows, labelled.rows_changed(now, then, rows))
    typer.echo(f"{tried.rows} labelled rows, written for this project: {tried.changed} would come up otherwise.")
    typer.echo(f"{'severity':<12}{'rows':>8}{'newly':>8}{'no more':>9}")
    for one in tried.counts:
        typer.echo(f"{one.label:<12}{one.rows:>8}{one.new:>8}{one.gone:>9}")


def _try_rows(path: Path, now: Rulebook, then: Rulebook, show_ids: bool) -> None:
    from harbour.screening import drafting

    found: Counter[tuple[str, str]] = Counter()
    labels: Counter[str] = Counter()
    for number, text in enumerate(_text_of(path).splitlines(), 1):
        row = _row(path, number, text)
        label = str(row.get("severity", "all"))
        labels[label] += 1
        if changed := drafting.compare(str(row["text"]), (), now, then):
            found[label, changed.what] += 1
            if show_ids:
                typer.echo(f"  {row.get('id', number)}: {changed.now or 'nothing'}, {changed.then or 'nothing'} then")
    kinds = ("new", "more", "less", "gone")
    typer.echo(f"{'rows':<12}{'all':>8}{''.join(f'{kind:>8}' for kind in kinds)}")
    for label, count in labels.items():
        typer.echo(f"{label:<12}{count:>8}{''.join(f'{found[label, kind]:>8}' for kind in kinds)}")


def _row(path: Path, number: int, text: str) -> dict[str, Any]:
    try:
        row = json.loads(text)
    except ValueError:
        row = None
    if not isinstance(row, dict) or "text" not in row:
        raise Trouble(f'{path}, line {number}: this is not a JSON object with a "text".')
    return row


# ── changing ──────────────────────────────────────────────────────────────────────────────────────────────────


@app.command()
def publish(file: File, email: As, password: Password, code: Code, reason: Reason, state: State = VAR) -> None:
    """Draft the one rule of a file, try it on the desk's messages of late, and propose it to a second person."""
    from harbour.contracts.rule_bench import ProposeDraft, ReadDraft, SaveDraft, TryDraft

    rules = _rules_in(file)
    if len(rules) != 1:
        raise Trouble(f"{file} holds {len(rules)} rules. A draft is of one, so that each is decided by itself.")

    async def go(ask: Asker, staff_id: str) -> str:
        checked = _granted(await ask(SaveDraft(staff_id=staff_id, rule=rules[0])))
        if checked.draft is None:
            raise Trouble(_told(rules[0].id, checked.faults))
        draft_id = checked.draft.draft_id
        shown = _granted(await ask(TryDraft(staff_id=staff_id, draft_id=draft_id)))
        while shown.draft.trial and not shown.draft.trial.is_over:
            await asyncio.sleep(0.5)
            shown = _granted(await ask(ReadDraft(staff_id=staff_id, draft_id=draft_id)))
            if shown.draft.trial:
                typer.echo(f"  tried on {shown.draft.trial.done} of {shown.draft.trial.total} messages", err=True)
        if shown.draft.trial:
            typer.echo(f"Of the messages of late: {shown.draft.trial.counts.model_dump()}")
        _granted(await ask(ProposeDraft(staff_id=staff_id, draft_id=draft_id, reason=reason)))
        return str(draft_id)

    draft_id = _as_staff(state, email, password, code, go)
    typer.echo(f"Proposed. A second person decides at /rules/drafts/{draft_id}, or: harbour rules approve {draft_id}")


@app.command()
def approve(
    draft_id: Annotated[str, typer.Argument(help="The draft, as `publish` named it.")],
    email: As, password: Password, code: Code, state: State = VAR,
) -> None:  # fmt: skip
    """Publish what somebody else proposed, as a second person who has read it."""
    from harbour.contracts.rule_bench import DecideDraft, ReadDraft

    async def go(ask: Asker, staff_id: str) -> str:
        shown = _granted(await ask(ReadDraft(staff_id=staff_id, draft_id=draft_id)))
        draft = shown.draft
        typer.echo(f"{draft.author} proposes {draft.kind} {draft.rule_id}: {draft.reason}")
        typer.echo(json.dumps(draft.rule.model_dump(mode="json") if draft.rule else {}, indent=2, ensure_ascii=False))
        typer.confirm("Publish it?", abort=True)
        wish = DecideDraft(staff_id=staff_id, draft_id=draft_id, publish=True, text_hash=draft.text_hash)
        return str(_granted(await ask(wish)).draft.edition)

    typer.echo(f"Published as edition {_as_staff(state, email, password, code, go)}. See: harbour rules running")


@app.command("roll-back")
def roll_back(
    number: Annotated[int, typer.Argument(help="The edition to go back to; 0 for the rules as they are shipped.")],
    email: As, password: Password, code: Code, reason: Reason, state: State = VAR,
) -> None:  # fmt: skip
    """Go back to an earlier edition: a lead one step at once, whatever else once a second person agrees."""
    from harbour.contracts.rule_bench import Restored, RestoreEdition

    async def go(ask: Asker, staff_id: str) -> Restored:
        wish = RestoreEdition(staff_id=staff_id, number=number, reason=reason)
        done: Restored = _granted(await ask(wish))
        return done

    done = _as_staff(state, email, password, code, go)
    if done.draft_id:
        typer.echo(f"Proposed. A second person decides: harbour rules approve {done.draft_id}")
    else:
        typer.echo(f"Done, as edition {done.edition}. See: harbour rules running")


# ── files, the bus, and who does it ───────────────────────────────────────────────────────────────────────────


def _rules_in(file: Path) -> list[RuleData]:
    """The rules of a file. Raises Trouble."""
    import yaml

    from harbour.screening.editions import as_data
    from harbour.screening.schema import BadRules, RuleFile, parse

    try:
        tree = yaml.load(_text_of(file), Loader=yaml.BaseLoader)  # noqa: S506  # builds nothing but strings
        return [as_data(rule) for rule in parse(RuleFile, file.name, tree).rules]
    except yaml.YAMLError as error:
        raise Trouble(f"{file}: this is not YAML: {error}") from None
    except BadRules as error:
        raise Trouble(str(error)) from None


def _text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise Trouble(f"{path} cannot be read: {error.strerror}.") from None


def _checked(rules: list[RuleData], edition: EditionData) -> Rulebook:
    """The book with these rules in it. Raises Trouble naming rule, field and line."""
    from harbour.screening import drafting

    book = None
    for rule in rules:
        faults = drafting.faults_of(rule)
        if not faults:
            edition = drafting.laid_over(edition, rule)
            book, faults = drafting.book_of(edition, rule)
        if faults:
            raise Trouble(_told(rule.id, faults))
    if book is None:
        raise Trouble("The file holds no rules.")
    return book


def _told(rule_id: str, faults: Any) -> str:
    def place(fault: Any) -> str:
        named = [f"field {fault.field}" if fault.field else "", f"line {fault.line}" if fault.line else ""]
        return ", ".join(["rule " + rule_id, *(one for one in named if one)])

    return "\n".join(f"{place(fault)}: {fault.say}" for fault in faults)


def _in_force(state: Path) -> tuple[EditionData, Rulebook]:
    """The edition that was published last, where there is a bus; else the rules as they are shipped.

    Raises Trouble where the bus is there and cannot say: other rules may count by now.
    """
    from nats.errors import Error as NatsError
    from nats.js.errors import NotFoundError

    from harbour.contracts.messages import read_event
    from harbour.contracts.rule_bench import RULES, EditionPublished
    from harbour.screening.editions import SHIPPED, compile_edition

    async def look(nc: Any) -> EditionData:
        try:
            subject = EditionPublished.pattern(book=RULES)
            last = await nc.jetstream().get_last_msg(EditionPublished.stream(), subject)
            event = read_event(last.headers, last.data or b"")
        except NotFoundError:
            return SHIPPED
        assert isinstance(event, EditionPublished)
        return event.edition

    try:
        edition = _on_the_bus(state, look, tries=1)
    except Trouble:
        typer.echo("There is no bus here, so these are the rules as they are shipped.", err=True)
        edition = SHIPPED
    except NatsError as error:
        raise Trouble(f"The bus does not say which rules count now ({type(error).__name__}). Try again.") from None
    return edition, compile_edition(edition)


def _on_the_bus(state: Path, work: Callable[[Any], Awaitable[T]], tries: int = 2) -> T:
    from nats.errors import Error as NatsError

    from harbour.runtime.settings import BusSettings
    from harbour.runtime.streams import connect

    join(state)

    async def working() -> T:
        try:
            nc = await connect(BusSettings(url=bus_of()), connect_timeout=3, max_reconnect_attempts=tries)
        except (NatsError, OSError) as error:
            raise Trouble(f"There is no bus at {bus_of()} ({type(error).__name__}). Is Harbour running?") from None
        try:
            return await work(nc)
        finally:
            await nc.close()

    return asyncio.run(working())


def _as_staff(state: Path, email: str, password: str, code: str, work: Callable[[Any, str], Awaitable[T]]) -> T:
    """Do something in the name of a member of staff who proves here who they are."""
    from harbour.contracts.enrolment import CheckCode, CheckPassword
    from harbour.runtime.asking import Asker

    join(state)

    async def working() -> T:
        async with Asker(bus_of()) as ask:
            known = _granted(await ask(CheckPassword(email=email, password=password)), "That is not their password.")
            wish = CheckCode(staff_id=known.staff_id, code=code.replace(" ", ""))
            who = _granted(await ask(wish), "That is not the code of now, or it was used already.")
            return await work(ask, who.staff_id)

    return asyncio.run(working())


def _granted(answer: Any, otherwise: str = "") -> Any:
    from harbour.contracts.messages import Refused

    if isinstance(answer, Refused):
        raise Trouble(otherwise or answer.say or f"It was refused: {answer.reason}.")
    return answer
