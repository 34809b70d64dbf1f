"""How the desk says what became of an alert: the words for the outcomes of a closing."""

from collections.abc import Mapping

from harbour.contracts.closing import Outcome

OUTCOMES: Mapping[Outcome, tuple[str, str]] = {
    Outcome.DONE: ("Looked after", "Somebody has spoken with them, and it is safe to close."),
    Outcome.IN_CASE: ("Goes on in a case", "What is left to do is in their case."),
    Outcome.PASSED_ON: ("Passed on", "Others look after it now: a parent, a GP, social care, emergency services."),
    Outcome.NOT_REACHED: ("Not reached", "They could not be reached. Say what was tried."),
    Outcome.FALSE_ALARM: ("False alarm", "There was nothing here for an adult to see."),
}
"""What each is called, and when to choose it."""
