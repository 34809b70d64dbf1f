"""What a call for help, a quiet report and a removal become on the desk: pure, like the rules."""

from datetime import datetime, timedelta

from harbour.contracts.chat import HelpAsked, MessageReported, PersonRemoved
from harbour.contracts.concerns import Category, Reason, Urgency
from harbour.screening import Finding
from services.safeguard.model import Line

PATIENCE = timedelta(minutes=10)
"""How long a report waits for the words it is about, which another consumer hears."""
CALL = "call"
"""The version under which a call for help stands on the desk, where a screened message has that of its rules."""
PRESSED = "“I need help now” was pressed. There are no words with it."
WORDLESS = "The words of this message are no longer kept here."

_ABOUT = {
    "unkind": (Category.BULLYING_HATE, "Somebody in the room told us quietly that this is unkind."),
    "worried": (Category.SELF_HARM, "Somebody in the room told us quietly that they worry about who wrote this."),
    "unsafe": (Category.METHOD_DETAIL, "Somebody in the room told us quietly that this could hurt somebody."),
    "other": (Category.BULLYING_HATE, "Somebody in the room told us quietly about this message."),
}


def line_of_call(event: HelpAsked) -> Line:
    """The line that stands on the desk for a call: it has no words of theirs."""
    return Line(event.help_id, event.session_id, event.member_id, event.nickname, "member", event.at, PRESSED)


def asked_for_help() -> Finding:
    """What a call comes up as: an adult goes to them within the session, and the desk sees that one did."""
    why = "They pressed “I need help now” in the room."
    reason = Reason(rule="call.help-now", category=Category.SUICIDE_RISK, urgency=Urgency.HIGH, why=why)
    return Finding(urgency=Urgency.HIGH, categories=(), reasons=(reason,), version=CALL)


def origin_of(event: MessageReported) -> str:
    """The id under which the desk knows the reported message, held first or not."""
    return event.held_id or event.message_id


def may_still_come(event: MessageReported, now: datetime) -> bool:
    """Whether the reported words may only be a moment late."""
    return now - event.at < PATIENCE


def line_without_words(event: MessageReported) -> Line:
    """What stands on the desk for a reported message whose words are gone."""
    speaker = "facilitator" if event.by_adult else "member"
    return Line(origin_of(event), event.session_id, event.author_id, event.author, speaker, event.at, WORDLESS)


def reported(event: MessageReported) -> Finding:
    """What a report comes up as. Two people who report one message join the same alert."""
    category, why = _ABOUT[event.about]
    reason = Reason(rule=f"report.{event.about}", category=category, urgency=Urgency.HIGH, why=why)
    return Finding(urgency=Urgency.HIGH, categories=(), reasons=(reason,), version="report")


# ── somebody was asked to step out ────────────────────────────────────────────────────────────────────────────


def line_of_removal(event: PersonRemoved) -> Line:
    """What stands on the desk for somebody who was asked to step out: who asked them to, and the reason in full."""
    text = f"{event.name} asked {event.nickname} to step out for tonight: {event.reason}"
    return Line(event.removal_id, event.session_id, event.member_id, event.nickname, "member", event.at, text)


def stepped_out() -> Finding:
    """What it comes up as: they are by themselves now, so somebody looks within the session."""
    why = "They were asked to step out of the room for tonight. Their page says that somebody will be in touch."
    reason = Reason(rule="room.stepped-out", category=Category.SELF_HARM, urgency=Urgency.HIGH, why=why)
    return Finding(urgency=Urgency.HIGH, categories=(), reasons=(reason,), version="removal")


def let_back() -> Finding:
    """What is added to it when they were let back in; it still waits for somebody."""
    why = "They have been let back into the room since."
    reason = Reason(rule="room.let-back", category=Category.SELF_HARM, urgency=Urgency.LOW, why=why)
    return Finding(urgency=Urgency.LOW, categories=(), reasons=(reason,), version="removal")
