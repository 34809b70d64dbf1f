"""What happens when somebody is to be told something outside the page."""

from datetime import datetime, timedelta
from typing import Annotated

from harbour.contracts.chat import DoorsKeptShut
from harbour.contracts.enrolment import ContactGiven, CourseScheduled, Enrolled, StaffAdded, Waitlisted
from harbour.contracts.links import LinkStands, ReadLink, SpendLink
from harbour.contracts.messages import Refused
from harbour.contracts.notify import (
    Channels,
    ListChannels,
    NoticeQueued,
    NoticeSent,
    NoticeTaken,
    ReadMailbox,
    SendCode,
)
from harbour.contracts.notify import Mailbox as MailboxItems
from harbour.contracts.reminders import StaffReminded
from harbour.contracts.safeguard import AlertOverdue, AlertRaised
from harbour.runtime.context import Context
from harbour.runtime.database import Database, book
from harbour.runtime.rooms import Router, Says, present
from harbour.runtime.sealing import Seal
from services.notify import links, rules
from services.notify.channels import MAILBOX_LIMIT, Post
from services.notify.links import Links
from services.notify.postman import Postman, opened
from services.notify.store import Addresses, Alerts, Calendar, Outgoing

router = Router("notify")

AddressBook = Annotated[Addresses, book(Addresses)]
CalendarBook = Annotated[Calendar, book(Calendar)]
AlertBook = Annotated[Alerts, book(Alerts)]
OutgoingBook = Annotated[Outgoing, book(Outgoing)]
ThePost = Annotated[Post, Context("post")]
TheSeal = Annotated[Seal, Context("seal")]
LinkBook = Annotated[Links, book(Links)]
TheLinkTime = Annotated[timedelta, Context("link_time")]
Now = Annotated[datetime, present()]


# ── what the words need to know ───────────────────────────────────────────────────────────────────────────────


@router.hears(ContactGiven)
async def keep_member_address(event: ContactGiven, addresses: AddressBook) -> None:
    """Keep how to reach a young person, sealed as it came."""
    await addresses.keep(event.member_id, "member", event.sealed, event.at)


@router.hears(StaffAdded)
async def keep_staff_address(event: StaffAdded, addresses: AddressBook) -> None:
    """Keep where to page a member of staff, sealed as it came."""
    await addresses.keep(event.staff_id, "staff", event.sealed, event.at)


@router.hears(CourseScheduled)
async def keep_evenings(event: CourseScheduled, calendar: CalendarBook) -> None:
    """Keep when a course meets, so that a confirmation can name the first evening."""
    await calendar.keep(event.course_id, rules.evenings_of(event), event.at)


@router.hears(AlertRaised)
async def keep_since_when(event: AlertRaised, alerts: AlertBook) -> None:
    """Keep since when an alert waits, so that a page can say it."""
    await alerts.keep(event.alert_id, event.at)


# ── what is to be said ────────────────────────────────────────────────────────────────────────────────────────


@router.hears(Enrolled)
async def confirm_seat(event: Enrolled, outgoing: OutgoingBook, now: Now) -> NoticeQueued:
    """Tell a young person that they have a place."""
    notice = rules.seat_notice(event, now)
    await outgoing.add(notice)
    return NoticeQueued.after(event, notice_id=notice.notice_id, kind=notice.kind)


@router.hears(Waitlisted)
async def confirm_waiting(event: Waitlisted, outgoing: OutgoingBook, now: Now) -> NoticeQueued:
    """Tell a young person that they are on the waiting list."""
    notice = rules.waitlist_notice(event, now)
    await outgoing.add(notice)
    return NoticeQueued.after(event, notice_id=notice.notice_id, kind=notice.kind)


