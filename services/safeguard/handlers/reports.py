"""How the desk did: when young people were first answered, and the report for leads and supervisors."""

from harbour.contracts.chat import PrivateWordSent
from harbour.contracts.messages import Refused
from harbour.contracts.reports import DeskReport, ReadReport
from services.safeguard import reports
from services.safeguard.handlers.doors import ReportBook, RotaBook, router


@router.hears(PrivateWordSent)
async def note_answer(event: PrivateWordSent, book: ReportBook) -> None:
    """Keep when an adult first answered a young person after an alert."""
    if event.by_adult:
        await book.answered(event.member_id, event.at)


@router.answers(ReadReport)
async def read_report(wish: ReadReport, book: ReportBook, rota: RotaBook) -> DeskReport | Refused:
    """Counts and times of the alerts of a while."""
    if refused := reports.why_not_report(await rota.find(wish.staff_id), wish):
        return refused
    alerts, cut = await book.alerts(wish.begins, wish.ends)
    return reports.report(wish, alerts, await book.deeds(wish.begins, wish.ends), cut)
