"""What notify says and answers: words to people outside the page, always neutral."""

from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from harbour.contracts.enrolment import Part
from harbour.contracts.messages import Answer, Command, Event, Key, Query


class Channel(StrEnum):
    """How somebody is reached."""

    EMAIL = "email"
    SMS = "sms"


class NoticeKind(StrEnum):
    """What a notice is for."""

    SIGN_IN_CODE = "sign_in_code"
    SEAT_CONFIRMED = "seat_confirmed"
    WAITLISTED = "waitlisted"
    ALERT_PAGE = "alert_page"
    DOORS_PAGE = "doors_page"
    SIGN_OFF_PAGE = "sign_off_page"
    CASE_PAGE = "case_page"
    DEBRIEF_PAGE = "debrief_page"
    CARE_PAGE = "care_page"


# ── what it says ──────────────────────────────────────────────────────────────────────────────────────────────


class NoticeQueued(Event, fact="notify.notice-queued", key=("notice_id",)):
    """Something is to be said to somebody; the words and the address stay with notify."""

    notice_id: Key
    kind: NoticeKind


class NoticeSent(Event, fact="notify.notice-sent", key=("notice_id",)):
    """It has left the house."""

    notice_id: Key
    kind: NoticeKind
    channel: Channel


# ── what it answers ───────────────────────────────────────────────────────────────────────────────────────────


class NoticeTaken(Answer):
    """It will be sent."""

    notice_id: Key


class SendCode(Command[NoticeTaken], ask="notify.send-code"):
    """Send a sign-in code to a young person. Refused with `unreachable`."""

    member_id: Key
    code: Annotated[str, StringConstraints(pattern=r"^\d{6}$")] = Field(repr=False)
    minutes: int
    """How long the code counts."""


class MailboxItem(Part):
    """A mail or a text in the local mailbox."""

    item_id: Key
    at: AwareDatetime
    channel: Channel
    to: str = Field(repr=False)
    sender: str
    subject: str
    text: str = Field(repr=False)


class Mailbox(Answer):
    """What was sent on this machine, newest first."""

    items: tuple[MailboxItem, ...]


class ReadMailbox(Query[Mailbox], ask="notify.read-mailbox"):
    """What is in the local mailbox? Refused with `no-mailbox` where real channels are set up."""


class Channels(Answer):
    """The ways a person can be reached here."""

    channels: tuple[Channel, ...]


class ListChannels(Query[Channels], ask="notify.list-channels"):
    """By which ways can we reach somebody?"""
