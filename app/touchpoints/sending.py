"""One touch point from due to handed over: decide, write the delivery, pass the fence."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import bindparam, select

from app import messaging
from app.db import db
from app.leads.mail import reply_headers
from app.leads.models import Lead
from app.leads.places import places_of
from app.leads.timeline import note
from app.locations.senders import mail_sender, sms_sender
from app.messaging import Place
from app.messaging.models import Delivery
from app.messaging.quiet_hours import local_words
from app.touchpoints import content
from app.touchpoints.in_step import in_step
from app.touchpoints.last_look import address_of, lock_whole_lead, look, ways_to
from app.touchpoints.models import PURPOSE, TouchPoint
from app.touchpoints.planning import FIRST_STEP, plan
from app.touchpoints.rules import NIGHT, Choice, choose
from app.touchpoints.sequences import step_values
from app.touchpoints.step_rules import StepValues
from app.touchpoints.turns import turn_of
from app.touchpoints.wording import Refused

# How soon to look again where nothing says when: the store's zone may have been set, or a text mended, meanwhile.
LOOK_AGAIN = timedelta(hours=1)

# Asked for every message: built once.
WHOSE = (
    select(TouchPoint.lead_id, Lead.order_read_at)
    .join(Lead, Lead.id == TouchPoint.lead_id)
    .where(TouchPoint.id == bindparam("id"))
)
TEXTED = (
    select(Delivery.id)
    .where(
        Delivery.lead_id == bindparam("lead_id"),
        Delivery.channel == "sms",
        Delivery.status.in_(("sending", "sent", "delivered", "unknown")),
    )
    .limit(1)
)


@dataclass(frozen=True)
class _Queued:
    delivery_id: int
    lead_id: int
    channel: str
    location_id: int | None
    places: tuple[Place, ...]
    may_wait: bool


def send(touch_point_id: int, now: datetime) -> None:
    """Send a claimed touch point, or write why not (yet). Commits; the reactions write what its delivery became."""
    lead_id, order_read_at = db.session.execute(WHOSE, {"id": touch_point_id}).one()
    if not in_step(touch_point_id, lead_id, order_read_at, now):
        return
    queued = _prepare(touch_point_id, lead_id, now)
    if queued is None:
        db.session.commit()
    else:
        # In the same transaction: what was found about the lead holds, for its row stays locked.
        last_look = partial(look, queued.lead_id, queued.channel, queued.location_id, now if queued.may_wait else None)
        messaging.deliver(queued.delivery_id, last_look, now, queued.places)


def _prepare(touch_point_id: int, lead_id: int, now: datetime) -> _Queued | None:
    lead = lock_whole_lead(lead_id)
    # Read under the lock: another worker, whose claim had run out, may have written its delivery meanwhile.
    touch_point = db.session.get_one(TouchPoint, touch_point_id, populate_existing=True)
    if touch_point.status != "planned":
        return None
    if touch_point.delivery_id:
        queued = _queued(touch_point, lead, db.session.get_one(Delivery, touch_point.delivery_id))
        # Others may lock this delivery, and lock it before the lead.
        db.session.commit()
        return queued
    turn = turn_of(touch_point, lead, now)
    if turn is not None:
        _hold(touch_point, turn, now)
        return None
    step = step_values(touch_point.step_id or 0)
    choice = choose(
        touch_point.channel, ways_to(lead, now, touch_point.channel), now, first=touch_point.step == FIRST_STEP
    )
    try:
        delivery_of = _write_delivery(touch_point, lead, step, choice.channel) if choice.channel else None
    except Refused as refusal:
        choice, delivery_of = Choice(None, f"The text cannot be sent: {refusal}", waits=True), None
    if delivery_of is None:
        if choice.reason == NIGHT and choice.sms_at:
            choice = replace(choice, reason=_quiet_until(choice.sms_at, lead))
        _hold(touch_point, choice, now)
        return None
    if choice.channel == "email" and choice.sms_at:
        plan(lead, touch_point.step, "sms", choice.sms_at, touch_point.step_id)
        text = f"{_quiet_until(choice.sms_at, lead)}: the email goes now, the text then"
        note(lead.id, "touch_point", text, "system", now)
    touch_point.delivery_id = delivery_of.id
    return _queued(touch_point, lead, delivery_of)


def _queued(touch_point: TouchPoint, lead: Lead, delivery: Delivery) -> _Queued:
    may_wait = touch_point.asked_by is None and touch_point.step != FIRST_STEP
    return _Queued(delivery.id, lead.id, delivery.channel, delivery.location_id, places_of(lead), may_wait)


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


def _quiet_until(until: datetime, lead: Lead) -> str:
    return f"Quiet hours until {local_words(until, places_of(lead))}"


def _write_delivery(touch_point: TouchPoint, lead: Lead, step: StepValues, channel: str) -> Delivery:
    first_text = channel == "sms" and (touch_point.step == FIRST_STEP or not _texted(lead.id))
    words = content.content_of(lead, step, channel, first_text=first_text)
    again = f":{touch_point.attempt}" if touch_point.attempt else ""
    return messaging.queue(
        company_id=lead.company_id,
        location_id=lead.location_id,
        lead_id=lead.id,
        channel=channel,
        purpose=PURPOSE,
        recipient=address_of(lead, channel),
        subject=words.subject,
        text=words.text,
        html=words.html,
        sender=sms_sender(lead.location) if channel == "sms" else mail_sender(lead.location),
        headers=reply_headers(lead) if channel == "email" else None,
        dedupe_key=f"touch-point:{touch_point.id}{again}",
    )


def _texted(lead_id: int) -> bool:
    """Whether an SMS may have reached this lead before."""
    return db.session.scalar(TEXTED, {"lead_id": lead_id}) is not None
