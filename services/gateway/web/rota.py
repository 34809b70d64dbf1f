"""The rota: who is on duty when, when nobody is, and who would be called now."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from harbour.contracts.enrolment import Role
from harbour.contracts.messages import Key, Refused
from harbour.contracts.rota import DutyView, Period, PutOnDuty, ReadRota, RotaView, TakeOffDuty
from harbour.runtime.asking import Unavailable
from services.gateway.auth import NotAllowed, Visitor, staff
from services.gateway.evenings import LONDON
from services.gateway.web import pages
from services.gateway.web.pages import checked_form, go, page, present
from services.gateway.web.typed import read_day, some_key

router = APIRouter(prefix="/rota")

Colleague = Annotated[Visitor, Depends(staff())]
Now = Annotated[datetime, Depends(present)]
DAYS = 14
PLANS = frozenset({Role.LEAD, Role.COORDINATOR})
"""Who puts people on duty."""
WEEKS = (1, 2, 4, 7, 13, 26)
PLACES = {1: "called first", 2: "called second", 3: "called third"}
SORRY = {"nobody": "who", "past": "day", "too-long": "until"}


@dataclass(frozen=True)
class Gap:
    """When nobody is on duty on one day; None where that is so from its beginning, or to its end."""

    begins: datetime | None
    ends: datetime | None


@dataclass
class Day:
    """One day of the rota."""

    at: datetime
    duties: list[DutyView] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)


@router.get("")
async def show_rota(request: Request, who: Colleague, now: Now) -> Response:
    """Two weeks, from today or from the day in the address."""
    return await rota_page(request, who, now)


@router.post("")
async def put_on_duty(request: Request, who: Colleague, now: Now) -> Response:
    """Put somebody on duty; what was typed is kept where something needs another look."""
    form = await checked_form(request)
    typed = {name: pages.field(form, name) for name in ("who", "day", "from", "until", "weeks", "place")}
    periods, wrong = read_periods(typed)
    if wrong:
        return await rota_page(request, who, now, typed, wrong)
    place = int(typed["place"]) if typed["place"] in map(str, PLACES) else 1
    wish = PutOnDuty(staff_id=who.person_id, of_id=some_key(typed["who"]), periods=periods, place=place)
    answer = await request.app.state.ask(wish)
    if isinstance(answer, Refused):
        if answer.reason not in SORRY:
            raise NotAllowed
        return await rota_page(request, who, now, typed, {SORRY[answer.reason]: answer.say})
    return go(f"/rota?from={typed['day']}")


@router.post("/{duty_id}/off")
async def take_off_duty(request: Request, duty_id: Key, who: Colleague) -> Response:
    """Take somebody off; where somebody else just did, the page shows so."""
    day = pages.field(await checked_form(request), "from")
    answer = await request.app.state.ask(TakeOffDuty(staff_id=who.person_id, duty_id=duty_id))
    if isinstance(answer, Refused) and answer.reason == "not-allowed":
        raise NotAllowed
    return go(f"/rota?from={day}" if read_day(day) else "/rota")


async def rota_page(
    request: Request,
    who: Visitor,
    now: datetime,
    typed: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
) -> Response:
    """The rota, with the form where somebody may change it."""
    today = now.astimezone(LONDON).date()
    first = read_day(request.query_params.get("from", "")) or today
    begins = midnight(first)
    answer = await request.app.state.ask(ReadRota(staff_id=who.person_id, begins=begins, days=DAYS))
    if isinstance(answer, Refused):
        raise NotAllowed
    assert isinstance(answer, RotaView)
    context = {
        "rota": answer,
        "days": days_of(answer, first),
        "earlier": (first - timedelta(days=DAYS)).isoformat(),
        "later": (first + timedelta(days=DAYS)).isoformat(),
        "first": first.isoformat(),
        "typed": typed or {"day": max(first, today).isoformat(), "from": "18:00", "until": "08:00", "weeks": "1"},
        "errors": wrong or {},
        "weeks": WEEKS,
        "places": PLACES,
    }
    return page(request, "desk/rota.html", status_code=422 if wrong else 200, **context)


async def unwatched_for(request: Request, who: Visitor, now: datetime) -> int:
    """On how many evenings of the next two weeks nobody is on duty, for whoever plans that; 0 where nobody can say."""
    if not who.is_any(PLANS):
        return 0
    begins = midnight(now.astimezone(LONDON).date())
    try:
        answer = await request.app.state.ask(ReadRota(staff_id=who.person_id, begins=begins, days=DAYS))
    except Unavailable:
        return 0
    return len(answer.unwatched) if isinstance(answer, RotaView) else 0


def days_of(rota: RotaView, first: date) -> list[Day]:
    """Each day with the duties that begin on it, and when on it nobody is on duty; what began before the first day
    stands there."""
    duties: dict[date, list[DutyView]] = defaultdict(list)
    for duty in rota.duties:
        duties[max(first, duty.begins.astimezone(LONDON).date())].append(duty)
    every = [first + timedelta(days=n) for n in range(DAYS)]
    return [Day(midnight(one), duties[one], gaps_of(rota, one)) for one in every]


def gaps_of(rota: RotaView, day: date) -> list[Gap]:
    """When nobody is on duty on one day."""
    begins, ends = midnight(day), midnight(day + timedelta(days=1))
    return [
        Gap(gap.begins if gap.begins > begins else None, gap.ends if gap.ends < ends else None)
        for gap in rota.gaps
        if gap.begins < ends and gap.ends > begins
    ]


def midnight(day: date) -> datetime:
    """When a day begins in London."""
    return datetime.combine(day, time.min, LONDON)


def read_periods(typed: Mapping[str, str]) -> tuple[tuple[Period, ...], dict[str, str]]:
    """The periods a form asks for, and what needs another look. Until an earlier time means the next day; the clock on
    the wall stays the same from week to week."""
    day, wrong = read_day(typed["day"]), dict[str, str]()
    clocks: dict[str, time | None] = {"from": None, "until": None}
    if day is None:
        wrong["day"] = "Choose the day it begins."
    for name in clocks:
        try:
            clocks[name] = time.fromisoformat(typed[name])
        except ValueError:
            wrong[name] = "A time looks like 18:00."
    begins, ends = clocks["from"], clocks["until"]
    if day is None or begins is None or ends is None or wrong:
        return (), wrong
    weeks = int(typed["weeks"]) if typed["weeks"] in map(str, WEEKS) else 1
    days = [day + timedelta(weeks=n) for n in range(weeks)]
    next_day = timedelta(days=ends <= begins)
    found = ((datetime.combine(one, begins, LONDON), datetime.combine(one + next_day, ends, LONDON)) for one in days)
    return tuple(Period(begins=one.astimezone(UTC), ends=other.astimezone(UTC)) for one, other in found), {}
