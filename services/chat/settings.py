"""What can be set about the live room."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from harbour.runtime.settings import Settings
from services.chat.doorkeeper import Limits
from services.chat.rules import Pace


class ChatSettings(Settings):
    """The settings of chat, from `CHAT_…`."""

    model_config = SettingsConfigDict(env_prefix="CHAT_")

    message_max_chars: int = Field(default=2000, ge=1, le=4000, description="The longest message, in characters.")
    pace_messages: int = Field(default=8, ge=1, description="How many messages one person may send at once.")
    pace_seconds: float = Field(default=10.0, gt=0, description="After how many seconds they may send as many again.")
    room_kept_seconds: float = Field(
        default=2.0, ge=0, le=2, description="How long a copy may go by what it knows of a live room, in seconds."
    )
    append_seconds: float = Field(
        default=4.0, gt=0, description="How long to wait for the stream to confirm a message, in seconds."
    )
    mend_seconds: float = Field(
        default=30.0,
        gt=0,
        description="How often to look for decisions not in the transcript yet, in seconds.",
    )

    def limits(self) -> Limits:
        """How much and how fast one person may speak."""
        return Limits(self.message_max_chars, Pace(self.pace_messages, self.pace_seconds))
