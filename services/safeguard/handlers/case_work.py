"""Work on a case: what is written, what was asked of others, and who has it."""

from harbour.contracts.cases import AddEntry, AnswerAction, ChaseClock, EntryKind, HandOverCase
from harbour.contracts.reminders import ReminderWhy
from harbour.runtime.rooms import Says
from services.safeguard import alarms, cases, chasing
from services.safeguard.handlers.doors import CaseBook, Now, ReportBook, RotaBook, router


@router.answers(AddEntry)
async def add_entry(wish: AddEntry, book: CaseBook, reports: ReportBook, rota: RotaBook, now: Now) -> Says:
    """Write something into a case, and set the clock where it is to be chased."""
    case, who = await book.hold(wish.case_id), await rota.find(wish.staff_id)
    one = cases.written(wish, who, now)
    if case and await book.has(one.entry_id):
        return cases.taken(case, one)
    if refused := cases.why_not_add(who, case, wish):
        return refused
    assert case
    if answered_at := cases.answered_at(one):
        await reports.answered(case.member_id, answered_at)
    await book.add(case, one)
    if (chase := chasing.begun(one, case)) is None:
        return cases.taken(case, one)
    await book.put_chase(chase)
    return [cases.taken(case, one), chasing.clock(wish, chase)]


@router.answers(AnswerAction)
async def answer_action(wish: AnswerAction, book: CaseBook, rota: RotaBook, now: Now) -> Says:
    """Write what came of something that was asked of others; ask again after a working day where somebody wants to."""
    case, who = await book.hold(wish.case_id), await rota.find(wish.staff_id)
    one = chasing.answer(wish, who, now)
    if case and await book.has(one.entry_id):
        return cases.taken(case, one)
    chase = await book.chase(wish.entry_id)
    if refused := chasing.why_not_answer(who, case, chase, wish):
        return refused
    assert case
    assert chase
    chase = chasing.answered(chase, wish, one.chase_at)
    await book.change_chase(chase)
    await book.add(case, one)
    stopped = ChaseClock.cancelled(wish, entry_id=chase.entry_id)
    return [cases.taken(case, one), stopped if chase.done else chasing.clock(wish, chase)]


@router.hears(ChaseClock)
async def chase_others(event: ChaseClock, book: CaseBook, rota: RotaBook, now: Now) -> Says:
    """Remind whoever has the case that nothing was heard of something for a working day; set the next clock."""
    case, chase = await book.hold(event.case_id), await book.chase(event.entry_id)
    if case is None or chase is None or chase.done:
        return None
    if chase.step != event.step:
        return chasing.clock(event, chase)
    page = chasing.who_chases(chase.step, case, await rota.everyone())
    chase = chasing.again(chase, now)
    await book.change_chase(chase)
    await book.add(case, cases.entry(event, EntryKind.REMINDED, cases.CLOCK, now, about=chase.entry_id))
    alarms.reminded(case.case_id, len(page))
    return [cases.reminder(event, case, ReminderWhy.CHASE, page), chasing.clock(event, chase)]


@router.answers(HandOverCase)
async def hand_over_case(wish: HandOverCase, book: CaseBook, rota: RotaBook, now: Now) -> Says:
    """Give a case to a colleague, with what they need to know."""
    case, who, to = await book.hold(wish.case_id), await rota.find(wish.staff_id), await rota.find(wish.to)
    one = cases.entry(wish, EntryKind.HANDED_OVER, who, now, about=wish.to)
    if case and await book.has(one.entry_id):
        return cases.taken(case, one)
    if refused := cases.why_not_hand_over(who, case, to, wish):
        return refused
    assert case
    case = cases.handed_over(case, to)
    await book.add(case, one.model_copy(update={"words": wish.words, "whom": to.name}))
    return cases.taken(case, one)
