"""The one router of this room, and what its handlers share."""

from datetime import datetime
from typing import Annotated

from harbour.runtime.context import Context
from harbour.runtime.database import book
from harbour.runtime.rooms import Router, present
from services.enrolment.programmes import Programmes
from services.enrolment.store import Calendar, Register

router = Router("enrolment")

CalendarBook = Annotated[Calendar, book(Calendar)]
RegisterBook = Annotated[Register, book(Register)]
Shelf = Annotated[Programmes, Context("programmes")]
Now = Annotated[datetime, present()]
