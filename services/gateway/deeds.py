"""What was done with an alert, as staff read it on record."""

from collections.abc import Mapping

from harbour.contracts.safeguard import What

DEEDS: Mapping[What, str] = {
    "raised": "Came up",
    "opened": "Message read",
    "claimed": "Taken on",
    "paged": "Called",
    "resolved": "Closed",
    "closing": "Asked to close",
    "reminded": "Reminded",
    "signed-off": "Signed off",
    "handed-back": "Handed back",
    "returned": "Returned to the queue",
    "offered": "Offered to a colleague",
    "handed": "Taken over",
    "declined": "Offer ended",
    "asked": "Second opinion asked",
    "opinion": "Second opinion",
    "merged": "Merged",
    "envelope-asked": "Contact details asked for",
    "envelope-opened": "Contact details opened",
    "envelope-refused": "Contact details refused",
    "envelope-alone": "Contact details opened alone",
    "envelope-looked": "Contact details looked at",
    "envelope-closed": "Contact details closed",
    "envelope-lapsed": "Contact details closed by their time",
    "envelope-signed": "Opening countersigned",
    "envelope-breach": "Opening not countersigned in time",
    "envelope-held": "Telling the young person put off",
}
"""Each with who did it behind it: “Taken on by Ada”."""
