"""How a company stands with ShopMonkey, for whoever runs it: keys, polling, webhook, and what was set aside."""

from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import func, select

from app.config import Settings
from app.db import db
from app.live import wake
from app.locations.models import Company, Location
from app.sync.clients import has_own_key
from app.sync.models import KeyWatermark, OrderWatermark, UnreadOrder, WebhookRegistration
from app.sync.registrations import JOB as REGISTRATIONS
from app.sync.registrations import address
from app.sync.turns import let_run

REFUSED = "ShopMonkey refuses this key: it was revoked, or may not read orders. Make a new one there and paste it here."
AWAY = "ShopMonkey does not answer; it is asked again every few seconds, and nothing is lost."


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of the connection. `state` is done, todo, running or problem; `at` is when that was seen."""

    key: str
    title: str
    state: str
    detail: str
    at: datetime | None = None


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


def look_at_webhook(company_id: int) -> None:
    """Have the worker look after the webhook from the caller's commit on, and not at its next hour."""
    let_run(company_id, REGISTRATIONS)
    wake(REGISTRATIONS)


def _keys(company: Company) -> list[Part]:
    names = _stores_by_key(company.id)
    own = [_key("Company's key", _where(company), db.session.get(OrderWatermark, company.id))]
    rows = db.session.scalars(select(KeyWatermark).where(KeyWatermark.key_id.in_(names)))
    marks = {mark.key_id: mark for mark in rows}
    others = [_key(f"Key of {', '.join(stores)}", "Their own", marks.get(key)) for key, stores in names.items()]
    return (own if has_own_key(company) or not others else []) + others


def _key(title: str, where: str | None, mark: OrderWatermark | KeyWatermark | None) -> Part:
    if where is None:
        return Part("key", title, "todo", "Nothing can be read without one.")
    if mark is None:
        return Part("key", title, "running", f"{where}. The orders are about to be read.")
    if mark.error:
        return Part("key", title, "problem", REFUSED if mark.refused else f"{AWAY} ({mark.error})", mark.polled_at)
    return Part("key", title, "done", f"{where}. It reads the orders.", mark.polled_at)


def _where(company: Company) -> str | None:
    if company.shopmonkey_api_key:
        return "Kept here, encrypted"
    return "From SHOPMONKEY_API_KEY" if has_own_key(company) else None


def _stores_by_key(company_id: int) -> dict[int, list[str]]:
    rows = select(Location.shopmonkey_key_id, Location.name).where(
        Location.company_id == company_id, Location.shopmonkey_key_id.is_not(None)
    )
    names: dict[int, list[str]] = {}
    for key_id, name in db.session.execute(rows.order_by(Location.name)):
        if key_id is not None:
            names.setdefault(key_id, []).append(name)
    return names


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
