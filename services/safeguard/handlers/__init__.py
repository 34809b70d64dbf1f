"""What safeguard does when something is asked or heard, by part of the story: tonight, alerts, closing, afterwards."""

from services.safeguard.handlers import (
    aftercare,
    afterwards,
    alerts,
    case_closing,
    case_work,
    cases,
    closing,
    context,
    envelopes,
    hands,
    record,
    rota,
    rule_bench,
    tonight,
    wellbeing,
    worries,
)
from services.safeguard.handlers.doors import router

__all__ = [
    "aftercare",
    "afterwards",
    "alerts",
    "case_closing",
    "case_work",
    "cases",
    "closing",
    "context",
    "envelopes",
    "hands",
    "record",
    "rota",
    "router",
    "rule_bench",
    "tonight",
    "wellbeing",
    "worries",
]
