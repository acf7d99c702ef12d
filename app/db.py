"""The one SQLAlchemy handle, the column types every room shares, and statements that are planned once."""

import re
from datetime import datetime
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    Connection,
    CursorResult,
    DateTime,
    Dialect,
    Identity,
    LargeBinary,
    MetaData,
    Text,
    TypeDecorator,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Bigint ids, UTC times, text without a length, objects as jsonb."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {  # noqa: RUF012
        datetime: DateTime(timezone=True),
        str: Text(),
        int: BigInteger(),
        dict[str, Any]: JSONB(),
        list[Any]: JSONB(),
    }


__all__ = ["Base", "CreatedAt", "EncryptedText", "Id", "Prepared", "db", "use_encryption_keys"]

db = SQLAlchemy(metadata=Base.metadata)


def Id() -> Mapped[int]:  # noqa: N802
    """The primary key of a table."""
    return mapped_column(BigInteger, Identity(), primary_key=True)


def CreatedAt() -> Mapped[datetime]:  # noqa: N802
    """When the row was written, by the database's clock."""
    return mapped_column(DateTime(timezone=True), server_default=func.now())


class Prepared:
    """A statement that PostgreSQL parses and plans once a connection, for what every answer runs.

    `sql` names its parameters as `:name`; `types` gives each its PostgreSQL type.
    """

    def __init__(self, name: str, sql: str, **types: str) -> None:
        numbers = {parameter: f"${at}" for at, parameter in enumerate(types, 1)}
        numbered = re.sub(r"(?<!:):(\w+)", lambda found: numbers[found[1]], sql)
        self._name = name
        self._prepare = f"PREPARE {name} ({', '.join(types.values())}) AS {numbered}"
        self._execute = text(f"EXECUTE {name} ({', '.join(f':{parameter}' for parameter in types)})")

    def run(self, connection: Connection, **values: Any) -> CursorResult[Any]:
        """Execute it with these parameters."""
        known: set[str] = connection.info.setdefault("prepared", set())
        if self._name not in known:
            connection.exec_driver_sql(self._prepare)
            known.add(self._name)
        return connection.execute(self._execute, values)


_ciphers: list[MultiFernet] = []


def use_encryption_keys(keys: tuple[str, ...]) -> None:
    """Set the Fernet keys for EncryptedText: the first encrypts, all decrypt."""
    _ciphers[:] = [MultiFernet([Fernet(key) for key in keys])] if keys else []


class EncryptedText(TypeDecorator[str]):
    """Text that is encrypted in the database. Reading with no matching key raises ValueError."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else _cipher().encrypt(value.encode())

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        try:
            return _cipher().decrypt(bytes(value)).decode()
        except InvalidToken:
            raise ValueError("no key in ENCRYPTION_KEYS opens this secret") from None


def _cipher() -> MultiFernet:
    if not _ciphers:
        raise ValueError("ENCRYPTION_KEYS is not set")
    return _ciphers[0]
