"""An odd setting refuses to start, with one clear line that names it."""

from pathlib import Path

import pytest

from app.config import ConfigError, load_settings
from tests.conftest import TEST_ENCRYPTION_KEY

GOOD = {
    "DATABASE_URL": "postgres://user@localhost/leads",
    "SECRET_KEY": "new-key,old-key",
    "ENCRYPTION_KEYS": TEST_ENCRYPTION_KEY,
}


def test_good_settings_are_typed(tmp_path: Path) -> None:
    settings = load_settings({**GOOD, "OUTBOUND_ALLOW_LIST": "+19545550100, a@example.com", "PORT": "9000"}, tmp_path)
    assert settings.database_url == "postgresql+psycopg2://user@localhost/leads"
    assert settings.secret_key == ("new-key", "old-key")
    assert settings.outbound_allow_list == ("+19545550100", "a@example.com")
    assert settings.port == 9000
    assert settings.sandbox is False


def test_an_empty_setting_is_unset(tmp_path: Path) -> None:
    assert load_settings({**GOOD, "PORT": "", "SANDBOX": ""}, tmp_path).port == 8000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "70000"),
        ("WEB_CONCURRENCY", "0"),
        ("DATABASE_URL", "mysql://x/y"),
        ("ENCRYPTION_KEYS", "short"),
        ("PUBLIC_URL", "leads.example.com"),
        ("AI_PRIMARY", "gemini"),
        ("FIRST_TOKEN_SECONDS", "31"),
        ("STALL_SECONDS", "2"),
        ("SANDBOX", "perhaps"),
        ("LOG_LEVEL", "LOUD"),
        ("LINK_MAX_AGE_DAYS", "-1"),
        ("TRUSTED_PROXIES", "many"),
    ],
)
def test_an_odd_value_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=f"^{name}: .+"):
        load_settings({**GOOD, name: value}, tmp_path)


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ENCRYPTION_KEYS"])
def test_outside_the_sandbox_keys_are_required(tmp_path: Path, missing: str) -> None:
    with pytest.raises(ConfigError, match=missing):
        load_settings({name: value for name, value in GOOD.items() if name != missing}, tmp_path)


def test_without_a_database_a_running_sandbox_is_joined(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="DATABASE_URL"):
        load_settings({}, tmp_path)
    lines = "\n".join(f"{name}={value}" for name, value in {**GOOD, "SANDBOX": "1"}.items())
    (tmp_path / "sandbox.env").write_text(lines)
    assert load_settings({}, tmp_path).sandbox is True
