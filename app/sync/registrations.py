"""Our webhook in ShopMonkey: looked at every hour, made where it is missing, switched on again where it was off.

A webhook whose deliveries fail goes into an error state and may end switched off (seen in production by others).
"""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy.dialects.postgresql import insert

from app.config import Settings
from app.db import db
from app.locations.models import Company
from app.shopmonkey import ShopMonkeyError, ShopMonkeyPort, WebhookPayload
from app.sync.clients import clients_of
from app.sync.models import WebhookRegistration
from app.sync.shopmonkey_words import in_words
from app.sync.turns import end_turn, take_turn

JOB = "registrations"
EVERY = timedelta(hours=1)
NAME = "Lead Orchestrator"
TRIGGERS = ("OrderInsert", "OrderUpdate")

UNSIGNED = (
    "No webhook secret is set, so the webhook cannot be registered. Set SHOPMONKEY_WEBHOOK_SECRET, or press “Ask "
    "ShopMonkey again” at a store, which makes one. Until then polling finds new orders."
)
AWAY = "ShopMonkey does not answer. It is asked again within a minute; until then polling finds new orders."
NOT_PUBLIC = (
    "ShopMonkey cannot call this installation: PUBLIC_URL is not a public https address. Set it and restart. "
    "Until then polling finds new orders."
)


def check_registration(company: Company, now: datetime) -> str | None:
    """Look after the company's webhook: what is wrong with it, or None. Commits; does nothing but once an hour."""
    company_id = company.id
    if not take_turn(company_id, JOB):
        return None
    settings: Settings = current_app.config["SETTINGS"]
    secret = company.shopmonkey_webhook_secret or settings.shopmonkey_webhook_secret
    clients = clients_of(company)
    db.session.commit()
    found, mended, problem = None, False, None
    try:
        for client in clients:
            found, mended = ensure(client, address(settings), secret, mended)
    except ShopMonkeyError as error:
        problem = in_words(error) if error.permanent else f"{AWAY} ({error})"
    except CannotRegister as error:
        problem = str(error)
    _write(company_id, found, mended, problem, now)
    end_turn(company_id, JOB, EVERY if problem is None else timedelta(minutes=1))
    db.session.commit()
    return problem


class CannotRegister(Exception):
    """Something on our side is missing; the message says what, in words for staff."""


def address(settings: Settings) -> str:
    """Where ShopMonkey is to send its webhooks."""
    return f"{settings.public_url}/webhooks/shopmonkey"


def name_for(url: str) -> str:
    """Names are unique in an account (shopmonkey.dev/resources/webhook), and another deployment may have one there."""
    return f"{NAME} {urlsplit(url).hostname}"


def ensure(client: ShopMonkeyPort, url: str, secret: str, mended: bool = False) -> tuple[WebhookPayload, bool]:
    """Our registration, made or switched on again where need be, and whether it was. No transaction may be open.

    Raises ShopMonkeyError, and CannotRegister when our side lacks what a registration needs.
    """
    ours = [hook for hook in client.webhooks() if hook.url == url and not hook.deleted]
    working = [hook for hook in ours if hook.works and not hook.location_id and set(TRIGGERS) <= set(hook.triggers)]
    if working:
        return working[0], mended
    whole = [hook for hook in ours if not hook.location_id and set(TRIGGERS) <= set(hook.triggers)]
    if whole:
        return client.enable_webhook(whole[0].id), True
    if not secret:
        raise CannotRegister(UNSIGNED)
    if not url.startswith("https://") and not current_app.config["SETTINGS"].sandbox:
        raise CannotRegister(NOT_PUBLIC)
    return client.create_webhook(name=name_for(url), url=url, triggers=TRIGGERS, secret=secret), True


def _write(company_id: int, found: WebhookPayload | None, mended: bool, problem: str | None, now: datetime) -> None:
    values = {"checked_at": now, "shopmonkey_id": found.id if found else None, "problem": problem}
    if mended:
        values["mended_at"] = now
    written = insert(WebhookRegistration).values(company_id=company_id, **values)
    db.session.execute(written.on_conflict_do_update(index_elements=["company_id"], set_=values))
