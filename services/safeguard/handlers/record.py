"""The record: anchored on the bus when a day begins, and looked at whenever somebody of staff wants to."""

from harbour.contracts.messages import Refused
from harbour.contracts.record import (
    AnchorDue,
    ReadRecord,
    RecordAnchored,
    RecordStands,
    VerificationAsked,
    VerifyRecord,
)
from harbour.runtime.rooms import Says
from services.safeguard import alarms, anchoring, record
from services.safeguard.handlers.doors import (
    Base,
    ChainBook,
    Now,
    RecordPages,
    RotaBook,
    TheAnchors,
    VerificationBook,
    router,
)


@router.hears(AnchorDue)
async def anchor_record(event: AnchorDue, chain: ChainBook) -> Says:
    """Say how long the record is and which hash it ends with, once a day, where no database is."""
    head = await chain.head()
    return RecordAnchored.after(event, number=head.number, hash=head.hash)


@router.answers(ReadRecord)
async def read_record(
    wish: ReadRecord, pages: RecordPages, looks: VerificationBook, rota: RotaBook, anchors: TheAnchors
) -> RecordStands | Refused:
    """How the record stands, for everybody of staff."""
    if refused := anchoring.why_not_verify(await rota.find(wish.staff_id)):
        return refused
    head, _ = await pages.ends()
    return anchoring.stands(head, await anchors.last(), await looks.last())


@router.answers(VerifyRecord)
async def ask_to_verify(
    wish: VerifyRecord, pages: RecordPages, looks: VerificationBook, rota: RotaBook, anchors: TheAnchors, now: Now
) -> Says:
    """Have it looked at, unless somebody is at it already."""
    who = await rota.find(wish.staff_id)
    if refused := anchoring.why_not_verify(who):
        return refused
    (head, _), last = await pages.ends(), await looks.last()
    if anchoring.is_at_it(last, now):
        return anchoring.stands(head, await anchors.last(), last)
    asked = anchoring.asked(wish)
    await looks.put(asked.verification_id, who.staff_id, who.name, now)
    return [anchoring.stands(head, await anchors.last(), await looks.last()), asked]


@router.hears(VerificationAsked, transaction=False)
async def verify_record(event: VerificationAsked, db: Base, anchors: TheAnchors, now: Now) -> None:
    """Look at the whole record, a batch at a time; a copy that dies leaves it to the next."""
    check = await record.verify_on_record(db, anchors, event.verification_id, now)
    alarms.record_verified(len(check.faults) + check.unnamed)
