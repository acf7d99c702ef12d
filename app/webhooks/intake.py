"""Storing a delivery once, and durably, before anybody is told that it arrived."""

import time
from typing import Any, cast

from flask import current_app
from sqlalchemy import Select, Table, bindparam, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError

from app.db import db
from app.live.notify import WAKE
from app.shopmonkey import verify
from app.shopmonkey.signature import Headers
from app.webhooks.arrival import Delivery, account_of, body_of, delivery_of
from app.webhooks.models import WebhookEvent
from app.webhooks.secrets import senders

EVENTS = cast(Table, WebhookEvent.__table__)
JOB = "webhooks"
COLUMNS = (
    "source", "company_id", "delivery_id", "account", "object_table", "object_id", "operation", "version", "payload",
    "request_id", "status", "last_error",
)  # fmt: skip


def take_shopmonkey(raw: bytes, headers: Headers) -> str:
    """Verify and store one delivery: "stored", "repeated" when it was here already, or "unread". Commits.

    What tells of a table that nobody here reads is not kept: it would only gather what is confidential.

    Raises Garbage, SignatureError, and SQLAlchemy's errors when it could not be stored.
    """
    body = body_of(raw)
    try:
        return _take(body, raw, headers)
    except DBAPIError as error:
        # A connection that died while it lay in the pool says nothing about the database now.
        db.session.rollback()
        if not error.connection_invalidated:
            raise
        return _take(body, raw, headers)


def _take(body: dict[str, Any], raw: bytes, headers: Headers) -> str:
    sender = senders().of(account_of(body))
    verify(sender.secret, headers, raw, time.time())
    delivery = delivery_of(body, headers, raw)
    if not delivery.parked and ("shopmonkey", delivery.object_table) not in current_app.extensions["webhook_handlers"]:
        return "unread"
    return "stored" if _store("shopmonkey", delivery, sender.company_id) else "repeated"


def store(source: str, delivery: Delivery, company_id: int | None) -> bool:
    """Store one verified delivery; False when it was here already. Commits. Raises SQLAlchemy's errors."""
    try:
        return _store(source, delivery, company_id)
    except DBAPIError as error:
        # A connection that died while it lay in the pool says nothing about the database now.
        db.session.rollback()
        if not error.connection_invalidated:
            raise
        return _store(source, delivery, company_id)


def _store(source: str, delivery: Delivery, company_id: int | None) -> bool:
    stored = db.session.execute(_STORE, _values(source, delivery, company_id)).all()
    db.session.commit()
    return bool(stored)


def _statement() -> Select[Any]:
    # Storing and waking the worker in one statement is one round trip less under a flood.
    given = {name: bindparam(name, type_=EVENTS.c[name].type) for name in COLUMNS}
    row = insert(EVENTS).values(next_attempt_at=func.now(), **given).on_conflict_do_nothing()
    stored = row.returning(EVENTS.c.id).cte("stored")
    return select(func.pg_notify(WAKE, JOB)).select_from(stored)


_STORE = _statement()


def _values(source: str, delivery: Delivery, company_id: int | None) -> dict[str, Any]:
    return {
        "source": source,
        "company_id": company_id,
        "delivery_id": delivery.delivery_id,
        "account": delivery.account,
        "object_table": delivery.object_table,
        "object_id": delivery.object_id,
        "operation": delivery.operation,
        "version": delivery.version,
        "payload": delivery.payload,
        "request_id": delivery.request_id,
        "status": "parked" if delivery.parked else "new",
        "last_error": delivery.parked,
    }
