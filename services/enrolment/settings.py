"""What can be set in enrolment."""

from base64 import b64decode
from binascii import Error as NotBase64
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import SettingsConfigDict

from harbour.runtime.settings import Settings
from services.enrolment.keyring import KEY_BYTES


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


SecretKey = Annotated[SecretStr, AfterValidator(_checked)]
"""Base64 of 32 random bytes, e.g. from `openssl rand -base64 32`."""


class EnrolmentSettings(Settings):
    """Settings of enrolment, each `ENROLMENT_…` in the environment."""

    model_config = SettingsConfigDict(env_prefix="ENROLMENT_", hide_input_in_errors=True)

    vault_key: SecretKey = Field(
        description="Master key of the contact vault: base64 of 32 bytes. Without it no contact can be read again."
    )
    contact_key: SecretKey = Field(
        description="Key that seals contacts for notify: base64 of 32 bytes, the same as NOTIFY_CONTACT_KEY."
    )
    lookup_key: SecretKey = Field(
        description="Key of the marks by which an address is recognised: base64 of 32 bytes. Changing it forgets them."
    )
    book_key: SecretKey = Field(
        description="Key that wraps each young person's own book key: base64 of 32 bytes. Without it no book opens."
    )
    join_until_week: int = Field(default=1, ge=1, description="Last week in which somebody new may join a course.")
    password_memory_kib: int = Field(default=65_536, ge=8_192, description="Memory of one Argon2id hash, in KiB.")
    password_rounds: int = Field(default=3, ge=1, description="Passes of one Argon2id hash.")
    programmes_folder: str = Field(default="", description="Folder of programme files; empty for our own.")
