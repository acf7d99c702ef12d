"""What the worker does with stored deliveries."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import cast, func, or_, select, update
from sqlalchemy.dialects.postgresql import JSONB

from app.db import db
from app.lib import clock
from app.live import wake
from app.locations import UnknownStore
from app.messaging.port import Unplaced
from app.ops.metrics import WEBHOOK_EVENTS
from app.shopmonkey import ShopMonkeyError, short_of_patience
from app.webhooks.claims import MOST_ATTEMPTS, Claim, Lease, LostClaim, claim_next, finish, set_back, try_later
from app.webhooks.intake import JOB
from app.webhooks.models import WebhookEvent

# Takes account, object id, the time and the store that was named, if one was; may be called again for the same event.
Handler = Callable[[str, str, datetime, str | None], None]
Handlers = Mapping[tuple[str, str], Handler]
# Takes account, the stored payload, when it came, and the time; may be called again for the same event.
MessageHandler = Callable[[str, Mapping[str, Any], datetime, datetime], None]
MessageHandlers = Mapping[tuple[str, str], MessageHandler]

# Where there is work, there may be more: every so often another lane is woken.
LOOK_AROUND = 10
# ShopMonkey's limit is one of a rolling minute, for when it does not say how long to wait.
RATE_LIMIT_PASSES = 60.0

log = logging.getLogger(__name__)


def process_events(now: datetime, limit: int = 50) -> int:
    """Handle up to `limit` due events; how many were claimed. Every failure is written on its event.

    May run side by side: an object's events are handled one after the other, those of different ones at once.
    """
    time = clock.going_on_from(now)
    for handled in range(limit):
        claim = claim_next(tell_others=handled % LOOK_AROUND == 0)
        if claim is None:
            return handled
        outcome = _handle(claim, time())
        WEBHOOK_EVENTS.labels(claim.source, outcome).inc()
    return limit


def retry_unknown(event_id: int) -> bool:
    """Have a parked event, or one that found no store, tried again from the start; False when it is neither."""
    event = db.session.scalar(select(WebhookEvent).where(WebhookEvent.id == event_id).with_for_update())
    if event is None or event.status not in ("unknown_store", "parked"):
        return False
    event.status, event.attempts, event.last_error = "new", 0, None
    event.next_attempt_at = func.now()
    db.session.flush()
    wake(JOB)
    return True


def retry_store(account: str, location_id: str) -> int:
    """Have what waits for that ShopMonkey location to become a store tried again from the start; how many events.

    Events that name no location at all count as its own: only reading their object tells whose they are.
    """
    named = WebhookEvent.payload["data"]["locationId"].astext
    waiting = (WebhookEvent.status == "unknown_store", WebhookEvent.source == "shopmonkey")
    of_store = (WebhookEvent.account == account, or_(named.is_(None), named == location_id))
    fresh = update(WebhookEvent).where(*waiting, *of_store).values(
        status="new", attempts=0, last_error=None, next_attempt_at=func.now()
    )  # fmt: skip
    done = db.session.execute(fresh.returning(WebhookEvent.id).execution_options(synchronize_session=False)).all()
    if done:
        wake(JOB)
    return len(done)


def _handle(claim: Claim, now: datetime) -> str:
    if claim.attempt > MOST_ATTEMPTS:
        finish(claim, "parked", f"the worker died {MOST_ATTEMPTS} times at it")
        return "parked"
    try:
        # A company that is told to slow down must not keep its lanes for as long as that lasts.
        with short_of_patience(keep=Lease(claim).keep):
            _hand_on(claim, now)
    except LostClaim as lost:
        log.warning("another worker handles it now: %s", lost)
        return "lost"
    except Unplaced as unplaced:
        _park_unplaced(claim, unplaced)
        return "parked"
    except UnknownStore as error:
        finish(claim, "unknown_store", str(error))
        return "unknown_store"
    except ShopMonkeyError as error:
        return _failed_at_shopmonkey(claim, error)
    except Exception as error:
        # Whatever went wrong is written on the event and tried again: one bad event must not stop the others.
        log.exception("webhook event %s failed, attempt %s", claim.id, claim.attempt)
        try_later(claim, f"{type(error).__name__}: {error}"[:500])
        return "failed"
    finish(claim, "done")
    return "done"


def _failed_at_shopmonkey(claim: Claim, error: ShopMonkeyError) -> str:
    if error.status == 429:
        log.info("webhook event %s is set back: %s", claim.id, error)
        set_back(claim, str(error)[:500], timedelta(seconds=error.retry_after or RATE_LIMIT_PASSES))
        return "set_back"
    log.warning("webhook event %s failed, attempt %s: %s", claim.id, claim.attempt, error)
    try_later(claim, f"{type(error).__name__}: {error}"[:500])
    return "failed"


def _hand_on(claim: Claim, now: datetime) -> None:
    kind = (claim.source, claim.object_table)
    handlers: Handlers = current_app.extensions["webhook_handlers"]
    message_handlers: MessageHandlers = current_app.extensions["message_handlers"]
    if kind in handlers:
        handlers[kind](claim.account, claim.object_id, now, claim.store)
    elif kind in message_handlers:
        payload = db.session.scalars(select(WebhookEvent.payload).where(WebhookEvent.id == claim.id)).one()
        db.session.commit()
        message_handlers[kind](claim.account, payload, now - claim.age, now)


def _park_unplaced(claim: Claim, unplaced: Unplaced) -> None:
    """Keep a message that belongs to no lead where staff of its company, or of the store it was sent to, see it."""
    db.session.rollback()
    values: dict[str, Any] = {"company_id": unplaced.company_id}
    if unplaced.store:
        values["payload"] = WebhookEvent.payload.op("||")(cast({"data": {"locationId": unplaced.store}}, JSONB))
    db.session.execute(update(WebhookEvent).where(WebhookEvent.id == claim.id).values(**values))
    db.session.commit()
    finish(claim, "parked", str(unplaced))
