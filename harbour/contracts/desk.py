"""What safeguard says and answers about whose hands an alert is in: leases, offers, second opinions, merging."""

from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from harbour.contracts.alerts import ColleagueView, EarlierAlert, OpinionView
from harbour.contracts.messages import Answer, Command, Event, Key, Query, Timer
from harbour.contracts.safeguard import AlertTaken, AlertView

DeskNote = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]

# ── what it says ──────────────────────────────────────────────────────────────────────────────────────────────


class AlertReturned(Event, fact="safeguard.alert-returned", key=("alert_id",)):
    """Whoever had it has gone, so it waits on the queue again and its clock runs."""

    alert_id: Key
    staff_id: Key
    """Who had it."""


class AlertOffered(Event, fact="safeguard.alert-offered", key=("alert_id",)):
    """Its owner would like a named colleague to take it over; until they do, it stays where it is."""

    alert_id: Key
    staff_id: Key
    to_id: Key


class AlertHanded(Event, fact="safeguard.alert-handed", key=("alert_id",)):
    """A colleague has taken it over."""

    alert_id: Key
    staff_id: Key
    """Who has it now."""
    from_id: Key


class AlertOfferEnded(Event, fact="safeguard.alert-offer-ended", key=("alert_id",)):
    """It stays with its owner: the offer was declined or taken back."""

    alert_id: Key
    staff_id: Key
    """Who ended it."""


class AlertOpinionAsked(Event, fact="safeguard.alert-opinion-asked", key=("alert_id",)):
    """A named colleague is to look too. Who owns the alert stays the same."""

    alert_id: Key
    staff_id: Key
    of_id: Key


class AlertOpinionGiven(Event, fact="safeguard.alert-opinion-given", key=("alert_id",)):
    """They have; their words are on record."""

    alert_id: Key
    staff_id: Key


class AlertMerged(Event, fact="safeguard.alert-merged", key=("alert_id",)):
    """Another alert of the same young person speaks for this one from now on."""

    alert_id: Key
    into_id: Key
    staff_id: Key


class LeaseClock(Timer, fact="safeguard.lease-clock", key=("alert_id",)):
    """Whoever has the alert may have gone: look, and return it to the queue if they have."""

    alert_id: Key


# ── what it answers ───────────────────────────────────────────────────────────────────────────────────────────


class AlertAround(Answer):
    """What stands beside an alert: nothing of what was said."""

    alert: AlertView
    earlier: tuple[EarlierAlert, ...]
    """Other alerts of this young person, the latest first."""
    merged: tuple[EarlierAlert, ...] = ()
    """Those that this one speaks for."""
    mergeable: tuple[EarlierAlert, ...] = ()
    """Those that could be merged with it now, by whoever asks."""
    opinions: tuple[OpinionView, ...] = ()
    colleagues: tuple[ColleagueView, ...] = ()
    """Everybody else who answers alerts, whoever is on call first."""


class ReadAlert(Query[AlertAround], ask="safeguard.read-alert"):
    """What stands beside an alert? Refused with `not-allowed`, `no-such-alert`."""

    alert_id: Key
    staff_id: Key


class AtDesk(Answer):
    """What somebody has in hand stays theirs."""

    at: AwareDatetime
    suggest_break: bool = False
    """Whether they have read so much in this shift that a break would be good."""


class StayAtDesk(Command[AtDesk], ask="safeguard.stay-at-desk"):
    """Say that one is there and at work, so that what one has in hand stays in hand. Refused with `not-allowed`."""

    staff_id: Key


class OfferAlert(Command[AlertTaken], ask="safeguard.offer-alert"):
    """Ask a named colleague to take an alert over, with a note.

    Refused with `not-allowed`, `no-such-alert`, `not-yours`, `nobody` (no such colleague), `note-needed`.
    """

    alert_id: Key
    staff_id: Key
    to_id: Key
    note: DeskNote = Field(repr=False)


class AnswerOffer(Command[AlertTaken], ask="safeguard.answer-offer"):
    """Take over what was offered, or say no; whoever offered it may say no too, which takes the offer back.

    Refused with `not-allowed`, `no-such-alert`, `not-offered`.
    """

    alert_id: Key
    staff_id: Key
    accepts: bool
    note: DeskNote = Field(default="", repr=False)


class AskOpinion(Command[AlertTaken], ask="safeguard.ask-opinion"):
    """Ask a named colleague what they think. Refused as `OfferAlert` is."""

    alert_id: Key
    staff_id: Key
    of_id: Key
    note: DeskNote = Field(default="", repr=False)


class GiveOpinion(Command[AlertTaken], ask="safeguard.give-opinion"):
    """Say what one thinks. Refused with `not-allowed`, `no-such-alert`, `not-asked`, `note-needed`."""

    alert_id: Key
    staff_id: Key
    words: DeskNote = Field(repr=False)


class MergeAlerts(Command[AlertTaken], ask="safeguard.merge-alerts"):
    """Let one of several alerts of a young person speak for all: the most urgent, which the answer names.

    Refused with `not-allowed`, `no-such-alert`, `not-yours`, `nothing-to-merge`, `somebody-else`.
    """

    alert_id: Key
    staff_id: Key
    others: tuple[Key, ...]
