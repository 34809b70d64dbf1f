"""Why? Each module is a part of the story of an evening."""

from services.chat.rules.activities import *  # noqa: F403
from services.chat.rules.attendance import *  # noqa: F403
from services.chat.rules.beside import *  # noqa: F403
from services.chat.rules.calls import *  # noqa: F403
from services.chat.rules.debrief import *  # noqa: F403
from services.chat.rules.evening import *  # noqa: F403
from services.chat.rules.exposure import *  # noqa: F403
from services.chat.rules.leading import *  # noqa: F403
from services.chat.rules.moves import *  # noqa: F403
from services.chat.rules.notes import *  # noqa: F403
from services.chat.rules.observing import *  # noqa: F403
from services.chat.rules.private import *  # noqa: F403
from services.chat.rules.reactions import *  # noqa: F403
from services.chat.rules.removing import *  # noqa: F403
from services.chat.rules.standing_in import *  # noqa: F403
