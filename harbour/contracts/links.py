"""What notify answers about the links it sends to staff: one purpose, one person, one use, for a while."""

from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from harbour.contracts.messages import Answer, Command, Key, Query

LinkToken = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{22}$")]
"""What stands at the end of a link: 128 bits that only notify can make."""


class LinkStands(Answer):
    """Whose link it is, and about which alert."""

    staff_id: Key
    alert_id: Key
    expires_at: AwareDatetime


class ReadLink(Query[LinkStands], ask="notify.read-link"):
    """Whose link is this? Refused with `no-such-link`, `expired`, `used`."""

    token: LinkToken = Field(repr=False)


class SpendLink(Command[LinkStands], ask="notify.spend-link"):
    """Let a link not work again. Refused as `ReadLink` is; asking twice with the same id spends it once."""

    token: LinkToken = Field(repr=False)
