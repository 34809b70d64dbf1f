"""The doors of safeguard, and what its handlers find behind them."""

from datetime import datetime
from typing import Annotated

from harbour.runtime.context import Context
from harbour.runtime.database import Database, book
from harbour.runtime.rooms import Router, present
from services.safeguard.care import Budget
from services.safeguard.care_book import Care
from services.safeguard.case_book import Cases
from services.safeguard.chain import Chain
from services.safeguard.chronology import Lines
from services.safeguard.closings import Closings
from services.safeguard.duties import Duties
from services.safeguard.envelope_book import EnvelopeBook
from services.safeguard.follow_ups import FollowUps
from services.safeguard.groups import Groups
from services.safeguard.hands_book import CheckInBook, Opinions, Presence
from services.safeguard.model import Clocks, Leases
from services.safeguard.open_concerns import OpenConcerns
from services.safeguard.record import Anchors, Pages
from services.safeguard.report_book import Reports
from services.safeguard.store import Desk, Heard, Rooms, Rota, Tonight
from services.safeguard.verifications import Verifications

router = Router("safeguard")

HeardBook = Annotated[Heard, book(Heard)]
VerificationBook = Annotated[Verifications, book(Verifications)]
RecordPages = Annotated[Pages, book(Pages)]
TheAnchors = Annotated[Anchors, Context("anchors")]
Base = Annotated[Database, Context("database")]
ChainBook = Annotated[Chain, book(Chain)]
EnvelopesBook = Annotated[EnvelopeBook, book(EnvelopeBook)]
DeskBook = Annotated[Desk, book(Desk)]
RoomBook = Annotated[Rooms, book(Rooms)]
RotaBook = Annotated[Rota, book(Rota)]
TheClocks = Annotated[Clocks, Context("clocks")]
GroupBook = Annotated[Groups, book(Groups)]
FollowUpBook = Annotated[FollowUps, book(FollowUps)]
CaseBook = Annotated[Cases, book(Cases)]
ChronologyBook = Annotated[Lines, book(Lines)]
ReportBook = Annotated[Reports, book(Reports)]
ClosingBook = Annotated[Closings, book(Closings)]
TonightBook = Annotated[Tonight, book(Tonight)]
TheLeases = Annotated[Leases, Context("leases")]
PresenceBook = Annotated[Presence, book(Presence)]
OpinionBook = Annotated[Opinions, book(Opinions)]
OpenBook = Annotated[OpenConcerns, book(OpenConcerns)]
DutyBook = Annotated[Duties, book(Duties)]
CareBook = Annotated[Care, book(Care)]
TheBudget = Annotated[Budget, Context("budget")]
CheckIns = Annotated[CheckInBook, book(CheckInBook)]
Now = Annotated[datetime, present()]
