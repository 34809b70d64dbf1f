"""Aftercare: a message was taken back, and whoever had it on their screen is asked after."""

from harbour.contracts.chat import ExposureFound, MessageWithdrawn
from harbour.contracts.enrolment import CourseScheduled, Enrolled
from harbour.runtime.delivery import NotYet
from harbour.runtime.rooms import Says
from services.safeguard import aftercare, following
from services.safeguard.handlers.doors import FollowUpBook, GroupBook, HeardBook, Now, router


@router.hears(Enrolled)
async def know_member(event: Enrolled, groups: GroupBook) -> None:
    """Keep what somebody is called in their group."""
    await groups.know_member(aftercare.member_of(event), event.at)


@router.hears(CourseScheduled)
async def know_evenings(event: CourseScheduled, groups: GroupBook) -> None:
    """Keep when the evenings of a group are."""
    await groups.know_evenings(aftercare.evenings_of(event), event.at)


@router.hears(MessageWithdrawn, ExposureFound)
async def look_after_shown(
    event: aftercare.Shown, heard: HeardBook, groups: GroupBook, follow_ups: FollowUpBook, now: Now
) -> Says:
    """Open a task for everybody who had a withdrawn message on their screen, once for each person and message."""
    line = await heard.find(event.message_id)
    shown = aftercare.shown_to(event, author=line.member_id if line else "")
    evening = await groups.evening(event.session_id)
    known = await groups.in_group(evening.course_id) if evening else {}
    if not known.keys() >= set(shown) and aftercare.may_still_come(event, now):
        raise NotYet("who is in this group was not heard yet")
    wanted = [aftercare.check_in(event, one, evening, known, now) for one in shown]
    return [following.opened(event, one) for one in wanted if await follow_ups.open(one)]
