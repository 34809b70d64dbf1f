"""How the desk did, for leads and supervisors: pictures with their tables, and the same as CSV."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from harbour.contracts.concerns import Category
from harbour.contracts.messages import Refused
from harbour.contracts.reports import DeskReport, ReadReport, Waited
from services.gateway.auth import NotAllowed, Visitor, staff
from services.gateway.evenings import LONDON
from services.gateway.outcomes import OUTCOMES
from services.gateway.web.pages import page, present
from services.gateway.web.typed import read_day

router = APIRouter()
Reader = Annotated[Visitor, Depends(staff())]
Present = Annotated[datetime, Depends(present)]

USUAL = timedelta(days=27)
SMALL = 5
"""Counts below it can point to somebody."""
CATEGORIES: Mapping[Category, str] = {
    Category.SUICIDE_RISK: "suicide",
    Category.SELF_HARM: "self-harm",
    Category.METHOD_DETAIL: "method detail",
    Category.ABUSE_DISCLOSURE: "abuse told of",
    Category.CONTACT_OR_PII: "contact details",
    Category.BULLYING_HATE: "bullying or hate",
    Category.EATING_DISORDER: "eating disorder",
    Category.SUBSTANCE_MISUSE: "substances",
}
WRONG = "Choose two days, the second not before the first and at most a year later."


@router.get("/reports")
async def show_report(request: Request, who: Reader, now: Present) -> Response:
    """Counts and times of the alerts between two days."""
    begins, ends, wrong = chosen(request, now)
    report = None if wrong else await read(request, who, begins, ends)
    return page(
        request,
        "reports/report.html",
        status_code=422 if wrong else 200,
        report=report,
        begins=begins,
        ends=ends,
        errors={"begins": wrong} if wrong else {},
        small=SMALL,
        categories=CATEGORIES,
        false_rate=false_rate(report) if report else "",
    )


@router.get("/reports.csv")
async def show_csv(request: Request, who: Reader, now: Present) -> Response:
    """The same as CSV."""
    begins, ends, wrong = chosen(request, now)
    if wrong:
        return Response(wrong, status_code=422, media_type="text/plain; charset=utf-8")
    report, sheet = await read(request, who, begins, ends), StringIO()
    csv.writer(sheet).writerows(rows(report))
    name = f"desk-{begins}-{ends}.csv"
    as_file = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(sheet.getvalue(), media_type="text/csv; charset=utf-8", headers=as_file)


def chosen(request: Request, now: datetime) -> tuple[date, date, str]:
    """The two days of the address, the last four weeks where there are none, and what is wrong with them."""
    today = now.astimezone(LONDON).date()
    asked = {name: request.query_params.get(name, "") for name in ("begins", "ends")}
    ends = read_day(asked["ends"]) if asked["ends"] else today
    begins = read_day(asked["begins"]) if asked["begins"] or ends is None else ends - USUAL
    if begins is None or ends is None:
        return today - USUAL, today, WRONG
    return begins, ends, "" if begins <= ends <= begins + timedelta(days=365) else WRONG


async def read(request: Request, who: Visitor, begins: date, ends: date) -> DeskReport:
    """The report of these days, the last one included."""
    first, after = (datetime.combine(one, time.min, LONDON) for one in (begins, ends + timedelta(days=1)))
    wish = ReadReport(staff_id=who.person_id, begins=first.astimezone(UTC), ends=after.astimezone(UTC))
    answer = await request.app.state.ask(wish)
    if isinstance(answer, Refused):
        raise NotAllowed
    assert isinstance(answer, DeskReport)
    return answer


def false_rate(report: DeskReport) -> str:
    """How many of the closed alerts were false alarms, in words."""
    wrong = next((number for outcome, number in report.by_outcome if outcome == "false-alarm"), 0)
    return f"{wrong} of {report.closed} ({100 * wrong / report.closed:.0f}%)" if report.closed else ""


def rows(report: DeskReport) -> Iterator[tuple[object, ...]]:
    """The report line by line: what, of what, how many; and times in seconds."""
    yield ("what", "of", "number", "p50 seconds", "p95 seconds", "waiting still")
    yield ("alerts", "all", report.alerts, "", "", "")
    yield from (("alerts by urgency", one, number, "", "", "") for one, number in report.by_urgency)
    yield from (("alerts by category", one, number, "", "", "") for one, number in report.by_category)
    yield ("closed", "all", report.closed, "", "", "")
    yield from (("closed by outcome", OUTCOMES[one][0], number, "", "", "") for one, number in report.by_outcome)
    yield from _timed("time to claim", report.to_claim)
    yield from _timed("time to first human reply", report.to_reply)
    for one in report.work:
        counts = (("claimed", one.claimed), ("closed", one.closed), ("signed off", one.signed_off))
        yield from ((f"{what} by", _plain(one.name), number, "", "", "") for what, number in counts)


def _timed(what: str, those: Iterable[Waited]) -> Iterator[tuple[object, ...]]:
    for one in those:
        yield (what, one.urgency, one.number, _seconds(one.half), _seconds(one.most), one.open)


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.0f}"


def _plain(name: str) -> str:
    """A name that no spreadsheet takes for a formula."""
    return f"'{name}" if name[:1] in "=+-@\t\r" else name
