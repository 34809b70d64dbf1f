"""How cases and requests for contact details stand, each as a sign: a page with another sign has grown old. Pure."""

from collections.abc import Iterable
from hashlib import sha256

from harbour.contracts.cases import CaseState, CaseView
from harbour.contracts.envelope import Countersign, EnvelopeState, EnvelopeView

WANTED = (Countersign.DUE, Countersign.BREACHED)


def of_envelopes(envelopes: Iterable[EnvelopeView]) -> str:
    """The sign of these requests; empty where there are none. That somebody looked once more changes no page."""
    return _sign(
        (one.grant_id, one.state, one.countersign, one.second_by, one.told, one.held_back_until) for one in envelopes
    )


def of_waiting(envelopes: Iterable[EnvelopeView]) -> str:
    """The sign of those that somebody has to answer."""
    return of_envelopes(one for one in envelopes if one.state is EnvelopeState.WAITING or one.countersign in WANTED)


def of_cases(cases: Iterable[CaseView]) -> str:
    """The sign of those of these cases that are open."""
    open_ones = (one for one in cases if one.state is not CaseState.CLOSED)
    return _sign((one.case_id, one.changed_at, one.state, one.owner_id, one.alerts, one.chase_at) for one in open_ones)


def stands(envelopes: Iterable[EnvelopeView], cases: Iterable[CaseView]) -> dict[str, str]:
    """All signs, by what they are of."""
    envelopes, cases = tuple(envelopes), tuple(cases)
    found = {"waiting": of_waiting(envelopes), "envelopes": of_envelopes(envelopes), "cases": of_cases(cases)}
    for alert_id in {one.alert_id for one in envelopes}:
        found[f"alert:{alert_id}"] = of_envelopes(one for one in envelopes if one.alert_id == alert_id)
    found |= {f"envelope:{one.grant_id}": of_envelopes([one]) for one in envelopes}
    return found | {f"case:{one.case_id}": of_cases([one]) for one in cases}


def _sign(rows: Iterable[tuple[object, ...]]) -> str:
    lines = sorted(" ".join(map(str, row)) for row in rows)
    return sha256("\n".join(lines).encode()).hexdigest()[:16] if lines else ""
