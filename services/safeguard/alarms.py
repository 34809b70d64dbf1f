"""What an operator must hear of: counted and logged, without a word of anybody's."""

import structlog
from prometheus_client import Counter, Gauge

_log = structlog.get_logger("safeguard")

_UNJUDGED = Counter("harbour_safeguard_judging_failed_total", "Messages that could not be judged, by error.", ["error"])
_PAGES = Counter("harbour_safeguard_clocks_run_out_total", "Clocks that ran out before an alert was claimed.")
_REMINDERS = Counter("harbour_safeguard_reminders_total", "Reminders of what waits on the desk for a second person.")
_NOBODY = Counter("harbour_safeguard_nobody_to_page_total", "Clocks that ran out while nobody was on the rota.")
_REVIVED = Counter("harbour_safeguard_clocks_revived_total", "Clocks that had to be set again because they were lost.")
_FAULTS = Gauge("harbour_safeguard_record_faults", "Faults that the last look at the record found here.")
_BREACHES = Counter("harbour_safeguard_envelope_breaches_total", "Envelopes opened alone, not countersigned.")
_SHADOW = Counter("harbour_safeguard_shadow_failed_total", "Drafts of rules that could not be judged in shadow.")
_BEATS_FAILED = Counter("harbour_safeguard_beats_failed_total", "Beats that could not reach the database.")


def judging_failed(error: str) -> None:
    """A message could not be judged; an alert asks somebody to read it."""
    _UNJUDGED.labels(error=error).inc()
    _log.error("judging failed", error=error)


def paged(alert_id: str, people: int) -> None:
    """An alert waited past its clock; with no people on the rota, nobody hears of it but the operator."""
    _PAGES.inc()
    if not people:
        _NOBODY.inc()
        _log.error("nobody is on the rota", alert_id=alert_id)


def reminded(about_id: str, people: int) -> None:
    """Something on the desk has waited too long; with nobody to remind, nobody hears of it but the operator."""
    _REMINDERS.inc()
    if not people:
        _NOBODY.inc()
        _log.error("nobody else is on the rota", about_id=about_id)


def clock_revived(alert_id: str) -> None:
    """An alert had waited past its clock in silence, and its clock is set again."""
    _REVIVED.inc()
    _log.warning("clock set again", alert_id=alert_id)


def envelope_breached(grant_id: str, people: int) -> None:
    """One officer opened contact details alone, and no lead countersigned in time."""
    _BREACHES.inc()
    _log.error("an envelope was not countersigned", grant_id=grant_id, told=people)


def shadow_failed(error: str) -> None:
    """A draft of a rule could not be judged in shadow; the message itself was judged as ever."""
    _SHADOW.inc()
    _log.warning("a draft in shadow failed", error=error)


def edition_said_again(number: int) -> None:
    """The stream did not have the edition in force, so that a copy that starts would not have known it."""
    _log.warning("edition said again", edition=number)


def record_verified(faults: int) -> None:
    """The record was looked at; any fault deserves a person at once."""
    _FAULTS.set(faults)
    if faults:
        _log.error("the record is not whole", faults=faults)


def beat_failed(error: str) -> None:
    """The database could not be reached for a beat; the next one tries again."""
    _BEATS_FAILED.inc()
    _log.warning("beat failed", error=error)
