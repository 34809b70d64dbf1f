"""Settings: typed, from the environment or from files, and never quoted where they are wrong."""

from pathlib import Path

import pytest
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import SettingsConfigDict

from harbour.runtime.settings import BusSettings, RunSettings, Settings, database_url

SECRET = "the-heron-stood-in-the-rain"


class TriedSettings(Settings):
    """Settings of the small service."""

    model_config = SettingsConfigDict(env_prefix="TRIED_", extra="ignore", hide_input_in_errors=True)

    key: SecretStr = Field(default=SecretStr("none"), description="A key.")
    most: int = Field(default=5, description="A number.")
    shared: str = Field(default="", validation_alias="SHARED_NAME", description="A name without our prefix.")


def test_a_setting_has_its_default_its_type_and_its_name_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert TriedSettings().most == 5
    monkeypatch.setenv("TRIED_MOST", "7")
    monkeypatch.setenv("TRIED_UNKNOWN", "is not ours")
    assert TriedSettings().most == 7


@pytest.mark.parametrize("ending", ["", "\n"])
def test_a_secret_may_lie_in_a_file_with_or_without_a_last_line_break(
    ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "key").write_text(SECRET + ending)
    monkeypatch.setenv("TRIED_KEY_FILE", str(tmp_path / "key"))
    assert TriedSettings().key.get_secret_value() == SECRET


def test_a_setting_with_a_name_of_its_own_is_read_from_its_file_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "name").write_text("ours")
    monkeypatch.setenv("SHARED_NAME_FILE", str(tmp_path / "name"))
    assert TriedSettings().shared == "ours"


def test_an_argument_comes_first_then_the_environment_then_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "most").write_text("1")
    monkeypatch.setenv("TRIED_MOST_FILE", str(tmp_path / "most"))
    assert TriedSettings().most == 1
    monkeypatch.setenv("TRIED_MOST", "2")
    assert TriedSettings().most == 2
    assert TriedSettings(most=3).most == 3


def test_a_file_that_cannot_be_read_is_named_by_its_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIED_KEY_FILE", str(tmp_path / "missing"))
    with pytest.raises(Exception, match="TRIED_KEY_FILE names a file that cannot be read: No such file"):
        TriedSettings()


@pytest.mark.parametrize("where", ["environment", "file"])
def test_a_setting_that_does_not_fit_is_named_and_not_quoted(
    where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "most").write_text(SECRET)
    monkeypatch.setenv(*(("TRIED_MOST", SECRET) if where == "environment" else ("TRIED_MOST_FILE", f"{tmp_path}/most")))
    with pytest.raises(ValidationError) as wrong:
        TriedSettings()
    assert "most" in str(wrong.value)
    assert SECRET not in str(wrong.value)


def test_the_password_of_the_bus_comes_from_its_file_and_never_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "password").write_text(f"{SECRET}\n")
    monkeypatch.setenv("NATS_PASSWORD_FILE", str(tmp_path / "password"))
    settings = BusSettings()
    assert settings.password.get_secret_value() == SECRET
    assert SECRET not in f"{settings!r}{settings}{settings.model_dump_json()}"


def test_by_default_a_process_listens_to_this_machine_only_traces_nothing_and_trusts_no_proxy() -> None:
    settings = RunSettings()
    assert (settings.host, settings.traces_url, settings.trusted_proxies) == ("127.0.0.1", "", "")


def test_the_address_of_a_database_takes_its_password_from_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "password").write_text("p@ss/word\n")
    monkeypatch.setenv("TRIED_DATABASE_URL", "postgresql+asyncpg://tried@db/tried")
    monkeypatch.setenv("TRIED_DATABASE_PASSWORD_FILE", str(tmp_path / "password"))
    assert database_url("tried") == "postgresql+asyncpg://tried:p%40ss%2Fword@db/tried"


def test_the_whole_address_of_a_database_may_lie_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "url").write_text("sqlite+aiosqlite:///tried.db\n")
    monkeypatch.delenv("TRIED_DATABASE_URL", raising=False)
    monkeypatch.setenv("TRIED_DATABASE_URL_FILE", str(tmp_path / "url"))
    assert database_url("tried") == "sqlite+aiosqlite:///tried.db"


def test_without_an_address_a_sentence_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRIED_DATABASE_URL", raising=False)
    with pytest.raises(SystemExit, match=r"^TRIED_DATABASE_URL is not set\. Name a database, e\.g\. sqlite"):
        database_url("tried")
