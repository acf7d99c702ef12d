"""The one SQLAlchemy handle, the column types every room shares, and statements that are planned once."""

import hashlib
import re
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    Connection,
    CursorResult,
    DateTime,
    Dialect,
    Engine,
    Executable,
    Identity,
    LargeBinary,
    MetaData,
    Text,
    TypeDecorator,
    event,
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


__all__ = ["Base", "CreatedAt", "EncryptedText", "Id", "Prepared", "db", "prepared", "use_encryption_keys"]

db = SQLAlchemy(metadata=Base.metadata)


def Id() -> Mapped[int]:  # noqa: N802
    """The primary key of a table."""
    return mapped_column(BigInteger, Identity(), primary_key=True)


def CreatedAt() -> Mapped[datetime]:  # noqa: N802
    """When the row was written, by the database's clock."""
    return mapped_column(DateTime(timezone=True), server_default=func.now())


TABLE = re.compile(r"\b(?:FROM|INTO|UPDATE)\s+(\w+)")
# A parameter as psycopg2 writes it.
PARAMETER = re.compile(r"%\((\w+)\)s")


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


Statement = TypeVar("Statement", bound=Executable)


def prepared(statement: Statement) -> Statement:
    """The same statement, rows or entities, but parsed and planned once a connection.

    For what every message asks. Each parameter takes its type from where it stands; one whose value the choice of an
    index hangs on has to be written as a literal.
    """
    return statement.execution_options(prepared=True)


@event.listens_for(Engine, "before_cursor_execute", retval=True)
def _execute_prepared(
    connection: Connection, cursor: Any, statement: str, parameters: Any, context: Any, many: bool
) -> tuple[str, Any]:
    if context is None or not context.execution_options.get("prepared"):
        return statement, parameters
    name, prepare, execute = _as_prepared(statement)
    known: set[str] = connection.info.setdefault("prepared", set())
    if name not in known:
        cursor.execute(prepare)
        known.add(name)
    return execute, parameters


@lru_cache(maxsize=256)
def _as_prepared(statement: str) -> tuple[str, str, str]:
    """The name under which the database keeps it, how it is kept, and how it is run.

    Its verb and table are in the name: who looks at what a database is busy with sees only that.
    """
    digest, table = hashlib.sha256(statement.encode()).hexdigest()[:16], TABLE.search(statement)
    name = f"{statement.split(None, 1)[0].lower()}_{table[1] if table else ''}_{digest}"[:63]
    parameters = list(dict.fromkeys(PARAMETER.findall(statement)))
    numbered = PARAMETER.sub(lambda found: f"${parameters.index(found[1]) + 1}", statement).replace("%%", "%")
    given = ", ".join(f"%({parameter})s" for parameter in parameters)
    return name, f"PREPARE {name} AS {numbered}", f"EXECUTE {name} ({given})" if given else f"EXECUTE {name}"


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
