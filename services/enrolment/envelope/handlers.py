"""What happens when an envelope is granted, looked into, and closed."""

from datetime import timedelta
from typing import Annotated

from harbour.contracts.envelope import (
    EnvelopeClosed,
    EnvelopeContents,
    EnvelopeGranted,
    EnvelopeLooked,
    OpenEnvelope,
)
from harbour.contracts.messages import Refused
from harbour.runtime.context import Context
from harbour.runtime.database import book
from harbour.runtime.rooms import Says
from services.enrolment.doorway import Now, router
from services.enrolment.envelope import rules
from services.enrolment.envelope.store import Grants
from services.enrolment.keyring import Keyring
from services.enrolment.store import Vault

GrantBook = Annotated[Grants, book(Grants)]
VaultBook = Annotated[Vault, book(Vault)]
Keys = Annotated[Keyring, Context("keyring")]
KEPT_AFTER = timedelta(days=1)
"""How long a grant that is over is known as closed, before it is known no more."""


@router.hears(EnvelopeGranted)
async def keep_grant(event: EnvelopeGranted, grants: GrantBook, now: Now) -> None:
    """Keep who may look, and until when."""
    await grants.forget(now - KEPT_AFTER)
    await grants.keep(rules.grant_of(event))


@router.hears(EnvelopeClosed)
async def close_grant(event: EnvelopeClosed, grants: GrantBook) -> None:
    """Let nobody look any more; its time was up by itself already."""
    await grants.close(event.grant_id, event.member_id, event.at)


@router.answers(OpenEnvelope)
async def open_envelope(wish: OpenEnvelope, grants: GrantBook, vault: VaultBook, keyring: Keys, now: Now) -> Says:
    """Show the contact details to whom it was granted while it lasts, and say that they looked."""
    grant = await grants.find(wish.grant_id)
    if refused := rules.why_not_open(grant, wish.staff_id, now):
        return refused
    assert grant
    if (locked := await vault.read(grant.member_id)) is None:
        return Refused(reason="nothing-kept")
    address = keyring.unlock(locked, grant.member_id)
    looked = EnvelopeLooked.after(wish, member_id=grant.member_id, at=now)
    return [EnvelopeContents(email=address.email, phone=address.phone, until=grant.until), looked]
