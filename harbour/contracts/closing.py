"""How an alert is closed: with an outcome and a reason, and by two people where it was high or immediate."""

from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from harbour.contracts.enrolment import Part
from harbour.contracts.messages import Answer, Command, Event, Key, Timer


class Outcome(StrEnum):
    """What became of an alert, for the record and for figures about rules; it says nothing about a person."""

    DONE = "done"
    """Somebody has looked after it."""
    IN_CASE = "in-case"
    """It goes on in a case."""
    PASSED_ON = "passed-on"
    """Others look after it now, e.g. a parent, a GP or social care."""
    NOT_REACHED = "not-reached"
    """Nobody could be reached, and what could be done was done."""
    FALSE_ALARM = "false-alarm"
    """There was nothing for an adult to see."""


class ClosingView(Part):
    """A closing that waits for a second person."""

    outcome: Outcome
    staff_id: Key
    """Who asked to close it."""
    name: str
    since: AwareDatetime


# ── what safeguard says ───────────────────────────────────────────────────────────────────────────────────────


class ClosingAsked(Event, fact="safeguard.closing-asked", key=("alert_id",)):
    """Somebody asks to close a high or immediate alert, and a second person is to sign it off."""

    alert_id: Key
    staff_id: Key
    outcome: Outcome


class ClosingHandedBack(Event, fact="safeguard.closing-handed-back", key=("alert_id",)):
    """It was not signed off: it is in hand again, and the note on record says why."""

    alert_id: Key
    staff_id: Key


class SignOffClock(Timer, fact="safeguard.sign-off-clock", key=("alert_id",)):
    """A closing has waited long enough for its second person, unless somebody has signed it off."""

    alert_id: Key
    closing_id: str
    step: int


# ── what it answers ───────────────────────────────────────────────────────────────────────────────────────────


class SignedOff(Answer):
    """The second person's word is on record."""

    alert_id: Key
    agreed: bool


class SignOffClosing(Command[SignedOff], ask="safeguard.sign-off-closing"):
    """Agree that an alert is closed, or hand it back with a note; who asked may only take it back.

    Refused with `not-allowed`, `no-such-alert`, `not-closing`, `your-own`, `note-needed`.
    """

    alert_id: Key
    staff_id: Key
    agree: bool
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)] = Field(default="", repr=False)
