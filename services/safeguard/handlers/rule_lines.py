"""Harmless lines, which people type in words of their own after a false alarm."""

from harbour.contracts.messages import Refused, derived_id
from harbour.contracts.rule_bench import AddLine, DropLine, HarmlessLine, HarmlessLines, LineAdded, ReadLines
from services.safeguard.bench import rules, views
from services.safeguard.bench.doors import BringsBook, HarmlessBook
from services.safeguard.handlers.doors import ChainBook, DeskBook, Now, RotaBook, router


@router.answers(AddLine)
async def add_line(
    wish: AddLine, lines: HarmlessBook, desk: DeskBook, brings: BringsBook, rota: RotaBook, chain: ChainBook, now: Now
) -> LineAdded | Refused:
    """Keep a paraphrase, where it is one."""
    who, shown = await rota.find(wish.staff_id), await desk.show(wish.alert_id)
    if refused := rules.why_not_read(who):
        return refused
    if shown is None:
        return rules.NO_SUCH_ALERT
    outcome = await brings.outcome(wish.alert_id)
    if refused := rules.why_not_add_line(wish.text, shown.alert.line.text, outcome):
        return refused
    line = views.line_of(wish, shown.alert, who, now)
    await lines.add(line, wish.alert_id, who.staff_id)
    await chain.add("rules.line-added", line.line_id, now, who.staff_id, {"alert": wish.alert_id}, line.text, wish.id)
    return LineAdded(line=line)


@router.answers(DropLine)
async def drop_line(
    wish: DropLine, lines: HarmlessBook, rota: RotaBook, chain: ChainBook, now: Now
) -> LineAdded | Refused:
    """Take a line out again."""
    who = await rota.find(wish.staff_id)
    if refused := rules.why_not_read(who):
        return refused
    line: HarmlessLine | None = await lines.drop(wish.line_id, now)
    if line is None:
        return rules.NO_SUCH_LINE
    cause = derived_id(wish.id, "line-dropped")
    await chain.add("rules.line-dropped", line.line_id, now, who.staff_id, {}, cause=cause)
    return LineAdded(line=line)


@router.answers(ReadLines)
async def read_lines(wish: ReadLines, lines: HarmlessBook, rota: RotaBook) -> HarmlessLines | Refused:
    """Every harmless line, or those of one alert."""
    if refused := rules.why_not_read(await rota.find(wish.staff_id)):
        return refused
    return HarmlessLines(lines=tuple(await lines.all(wish.alert_id)))
