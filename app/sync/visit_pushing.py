"""A visit's way to ShopMonkey's calendar: whatever times out, dies or changes meanwhile, it stands there at most once.

1. Claim the visit and commit; no transaction is open while ShopMonkey answers.
2. Where the end of an earlier POST was not seen, look for its fruit by our mark; a second one is taken off.
3. Write down what is about to be sent, prove that the visit is still ours, and only then send it.
4. Write the outcome. Killed before that, the lease runs out and the next worker starts at step 2.

ShopMonkey has no idempotency keys, so step 2 is the only way not to post twice. A look that finds nothing may be too
early: then there is one more, well after everything has settled.
"""

import logging
from datetime import datetime
from typing import Any

from sqlalchemy import func, null, select

from app.db import db
from app.leads.models import Lead
from app.leads.timeline import note
from app.locations.models import Location
from app.ops.metrics import VISIT_PUSHES
from app.shopmonkey import ShopMonkeyError, ShopMonkeyPort, short_of_patience
from app.sync.at_work import AtWork
from app.sync.clients import client_of_store
from app.sync.models import VisitPush
from app.sync.visit_attempt import Attempt, NoLongerOurs
from app.sync.visit_body import Wanted, body_of
from app.sync.visit_claims import Turn, claim_next, disturbed, finish
from app.sync.visit_outcomes import LOOKS_AGAIN, MOST_ATTEMPTS, Failed, Pushed, failed, is_stuck, pause, settling

RESTORED = "Somebody had deleted the visit in ShopMonkey's calendar; it stands there again, since it stands with us"

log = logging.getLogger(__name__)
# One that hangs takes one lane.
at_work = AtWork(most=1)


def push_visits(now: datetime, limit: int = 50, lanes: AtWork = at_work) -> int:
    """Push up to `limit` due visits; how many were tried. Every failure is written on its visit.

    A company whose ShopMonkey is unwell, or wants fewer calls, waits for the next run, so that the others need not wait
    for it. May run side by side: the `lanes` of a worker are each at another company.
    """
    unwell: set[int] = set()
    for tried in range(limit):
        with lanes.on_next(claim_next, unwell) as turn:
            if turn is None:
                return tried
            outcome = _push(turn)
            if outcome:
                _write(turn, outcome, now)
            if isinstance(outcome, Failed) and outcome.unwell:
                unwell.add(turn.company_id)
    return limit


def _push(turn: Turn) -> Pushed | Failed | None:
    try:
        with short_of_patience():
            return _attempt(turn).run()
    except NoLongerOurs:
        log.warning("visit %s is another worker's now", turn.id)
        return None
    except ShopMonkeyError as error:
        return failed(error, turn.appointment_id, turn.posted)
    except Exception as error:
        # Whatever went wrong is written on the visit and tried again: one odd visit must not stop the others.
        log.exception("visit %s failed, attempt %s", turn.id, turn.attempt)
        db.session.rollback()
        posted = db.session.scalar(select(VisitPush.posted).where(VisitPush.id == turn.id))
        db.session.commit()
        return Failed(f"{type(error).__name__}: {error}"[:300], turn.appointment_id, posted)


def _attempt(turn: Turn) -> Attempt:
    client, wanted = _read(turn)
    db.session.commit()
    return Attempt(turn, client, body_of(wanted), wanted.order_id)


def _read(turn: Turn) -> tuple[ShopMonkeyPort, Wanted]:
    told = turn.payload
    store = db.session.get_one(Location, turn.location_id)
    lead = db.session.get(Lead, turn.lead_id) if turn.lead_id else None
    customer, vehicle = (lead.customer, lead.vehicle) if lead else (None, None)
    return client_of_store(store), Wanted(
        key=turn.key,
        starts_at=datetime.fromisoformat(told["starts_at"]),
        ends_at=datetime.fromisoformat(told["ends_at"]),
        customer=told["customer"] or (customer.name if customer else "Customer"),
        services=tuple(told["services"]),
        vehicle=vehicle.name if vehicle else "",
        note=told["note"],
        location_id=store.shopmonkey_id,
        order_id=lead.shopmonkey_order_id if lead else None,
        customer_id=customer.shopmonkey_id if customer else None,
        vehicle_id=vehicle.shopmonkey_id if vehicle else None,
    )


def _write(turn: Turn, outcome: Pushed | Failed, now: datetime) -> None:
    known: dict[str, Any] = {
        "shopmonkey_appointment_id": outcome.appointment_id,
        "posted": outcome.posted or null(),
        "last_error": None if isinstance(outcome, Pushed) else outcome.reason,
    }
    if isinstance(outcome, Pushed):
        status, later = "done", LOOKS_AGAIN if outcome.posted else None
        known |= {"pushed": outcome.body, "pushed_revision": turn.revision, "finished_at": func.now()}
    else:
        status, later = "stuck" if is_stuck(turn.attempt, outcome) else "queued", pause(turn.attempt, outcome)
    if finish(turn, status, later, settling(outcome), **known):
        _tell(turn, outcome, now)
        db.session.commit()
        VISIT_PUSHES.labels(status).inc()
    else:
        db.session.rollback()
        disturbed(turn, outcome.appointment_id, outcome.posted)


def _tell(turn: Turn, outcome: Pushed | Failed, now: datetime) -> None:
    lead_id = db.session.scalar(select(VisitPush.lead_id).where(VisitPush.id == turn.id))
    if lead_id is None:
        return
    if isinstance(outcome, Pushed) and outcome.restored:
        note(lead_id, "visit", RESTORED, "system", now)
    elif isinstance(outcome, Failed) and (outcome.permanent or turn.attempt == MOST_ATTEMPTS):
        note(lead_id, "visit", f"The visit is not in ShopMonkey's calendar: {outcome.reason}", "system", now)
