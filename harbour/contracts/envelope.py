"""The sealed envelope: how staff come to a young person's contact details, and how that person learns of it.

safeguard decides who may look, and for how long; enrolment keeps the contact and opens it for them alone.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from harbour.contracts.enrolment import Part
from harbour.contracts.messages import Answer, Command, Event, Key, Query, Timer

Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]


class EnvelopeWhy(StrEnum):
    """Why somebody's contact details are needed, in words that they can read themselves."""

    NOT_SAFE = "not-safe"
    """They may not be safe now."""
    EMERGENCY = "emergency"
    """Somebody has to reach them in person, such as an ambulance."""
    NOT_REACHED = "not-reached"
    """They could not be reached in any other way."""
    OTHERS = "others"
    """Somebody else may not be safe."""


class EnvelopeState(StrEnum):
    """Where a request stands."""

    WAITING = "waiting"
    OPEN = "open"
    DECLINED = "declined"
    LAPSED = "lapsed"
    CLOSED = "closed"


class Countersign(StrEnum):
    """Where the lead's word stands on an envelope that one officer opened alone."""

    NOT_NEEDED = "not-needed"
    DUE = "due"
    AGREED = "agreed"
    DISAGREED = "disagreed"
    BREACHED = "breached"


# ── what safeguard says ───────────────────────────────────────────────────────────────────────────────────────


class EnvelopeAsked(Event, fact="safeguard.envelope-asked", key=("grant_id",)):
    """Somebody asks a colleague to agree that contact details may be looked at."""

    grant_id: Key
    alert_id: Key
    staff_id: Key


class EnvelopeGranted(Event, fact="safeguard.envelope-granted", key=("member_id", "grant_id")):
    """These members of staff may look at this young person's contact details until then."""

    member_id: Key
    grant_id: Key
    staff: tuple[Key, ...]
    until: AwareDatetime
    alone: bool = False
    """Whether one officer opened it, because life may be at risk."""


class EnvelopeClosed(Event, fact="safeguard.envelope-closed", key=("member_id", "grant_id")):
    """Nobody may look any more."""

    member_id: Key
    grant_id: Key


class EnvelopeCountersigned(Event, fact="safeguard.envelope-countersigned", key=("grant_id",)):
    """A lead has said whether it was right that one officer opened it alone."""

    grant_id: Key
    staff_id: Key
    agreed: bool


class EnvelopeBreached(Event, fact="safeguard.envelope-breached", key=("grant_id",)):
    """One officer opened it alone and nobody countersigned in time; everybody who answers alerts is told."""

    grant_id: Key
    alert_id: Key
    page: tuple[Key, ...]


class EnvelopeExpires(Timer, fact="safeguard.envelope-expires", key=("grant_id",)):
    """The time is up: of an open envelope, or of a request that nobody agreed to."""

    grant_id: Key
    alert_id: Key


class CountersignClock(Timer, fact="safeguard.countersign-clock", key=("grant_id",)):
    """The time to countersign is up, unless a lead has."""

    grant_id: Key
    alert_id: Key


# ── what enrolment says ───────────────────────────────────────────────────────────────────────────────────────


class EnvelopeLooked(Event, fact="enrolment.envelope-looked", key=("member_id", "grant_id")):
    """Somebody has looked at the contact details. It never carries them."""

    member_id: Key
    grant_id: Key
    staff_id: Key


# ── what safeguard answers ────────────────────────────────────────────────────────────────────────────────────


