"""Context: what is said, or not said, around a message makes an adult look sooner, and never later."""

from datetime import datetime

from harbour.contracts.chat import (
    MemberLeft,
    SessionCancelled,
    SessionClosing,
    SessionEnded,
    SessionPaused,
    SessionResumed,
    SessionStarted,
)
from harbour.contracts.messages import Event
from harbour.contracts.safeguard import SilenceDue
from harbour.runtime.rooms import Says
from harbour.screening import Finding
from services.safeguard import answers, context, judging, rules
from services.safeguard.handlers.bringing import bring_up
from services.safeguard.handlers.doors import DeskBook, HeardBook, Now, RoomBook, TheClocks, router
from services.safeguard.model import Clocks, Line
from services.safeguard.store import Desk, Heard

Stands = SessionStarted | SessionPaused | SessionResumed | SessionClosing | SessionEnded | SessionCancelled


async def as_answer(line: Line, found: list[tuple[Line, Finding]], heard: Heard) -> list[tuple[Line, Finding]]:
    """What was found, with what its question adds; the room is looked at only for what may be an answer."""
    if not rules.is_judged(line) or not answers.may_answer(line):
        return found
    inherited = answers.inherited(line, await heard.before(line, answers.THREAD), judging.judge_statement)
    return context.joined_by(line, inherited, found)


async def with_earlier(desk: Desk, line: Line, finding: Finding) -> Finding:
    """The finding, with what its author's earlier alerts of tonight add."""
    since = line.at - context.WHILE
    earlier = await desk.of_author(line.session_id, line.member_id, since, line.at, context.LOOKED_AT)
    return context.repeated(finding, earlier)


async def taken_back(line: Line, desk: Desk) -> list[tuple[Line, Finding]]:
    """The message that this one takes back, where there is an alert on it, and what that adds to it."""
    if not rules.is_judged(line) or not context.takes_back(line.text):
        return []
    latest = await desk.of_author(line.session_id, line.member_id, line.at - context.SOON, line.at, 1)
    return [(alert.line, finding) for alert in latest if (finding := context.taken_back(alert))]


async def wait_for_word(
    cause: Event, line: Line, found: list[tuple[Line, Finding]], desk: Desk, clocks: Clocks, now: datetime
) -> list[Event]:
    """The clock to set after a goodbye of somebody who gave reason to worry tonight."""
    finding = {one.message_id: finding for one, finding in found}.get(line.message_id)
    if not rules.is_judged(line) or not context.is_farewell(line, finding):
        return []
    worried = finding or await desk.of_author(line.session_id, line.member_id, line.at - context.WHILE, line.at, 1)
    return [context.silence_after(cause, line, now + clocks.silence)] if worried else []


@router.hears(SessionStarted, SessionPaused, SessionResumed, SessionClosing, SessionEnded, SessionCancelled)
async def follow_evening(event: Stands, rooms: RoomBook) -> None:
    """Keep whether people speak in a room just now."""
    await rooms.stand(event.session_id, context.state_after(event), event.at)


@router.hears(SilenceDue)
async def raise_for_silence(
    event: SilenceDue, heard: HeardBook, desk: DeskBook, rooms: RoomBook, clocks: TheClocks, now: Now
) -> Says:
    """Look sooner at a goodbye after which its author said nothing, while the room went on."""
    line, state = await heard.find(event.message_id), await rooms.state(event.session_id)
    if line is None or await heard.after(line, 1, own=True):
        return None
    if not context.is_open(state):
        return context.silence_after(event, line, now + clocks.silence) if context.may_go_on(state) else None
    alert = await desk.hold(rules.alert_id_for(line.message_id))
    return await bring_up(event, line, context.gone_quiet(alert), desk, clocks, now)


@router.hears(MemberLeft)
async def raise_for_leaving(event: MemberLeft, desk: DeskBook, clocks: TheClocks, now: Now) -> Says:
    """Look sooner at what somebody said shortly before they left the room."""
    since = event.last_at - context.SHORTLY
    theirs = await desk.of_author(event.session_id, event.member_id, since, event.last_at, context.LOOKED_AT)
    left = context.left_after(event, theirs)
    if left is None or (alert := await desk.hold(left[0].alert_id)) is None:
        return None
    return await bring_up(event, alert.line, left[1], desk, clocks, now)
