"""Settings: read once from the environment, typed; an odd value refuses to start with one clear line."""

import base64
import os
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

DATA = Path(__file__).resolve().parent.parent / ".data"


class ConfigError(Exception):
    """A setting is odd or missing: the message names it, and the process does not start."""


def _split(value: Any) -> Any:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


Several = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]


class Settings(BaseSettings):
    """Everything the environment may say. Empty means unset; see README "Settings" for each."""

    model_config = SettingsConfigDict(env_ignore_empty=True, frozen=True, extra="ignore")

    database_url: str = ""
    redis_url: str = ""
    secret_key: Several = ()
    encryption_keys: Several = ()
    public_url: str = "http://127.0.0.1:8000"
    port: int = Field(8000, ge=1, le=65535)
    web_concurrency: int = Field(2, ge=1, le=64)
    trusted_proxies: int = Field(0, ge=0, le=5)
    sandbox: bool = False

    anthropic_api_key: str = ""
    anthropic_base_url: str = "https://api.anthropic.com"
    anthropic_model: str = "claude-sonnet-5-5"
    openai_api_key: str = ""
    openai_base_url: str = "https://api.openai.com/v1"
    openai_model: str = "gpt-4o"
    ai_primary: Literal["anthropic", "openai"] = "anthropic"
    first_token_seconds: int = Field(8, ge=2, le=30)
    stall_seconds: int = Field(15, ge=3, le=60)

    shopmonkey_api_key: str = ""
    shopmonkey_base_url: str = "https://api.shopmonkey.cloud"
    shopmonkey_webhook_secret: str = ""

    twilio_account_sid: str = ""
    twilio_auth_token: str = ""
    twilio_messaging_service_sid: str = ""
    twilio_base_url: str = "https://api.twilio.com"
    smtp_url: str = ""
    mail_from: str = ""
    outbound_allow_list: Several = ()

    link_max_age_days: int = Field(45, ge=1, le=365)
    sentry_dsn: str = ""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("database_url")
    @classmethod
    def _one_driver(cls, value: str) -> str:
        # SQLAlchemy 2.1 reads postgresql:// as psycopg 3 and refuses postgres://.
        for scheme in ("postgres://", "postgresql://"):
            if value.startswith(scheme):
                return "postgresql+psycopg2://" + value.removeprefix(scheme)
        if value and not value.startswith("postgresql+psycopg2://"):
            raise ValueError("must be a postgresql:// address")
        return value

    @field_validator("public_url")
    @classmethod
    def _plain_address(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://")
        return value.rstrip("/")

    @field_validator("encryption_keys")
    @classmethod
    def _fernet_keys(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for key in value:
            try:
                decoded = base64.urlsafe_b64decode(key)
            except ValueError:
                decoded = b""
            if len(decoded) != 32:
                raise ValueError("each key must be 32 url-safe base64 bytes (Fernet)")
        return value

    @model_validator(mode="after")
    def _whole(self) -> "Settings":
        if not self.sandbox and not (self.secret_key and self.encryption_keys):
            raise ValueError("SECRET_KEY and ENCRYPTION_KEYS must be set when SANDBOX is off")
        return self

    @property
    def sms_ready(self) -> bool:
        return bool(self.twilio_account_sid and self.twilio_auth_token)

    @property
    def email_ready(self) -> bool:
        return bool(self.smtp_url and self.mail_from)


def load_settings(environ: dict[str, str] | None = None, data: Path = DATA) -> Settings:
    """The process's settings. Without DATABASE_URL a running `make run` is joined through what it wrote to `.data/`.

    Raises ConfigError with one line that names the setting.
    """
    given = dict(os.environ if environ is None else environ)
    if not given.get("DATABASE_URL"):
        given = _join_running_sandbox(given, data)
    known = {name: given[name.upper()] for name in Settings.model_fields if given.get(name.upper())}
    try:
        return Settings(**known)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).upper() if first["loc"] else "settings"
        raise ConfigError(f"{name}: {first['msg'].removeprefix('Value error, ')}") from None


def _join_running_sandbox(given: dict[str, str], data: Path) -> dict[str, str]:
    noted = data / "sandbox.env"
    if not noted.exists():
        raise ConfigError("DATABASE_URL: not set, and no `make run` is running here to join")
    pairs = (line.split("=", 1) for line in noted.read_text().splitlines() if "=" in line)
    return {**dict(pairs), **given}
