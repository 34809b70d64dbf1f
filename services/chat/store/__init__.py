"""What is remembered? One `metadata` for all the books of chat."""

from services.chat.store.activities import Sheets as Sheets
from services.chat.store.attendance import Stays as Stays
from services.chat.store.beside import *  # noqa: F403
from services.chat.store.calls import *  # noqa: F403
from services.chat.store.debriefs import Debriefs as Debriefs
from services.chat.store.evenings import *  # noqa: F403  # it stands on the rooms
from services.chat.store.exposure import *  # noqa: F403
from services.chat.store.leading import WaysBook as WaysBook
from services.chat.store.notes import Notes as Notes
from services.chat.store.observing import Colleagues as Colleagues
from services.chat.store.observing import Observers as Observers
from services.chat.store.reactions import *  # noqa: F403
from services.chat.store.removing import Removals as Removals
from services.chat.store.rooms import *  # noqa: F403
from services.chat.store.standing_in import StandIns as StandIns
from services.chat.store.tables import metadata as metadata
