"""The frames about calls for help and quiet reports."""

from typing import Literal, TypeAlias

from pydantic import AwareDatetime, Field

from harbour.contracts.chat import About, HelpAsked, HelpCall, MessageReported, Report
from services.gateway.frames.frame import Frame

# ── server to browser ─────────────────────────────────────────────────────────────────────────────────────────


class Help(Frame):
    """To facilitators and to the one who called: somebody needs help now, or an adult is with them."""

    example = {
        "type": "help", "help_id": "a-1", "person_id": "m-1", "nickname": "Juniper", "badge": "leaf-teal",
        "at": "2026-03-03T19:06:00Z", "answered_by": "",
    }  # fmt: skip
    type: Literal["help"] = "help"
    help_id: str
    person_id: str
    nickname: str = ""
    badge: str = ""
    at: AwareDatetime
    answered_by: str = ""
    """The adult who is with them; empty while nobody is."""


class Reported(Frame):
    """To facilitators alone: somebody quietly told us about a message."""

    example = {
        "type": "reported", "number": 41, "person_id": "m-2", "nickname": "Wren", "author": "Juniper",
        "about": "worried", "at": "2026-03-03T19:06:00Z",
    }  # fmt: skip
    type: Literal["reported"] = "reported"
    number: int
    person_id: str
    nickname: str
    author: str
    about: About
    at: AwareDatetime


class Thanked(Frame):
    """To the one who reported: the adults have been told about this message."""

    example = {"type": "thanked", "number": 41}
    type: Literal["thanked"] = "thanked"
    number: int


SAID: tuple[type[Frame], ...] = (Help, Reported, Thanked)


# ── browser to server ─────────────────────────────────────────────────────────────────────────────────────────


class AskHelp(Frame):
    """I need help now: tell the adults and the desk. Sent again while nobody has come, it is the same call."""

    example = {"type": "ask-help"}
    type: Literal["ask-help"] = "ask-help"


class BeWith(Frame):
    """A facilitator is with somebody who called."""

    example = {"type": "be-with", "help_id": "a-1"}
    type: Literal["be-with"] = "be-with"
    help_id: str = Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")


class ReportThis(Frame):
    """Quietly tell the adults about a message."""

    example = {"type": "report", "number": 41, "about": "worried"}
    type: Literal["report"] = "report"
    number: int = Field(ge=1)
    about: About = "other"


HEARD: tuple[type[Frame], ...] = (AskHelp, BeWith, ReportThis)
Heard: TypeAlias = AskHelp | BeWith | ReportThis


# ── from the contracts ────────────────────────────────────────────────────────────────────────────────────────


def help_asked(event: HelpAsked) -> Help:
    """Somebody has just called."""
    return Help(
        help_id=event.help_id,
        person_id=event.member_id,
        nickname=event.nickname,
        badge=event.badge,
        at=event.at,
    )


def help_call(call: HelpCall) -> Help:
    """A call that stood before this reading."""
    return Help(**call.model_dump(exclude={"id"}))


def reported(event: MessageReported) -> Reported:
    """Somebody has just told us."""
    return Reported(
        number=event.number,
        person_id=event.member_id,
        nickname=event.nickname,
        author=event.author,
        about=event.about,
        at=event.at,
    )


def report(one: Report) -> Reported:
    """A report that stood before this reading."""
    return Reported(**one.model_dump(exclude={"id"}))
