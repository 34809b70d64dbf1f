"""What an operator may set for notify."""

from base64 import b64decode
from binascii import Error as NotBase64
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import SettingsConfigDict

from harbour.runtime.settings import Settings

KEY_BYTES = 32


def key_of(secret: SecretStr) -> bytes:
    """The key in a setting. Raises ValueError unless it is base64 of 32 bytes; the text never quotes it."""
    try:
        key = b64decode(secret.get_secret_value(), validate=True)
    except (NotBase64, ValueError):
        raise ValueError("is not base64") from None
    if len(key) != KEY_BYTES:
        raise ValueError(f"holds {len(key)} bytes where a key has {KEY_BYTES}")
    return key


def _checked(secret: SecretStr) -> SecretStr:
    key_of(secret)
    return secret


class NotifySettings(Settings):
    """Where notices go and who they come from, each `NOTIFY_…` in the environment."""

    model_config = SettingsConfigDict(env_prefix="NOTIFY_", hide_input_in_errors=True)

    contact_key: Annotated[SecretStr, AfterValidator(_checked)] = Field(
        description="Key that addresses are sealed with: base64 of 32 bytes, the same as ENROLMENT_CONTACT_KEY."
    )
    smtp_url: SecretStr = Field(
        default=SecretStr(""),
        description="Mail server: smtp://user:password@host:port?tls=starttls (implicit, none). Empty: no real mail.",
    )
    smtp_timeout_seconds: float = Field(
        default=20.0, gt=0, description="Seconds that each step of talking to the mail server may take."
    )
    sms_url: SecretStr = Field(
        default=SecretStr(""),
        description="Apprise URL of a text service, with {to} where the number goes. Empty: no real texts.",
    )
    sender: str = Field(
        default="Harbour <hello@example.org>",
        description="Who mail comes from. Keep the name neutral: others may see it on a lock screen.",
    )
    mailbox_dir: str = Field(
        default="",
        description="Folder that keeps mail and texts to be read on this machine, codes and addresses among them. "
        "For trying things out; leave it empty in production.",
    )
    link_minutes: int = Field(
        default=120, ge=5, description="Minutes that the link in a page to staff works, once, to say that they have it."
    )
    public_url: str = Field(
        default="http://localhost:8000", description="Where the pages are reached; links in pages to staff lead there."
    )
