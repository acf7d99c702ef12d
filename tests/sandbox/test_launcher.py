"""What `make run` writes, and how it refuses."""

import socket
from pathlib import Path

import pytest

from app.config import load_settings
from app.sandbox.keys import keys_in, read_pairs, sandbox_settings, write_private
from app.sandbox.launcher import CannotStart, check_port_is_free, only_one_in


def test_keys_are_made_once_and_are_nobody_elses_to_read(tmp_path: Path) -> None:
    keys = keys_in(tmp_path)
    assert keys_in(tmp_path) == keys
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o600
    assert all(len(value) > 40 for value in keys.values())


def test_commands_join_a_running_sandbox_through_what_it_wrote(tmp_path: Path) -> None:
    written = sandbox_settings(keys_in(tmp_path), "postgresql://postgres:@/postgres?host=/tmp/x", 8123, None)
    write_private(tmp_path / "sandbox.env", written)
    settings = load_settings({}, tmp_path)
    assert settings.sandbox
    assert settings.port == 8123
    assert settings.public_url == "http://127.0.0.1:8123"
    assert settings.shopmonkey_base_url == "http://127.0.0.1:8123/sandbox/shopmonkey"
    assert settings.database_url.endswith("/postgres?host=/tmp/x")
    assert settings.shopmonkey_webhook_secret == keys_in(tmp_path)["SHOPMONKEY_WEBHOOK_SECRET"]


def test_a_settings_file_may_be_written_as_people_write_them(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text('# secrets\n\nexport PORT=8001\nMAIL_FROM="Tint World <a@b.example>"\nSECRET_KEY=a=b\n')
    assert read_pairs(path) == {"PORT": "8001", "MAIL_FROM": "Tint World <a@b.example>", "SECRET_KEY": "a=b"}


def test_a_taken_port_is_named_in_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CannotStart, match=f"PORT {port} is taken"):
            check_port_is_free(port)
    check_port_is_free(port)


def test_a_second_run_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    with only_one_in(tmp_path), pytest.raises(CannotStart, match="running here already"), only_one_in(tmp_path):
        pass
    with only_one_in(tmp_path):
        pass
