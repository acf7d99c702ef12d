"""One touch point from due to handed over: decide, write the delivery, pass the fence."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm.attributes import set_committed_value

from app import messaging
from app.db import db, prepared
from app.leads.mail import reply_headers
from app.leads.models import Customer, Lead
from app.leads.places import places_of
from app.leads.timeline import note
from app.lib import clock
from app.locations.senders import mail_sender, sms_sender
from app.messaging import Place
from app.messaging.models import Delivery
from app.messaging.quiet_hours import local_words
from app.touchpoints import content
from app.touchpoints.in_step import Known, in_step
from app.touchpoints.last_look import Written, address_of, look, ways_to
from app.touchpoints.models import PURPOSE, TouchPoint
from app.touchpoints.planning import FIRST_STEP, plan
from app.touchpoints.rules import NIGHT, Choice, choose
from app.touchpoints.sequences import step_values
from app.touchpoints.step_rules import StepValues
from app.touchpoints.turns import lock_due, turn_of
from app.touchpoints.wording import Refused

# How soon to look again where nothing says when: the store's zone may have been set, or a text mended, meanwhile.
LOOK_AGAIN = timedelta(hours=1)

# Asked for every message.
WHOSE = prepared(
    select(TouchPoint.lead_id, TouchPoint.channel, Lead.order_read_at, Customer.read_at)
    .join(Lead, Lead.id == TouchPoint.lead_id)
    .outerjoin(Customer, Customer.id == Lead.customer_id)
    .where(TouchPoint.id == bindparam("id"))
)
# By the row, not by the session's unit of work: it is done for every message.
WRITTEN = prepared(
    update(TouchPoint.__table__)  # type: ignore[arg-type]
    .where(TouchPoint.id == bindparam("touch_point_id"))
    .values(delivery_id=bindparam("its_delivery"))
)


@dataclass(frozen=True)
class _Queued:
    delivery_id: int
    written: Written
    places: tuple[Place, ...]
    may_wait: bool


def send(touch_point_id: int, now: datetime) -> None:
    """Send a claimed touch point, or write why not (yet). Commits; the reactions write what its delivery became."""
    time = clock.going_on_from(now)
    lead_id, channel, order_read_at, customer_read_at = db.session.execute(WHOSE, {"id": touch_point_id}).one()
    known = Known(lead_id, order_read_at, customer_read_at, texts=channel != "email")
    if not in_step(touch_point_id, known, now):
        return
    # ShopMonkey may have taken long to answer.
    now = time()
    queued = _prepare(touch_point_id, lead_id, now)
    if queued is None:
        db.session.commit()
    else:
        # In the same transaction: what was found about the lead holds, for its row stays locked.
        last_look = partial(look, queued.written, now if queued.may_wait else None)
        messaging.deliver(queued.delivery_id, last_look, now, queued.places)


def _prepare(touch_point_id: int, lead_id: int, now: datetime) -> _Queued | None:
    due = lock_due(touch_point_id, lead_id, now)
    touch_point, lead, places = due.touch_point, due.lead, places_of(due.lead)
    if touch_point.status != "planned":
        return None
    if touch_point.delivery_id:
        queued = _queued(touch_point, places, db.session.get_one(Delivery, touch_point.delivery_id))
        # Others may lock this delivery, and lock it before the lead.
        db.session.commit()
        return queued
    turn = turn_of(due, now)
    if turn is not None:
        _hold(touch_point, turn, now)
        return None
    step = step_values(touch_point.step_id or 0)
    ways = ways_to(lead, places, now, touch_point.channel)
    choice = choose(touch_point.channel, ways, now, first=touch_point.step == FIRST_STEP)
    try:
        delivery_of = _write_delivery(touch_point, lead, step, choice.channel) if choice.channel else None
    except Refused as refusal:
        choice, delivery_of = Choice(None, f"The text cannot be sent: {refusal}", waits=True), None
    if delivery_of is None:
        if choice.reason == NIGHT and choice.sms_at:
            choice = replace(choice, reason=_quiet_until(choice.sms_at, places))
        _hold(touch_point, choice, now)
        return None
    if choice.channel == "email" and choice.sms_at:
        plan(lead, touch_point.step, "sms", choice.sms_at, touch_point.step_id)
        text = f"{_quiet_until(choice.sms_at, places)}: the email goes now, the text then"
        note(lead.id, "touch_point", text, "system", now)
    db.session.execute(WRITTEN, {"touch_point_id": touch_point.id, "its_delivery": delivery_of.id})
    set_committed_value(touch_point, "delivery_id", delivery_of.id)
    return _queued(touch_point, places, delivery_of)


def _queued(touch_point: TouchPoint, places: tuple[Place, ...], delivery: Delivery) -> _Queued:
    may_wait = touch_point.asked_by is None and touch_point.step != FIRST_STEP
    written = Written(touch_point.lead_id, delivery.location_id, delivery.channel, delivery.recipient)
    return _Queued(delivery.id, written, places, may_wait)


def _hold(touch_point: TouchPoint, choice: Choice, now: datetime) -> None:
    if touch_point.status != "planned":
        return
    reason = choice.reason or "Nothing allows a message"
    if choice.waits:
        known = touch_point.reason == reason
        touch_point.postpone(choice.sms_at or now + LOOK_AGAIN, reason)
    else:
        known = False
        touch_point.skip(reason)
    if not known:
        what = "waits" if choice.waits else "was not sent"
        text = f"Touch point {touch_point.step + 1} {what}: {reason}"
        note(touch_point.lead_id, "touch_point", text, "system", now)


def _quiet_until(until: datetime, places: tuple[Place, ...]) -> str:
    return f"Quiet hours until {local_words(until, places)}"


def _write_delivery(touch_point: TouchPoint, lead: Lead, step: StepValues, channel: str) -> Delivery:
    recipient = address_of(lead, channel)
    assert recipient is not None
    first_text = channel == "sms" and (
        touch_point.step == FIRST_STEP or not messaging.texted(lead.company_id, recipient)
    )
    words = content.content_of(lead, step, channel, first_text=first_text)
    again = f":{touch_point.attempt}" if touch_point.attempt else ""
    return messaging.queue(
        company_id=lead.company_id,
        location_id=lead.location_id,
        lead_id=lead.id,
        channel=channel,
        purpose=PURPOSE,
        recipient=recipient,
        subject=words.subject,
        text=words.text,
        html=words.html,
        sender=sms_sender(lead.location) if channel == "sms" else mail_sender(lead.location),
        headers=reply_headers(lead) if channel == "email" else None,
        dedupe_key=f"touch-point:{touch_point.id}{again}",
    )
