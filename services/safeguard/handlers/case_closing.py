"""Closing a case: with its outcome and the reason, and a second person where an alert of it was high or immediate."""

from harbour.contracts.cases import (
    CaseClosed,
    CaseReopened,
    CaseSignOffClock,
    Chronology,
    CloseCase,
    EntryKind,
    ExportCase,
    ReopenCase,
    SignOffCase,
)
from harbour.contracts.messages import Refused
from harbour.contracts.reminders import ReminderWhy
from harbour.runtime.rooms import Says
from services.safeguard import alarms, cases, chronology, closing
from services.safeguard.handlers.doors import CaseBook, ChronologyBook, Now, RotaBook, TheClocks, router


@router.answers(CloseCase)
async def close_case(wish: CloseCase, book: CaseBook, rota: RotaBook, clocks: TheClocks, now: Now) -> Says:
    """Close it, or ask a second person to."""
    case, who = await book.hold(wish.case_id), await rota.find(wish.staff_id)
    if case and await book.has(cases.closing_entry(wish, who, now).entry_id):
        return cases.taken(case)
    chases = await book.open_chases(wish.case_id)
    if refused := cases.why_not_close(who, case, wish, len(chases)):
        return refused
    assert case
    two = cases.needs_two(await book.alerts(wish.case_id))
    case, one = cases.closed(case, wish, who, now, clocks, two), cases.closing_entry(wish, who, now)
    await book.add(case, one)
    return [cases.taken(case, one), cases.sign_off_clock(wish, case) if two else CaseClosed.after(wish)]


@router.answers(SignOffCase)
async def sign_off_case(wish: SignOffCase, book: CaseBook, rota: RotaBook, now: Now) -> Says:
    """Keep the second person's word: it is closed, or open again."""
    case, who = await book.hold(wish.case_id), await rota.find(wish.staff_id)
    one = cases.sign_off_entry(wish, who, now)
    if case and await book.has(one.entry_id):
        return cases.taken(case, one)
    if refused := cases.why_not_sign_off(who, case, wish):
        return refused
    assert case
    after = cases.after_sign_off(case, wish.agree)
    await book.add(after, one)
    stopped = CaseSignOffClock.cancelled(wish, case_id=case.case_id)
    closed = CaseClosed.after(wish, staff_id=case.closing_by, outcome=case.outcome, signed_by=who.staff_id)
    return [cases.taken(after, one), stopped, *([closed] if wish.agree else [])]


@router.hears(CaseSignOffClock)
async def call_for_case_sign_off(
    event: CaseSignOffClock, book: CaseBook, rota: RotaBook, clocks: TheClocks, now: Now
) -> Says:
    """Tell the leads, and then everybody else, that the closing of a case waits; set the next clock."""
    case = await book.hold(event.case_id)
    if case is None or case.closing_id != event.closing_id or not cases.waits(case):
        return None
    if case.closing_reminders != event.step:
        return cases.sign_off_clock(event, case)
    page = closing.who_to_remind(event.step, case.closing_by, await rota.everyone())
    case = cases.reminded(case, now, clocks)
    await book.add(case, cases.entry(event, EntryKind.REMINDED, cases.CLOCK, now))
    alarms.reminded(case.case_id, len(page))
    return [cases.reminder(event, case, ReminderWhy.CASE_SIGN_OFF, page), cases.sign_off_clock(event, case)]


@router.answers(ReopenCase)
async def reopen_case(wish: ReopenCase, book: CaseBook, rota: RotaBook, now: Now) -> Says:
    """Open a closed case again, with the reason."""
    case, who = await book.hold(wish.case_id), await rota.find(wish.staff_id)
    one = cases.entry(wish, EntryKind.REOPENED, who, now)
    if case and await book.has(one.entry_id):
        return cases.taken(case, one)
    other = await book.open_of(case.member_id) if case else None
    if refused := cases.why_not_reopen(who, case, other, wish):
        return refused
    assert case
    case = cases.opened_again(case)
    await book.add(case, one.model_copy(update={"words": wish.words}))
    return [cases.taken(case, one), CaseReopened.after(wish)]


@router.answers(ExportCase)
async def export_case(
    wish: ExportCase, book: CaseBook, lines: ChronologyBook, rota: RotaBook, now: Now
) -> Chronology | Refused:
    """Everything about a case in the order it happened; that it was taken out, and why, goes on record first."""
    case, who = await book.hold(wish.case_id), await rota.find(wish.staff_id)
    if refused := chronology.why_not_export(who, case, wish):
        return refused
    assert case
    await book.add(case, chronology.exported(wish, who, now))
    alerts = await book.alerts(case.case_id)
    return Chronology(
        case=await book.view(case),
        alerts=await book.alert_views(case.case_id),
        lines=tuple(await lines.of(case.case_id, [one.alert_id for one in alerts])),
        exported_at=now,
        exported_by=who.name,
        reason=wish.reason,
    )
