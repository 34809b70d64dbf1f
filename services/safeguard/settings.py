"""What an operator may set for safeguard."""

from datetime import timedelta

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from harbour.runtime.settings import Settings
from services.safeguard.care import Budget
from services.safeguard.model import Clocks, Leases


class SafeguardSettings(Settings):
    """How long an alert may wait to be claimed, and how long the words around it are kept."""

    model_config = SettingsConfigDict(env_prefix="SAFEGUARD_")

    clock_immediate_seconds: int = Field(default=60, gt=0, description="Seconds to claim an immediate alert.")
    clock_high_seconds: int = Field(default=300, gt=0, description="Seconds to claim a high alert.")
    clock_medium_seconds: int = Field(default=14_400, gt=0, description="Seconds to claim a medium alert.")
    clock_low_seconds: int = Field(default=86_400, gt=0, description="Seconds to claim a low alert.")
    sign_off_minutes: int = Field(
        default=30, ge=1, description="Minutes a closing may wait for its second person before somebody is called."
    )
    lease_minutes: int = Field(
        default=10, ge=2, description="Minutes an immediate or high alert stays in hand when its owner does nothing."
    )
    lease_calm_minutes: int = Field(
        default=120, ge=2, description="Minutes a medium or low alert stays in hand when its owner does nothing."
    )
    silence_seconds: int = Field(default=300, gt=0, description="Seconds of silence after a goodbye that raise it.")
    heavy_budget: int = Field(
        default=6, ge=1, description="Urgent messages somebody reads in a shift before a break is suggested to them."
    )
    shift_hours: int = Field(default=8, ge=1, description="Hours for which reading counts as one shift.")
    context_days: int = Field(default=30, ge=1, description="Days that messages are kept as context for alerts.")
    case_days: int = Field(
        default=2556, ge=30, description="Days after a case was closed until its words are erased; seven years."
    )
    beat_seconds: int = Field(
        default=30,
        ge=1,
        description="Seconds between two looks for lost clocks and expired context.",
    )

    def clocks(self) -> Clocks:
        """The clocks the rules reckon with."""
        return Clocks(
            immediate=timedelta(seconds=self.clock_immediate_seconds),
            high=timedelta(seconds=self.clock_high_seconds),
            medium=timedelta(seconds=self.clock_medium_seconds),
            low=timedelta(seconds=self.clock_low_seconds),
            sign_off=timedelta(minutes=self.sign_off_minutes),
            silence=timedelta(seconds=self.silence_seconds),
        )

    def budget(self) -> Budget:
        """How much heavy reading is much."""
        return Budget(heavy=self.heavy_budget, shift=timedelta(hours=self.shift_hours))

    def leases(self) -> Leases:
        """How long alerts stay in hand."""
        return Leases(
            severe=timedelta(minutes=self.lease_minutes),
            calm=timedelta(minutes=self.lease_calm_minutes),
        )
