"""Whom a change is told: the registered webhooks, as well or badly as the manners have it, and what failing does."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, current_app
from sqlalchemy import select

from app.lib import clock
from app.sandbox.shopmonkey import objects, shapes
from app.sandbox.shopmonkey.deliveries import Delivery, Policy, delivery
from app.sandbox.shopmonkey.dispatch import Dispatch, Note
from app.sandbox.shopmonkey.gate import state
from app.sandbox.shopmonkey.manners import Manners, manners_of
from app.sandbox.shopmonkey.shapes import Payload
from app.sandbox.tables import objects as table
from app.sandbox.tables import session

VERBS = {"INSERT": "Insert", "UPDATE": "Update", "DELETE": "Delete"}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to which row; `diff` names the changed fields of an update."""

    kind: str
    operation: str
    row: Payload
    diff: tuple[str, ...]

    @property
    def triggers(self) -> tuple[str, str]:
        """The names under which a webhook may ask for it: the sources disagree on which form is right."""
        entity = "".join(word.capitalize() for word in self.kind.split("_"))
        return f"{entity}{VERBS[self.operation]}", entity


def tell(changes: Iterable[Change]) -> None:
    """Send the changes to every webhook that asked for them, without waiting for answers."""
    with session() as opened:
        manners = manners_of(opened)
        found = opened.scalars(select(table.c.data).where(table.c.kind == "webhook", table.c.deleted.is_(False)))
        hooks = [hook for hook in found if hook.get("url") and hook.get("enabled")]
    for change in changes:
        for hook in hooks:
            if set(hook["triggers"]) & set(change.triggers) and hook["locationId"] in (
                None,
                change.row.get("locationId"),
            ):
                _send(hook, change, manners)


def dispatch() -> Dispatch:
    """This process's sender."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    kept: Dispatch = app.extensions.setdefault("shopmonkey_dispatch", Dispatch(_note_with(app)))
    return kept


def _send(hook: Payload, change: Change, manners: Manners) -> None:
    dice, sender = state(), dispatch()
    if dice.happens(manners.told_dropped):
        sender.count("dropped")
        return
    secret = hook.get("secret") or current_app.config["SETTINGS"].shopmonkey_webhook_secret
    signed = delivery(
        hook["url"], secret, change.kind, change.operation, change.row, manners.signature, list(change.diff)
    )
    policy = Policy(manners.attempts, manners.within, manners.pause_scale)
    late = dice.chance.uniform(0, manners.delay) if dice.happens(manners.told_reordered) else 0.0
    sender.submit(signed, hook["id"], policy, late)
    if dice.happens(manners.told_twice):
        sender.count("duplicated")
        sender.submit(signed, hook["id"], policy, late + dice.chance.uniform(0, manners.delay))


def _note_with(app: Flask) -> Note:
    def note(sent: Delivery, hook_id: str, taken: bool) -> None:
        with app.app_context():
            _note(hook_id, taken, clock.now())

    return note


def _note(hook_id: str, taken: bool, now: datetime) -> None:
    """Remember the failures in a row: the webhook goes into its error state, and is switched off after many."""
    with session() as opened:
        manners = manners_of(opened)
        hook = objects.locked(opened, "webhook", hook_id)
        if hook is None or (taken and not hook.get("failures")):
            return
        failures = 0 if taken else hook.get("failures", 0) + 1
        fields: Payload = {"failures": failures}
        if failures >= manners.error_after:
            fields |= {"error": True, "errorMessage": "delivery failed", "errorDate": shapes.stamp(now)}
        if failures >= manners.disabled_after:
            fields |= {"enabled": False}
        objects.put(opened, "webhook", [shapes.changed(hook, now, **fields)])
        opened.commit()
