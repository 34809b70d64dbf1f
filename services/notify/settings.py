"""What an operator may set for notify."""

from pathlib import Path

from harbour.runtime.settings import Settings
from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict


class NotifySettings(Settings):
    """Where notices go and who they come from."""

    model_config = SettingsConfigDict(env_prefix="NOTIFY_")

    contact_key: SecretStr = Field(
        description="the key addresses are sealed with, 32 bytes in base64; shared with enrolment"
    )
    smtp_url: SecretStr = Field(
        default=SecretStr(""),
        description="the mail server, smtp://user:password@host:port?tls=starttls|implicit|none; empty: no real mail",
    )
    smtp_timeout_seconds: float = Field(
        default=20.0, gt=0, description="how long each step with the mail server may take"
    )
    sms_url: SecretStr = Field(
        default=SecretStr(""), description="an Apprise URL for texts with {to} for the number; empty: no real texts"
    )
    sender: str = Field(default="Harbour <hello@example.org>", description="who mail comes from; keep the name neutral")
    mailbox_dir: Path | None = Field(
        default=None, description="a directory to keep mail and texts in for reading here; never set it in production"
    )
    public_url: str = Field(default="http://localhost:8000", description="where links in pages to staff lead")
