"""The sandbox's secrets, made once, and the settings by which commands join a running sandbox."""

import secrets
from pathlib import Path

from cryptography.fernet import Fernet

COMPANY_API_KEY = "sandbox-shopmonkey-key"


def keys_in(data: Path) -> dict[str, str]:
    """The secrets kept in `<data>/keys`, made on the first call. Losing that file makes stored secrets unreadable."""
    path = data / "keys"
    if not path.exists():
        write_private(
            path,
            {
                "SECRET_KEY": secrets.token_urlsafe(48),
                "ENCRYPTION_KEYS": Fernet.generate_key().decode(),
                "SHOPMONKEY_WEBHOOK_SECRET": secrets.token_urlsafe(32),
            },
        )
    return read_pairs(path)


def sandbox_settings(keys: dict[str, str], database_url: str, port: int, public_url: str | None) -> dict[str, str]:
    """The environment of every sandbox process: its own database and keys, the stand-in for ShopMonkey."""
    address = f"http://127.0.0.1:{port}"
    return {
        **keys,
        "SANDBOX": "1",
        "DATABASE_URL": database_url,
        "PORT": str(port),
        "PUBLIC_URL": public_url or address,
        "SHOPMONKEY_BASE_URL": f"{address}/sandbox/shopmonkey",
        "SHOPMONKEY_API_KEY": COMPANY_API_KEY,
    }


def write_private(path: Path, pairs: dict[str, str]) -> None:
    """Write KEY=value lines that only this user can read; a reader sees the old file or the new one, never half."""
    draft = path.with_name(f"{path.name}.draft")
    draft.touch(mode=0o600)
    draft.write_text("".join(f"{name}={value}\n" for name, value in pairs.items()))
    draft.replace(path)


def read_pairs(path: Path) -> dict[str, str]:
    """The KEY=value lines of a file; comments and blank lines are left out, one pair of quotes is taken off."""
    pairs = {}
    for line in path.read_text().splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.lstrip().startswith("#"):
            pairs[name.removeprefix("export ").strip()] = value.strip().strip("\"'")
    return pairs
