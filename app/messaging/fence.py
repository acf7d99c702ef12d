"""The send fence: the one place from which an SMS or email leaves. `deliver` is the whole of it, top to bottom.

1. Claim: lock the delivery; only a queued one goes on.
2. Re-read: the caller's last look (it locks the lead), then under the address's lock the consent ledger.
3. Decide: the gate, and for an unasked SMS the quiet hours and the most that one person may get in 24 hours, by the
   time that it is now, however long the locks were waited for.
4. Commit `sending`.
5. Call the provider, with no transaction open.
6. Write the outcome, with its event, in one transaction.

Everything that can stop a send locks the lead or the address first, so it is either seen in step 2 or comes after
step 4. Killed between 4 and 6, the row stays `sending`: `jobs.reconcile` clears it up, nothing sends it again.
Lock order: delivery, lead, conversation, address. A delivery that the same transaction has written comes last as well:
nobody else sees it yet.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from flask import current_app
from sqlalchemy import bindparam, func, update

from app.db import db, prepared
from app.lib import clock, events
from app.messaging import gate
from app.messaging.asked import is_unasked
from app.messaging.bad_numbers import bad_number
from app.messaging.confirming import against_confirming
from app.messaging.consents import lock_address
from app.messaging.events import DeliveryNotSent, DeliveryPostponed
from app.messaging.ledger import locked, outgoing
from app.messaging.models import Delivery
from app.messaging.outcomes import Outcome, refused, taken
from app.messaging.places import Place
from app.messaging.port import Outgoing, Transport, TransportError
from app.messaging.quiet_hours import NO_LIMITS, time_left
from app.messaging.reaching import NOT_SET_UP, may_reach
from app.messaging.record import write_outcome
from app.messaging.transports import transports
from app.messaging.waiting import Wait, wait_for

LastLook = Callable[[], str | None]

# By the row, not by the session's unit of work: it is done for every message.
SENDING = prepared(
    update(Delivery.__table__)  # type: ignore[arg-type]
    .where(Delivery.id == bindparam("delivery_id"))
    .values(
        status="sending",
        attempt=bindparam("number"),
        provider=bindparam("by"),
        counted_at=bindparam("counts_from"),
        sending_at=func.clock_timestamp(),
        reason=None,
        not_before=None,
    )
)

log = logging.getLogger(__name__)


def deliver(delivery_id: int, last_look: LastLook, now: datetime | None = None, places: Sequence[Place] = ()) -> str:
    """Try once to send a queued delivery; its status afterwards. Anything but a queued one is left as it is.

    `last_look` runs inside the transaction that decides: it locks what may stop this send and returns the reason in
    plain words, or None. `places` are where the recipient may be, needed for an unasked SMS; an answer counts as one
    15 minutes after what it answers. Commits the caller's transaction. A reason not to send ends as `not_sent`; quiet
    hours, a reached cap and passing refusals stay `queued`, with `not_before`.
    """
    time = clock.going_on_from(now)
    delivery = locked(delivery_id)
    if delivery.status != "queued" or (delivery.not_before and delivery.not_before > time()):
        return _commit(delivery)
    transport = transports().of(delivery.channel)
    if transport is None:
        return _hold_back(delivery, NOT_SET_UP[delivery.channel], time())

    reason = last_look() or _forbidden(delivery, time) or _closed(delivery, transport)
    now = time()
    if reason:
        return _hold_back(delivery, reason, now)
    message, counted_at = outgoing(delivery), delivery.counted_at
    if delivery.channel == "sms" and is_unasked(delivery.purpose, delivery.asked_at, now):
        limits = transports().limits_of(delivery.location_id) if delivery.location_id else NO_LIMITS
        wait = wait_for(delivery, now, places, limits)
        if wait:
            return _postpone(delivery, wait)
        message, counted_at = replace(message, valid_for=time_left(now, places, limits)), now

    attempt = delivery.attempt + 1
    sending = {"number": attempt, "by": transport.name, "counts_from": counted_at}
    db.session.execute(SENDING, {"delivery_id": delivery_id, **sending})
    db.session.commit()

    outcome = _hand_over(transport, message, attempt, time)
    return write_outcome(delivery_id, attempt, outcome, time())


def _forbidden(delivery: Delivery, time: Callable[[], datetime]) -> str | None:
    """What the consent ledger has against it. Locks the address."""
    # Staff sign in by mail whatever a customer's ledger says; who answers STOP to a text gets no more, staff or not.
    if delivery.purpose == "staff" and delivery.channel == "email":
        return None
    lock_address(delivery.channel, delivery.recipient)
    now = time()
    if delivery.purpose == "opt_out_confirmation":
        return bad_number(delivery.company_id, delivery.recipient) or against_confirming(delivery, now)
    asked = delivery.purpose in gate.ASKED
    address = (delivery.company_id, delivery.channel, delivery.recipient)
    return may_reach(*address, delivery.location_id, now, asked=asked)


def _closed(delivery: Delivery, transport: Transport) -> str | None:
    return gate.closed_to(
        delivery.channel,
        delivery.recipient,
        purpose=delivery.purpose,
        reaches_people=transport.reaches_people,
        live=delivery.location_id is not None and transports().store_live(delivery.location_id),
        allow_list=current_app.config["SETTINGS"].outbound_allow_list,
    )


def _hold_back(delivery: Delivery, reason: str, now: datetime) -> str:
    delivery.status, delivery.reason, delivery.finished_at = "not_sent", reason, now
    events.publish(DeliveryNotSent(delivery.id, delivery.lead_id, reason))
    return _commit(delivery)


def _postpone(delivery: Delivery, wait: Wait) -> str:
    delivery.not_before, delivery.reason = wait.until, wait.reason
    events.publish(DeliveryPostponed(delivery.id, delivery.lead_id, wait.reason))
    return _commit(delivery)


def _commit(delivery: Delivery) -> str:
    status = delivery.status
    db.session.commit()
    return status


def _hand_over(transport: Transport, message: Outgoing, attempt: int, time: Callable[[], datetime]) -> Outcome:
    assert not db.session().in_transaction(), "a provider is never called with a transaction open"
    try:
        return taken(transport.send(message))
    except TransportError as error:
        log.warning("%s did not confirm a message: %s", transport.name, error.message)
        return refused(error, transport.name, attempt, time())
