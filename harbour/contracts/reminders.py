"""What safeguard says when something on the desk has waited too long for somebody, beside an alert itself."""

from enum import StrEnum

from harbour.contracts.messages import Event, Key


class ReminderWhy(StrEnum):
    """What waits."""

    ALERT_SIGN_OFF = "alert-sign-off"
    """The closing of an alert waits for a second person."""
    CASE_SIGN_OFF = "case-sign-off"
    """The closing of a case does."""
    OFFERED = "offered"
    """A colleague would like them to take an alert over."""
    OPINION = "opinion"
    """A colleague would like to know what they think."""
    ENVELOPE = "envelope"
    """A colleague asks for contact details, and a second person is to agree."""
    ENVELOPE_OPEN = "envelope-open"
    """Two colleagues have opened somebody's contact details; leads are told."""
    COUNTERSIGN = "countersign"
    """One officer has opened them alone, and a lead is to countersign within a quarter of an hour."""
    ENVELOPE_BREACH = "envelope-breach"
    """Nobody did."""
    TALK = "talk"
    """A colleague of the desk would like somebody to talk with them."""
    CHASE = "chase"
    """Nothing has been heard of something that was asked of others a working day ago."""
    DEBRIEF = "debrief"
    """An adult who led an evening would like somebody to talk with them about it."""


class StaffReminded(Event, fact="safeguard.staff-reminded", key=("about_id",)):
    """These members of staff are to be told that something on the desk waits for them. It says nothing of whom."""

    about_id: Key
    """The alert, the case, or the evening."""
    why: ReminderWhy
    page: tuple[Key, ...]
