"""Our webhook in ShopMonkey: looked at every hour, made where it is missing, switched on again where it was off.

A webhook whose deliveries fail goes into an error state and may end switched off (seen in production by others).
"""

import logging
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy.dialects.postgresql import insert

from app.config import Settings
from app.db import db
from app.live import wake
from app.locations.models import Company
from app.shopmonkey import ShopMonkeyError, ShopMonkeyPort, WebhookPayload
from app.sync.clients import clients_of
from app.sync.failures import Failures
from app.sync.models import WebhookRegistration
from app.sync.shopmonkey_words import in_words
from app.sync.turns import keep_turn, let_run, turn_at

JOB = "registrations"
EVERY = timedelta(hours=1)
SOON = timedelta(minutes=1)
# A refused key waits for a person, and the others are asked with it.
AFTER_REFUSAL = timedelta(minutes=10)
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

log = logging.getLogger(__name__)


def check_registration(company: Company, now: datetime) -> str | None:
    """Look after the company's webhook, with every key: what is wrong with it, or None. Commits.

    Does nothing but once an hour. A key that is refused keeps no other from being looked at.
    """
    company_id = company.id
    settings: Settings = current_app.config["SETTINGS"]
    secret = company.shopmonkey_webhook_secret or settings.shopmonkey_webhook_secret
    look = _Look(company_id, address(settings), secret)
    with turn_at(company_id, JOB, SOON) as turn:
        clients = clients_of(company) if turn else []
        db.session.commit()
        for client in clients:
            if not look.failures.hopeless:
                look.at(client)
        if turn:
            _write(company_id, look.found, look.mended, look.problem, now)
            db.session.commit()
            turn.pause = look.pause
    return look.problem


class _Look:
    """What looking after the webhook with one key after the other has come to."""

    def __init__(self, company_id: int, url: str, secret: str) -> None:
        self.company_id, self.url, self.secret = company_id, url, secret
        self.found: WebhookPayload | None = None
        self.mended = False
        self.failures = Failures()
        self.cannot: CannotRegister | None = None

    def at(self, client: ShopMonkeyPort) -> None:
        keep_turn(self.company_id, JOB)
        db.session.commit()
        try:
            self.found, self.mended = ensure(client, self.url, self.secret, self.mended)
            self.failures.went_well()
        except ShopMonkeyError as error:
            log.warning("the webhook of company %s could not be looked at: %s", self.company_id, error)
            self.failures.add(error)
        except CannotRegister as error:
            self.cannot = error

    @property
    def problem(self) -> str | None:
        """What staff should read."""
        failed = self.failures.first
        if failed:
            return in_words(failed) if failed.permanent else f"{AWAY} ({failed})"
        return str(self.cannot) if self.cannot else None

    @property
    def pause(self) -> timedelta:
        """How long until the next look."""
        failed = self.failures.first
        if failed and failed.permanent:
            return AFTER_REFUSAL
        return SOON if failed or self.cannot else EVERY


def look_at_webhook(company_id: int) -> None:
    """Have the worker look after the webhook from the caller's commit on, and not at its next hour."""
    let_run(company_id, JOB)
    wake(JOB)


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
        # With our secret: one that was rotated here meanwhile would have every delivery refused, and it off again.
        return client.enable_webhook(whole[0].id, secret), True
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
