"""What a notice says: neutral words that give nothing away on a screen somebody else may see.

Plain ASCII throughout, so that a text message stays one message. Templates are data; `compose` fills them in.
"""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from harbour.contracts.notify import NoticeKind
from services.notify.rules import Notice, minutes_left

LONDON = ZoneInfo("Europe/London")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True)
class Words:
    """A subject and a text; the text is never shown in logs or errors."""

    subject: str
    text: str = field(repr=False)


TEMPLATES: dict[str, tuple[str, str]] = {
    "sign_in_code": (
        "Your code",
        "Your Harbour code is {code}. It works for {minutes}. If you did not ask for it, you can leave this.",
    ),
    "seat_confirmed": ("Harbour", "You have a place. Your first evening is {evening}."),
    "seat_confirmed_undated": ("Harbour", "You have a place. Sign in to Harbour to see your first evening."),
    "waitlisted": (
        "Harbour",
        "You are on the waiting list. If a place comes free, we will let you know here. "
        "There is nothing you need to do.",
    ),
    "alert_page": (
        "Harbour",
        "Harbour: something on the queue needs a person now. Waiting since {since}. Say that you have it: {link}",
    ),
    "debrief_page": ("Harbour", "Harbour: a colleague would like to talk after tonight. Sign in: {link}"),
    "desk_page": ("Harbour", "Harbour: something on the desk waits for you. Sign in: {link}"),
    "doors_page": (
        "Harbour",
        "Harbour: this evening's doors cannot open yet. Sign in to see what is missing: {link}",
    ),
}
"""Subject and text of each notice; a text message has no subject."""


def compose(
    notice: Notice,
    now: datetime,
    *,
    code: str = "",
    evening: datetime | None = None,
    since: datetime | None = None,
    public_url: str = "",
    token: str = "",
) -> Words:
    """The words of this notice, as they are true at `now`."""
    match notice.kind:
        case NoticeKind.SIGN_IN_CODE:
            return _fill("sign_in_code", code=code, minutes=_minutes(minutes_left(notice.expires_at or now, now)))
        case NoticeKind.SEAT_CONFIRMED if evening is not None:
            return _fill("seat_confirmed", evening=evening_words(evening))
        case NoticeKind.SEAT_CONFIRMED:
            return _fill("seat_confirmed_undated")
        case NoticeKind.WAITLISTED:
            return _fill("waitlisted")
        case NoticeKind.ALERT_PAGE:
            link = f"{public_url.rstrip('/')}/got/{token}"
            return _fill("alert_page", since=since_words(since or notice.queued_at, now), link=link)
        case NoticeKind.SIGN_OFF_PAGE:
            return _fill("desk_page", link=f"{public_url.rstrip('/')}/queue/{notice.about}")
        case NoticeKind.CASE_PAGE:
            return _fill("desk_page", link=f"{public_url.rstrip('/')}/cases/{notice.about}")
        case NoticeKind.CARE_PAGE:
            return _fill("desk_page", link=f"{public_url.rstrip('/')}/staff")
        case NoticeKind.DEBRIEF_PAGE:
            return _fill("debrief_page", link=f"{public_url.rstrip('/')}/debriefs")
        case NoticeKind.DOORS_PAGE:
            return _fill("doors_page", link=f"{public_url.rstrip('/')}/console/{notice.about}")


def evening_words(starts_at: datetime) -> str:
    """A time as a person says it, in London: `Tuesday 1 December at 7 pm`."""
    local = starts_at.astimezone(LONDON)
    clock = str(local.hour % 12 or 12) + (f":{local.minute:02}" if local.minute else "")
    half = "am" if local.hour < 12 else "pm"
    return f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]} at {clock} {half}"


def since_words(since: datetime, now: datetime) -> str:
    """A moment on the clock in London, with its day where that is not today: `19:42`, `19:42 on Monday`."""
    local = since.astimezone(LONDON)
    clock = f"{local.hour:02}:{local.minute:02}"
    return clock if local.date() == now.astimezone(LONDON).date() else f"{clock} on {_DAYS[local.weekday()]}"


def _minutes(count: int) -> str:
    return "1 minute" if count == 1 else f"{count} minutes"


def _fill(name: str, **blanks: str) -> Words:
    subject, text = TEMPLATES[name]
    return Words(subject, text.format(**blanks))
