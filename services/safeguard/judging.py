"""The one place where a judgement may fail, and what happens then: somebody reads the message themselves."""

from collections.abc import Callable, Sequence

from harbour.screening import Finding, judge, judge_by_rules
from services.safeguard import alarms
from services.safeguard.rules import could_not_be_judged


def judge_message(text: str, earlier: Sequence[str]) -> Finding | None:
    """What an adult should see in a message; where judging fails in any way, that it could not be judged."""
    return _or_somebody_reads_it(lambda: judge(text, earlier))


def judge_statement(text: str) -> Finding | None:
    """What the rules say of words that an answer stands for; where that fails, that it could not be judged."""
    return _or_somebody_reads_it(lambda: judge_by_rules(text))


def _or_somebody_reads_it(judging: Callable[[], Finding | None]) -> Finding | None:
    try:
        return judging()
    except Exception as error:  # whatever it is, a message that nobody judged must not pass for one that is fine
        alarms.judging_failed(type(error).__name__)
        return could_not_be_judged()
