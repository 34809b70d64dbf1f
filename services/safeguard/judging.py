"""The one place where a judgement may fail, and what happens then: somebody reads the message themselves."""

from collections.abc import Sequence

from harbour.screening import Finding, judge
from services.safeguard import alarms
from services.safeguard.rules import could_not_be_judged


def judge_message(text: str, earlier: Sequence[str]) -> Finding | None:
    """What an adult should see in a message; where judging fails in any way, that it could not be judged."""
    try:
        return judge(text, earlier)
    except Exception as error:  # whatever it is, a message that nobody judged must not pass for one that is fine
        alarms.judging_failed(type(error).__name__)
        return could_not_be_judged()