@router.hears(AlertOverdue)
async def page_staff(
    event: AlertOverdue, outgoing: OutgoingBook, known: LinkBook, seal: TheSeal, terms: TheLinkTime, now: Now
) -> Says:
    """Page everybody this step of an unclaimed alert names, each with a link of their own to say that they have it."""
    pages = rules.page_notices(event, now)
    await outgoing.add(*pages)
    await known.forget(now - links.KEPT_FOR)
    for page in pages:
        await known.keep(page, links.token_of(seal, page.notice_id), now + terms)
    return [NoticeQueued.after(event, notice_id=page.notice_id, kind=page.kind) for page in pages]


@router.hears(StaffReminded)
async def remind_staff(event: StaffReminded, outgoing: OutgoingBook, now: Now) -> Says:
    """Tell everybody for whom something on the desk waits."""
    pages = rules.desk_notices(event, now)
    await outgoing.add(*pages)
    return [NoticeQueued.after(event, notice_id=page.notice_id, kind=page.kind) for page in pages]


@router.hears(DoorsKeptShut)
async def page_for_doors(event: DoorsKeptShut, outgoing: OutgoingBook, now: Now) -> Says:
    """Page everybody who can help the doors to open."""
    pages = rules.doors_notices(event, now)
    await outgoing.add(*pages)
    return [NoticeQueued.after(event, notice_id=page.notice_id, kind=page.kind) for page in pages]


@router.answers(SendCode)
async def send_code(
    wish: SendCode, outgoing: OutgoingBook, addresses: AddressBook, post: ThePost, seal: TheSeal, now: Now
) -> Says:
    """Take a sign-in code for sending, sealed; refuse where this person cannot be reached from here."""
    await outgoing.blank_expired(now)
    address = await addresses.find(wish.member_id)
    contact = opened(seal, address, wish.member_id) if address is not None else rules.UNKNOWN_YET
    if rules.is_unreachable(contact, post.channels):
        return Refused(reason="unreachable")
    notice = rules.code_notice(wish, seal.close(wish.code, about=rules.code_notice_id(wish)), now)
    await outgoing.add(notice)
    queued = NoticeQueued.after(wish, notice_id=notice.notice_id, kind=notice.kind)
    return [NoticeTaken(notice_id=notice.notice_id), queued]


# ── saying it ─────────────────────────────────────────────────────────────────────────────────────────────────


@router.hears(NoticeQueued, at_once=4, transaction=False)
async def deliver_notice(
    event: NoticeQueued, db: Annotated[Database, Context("database")], post: ThePost, seal: TheSeal, now: Now
) -> NoticeSent | None:
    """Send what is queued, unless it was sent or has run out."""
    sent = await Postman(db, post, seal).deliver(event.notice_id, now)
    return None if sent is None else NoticeSent.after(event, channel=sent.channel)


# ── what the settings allow ───────────────────────────────────────────────────────────────────────────────────


@router.answers(ListChannels, transaction=False)
async def list_channels(wish: ListChannels, post: ThePost) -> Channels:
    """Say by which ways somebody can be reached with the present settings."""
    return Channels(channels=post.channels)


@router.answers(ReadMailbox, transaction=False)
async def read_mailbox(wish: ReadMailbox, post: ThePost) -> MailboxItems | Refused:
    """Show what was sent on this machine, where it has a mailbox."""
    if post.mailbox is None:
        return Refused(reason="no-mailbox")
    return MailboxItems(items=await post.mailbox.read(MAILBOX_LIMIT))


# ── the link in a page ────────────────────────────────────────────────────────────────────────────────────────


@router.answers(ReadLink)
async def read_link(wish: ReadLink, known: LinkBook, now: Now) -> LinkStands | Refused:
    """Say whose link this is, where it still works."""
    link = await known.find(wish.token)
    return links.why_not_use(link, now) or links.stands(link)


@router.answers(SpendLink)
async def spend_link(wish: SpendLink, known: LinkBook, now: Now) -> LinkStands | Refused:
    """Let it not work again."""
    link = await known.hold(wish.token)
    if refused := links.why_not_use(link, now, wish.id):
        return refused
    await known.spend(wish.token, now, wish.id)
    return links.stands(link)
