"""A programme to look at: on the terminal, and as one page to print. What only adults see is marked as such."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import accumulate
from typing import TYPE_CHECKING

from harbour.contracts.enrolment import StepKind

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from harbour.contracts.enrolment import Step
    from services.enrolment.programmes import Programme, Week

SAMPLE = "A sample. The charity's clinicians review it and replace it before a real course runs on it."
PRIVATE = frozenset({StepKind.REFLECTION, StepKind.CHALLENGE})
NAMES: dict[StepKind, str] = {
    StepKind.WORDS: "Words",
    StepKind.PROMPT: "A question to the group",
    StepKind.POLL: "Poll",
    StepKind.SCALE: "Feeling scale",
    StepKind.REFLECTION: "Private reflection",
    StepKind.BREATHING: "Breathing",
    StepKind.READING: "Reading",
    StepKind.CHALLENGE: "Weekly challenge",
}
WHO = {"say": "Facilitators may say", "note": "Facilitators alone"}
"""What only adults see, by its mark."""


@dataclass(frozen=True)
class Line:
    """A paragraph of a step, and who sees it."""

    text: str
    mark: str = ""
    """`say` or `note` for what only facilitators see; `option` for what can be chosen."""


def lines_of(step: "Step") -> Iterator[Line]:
    """Everything in a step, in the order it is met."""
    yield from (Line(text) for text in step.text.splitlines() if text.strip())
    yield from (Line(f"○ {option}", "option") for option in step.options)
    if step.kind is StepKind.SCALE:
        yield Line(f"1 ({step.low}) · 2 · 3 · 4 · 5 ({step.high})", "option")
    yield from (Line(text, "say") for text in step.say)
    yield from (Line(text, "note") for text in step.notes.splitlines() if text.strip())


def heading(step: "Step", begins: int) -> str:
    """When a step begins, how long it is, what it is."""
    private = ", for their own book" if step.kind in PRIVATE else ""
    return f"{begins // 60}:{begins % 60:02} · {step.minutes} min · {NAMES[step.kind]}{private}"


def timed(week: "Week") -> Iterator[tuple[int, "Step"]]:
    """Each step with the minute of the evening in which it begins."""
    yield from zip(accumulate((step.minutes for step in week.steps), initial=0), week.steps, strict=False)


# ── on the terminal ───────────────────────────────────────────────────────────────────────────────────────────


def show(programme: "Programme", weeks: Sequence[int], console: "Console") -> None:
    """Print these weeks, and the prepared wordings where all of them are shown."""
    from rich.padding import Padding
    from rich.rule import Rule
    from rich.text import Text

    console.print(Text(programme.title, "bold"))
    console.print(f"{len(programme.weeks)} weeks of {programme.minutes} minutes", style="dim")
    if programme.sample:
        console.print(SAMPLE, style="yellow")
    for number in weeks:
        week = programme.weeks[number - 1]
        console.print()
        console.print(Rule(Text(f"Week {number}: {week.topic}", "bold"), align="left", style="cyan"))
        console.print(Text(week.aim, "italic"))
        for begins, step in timed(week):
            console.print()
            console.print(Text.assemble((heading(step, begins), "cyan"), "  ", (step.title, "bold")))
            for line in lines_of(step):
                console.print(Padding(_told(line), (0, 0, 0, 2), expand=False))
    if len(weeks) == len(programme.weeks) and programme.wordings:
        console.print()
        console.print(Rule(Text("Prepared wording, for facilitators", "bold"), align="left", style="magenta"))
        for wording in programme.prepared:
            console.print(Text.assemble((f"{wording.topic}. ", "bold"), wording.text))


def _told(line: Line) -> "RenderableType":
    """A line as the terminal shows it: what only adults see stands apart, beside who sees it."""
    from rich.table import Table
    from rich.text import Text

    if line.mark not in WHO:
        return Text(line.text)
    beside = Table.grid(padding=(0, 1))
    beside.add_column(style="magenta", no_wrap=True)
    beside.add_column(style="magenta")
    beside.add_row(f"┃ {WHO[line.mark]}:", Text(line.text))
    return beside


# ── as a page ─────────────────────────────────────────────────────────────────────────────────────────────────

STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.5 system-ui, sans-serif; color: #16323a; background: #fffdf8; max-width: 44rem; margin: 2rem auto;
  padding: 0 1rem; }
h1, h2, h3 { line-height: 1.25; } h2 { border-top: 3px solid #1f5a66; padding-top: .75rem; margin-top: 2.5rem; }
h3 { margin: 0; } .aim { font-style: italic; } .sample { border: 1px solid #8a6d1d; padding: .5rem .75rem; }
.step { break-inside: avoid; margin: 1.25rem 0; } .when { color: #3c5a62; margin: 0; font-size: .875rem; }
.step p { margin: .35rem 0; } .option { padding-left: 1rem; }
.adults { border-left: 4px solid #7a4b6d; background: #f6f0f4; margin: .35rem 0; padding: .25rem .75rem; }
.adults b { color: #5d3452; }
@media print { body { margin: 0; max-width: none; font-size: 11pt; background: none; } h2 { break-before: page; }
  h2:first-of-type { break-before: auto; } .adults { background: none; } }
"""


def page(programme: "Programme", weeks: Sequence[int]) -> str:
    """These weeks as one page that needs nothing else; its title gives nothing away."""
    body = [f"<h1>{escape(programme.title)}</h1>"]
    body.append(f"<p>{len(programme.weeks)} weeks of {programme.minutes} minutes</p>")
    if programme.sample:
        body.append(f'<p class="sample">{escape(SAMPLE)}</p>')
    for number in weeks:
        body += _week(number, programme.weeks[number - 1])
    if len(weeks) == len(programme.weeks) and programme.wordings:
        body.append("<h2>Prepared wording, for facilitators</h2>")
        body += [_adults(wording.topic, wording.text) for wording in programme.prepared]
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en-GB">',
            '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Harbour</title>',
            f"<style>{STYLE}</style></head>",
            "<body><main>",
            *body,
            "</main></body>",
            "</html>\n",
        ]
    )


def _week(number: int, week: "Week") -> Iterable[str]:
    yield f"<h2>Week {number}: {escape(week.topic)}</h2>"
    yield f'<p class="aim">{escape(week.aim)}</p>'
    for begins, step in timed(week):
        yield '<section class="step">'
        yield f'<p class="when">{escape(heading(step, begins))}</p><h3>{escape(step.title)}</h3>'
        yield from (_printed(line) for line in lines_of(step))
        yield "</section>"


def _printed(line: Line) -> str:
    """A line as the page shows it."""
    if line.mark in WHO:
        return _adults(WHO[line.mark], line.text)
    return f'<p class="option">{escape(line.text)}</p>' if line.mark else f"<p>{escape(line.text)}</p>"


def _adults(who: str, text: str) -> str:
    return f'<p class="adults"><b>{escape(who)}</b> {escape(text)}</p>'
