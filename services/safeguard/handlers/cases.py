"""Cases: opened from alerts, found, and read; each reading goes on record."""

from harbour.contracts.cases import (
    CaseDetails,
    CaseList,
    CaseOfAlert,
    CaseOpened,
    EntryKind,
    FindCase,
    ListCases,
    OpenCase,
    ReadCase,
)
from harbour.contracts.messages import Refused
from harbour.runtime.rooms import Says
from services.safeguard import cases, rules
from services.safeguard.handlers.doors import CaseBook, DeskBook, GroupBook, Now, RotaBook, router


@router.answers(OpenCase)
async def open_case(
    wish: OpenCase, book: CaseBook, desk: DeskBook, rota: RotaBook, groups: GroupBook, now: Now
) -> Says:
    """Open a case, or let the alerts join the one that is open."""
    who = await rota.find(wish.staff_id)
    alerts = [one for alert_id in sorted({*wish.alert_ids}) if (one := await desk.hold(alert_id))]
    if refused := cases.why_no_case(who, alerts, len({*wish.alert_ids})):
        return refused
    if (known := await book.of_alert(alerts[0].alert_id)) and len(alerts) == 1:
        return cases.taken(known)
    member, shown = await groups.member(alerts[0].line.member_id), await desk.show(alerts[0].alert_id)
    begun = cases.begun(wish, alerts[0], who, member.badge if member else "", shown.title if shown else "", now)
    is_new = await book.put(begun)
    case = await book.open_of(begun.member_id) or begun
    if is_new:
        await book.add(case, cases.entry(wish, EntryKind.OPENED, who, now))
    for alert in alerts:
        if await book.join(case.case_id, alert.alert_id, now):
            await book.add(case, cases.entry(wish, EntryKind.ALERT, who, now, about=alert.alert_id))
    taken = cases.taken(case)
    return [taken, CaseOpened.after(wish, case_id=case.case_id, member_id=case.member_id)] if is_new else taken


@router.answers(ListCases)
async def list_cases(wish: ListCases, book: CaseBook, rota: RotaBook) -> CaseList | Refused:
    """The cases, those that wait for somebody first."""
    if refused := rules.why_not_read(await rota.find(wish.staff_id)):
        return refused
    found = await book.listed(wish.closed)
    return CaseList(cases=tuple(found) if wish.closed else cases.in_order(found))


@router.answers(FindCase)
async def find_case(wish: FindCase, book: CaseBook, desk: DeskBook, rota: RotaBook) -> CaseOfAlert | Refused:
    """The case an alert belongs to, or the one it could join."""
    if refused := rules.why_not_read(await rota.find(wish.staff_id)):
        return refused
    shown = await desk.show(wish.alert_id)
    if shown is None:
        return rules.NO_SUCH_ALERT
    known = cases.is_about_member(shown.alert)
    joined = await book.of_alert(wish.alert_id)
    case = joined or (await book.now_open(shown.alert.line.member_id) if known else None)
    view = await book.view(case) if case else None
    return CaseOfAlert(case=view, joined=joined is not None, member_known=known)


@router.answers(ReadCase)
async def read_case(wish: ReadCase, book: CaseBook, rota: RotaBook, now: Now) -> CaseDetails | Refused:
    """One case with all that was written; that it was read goes on record."""
    case, who = await book.hold(wish.case_id), await rota.find(wish.staff_id)
    if refused := rules.why_not_read(who):
        return refused
    if case is None:
        return cases.NO_SUCH_CASE
    await book.add(case, cases.entry(wish, EntryKind.READ, who, now))
    return CaseDetails(
        case=await book.view(case),
        alerts=await book.alert_views(case.case_id),
        entries=tuple(await book.entries(case.case_id)),
        needs_two=cases.needs_two(await book.alerts(case.case_id)),
        colleagues=cases.others(await rota.everyone(), case),
    )
