"""What the handlers of the rule bench find behind their doors."""

from typing import Annotated

from harbour.contracts.rule_bench import RulesRunning
from harbour.runtime.context import Context
from harbour.runtime.copies import Copies
from harbour.runtime.database import Database, book
from services.safeguard.bench.shadow import Beside, beside
from services.safeguard.bench.store import Brings, Drafts, EditionBook, Harmless, Trials

DraftsBook = Annotated[Drafts, book(Drafts)]
TrialsBook = Annotated[Trials, book(Trials)]
EditionsBook = Annotated[EditionBook, book(EditionBook)]
HarmlessBook = Annotated[Harmless, book(Harmless)]
BringsBook = Annotated[Brings, book(Brings)]
Shadow = Annotated[Beside, beside()]
TheCopies = Annotated[Copies[RulesRunning], Context("copies")]
TheDatabase = Annotated[Database, Context("database")]
