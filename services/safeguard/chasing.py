"""What was asked of others, and who asks what came of it after a working day: pure, like the rules."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from harbour.contracts.cases import AnswerAction, ChaseClock, Entry, EntryKind
from harbour.contracts.messages import Message, Refused, derived_id
from services.safeguard.cases import Case, entry, may_work
from services.safeguard.model import Colleague
from services.safeguard.workdays import one_working_day_after


@dataclass(frozen=True)
class Chase:
    """Something asked of others that somebody will ask after."""

    entry_id: str
    case_id: str
    due_at: datetime
    step: int = 0
    done: bool = False


def begun(one: Entry, case: Case) -> Chase | None:
    """The chase an action begins."""
    return Chase(one.entry_id, case.case_id, one.chase_at) if one.chase_at else None


def answer(wish: AnswerAction, who: Colleague, now: datetime) -> Entry:
    """What came of an action, and when to ask once more."""
    due = one_working_day_after(now) if wish.again else None
    one = entry(wish, EntryKind.ANSWER, who, now, about=wish.entry_id)
    return one.model_copy(update={"words": wish.words, "chase_at": due})


def why_not_answer(who: Colleague, case: Case | None, chase: Chase | None, wish: AnswerAction) -> Refused | None:
    """Only what is still asked after is answered."""
    if refused := may_work(who, case):
        return refused
    if chase is None or chase.case_id != wish.case_id:
        return Refused(reason="no-such-entry")
    if chase.done:
        return Refused(reason="answered", say="Somebody has written what came of this.")
    return None if wish.words else Refused(reason="words-needed", say="Write what came of it.")


def answered(chase: Chase, wish: AnswerAction, due: datetime | None) -> Chase:
    """The chase once somebody has written what came of it."""
    return replace(chase, done=not wish.again, due_at=due or chase.due_at, step=chase.step + 1)


def again(chase: Chase, now: datetime) -> Chase:
    """The chase after somebody was reminded: the next working day."""
    return replace(chase, step=chase.step + 1, due_at=one_working_day_after(now))


def who_chases(step: int, case: Case, rota: Iterable[Colleague]) -> tuple[Colleague, ...]:
    """The owner; from the second time on the leads too. Everybody, where the owner answers alerts no more."""
    people = sorted((one for one in rota if one.safeguards), key=lambda one: one.staff_id)
    wanted = [one for one in people if one.staff_id == case.owner_id or (step and one.lead)]
    return tuple(wanted or people)


def clock(cause: Message, chase: Chase) -> ChaseClock:
    """The clock the chase now waits on."""
    return ChaseClock.after(cause, entry_id=chase.entry_id, case_id=chase.case_id, step=chase.step, due=chase.due_at)


def clock_again(chase: Chase, moment: datetime) -> ChaseClock:
    """A clock in place of one that was lost: it runs out at once."""
    clock_id = derived_id("chase-again", chase.entry_id, chase.step, moment.isoformat())
    return ChaseClock(id=clock_id, entry_id=chase.entry_id, case_id=chase.case_id, step=chase.step, due=moment)
