"""The sandbox's own tables, in a schema of their own: what the outside world keeps, so never part of a migration."""

from weakref import WeakSet

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Computed,
    Connection,
    DateTime,
    Identity,
    Index,
    MetaData,
    Sequence,
    Table,
    Text,
    func,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from app.db import db

metadata = MetaData(schema="sandbox")

DELETED = "coalesce((data ->> 'deleted')::boolean, false)"

objects = Table(
    "objects",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("parent_id", Text),
    Column("location_id", Text),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("data", JSONB, nullable=False),
    Column("deleted", Boolean, Computed(DELETED, persisted=True)),
    # Wide enough that counting and drawing ids never reads the objects themselves.
    Index("ix_objects_made", "kind", "created_at", "id", postgresql_include=["deleted"]),
    Index("ix_objects_place", "kind", "location_id", "created_at", "id", postgresql_include=["deleted"]),
    Index("ix_objects_parent", "kind", "parent_id", postgresql_where=text("parent_id IS NOT NULL")),
)

order_numbers = Sequence("order_numbers", start=1001, metadata=metadata)

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("public_id", Text, nullable=False, index=True),
    Column("channel", Text, nullable=False),
    Column("sender", Text),
    Column("recipient", Text, nullable=False, index=True),
    Column("subject", Text),
    Column("text", Text, nullable=False),
    Column("html", Text),
    Column("headers", JSONB, nullable=False),
    Column("calendar", Text),
    Column("sent_at", DateTime(timezone=True), nullable=False),
    # What the person on the phone or at the mailbox sent stands among what they got.
    Column("from_person", Boolean, nullable=False, server_default=text("false")),
    Column("taken_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)

settings = Table(
    "settings",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", JSONB, nullable=False),
)

# What the newest form of the schema has: where it is there, nothing needs making.
NEWEST = text(
    "SELECT 1 FROM information_schema.columns "
    "WHERE table_schema = 'sandbox' AND table_name = 'outbox' AND column_name = 'calendar'"
)

_ready: WeakSet[object] = WeakSet()


def session() -> Session:
    """A session of the sandbox's own, apart from the product's; its tables are made when they are first needed."""
    bind = db.engine
    opened = Session(bind, join_transaction_mode="create_savepoint")
    if bind not in _ready:
        create(opened.connection())
        opened.commit()
        _ready.add(bind)
    return opened


def create(connection: Connection) -> None:
    """Make the schema and its tables where they are missing; several processes may do so at once."""
    if connection.scalar(NEWEST) is not None:
        return
    connection.execute(select(func.pg_advisory_xact_lock(func.hashtext("sandbox"))))
    connection.execute(text("CREATE SCHEMA IF NOT EXISTS sandbox"))
    metadata.create_all(connection)
    # A sandbox of before has the table already, in a narrower form.
    added = f"ADD COLUMN IF NOT EXISTS deleted boolean GENERATED ALWAYS AS ({DELETED}) STORED"
    connection.execute(text(f"ALTER TABLE sandbox.objects {added}"))
    connection.execute(
        text("ALTER TABLE sandbox.outbox ADD COLUMN IF NOT EXISTS from_person boolean NOT NULL DEFAULT false")
    )
    connection.execute(text("ALTER TABLE sandbox.outbox ADD COLUMN IF NOT EXISTS calendar text"))
    for index in objects.indexes:
        index.create(connection, checkfirst=True)
