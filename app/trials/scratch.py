"""A database of its own for the trials: migrated, given copies of the stores, and dropped afterwards.

A database and not a transaction, because an answer is written over several connections; and not rows beside the real
ones, because workers, feeds and figures would see them. Nothing in it can reach a person: the application that stands
on it has neither Twilio nor a mail server, and no store is live.
"""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from flask_migrate import upgrade
from sqlalchemy import Engine, Table, create_engine, insert, select, text
from sqlalchemy.exc import ProgrammingError

from app.assistant.brief import forget_stores
from app.assistant.course import forget_courses
from app.assistant.models import PromptVersion
from app.booking.models import Bay, BookingRules
from app.catalog.models import ClassPrice, Service
from app.config import Settings
from app.db import Base, db
from app.lib import clock
from app.locations.models import Company, CompanySettings, Location, LocationSettings, OpeningHours
from app.messaging.transports import Transports

CLOSED: dict[str, Any] = {
    "sandbox": False, "twilio_account_sid": "", "twilio_auth_token": "", "smtp_url": "", "mail_from": "",
    "shopmonkey_api_key": "", "outbound_allow_list": (), "redis_url": "", "sentry_dsn": "",
}  # fmt: skip
INSUFFICIENT_PRIVILEGE = "42501"
MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
LEFT_BEHIND = text("SELECT datname FROM pg_database WHERE datname ~ '^trials_[0-9]{8}_' AND datname < :before")
OF_A_STORE = (LocationSettings, OpeningHours, Bay, BookingRules, Service)
# What is never copied: secrets, senders, and that a store is live.
LEFT_OUT = {
    "companies": {"shopmonkey_api_key", "shopmonkey_webhook_secret", "mail_inbound_secret", "mail_reply_domain"},
    "locations": {"shopmonkey_key_id", "live"},
}


class NoScratch(Exception):
    """The database server does not let us make a database; the message says what to do."""


@contextmanager
def scratch_app(location_ids: Sequence[int], version_id: int | None, template: str | None = None) -> Iterator[Flask]:
    """An application on a new database that holds these stores, with that version of the words published (none: None).

    `template` is a migrated database to copy instead of migrating anew. Raises NoScratch.
    """
    settings: Settings = current_app.config["SETTINGS"]
    create_app = current_app.extensions["create_app"]
    rows = _rows(location_ids, version_id)
    db.session.rollback()  # nothing stays open here while the trials go on, for hours perhaps
    server = create_engine(db.engine.url, isolation_level="AUTOCOMMIT", pool_size=1)
    _sweep(server)
    name = f"trials_{clock.now():%Y%m%d}_{uuid.uuid4().hex[:8]}"
    _create(server, name, template)
    try:
        url = db.engine.url.set(database=name).render_as_string(hide_password=False)
        app = create_app(settings.model_copy(update={**CLOSED, "database_url": url}))
        app.extensions["messaging"] = Transports()
        app.extensions["generator"].stopping.set()  # answers are generated in turn, by whoever plays
        with app.app_context():
            try:
                if template is None:
                    upgrade(directory=str(MIGRATIONS))
                _write(rows)
                _forget()
                yield app
            finally:
                db.session.remove()
                _close(app)
    finally:
        _forget()
        with server.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        server.dispose()


def _sweep(server: Engine) -> None:
    """Drop what a killed process left behind: databases of the day before yesterday and earlier."""
    with server.connect() as connection:
        for (name,) in connection.execute(LEFT_BEHIND, {"before": f"trials_{clock.now() - timedelta(days=1):%Y%m%d}"}):
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))


def _forget() -> None:
    forget_stores()
    forget_courses()


def _create(server: Engine, name: str, template: str | None) -> None:
    made = f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else "")
    try:
        with server.connect() as connection:
            connection.execute(text(made))
    except ProgrammingError as error:
        server.dispose()
        if getattr(error.orig, "pgcode", None) != INSUFFICIENT_PRIVILEGE:
            raise
        raise NoScratch(
            "the database's role may not create databases, and the trials need one of their own for a while: "
            "grant it CREATEDB, or run this beside a copy of the database"
        ) from error


def _close(app: Flask) -> None:
    for engine in (db.engine, app.extensions.get("quick_engine")):
        if engine is not None:
            engine.dispose()
    app.extensions["live"].close()


def _rows(location_ids: Sequence[int], version_id: int | None) -> list[tuple[Table, list[dict[str, Any]]]]:
    """Everything to copy, in an order in which it can be written."""
    stores = list(location_ids)
    company = select(Location.company_id).where(Location.id.in_(stores))
    services = select(Service.id).where(Service.location_id.in_(stores))
    parts: list[tuple[type[Base], Any]] = [
        (Company, Company.id.in_(company)),
        (CompanySettings, CompanySettings.company_id.in_(company)),
        (Location, Location.id.in_(stores)),
        *((table, table.location_id.in_(stores)) for table in OF_A_STORE),
        (ClassPrice, ClassPrice.service_id.in_(services)),
    ]  # fmt: skip
    found = [(_table(model), _copied(_table(model), which)) for model, which in parts]
    if version_id is not None:
        table = _table(PromptVersion)
        row = _copied(table, table.c.id == version_id)[0]
        found.append((table, [{**row, "status": "published"}]))
    return found


def _table(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


def _copied(table: Table, which: Any) -> list[dict[str, Any]]:
    columns = [column for column in table.c if column.name not in LEFT_OUT.get(table.name, ())]
    return [dict(row) for row in db.session.execute(select(*columns).where(which)).mappings()]


def _write(rows: Sequence[tuple[Table, list[dict[str, Any]]]]) -> None:
    for table, of_it in rows:
        if of_it:
            db.session.execute(insert(table), of_it)
    db.session.commit()
