"""The doors of chat, and what its handlers find behind them."""

from datetime import datetime
from typing import Annotated

from harbour.runtime.context import Context
from harbour.runtime.database import book
from harbour.runtime.rooms import Router, present
from services.chat.doorkeeper import Doorkeeper
from services.chat.holds import Holds
from services.chat.rules import Terms
from services.chat.store import (
    Besides,
    Calls,
    Colleagues,
    Debriefs,
    Evenings,
    Exposures,
    Notes,
    Observers,
    Reactions,
    Removals,
    Sheets,
    StandIns,
    Stays,
    WaysBook,
)
from services.chat.transcript import Transcript

router = Router("chat")

RoomBook = Annotated[Evenings, book(Evenings)]
ExposureBook = Annotated[Exposures, book(Exposures)]
TheSheets = Annotated[Sheets, book(Sheets)]
TheNotes = Annotated[Notes, book(Notes)]
TheWays = Annotated[WaysBook, book(WaysBook)]
CallBook = Annotated[Calls, book(Calls)]
TheColleagues = Annotated[Colleagues, book(Colleagues)]
TheStandIns = Annotated[StandIns, book(StandIns)]
TheObservers = Annotated[Observers, book(Observers)]
RemovalBook = Annotated[Removals, book(Removals)]
ReactionBook = Annotated[Reactions, book(Reactions)]
StayBook = Annotated[Stays, book(Stays)]
DebriefBook = Annotated[Debriefs, book(Debriefs)]
BesideBooks = Annotated[Besides, book(Besides)]
TheTranscript = Annotated[Transcript, Context("transcript")]
TheDoorkeeper = Annotated[Doorkeeper, Context("doorkeeper")]
TheHolds = Annotated[Holds, Context("holds")]
TheTerms = Annotated[Terms, Context("terms")]
Now = Annotated[datetime, present()]
