"""What can be set about the live room."""

from datetime import timedelta

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from harbour.runtime.settings import Settings
from services.chat.doorkeeper import Limits
from services.chat.rules import Pace, Terms


class ChatSettings(Settings):
    """The settings of chat, from `CHAT_…`."""

    model_config = SettingsConfigDict(env_prefix="CHAT_")

    message_max_chars: int = Field(default=2000, ge=1, le=4000, description="The longest message, in characters.")
    pace_messages: int = Field(default=8, ge=1, description="How many messages one person may send at once.")
    pace_seconds: float = Field(default=10.0, gt=0, description="After how many seconds they may send as many again.")
    room_kept_seconds: float = Field(
        default=10.0,
        ge=0,
        le=10,
        description="How long a copy may go by what it knows of a live room, in seconds, where it hears of no change. "
        "It hears of each at once, and reads anew when the bus was away.",
    )
    append_seconds: float = Field(
        default=4.0, gt=0, description="How long to wait for the stream to confirm a message, in seconds."
    )
    mend_seconds: float = Field(
        default=30.0,
        gt=0,
        description="How often to look for decisions not in the transcript yet, in seconds.",
    )

    doors_minutes: int = Field(
        default=15, ge=0, le=240, description="How long before an evening its doors may open, in minutes."
    )
    away_seconds: float = Field(
        default=15.0, ge=1, description="How long an adult's page may be silent before the room pauses, in seconds."
    )
    canary_seconds: float = Field(
        default=120.0, ge=1, description="How long the practice alert before the doors may take, in seconds."
    )
    closing_minutes: int = Field(default=5, ge=0, description="How long the last few minutes are, in minutes.")
    overrun_minutes: int = Field(
        default=15, ge=1, description="How long after its time an evening ends by itself, in minutes."
    )

    def terms(self) -> Terms:
        """How an evening goes, in time."""
        return Terms(
            doors=timedelta(minutes=self.doors_minutes),
            away=timedelta(seconds=self.away_seconds),
            canary=timedelta(seconds=self.canary_seconds),
            closing=timedelta(minutes=self.closing_minutes),
            overrun=timedelta(minutes=self.overrun_minutes),
        )

    def limits(self) -> Limits:
        """How much and how fast one person may speak."""
        return Limits(self.message_max_chars, Pace(self.pace_messages, self.pace_seconds))
