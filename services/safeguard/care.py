"""How much heavy reading is much, and who looks after whom: pure, like the rules. Nobody is ranked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from harbour.contracts.messages import Refused
from harbour.contracts.reminders import ReminderWhy, StaffReminded
from harbour.contracts.wellbeing import ColleagueCare, ShiftDebrief, Wellbeing, WriteShiftDebrief
from services.safeguard.model import Colleague

KEPT_FOR = timedelta(days=90)
"""How long what somebody wrote about themselves is kept."""


@dataclass(frozen=True)
class Budget:
    """How many urgent messages somebody reads in one shift before a break is suggested."""

    heavy: int = 6
    shift: timedelta = timedelta(hours=8)


def shift_since(now: datetime, budget: Budget) -> datetime:
    """From when on reading counts."""
    return now - budget.shift


def suggests_break(opened_since: int, budget: Budget) -> bool:
    """Whether a break is suggested: counted anew once they have taken two minutes."""
    return opened_since >= budget.heavy


def counted_since(now: datetime, last: datetime | None, budget: Budget) -> datetime:
    """From when on reading counts towards a break: the shift, or their last two minutes."""
    since = shift_since(now, budget)
    return max(since, last) if last else since


def looks_after(who: Colleague, supervisors: Iterable[Colleague]) -> bool:
    """Whether somebody reads how colleagues are: supervisors, and leads only where there is no supervisor."""
    return who.supervisor or (who.lead and not list(supervisors))


def why_not_see(who: Colleague, supervises: bool) -> Refused | None:
    """Whoever answers alerts sees their own; whoever supervises, that of others."""
    return None if who.safeguards or supervises else Refused(reason="not-allowed")


def whom_to_tell(people: Iterable[Colleague], supervisors: Iterable[Colleague], but: str) -> tuple[Colleague, ...]:
    """Who hears that somebody would like to talk: supervisors, else leads."""
    listed = list(supervisors) or [one for one in people if one.lead]
    return tuple(sorted((one for one in listed if one.staff_id != but), key=lambda one: one.staff_id))


def told(wish: WriteShiftDebrief, people: tuple[Colleague, ...]) -> list[StaffReminded]:
    """What is said where somebody would like to talk; it says nothing of whom."""
    if not wish.wants_talk or not people:
        return []
    page = tuple(one.staff_id for one in people)
    return [StaffReminded.after(wish, about_id=wish.staff_id, why=ReminderWhy.TALK, page=page)]


def own(who: Colleague, opened: int, since_last: int, debriefs: list[ShiftDebrief], budget: Budget) -> Wellbeing:
    """What somebody sees of themselves."""
    return Wellbeing(
        opened=opened,
        budget=budget.heavy,
        suggest_break=who.safeguards and suggests_break(since_last, budget),
        hours=round(budget.shift / timedelta(hours=1)),
        debriefs=tuple(debriefs),
        reads=who.safeguards,
        supervises=False,
    )


def of_colleague(name: str, opened: int, debriefs: list[ShiftDebrief], budget: Budget) -> ColleagueCare:
    """What a supervisor sees of somebody."""
    had_much = suggests_break(opened, budget)
    return ColleagueCare(name=name, opened=opened, had_much=had_much, debriefs=tuple(debriefs))
