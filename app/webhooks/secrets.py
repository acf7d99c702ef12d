"""Whose secret a delivery must be signed with."""

import threading
import time
from dataclasses import dataclass

from flask import Flask, current_app
from sqlalchemy import select

from app.db import db
from app.locations.models import Company

KEPT_FOR = 30.0
MOST = 2000


@dataclass(frozen=True)
class Sender:
    """A delivery's claimed company, with the secret it must have used. `company_id` is None for one not added here."""

    company_id: int | None
    secret: str


class Senders:
    """Senders by ShopMonkey company id, kept for half a minute: a flood of deliveries asks the database once."""

    def __init__(self, default_secret: str) -> None:
        self.default_secret = default_secret
        self.kept: dict[str, tuple[float, Sender]] = {}
        self.lock = threading.Lock()

    def of(self, account: str) -> Sender:
        """The sender; a company without a secret of its own uses the environment's."""
        kept = self.kept.get(account)
        if kept and kept[0] > time.monotonic():
            return kept[1]
        sender = self._read(account)
        with self.lock:
            if len(self.kept) >= MOST:
                self.kept.clear()
            self.kept[account] = (time.monotonic() + KEPT_FOR, sender)
        return sender

    def forget(self) -> None:
        """Ask the database again from now on."""
        with self.lock:
            self.kept.clear()

    def _read(self, account: str) -> Sender:
        found = db.session.execute(
            select(Company.id, Company.shopmonkey_webhook_secret).where(Company.shopmonkey_id == account)
        ).one_or_none()
        if found is None:
            return Sender(None, self.default_secret)
        return Sender(found.id, found.shopmonkey_webhook_secret or self.default_secret)


def init_webhooks(app: Flask) -> None:
    """Give the application its senders."""
    app.extensions["webhook_senders"] = Senders(app.config["SETTINGS"].shopmonkey_webhook_secret)


def senders() -> Senders:
    """The application's senders."""
    kept: Senders = current_app.extensions["webhook_senders"]
    return kept
