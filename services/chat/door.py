"""The look at the door: what peers must not see before an adult has looked is held, and so is what cannot be judged."""

import structlog
from prometheus_client import Counter

from harbour.contracts.chat import RoomPerson, Speaker
from harbour.screening import Verdict, look_at_door

PASSED = Verdict(hold=False, reasons=(), version="")
"""For the words of an adult who leads the room, which are not judged."""

UNJUDGED = Verdict(hold=True, reasons=(), version="")
"""For words that could not be judged: an adult looks first."""

FAILURES = Counter("harbour_chat_judging_failed", "Messages held because judging them failed")

log = structlog.get_logger("harbour.chat.door")


def judged_at_the_door(person: RoomPerson, text: str) -> Verdict:
    """Whether the room may see these words of this person now; if judging fails in any way, it may not."""
    if person.speaker is Speaker.FACILITATOR:
        return PASSED
    try:
        return look_at_door(text)
    except Exception as error:
        # The one broad `except` of this room. The error itself is not logged: it may quote the message.
        FAILURES.inc()
        log.error("judging failed, the message is held", error=type(error).__name__)
        return UNJUDGED
