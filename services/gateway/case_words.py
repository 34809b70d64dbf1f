"""How the pages and the printed chronology say what stands in a case."""

from collections.abc import Mapping

from harbour.contracts.cases import ActionKind, CaseOutcome, EntryKind

ENTRIES: Mapping[EntryKind, str] = {
    EntryKind.OPENED: "Case opened",
    EntryKind.ALERT: "Alert joined",
    EntryKind.READ: "Read",
    EntryKind.FACT: "Fact",
    EntryKind.DISCUSSION: "Discussion",
    EntryKind.DECISION: "Decision",
    EntryKind.ACTION: "Action",
    EntryKind.ANSWER: "What came of it",
    EntryKind.REMINDED: "Reminder",
    EntryKind.HANDED_OVER: "Handed over",
    EntryKind.CLOSING: "Asked to close",
    EntryKind.SIGNED_OFF: "Signed off",
    EntryKind.HANDED_BACK: "Handed back",
    EntryKind.CLOSED: "Closed",
    EntryKind.REOPENED: "Opened again",
    EntryKind.EXPORTED: "Chronology taken out",
}
ACTIONS: Mapping[ActionKind, str] = {
    ActionKind.SPOKE: "Spoke with the young person",
    ActionKind.FAMILY: "Spoke with a parent or carer",
    ActionKind.FACILITATOR: "Informed a facilitator",
    ActionKind.EMERGENCY: "Called emergency services",
    ActionKind.CAMHS: "Referred to CAMHS",
    ActionKind.GP: "Referred to a GP",
    ActionKind.SOCIAL_CARE: "Referred to children’s services",
    ActionKind.OTHER: "Something else",
}
CASE_OUTCOMES: Mapping[CaseOutcome, tuple[str, str]] = {
    CaseOutcome.SUPPORTED: ("Supported", "They have the support they need, here or at home."),
    CaseOutcome.PASSED_ON: ("Passed on", "Others look after it now, and have said so."),
    CaseOutcome.NOT_REACHED: ("Not reached", "They could not be reached. Say what was tried."),
    CaseOutcome.NO_CONCERN: ("No concern", "There was nothing to be worried about after all."),
}
"""What each outcome is called, and when to choose it."""
CASE_WORDS = {"ENTRIES": ENTRIES, "ACTIONS": ACTIONS, "CASE_OUTCOMES": CASE_OUTCOMES}
