"""How a company stands with ShopMonkey, for whoever runs it: keys, polling, webhook, and what was set aside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import func, select

from app.config import Settings
from app.db import db
from app.locations.models import Company, Location
from app.sync.clients import has_own_key
from app.sync.models import KeyWatermark, OrderWatermark, UnreadOrder, WebhookRegistration
from app.sync.registrations import address

REFUSED = "ShopMonkey refuses this key: it was revoked, or may not read orders. Make a new one there and paste it here."
AWAY = "ShopMonkey does not answer; it is asked again every few seconds, and nothing is lost."


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of the connection. `state` is done, todo, running or problem; `at` is when that was seen.

    A key's `store_id` is that of a store which is read with it.
    """

    key: str
    title: str
    state: str
    detail: str
    at: datetime | None = None
    store_id: int | None = None


@dataclass(frozen=True, slots=True)
class Connection:
    """The parts in the order that one sets them up; `address` is where ShopMonkey sends its webhooks."""

    parts: tuple[Part, ...]
    address: str


def connection_of(company: Company) -> Connection:
    """The company's, as the tables tell it; asks nobody."""
    settings: Settings = current_app.config["SETTINGS"]
    parts = [*_keys(company), _webhook(company, settings), _secret(company, settings), _set_aside(company.id)]
    return Connection(tuple(parts), address(settings))


def _keys(company: Company) -> list[Part]:
    stores = _stores_by_key(company.id)
    relying = stores.pop(None, [])
    own = [_key("Company's key", _where(company), db.session.get(OrderWatermark, company.id), relying)]
    rows = db.session.scalars(select(KeyWatermark).where(KeyWatermark.key_id.in_(stores)))
    marks: dict[int | None, KeyWatermark] = {mark.key_id: mark for mark in rows}
    others = [
        _key(f"Key of {', '.join(store.name for store in of_key)}", "Their own", marks.get(key), of_key)
        for key, of_key in stores.items()
    ]
    return (own if has_own_key(company) or not others else []) + others


def _key(title: str, where: str | None, mark: OrderWatermark | KeyWatermark | None, stores: Sequence[Any]) -> Part:
    state, detail = "done", f"{where}. It reads the orders."
    if where is None:
        state, detail, mark = "todo", "Nothing can be read without one.", None
    elif mark is None:
        state, detail = "running", f"{where}. The orders are about to be read."
    elif mark.error:
        state, detail = "problem", f"{REFUSED if mark.refused else AWAY} ({mark.error})"
    return Part("key", title, state, detail, mark.polled_at if mark else None, stores[0].id if stores else None)


def _where(company: Company) -> str | None:
    if company.shopmonkey_api_key:
        return "Kept here, encrypted"
    return "From SHOPMONKEY_API_KEY" if has_own_key(company) else None


def _stores_by_key(company_id: int) -> dict[int | None, list[Any]]:
    """Id and name of the stores that are read with each key; None is the company's."""
    rows = select(Location.id, Location.name, Location.shopmonkey_key_id).where(Location.company_id == company_id)
    stores: dict[int | None, list[Any]] = {}
    for row in db.session.execute(rows.order_by(Location.name)):
        stores.setdefault(row.shopmonkey_key_id, []).append(row)
    return stores


def _webhook(company: Company, settings: Settings) -> Part:
    title, seen = "Webhook", db.session.get(WebhookRegistration, company.id)
    if seen is None:
        return Part("webhook", title, "running", "The worker is about to look at it.")
    if seen.problem:
        return Part("webhook", title, "problem", seen.problem, seen.checked_at)
    mended = " It had been off or missing, and was mended." if seen.mended_at == seen.checked_at else ""
    return Part("webhook", title, "done", f"Registered and on: new orders are told at once.{mended}", seen.checked_at)


def _secret(company: Company, settings: Settings) -> Part:
    title = "Webhook secret"
    if company.shopmonkey_webhook_secret:
        return Part("secret", title, "done", "This company's own, kept here, encrypted")
    if settings.shopmonkey_webhook_secret:
        return Part("secret", title, "done", "From SHOPMONKEY_WEBHOOK_SECRET")
    return Part("secret", title, "todo", "None yet. Adding a store makes one; without it no webhook is believed.")


def _set_aside(company_id: int) -> Part:
    aside = select(func.count(), func.max(UnreadOrder.set_aside_at)).where(
        UnreadOrder.company_id == company_id, UnreadOrder.set_aside_at.is_not(None)
    )
    count, last = db.session.execute(aside).one()
    if not count:
        return Part("unread", "Orders", "done", "Every order that polling was shown has been read.")
    told = "1 order could not be read and was" if count == 1 else f"{count} orders could not be read and were"
    return Part("unread", "Orders", "problem", f"{told} set aside.", last)
