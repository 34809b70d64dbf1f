"""Who may ask what of the desk and of enrolment: every wish in the name of a member of staff, by every role.

The gateway lets people in by its own table; behind it each service asks again, by the roles it has heard of.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from harbour.contracts.enrolment import FACILITATES, SAFEGUARDS, Role
from harbour.contracts.messages import WISHES, Refused, Wish, read_as
from tests.enrolment.people import SETTINGS, new_adult
from tests.rooms import Stage, rehearsed
from tests.safeguard.people import added
from tests.safeguard.test_chain import KeptAnchors

SAMPLES = Path(__file__).parents[1] / "contracts" / "samples"
EVERYBODY = frozenset(Role)
PLANS = frozenset({Role.LEAD, Role.COORDINATOR})

OTHERWISE: Mapping[str, frozenset[Role]] = {
    "safeguard.keep-talk": frozenset({Role.SUPERVISOR}),
    "safeguard.put-on-duty": PLANS,
    "safeguard.raise-concern": EVERYBODY,
    "safeguard.read-record": EVERYBODY,
    "safeguard.read-report": frozenset({Role.LEAD, Role.SUPERVISOR}),
    "safeguard.read-rota": SAFEGUARDS | PLANS,
    "safeguard.read-wellbeing": SAFEGUARDS | {Role.SUPERVISOR},
    "safeguard.take-off-duty": PLANS,
    "safeguard.verify-record": EVERYBODY,
    "enrolment.finish-task": frozenset({Role.COORDINATOR}),
    "enrolment.read-attendance": frozenset({Role.COORDINATOR}),
    "enrolment.read-tasks": frozenset({Role.COORDINATOR}),
}
"""Whom a wish is for, where that is not the desk alone."""
BY_NAME = {"enrolment.check-code", "enrolment.read-staff", "enrolment.open-envelope"}
"""Wishes about who asks themselves, or granted to people by name: tried where they are."""


def may_ask(name: str) -> frozenset[Role]:
    """The roles a wish is for."""
    return OTHERWISE.get(name, SAFEGUARDS)


def wishes_of(room: str) -> list[type[Wish[Any]]]:
    """Every wish of a room in the name of a member of staff."""
    asked = [kind for name, kind in sorted(WISHES.items()) if kind.owner() == room and name not in BY_NAME]
    return [kind for kind in asked if "staff_id" in kind.model_fields]


def in_the_name_of(kind: type[Wish[Any]], staff_id: str) -> Wish[Any]:
    """The sample of a wish, asked by somebody."""
    body = json.loads((SAMPLES / f"{kind.ask}.json").read_text(encoding="utf-8"))["body"]
    return read_as(kind, json.dumps({**body, "staff_id": staff_id}).encode())


async def mistaken(stage: Stage, room: str, ids: Mapping[Role, str]) -> list[tuple[str, str, str]]:
    """Who was turned away that may ask, or was not that may not."""
    found = []
    for kind in wishes_of(room):
        for role, staff_id in [*ids.items(), ("nobody of ours", "nobody")]:
            answer = await stage.asks(in_the_name_of(kind, staff_id))
            turned_away = isinstance(answer, Refused) and answer.reason == "not-allowed"
            if turned_away == (role in may_ask(kind.ask)):
                found.append((kind.ask, str(role), getattr(answer, "reason", "granted")))
    return found


async def test_every_wish_of_the_desk_is_for_its_roles_and_refused_to_all_others(tmp_path: Path) -> None:
    async with rehearsed("safeguard", f"sqlite+aiosqlite:///{tmp_path / 'desk.db'}") as stage:
        stage.service.context.set_global("anchors", KeptAnchors())
        for role in Role:
            await stage.hears(added(f"the-{role}", role))
        assert len(wishes_of("safeguard")) > 40
        assert await mistaken(stage, "safeguard", {role: f"the-{role}" for role in Role}) == []


async def test_every_wish_of_enrolment_is_for_its_roles_and_refused_to_all_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    async with rehearsed("enrolment", f"sqlite+aiosqlite:///{tmp_path / 'enrolment.db'}") as stage:
        made = {role: await stage.asks(new_adult(f"{role} Reed", role)) for role in Role}
        assert await mistaken(stage, "enrolment", {role: one.staff_id for role, one in made.items()}) == []


def test_nobody_who_leads_a_room_or_runs_the_machine_asks_anything_of_the_desk_but_these() -> None:
    outsiders = FACILITATES | {Role.OPERATOR}
    asked = {kind.ask for kind in wishes_of("safeguard") if may_ask(kind.ask) & outsiders}
    assert asked == {"safeguard.raise-concern", "safeguard.read-record", "safeguard.verify-record"}