class EnvelopeView(Part):
    """A request for contact details and what became of it; never the details."""

    grant_id: Key
    alert_id: Key
    nickname: str
    why: EnvelopeWhy
    reason: str = Field(repr=False)
    state: EnvelopeState
    alone: bool
    asked_by: Key
    asked_name: str
    asked_at: AwareDatetime
    second_by: str = ""
    second_name: str = ""
    until: AwareDatetime
    """Until when it is open, or can be agreed to; the past where that is over."""
    countersign: Countersign = Countersign.NOT_NEEDED
    countersign_due: AwareDatetime | None = None
    countersigned_name: str = ""
    looks: int = 0
    told: bool = False
    """Whether the young person's own page shows it by now."""
    tell_at: AwareDatetime | None = None
    """When their page shows it, if their alert is not closed sooner."""
    held_back_until: AwareDatetime | None = None
    held_back_name: str = ""


class EnvelopeStands(Answer):
    """How the request stands now."""

    grant_id: Key
    state: EnvelopeState
    until: AwareDatetime


class RequestEnvelope(Command[EnvelopeStands], ask="safeguard.request-envelope"):
    """Ask a colleague to agree that contact details may be looked at; `alone`: open them at once, on an immediate
    alert, and have a lead countersign.

    Refused with `not-allowed`, `no-such-alert`, `no-member` (it is about no young person), `reason-needed`,
    `not-immediate`, `asked-already` (say names who), `open-already` (for them, so that two presses open it once).
    """

    alert_id: Key
    staff_id: Key
    why: EnvelopeWhy
    reason: Words = Field(repr=False)
    alone: bool = False


class AgreeEnvelope(Command[EnvelopeStands], ask="safeguard.agree-envelope"):
    """The second person's word: agree, or decline with a reason.

    Refused with `not-allowed`, `no-such-envelope`, `same-person`, `not-waiting`, `reason-needed`.
    """

    grant_id: Key
    staff_id: Key
    agree: bool
    reason: Words = Field(default="", repr=False)


class CountersignEnvelope(Command[EnvelopeStands], ask="safeguard.countersign-envelope"):
    """A lead's word on an envelope that one officer opened alone; it always says why.

    Refused with `not-allowed`, `no-such-envelope`, `same-person`, `not-due`, `reason-needed`.
    """

    grant_id: Key
    staff_id: Key
    agree: bool
    reason: Words = Field(repr=False)


class HoldBackEnvelope(Command[EnvelopeStands], ask="safeguard.hold-back-envelope"):
    """A lead has the young person's page say nothing of it until then, with a reason.

    Refused with `not-allowed`, `no-such-envelope`, `reason-needed`, `too-long` (at most 28 days from now), `past`.
    """

    grant_id: Key
    staff_id: Key
    until: AwareDatetime
    reason: Words = Field(repr=False)


class Envelopes(Answer):
    """Requests, what waits for somebody first, then the newest."""

    envelopes: tuple[EnvelopeView, ...]


class ReadEnvelopes(Query[Envelopes], ask="safeguard.read-envelopes"):
    """What was asked for, of one alert or of late? Refused with `not-allowed`."""

    staff_id: Key
    alert_id: str = ""


class OwnLook(Part):
    """What a young person reads of an envelope of theirs."""

    at: AwareDatetime
    why: EnvelopeWhy
    by: Literal["one", "two"]
    looked: bool
    """Whether anybody looked in the end."""


class OwnRecord(Answer):
    """What a young person reads of what was done about them, newest first."""

    looks: tuple[OwnLook, ...]


class ReadOwnRecord(Query[OwnRecord], ask="safeguard.read-own-record"):
    """What may this young person know by now of who looked at their contact details?"""

    member_id: Key


# ── what enrolment answers ────────────────────────────────────────────────────────────────────────────────────


class EnvelopeContents(Answer):
    """What a young person gave to be reached by."""

    email: str = Field(repr=False)
    phone: str = Field(repr=False)
    until: AwareDatetime


class OpenEnvelope(Command[EnvelopeContents], ask="enrolment.open-envelope"):
    """Look at the contact details, while it is open and by whom it was granted to; each look is on record.

    Refused with `not-yours`, `closed`, `nothing-kept`. `not-yours` where the grant has not been heard of yet as well.
    """

    grant_id: Key
    staff_id: Key
