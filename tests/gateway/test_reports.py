"""Reports as pages: pictures with tables, days to choose, CSV, and calm where there is nothing."""

import csv
import html
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from io import StringIO

import httpx
import pytest
from redis.asyncio import Redis

from harbour.contracts.closing import Outcome
from harbour.contracts.concerns import Category, Urgency
from harbour.contracts.enrolment import Role
from harbour.contracts.messages import Wish
from harbour.contracts.reports import DeskReport, ReadReport, Waited, Work
from services.gateway.app import create_app
from services.gateway.auth import Sessions, cookie_name
from services.gateway.settings import GatewaySettings
from services.gateway.web.pages import span
from services.safeguard.reports import report

MONTH = ReadReport(staff_id="lou", begins=datetime(2026, 11, 1, tzinfo=UTC), ends=datetime(2026, 11, 29, tzinfo=UTC))
EMPTY = report(MONTH, [], [], False)
FULL = EMPTY.model_copy(
    update={
        "alerts": 14,
        "by_urgency": ((Urgency.IMMEDIATE, 1), (Urgency.HIGH, 4), (Urgency.MEDIUM, 9), (Urgency.LOW, 0)),
        "by_category": ((Category.SELF_HARM, 9), (Category.BULLYING_HATE, 5)),
        "by_outcome": ((Outcome.DONE, 6), (Outcome.FALSE_ALARM, 2)),
        "closed": 8,
        "to_claim": (Waited(urgency=Urgency.HIGH, number=4, half=42.0, most=250.0, open=1),),
        "work": (Work(name="=Ada", claimed=7, closed=5, signed_off=2),),
    }
)


class Desk:
    """Answers with a report, and keeps what it was asked."""

    def __init__(self) -> None:
        self.report, self.asked = FULL, list[ReadReport]()

    async def __call__(self, wish: Wish[DeskReport]) -> DeskReport:
        assert isinstance(wish, ReadReport)
        self.asked.append(wish)
        return self.report


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
async def lou(desk: Desk, redis: Redis, settings: GatewaySettings) -> AsyncIterator[httpx.AsyncClient]:
    """A lead's browser."""
    app = create_app(settings=settings, ask=desk, redis=redis)
    session = await Sessions(redis, settings).begin("staff", person_id="lou", name="Lou", roles=frozenset({Role.LEAD}))
    cookies = {cookie_name(settings): session.token}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="http://desk", cookies=cookies
    ) as client:
        yield client


async def test_a_report_has_pictures_each_with_words_and_a_table(lou: httpx.AsyncClient) -> None:
    page = html.unescape((await lou.get("/reports")).text)
    assert "14 alerts, 8 closed." in page
    assert "False alarms: 2 of 8 (25%)" in page
    assert 'aria-label="Alerts by urgency: immediate 1, high 4, medium 9, low 0"' in page
    assert "half within 42 s, 95 in 100 within 4 min 10 s" in page
    assert page.count("<table") == 6
    assert "Numbers below 5 can point to somebody" in page
    assert "style=" not in page


async def test_a_time_without_alerts_is_a_calm_page(lou: httpx.AsyncClient, desk: Desk) -> None:
    desk.report = EMPTY
    page = (await lou.get("/reports")).text
    assert "No alerts in this time" in page
    assert "Nobody took anything on in this time." in page


async def test_the_days_are_those_of_london_the_last_one_included(lou: httpx.AsyncClient, desk: Desk) -> None:
    await lou.get("/reports?begins=2026-06-01&ends=2026-06-30")
    [wish] = desk.asked
    assert (wish.begins, wish.ends) == (
        datetime(2026, 5, 31, 23, tzinfo=UTC), datetime(2026, 6, 30, 23, tzinfo=UTC),
    )  # fmt: skip


@pytest.mark.parametrize(
    "days",
    [
        "begins=2026-06-02&ends=2026-06-01", "begins=soon", "begins=2024-01-01&ends=2026-01-01", "ends=0001-01-01",
        "ends=9999-12-31", "begins=9999-12-31&ends=9999-12-31",
    ],
)  # fmt: skip
async def test_days_that_make_no_time_are_asked_for_again(lou: httpx.AsyncClient, desk: Desk, days: str) -> None:
    answer = await lou.get(f"/reports?{days}")
    assert answer.status_code == 422
    assert "Choose two days" in answer.text
    assert (await lou.get(f"/reports.csv?{days}")).status_code == 422
    assert desk.asked == []


async def test_the_same_is_there_as_csv_that_no_spreadsheet_runs(lou: httpx.AsyncClient) -> None:
    answer = await lou.get("/reports.csv?begins=2026-11-01&ends=2026-11-28")
    assert answer.headers["content-disposition"] == 'attachment; filename="desk-2026-11-01-2026-11-28.csv"'
    rows = list(csv.reader(StringIO(answer.text)))
    assert rows[0] == ["what", "of", "number", "p50 seconds", "p95 seconds", "waiting still"]
    assert ["time to claim", "high", "4", "42", "250", "1"] in rows
    assert ["claimed by", "'=Ada", "7", "", "", ""] in rows
    assert {len(row) for row in rows} == {6}


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(None, "–"), (0.4, "0 s"), (42, "42 s"), (250, "4 min 10 s"), (7260, "2 h 1 min"), (180000, "2 days 2 h")],
)
def test_spans_are_said_as_people_say_them(seconds: float | None, said: str) -> None:
    assert span(seconds) == said
