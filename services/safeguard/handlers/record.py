"""The record: anchored on the bus when a day begins."""

from harbour.contracts.record import AnchorDue, RecordAnchored
from harbour.runtime.rooms import Says
from services.safeguard.handlers.doors import ChainBook, router


@router.hears(AnchorDue)
async def anchor_record(event: AnchorDue, chain: ChainBook) -> Says:
    """Say how long the record is and which hash it ends with, once a day, where no database is."""
    head = await chain.head()
    return RecordAnchored.after(event, number=head.number, hash=head.hash)
