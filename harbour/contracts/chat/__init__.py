"""What chat says and answers: the live session, its messages and its holds, and how it is led."""

from harbour.contracts.chat.activities import *  # noqa: F403
from harbour.contracts.chat.attendance import *  # noqa: F403
from harbour.contracts.chat.calls import *  # noqa: F403
from harbour.contracts.chat.debrief import *  # noqa: F403
from harbour.contracts.chat.evening import *  # noqa: F403  # noqa: F403, I001  # it stands on the room
from harbour.contracts.chat.exposure import *  # noqa: F403
from harbour.contracts.chat.leading import *  # noqa: F403
from harbour.contracts.chat.notes import *  # noqa: F403
from harbour.contracts.chat.observing import *  # noqa: F403  # it stands on the room
from harbour.contracts.chat.private import *  # noqa: F403
from harbour.contracts.chat.reactions import *  # noqa: F403
from harbour.contracts.chat.removing import *  # noqa: F403
from harbour.contracts.chat.room import *  # noqa: F403  # every public name is one of the contract
from harbour.contracts.chat.standing_in import *  # noqa: F403
