"""Typed settings from the environment; a secret may lie in a file named by `NAME_FILE`."""

import os
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict


class FileSource(PydanticBaseSettingsSource):
    """Reads a setting from the file that `<NAME>_FILE` names, without its last line break."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """The content of the file, if one is named and there."""
        alias = field.validation_alias
        name = alias if isinstance(alias, str) else f"{self.config.get('env_prefix', '')}{field_name}".upper()
        if not (path := os.environ.get(f"{name}_FILE")):
            return None, field_name, False
        try:
            return Path(path).read_text().strip(), field_name, False
        except OSError as error:
            raise ValueError(f"{name}_FILE names a file that cannot be read: {error.strerror}") from None

    def __call__(self) -> dict[str, Any]:
        """All settings that come from files."""
        found = {}
        for name, field in self.settings_cls.model_fields.items():
            key = field.validation_alias if isinstance(field.validation_alias, str) else name
            found[key] = self.get_field_value(field, name)[0]
        return {name: value for name, value in found.items() if value is not None}


class Settings(BaseSettings):
    """Settings of a service; unknown variables are not ours and are ignored."""

    model_config = SettingsConfigDict(extra="ignore", hide_input_in_errors=True)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then the environment, then files."""
        return init_settings, env_settings, FileSource(settings_cls)


class BusSettings(Settings):
    """Where the bus is, and as whom we speak there."""

    model_config = SettingsConfigDict(env_prefix="NATS_", extra="ignore", hide_input_in_errors=True)

    url: str = Field(default="nats://127.0.0.1:4222", description="Address of NATS; several separated by commas.")
    user: str = Field(default="", description="User of this service on NATS.")
    password: SecretStr = Field(default=SecretStr(""), description="Password of that user.")


class RunSettings(Settings):
    """How a process of ours listens and logs."""

    model_config = SettingsConfigDict(env_prefix="HARBOUR_", extra="ignore", hide_input_in_errors=True)

    host: str = Field(default="127.0.0.1", description="Address to listen on; 0.0.0.0 in a container.")
    log_level: str = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR.")
    traces_url: str = Field(default="", description="OTLP/HTTP address for traces; empty for none.")
    trusted_proxies: str = Field(default="", description="Addresses whose X-Forwarded-For is believed.")


def database_url(service: str) -> str:
    """The database of a service: `<SERVICE>_DATABASE_URL`, its password from `<SERVICE>_DATABASE_PASSWORD_FILE`."""
    from sqlalchemy import make_url

    name = f"{service.upper()}_DATABASE"
    url = os.environ.get(f"{name}_URL")
    if not url and (path := os.environ.get(f"{name}_URL_FILE")):
        url = Path(path).read_text().strip()
    if not url:
        raise SystemExit(f"{name}_URL is not set. Name a database, e.g. sqlite+aiosqlite:///var/data/{service}.db")
    if path := os.environ.get(f"{name}_PASSWORD_FILE"):
        return make_url(url).set(password=Path(path).read_text().strip()).render_as_string(hide_password=False)
    return url
