"""No key lies in the database as it is: not by its column's kind, and not by what a thief of a backup would find."""

import re

import pytest
from flask import Flask
from sqlalchemy import Column, Table, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import IntegrityError, StatementError

from app.db import EncryptedText, db, use_encryption_keys
from app.locations.models import Company, Location, ShopMonkeyKey
from tests.conftest import TEST_ENCRYPTION_KEY
from tests.factories.locations import make_company, make_location

SUSPECT = re.compile(r"(^|_)(key|keys|secret|token|password|credential|credentials|auth)s?($|_)")
# Names of things, not secrets: what makes an intent, a visit or a version one of a kind, hashes, and foreign keys.
HARMLESS = {
    "company_settings.first_token_seconds",
    "deliveries.dedupe_key",
    "key_watermarks.key_id",
    "location_settings.first_token_seconds",
    "locations.shopmonkey_key_id",
    "provider_calls.first_token_ms",
    "visit_pushes.visit_key",
}
PLAIN = "sm-plain-secret-4711"


def columns() -> list[tuple[str, Column]]:
    from app import wiring  # noqa: F401

    return [(f"{table.name}.{column.name}", column) for table in db.metadata.sorted_tables for column in table.columns]


def is_count_or_hash(name: str) -> bool:
    return name.endswith(("_tokens", "_hash", "_digest"))


def test_every_column_that_sounds_like_a_secret_is_encrypted(app: Flask):
    suspects = {
        name: column
        for name, column in columns()
        if SUSPECT.search(column.name) and name not in HARMLESS and not is_count_or_hash(name)
    }
    assert {name for name, column in suspects.items() if not isinstance(column.type, EncryptedText)} == set()
    assert {"companies.shopmonkey_api_key", "companies.shopmonkey_webhook_secret", "shopmonkey_keys.secret"} <= set(
        suspects
    )


def test_what_is_called_harmless_exists(app: Flask):
    assert set(dict(columns())) >= HARMLESS


def tables_with_text() -> list[Table]:
    kinds = (str, dict, list, bytes)

    def holds_text(column: Column) -> bool:
        return isinstance(column.type, JSONB | EncryptedText) or column.type.python_type in kinds

    return [table for table in db.metadata.sorted_tables if any(holds_text(column) for column in table.columns)]


@pytest.fixture
def company(app: Flask) -> Company:
    """A company and a store, each with a key of its own."""
    company = make_company(shopmonkey_api_key=f"{PLAIN}-company", shopmonkey_webhook_secret=f"{PLAIN}-webhook")
    store: Location = make_location(company)
    key = ShopMonkeyKey(company_id=company.id, secret=f"{PLAIN}-store")
    db.session.add(key)
    db.session.flush()
    store.shopmonkey_key_id = key.id
    db.session.flush()
    return company


def test_a_stolen_backup_holds_no_key(company: Company):
    for table in tables_with_text():
        rows = db.session.execute(text(f'SELECT t::text FROM "{table}" t'))
        for (as_text,) in rows:
            assert PLAIN not in as_text, table.name
            # bytea is written out in hexadecimal.
            assert PLAIN.encode().hex() not in as_text, table.name


def test_the_key_is_still_the_key_for_us(company: Company):
    db.session.expire_all()
    assert db.session.get_one(Company, company.id).shopmonkey_api_key == f"{PLAIN}-company"
    assert db.session.scalar(select(ShopMonkeyKey.secret)) == f"{PLAIN}-store"


def test_no_row_shows_its_secret_in_a_log_or_an_error(company: Company):
    key = db.session.scalar(select(ShopMonkeyKey))
    assert PLAIN not in repr(company) + str(company) + repr(key)


def test_a_failed_statement_does_not_tell_what_it_was_to_write(company: Company):
    with pytest.raises(IntegrityError) as caught:
        make_company(shopmonkey_id=company.shopmonkey_id, name="Private Person", shopmonkey_api_key=PLAIN)
    assert "Private Person" not in str(caught.value)
    use_encryption_keys(())
    try:
        db.session.rollback()
        with pytest.raises(StatementError) as caught:
            make_company(shopmonkey_api_key=PLAIN)
    finally:
        use_encryption_keys((TEST_ENCRYPTION_KEY,))
    assert PLAIN not in str(caught.value)
