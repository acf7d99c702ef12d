"""One touch point from due to handed over: decide, write the delivery, pass the fence."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from app import messaging
from app.db import db
from app.leads.mail import reply_headers
from app.leads.models import Lead
from app.leads.places import places_of
from app.leads.timeline import note
from app.locations.senders import mail_sender, sms_sender
from app.messaging import Place
from app.messaging.models import Delivery
from app.touchpoints import content
from app.touchpoints.in_step import in_step
from app.touchpoints.last_look import address_of, lock_lead, look, reason_to_stop, ways_to
from app.touchpoints.models import TouchPoint
from app.touchpoints.planning import plan
from app.touchpoints.rules import Choice, choose

# How soon to look again where nothing says when: the store's zone may have been set meanwhile.
LOOK_AGAIN = timedelta(hours=1)


@dataclass(frozen=True)
class _Queued:
    delivery_id: int
    lead_id: int
    channel: str
    location_id: int | None
    places: tuple[Place, ...]


def send(touch_point_id: int, now: datetime) -> None:
    """Send a claimed touch point, or write why not (yet). Commits; the reactions write what its delivery became."""
    if not in_step(touch_point_id, now):
        return
    queued = _prepare(touch_point_id, now)
    db.session.commit()
    if queued:
        last_look = partial(look, queued.lead_id, queued.channel, queued.location_id)
        messaging.deliver(queued.delivery_id, last_look, now, queued.places)


def _prepare(touch_point_id: int, now: datetime) -> _Queued | None:
    touch_point = db.session.get_one(TouchPoint, touch_point_id, populate_existing=True)
    if touch_point.status != "planned":
        return None
    lead = lock_lead(touch_point.lead_id)
    if touch_point.delivery_id:
        delivery = db.session.get_one(Delivery, touch_point.delivery_id)
        return _Queued(delivery.id, lead.id, delivery.channel, delivery.location_id, places_of(lead))
    reason = reason_to_stop(lead)
    choice = Choice(None, reason) if reason else choose(touch_point.channel, ways_to(lead, now), now)
    if choice.channel is None:
        _hold(touch_point, choice, now)
        return None
    if choice.channel == "email" and choice.sms_at:
        plan(lead, touch_point.step, "sms", choice.sms_at)
        note(lead.id, "touch_point", "It is night at the store: email now, the text in the morning", "system", now)
    delivery = _write_delivery(touch_point, lead, choice.channel)
    touch_point.delivery_id = delivery.id
    return _Queued(delivery.id, lead.id, choice.channel, delivery.location_id, places_of(lead))


def _hold(touch_point: TouchPoint, choice: Choice, now: datetime) -> None:
    reason = choice.reason or "Nothing allows a message"
    if choice.waits:
        known = touch_point.reason == reason
        touch_point.postpone(choice.sms_at or now + LOOK_AGAIN, reason)
    else:
        known = False
        touch_point.skip(reason)
    if not known:
        text = f"Touch point {touch_point.step + 1} was not sent: {reason}"
        note(touch_point.lead_id, "touch_point", text, "system", now)


def _write_delivery(touch_point: TouchPoint, lead: Lead, channel: str) -> Delivery:
    words = content.first_touch(lead, channel)
    return messaging.queue(
        company_id=lead.company_id,
        location_id=lead.location_id,
        lead_id=lead.id,
        channel=channel,
        purpose="touch_point",
        recipient=address_of(lead, channel),
        subject=words.subject,
        text=words.text,
        html=words.html,
        sender=sms_sender(lead.location) if channel == "sms" else mail_sender(lead.location),
        headers=reply_headers(lead) if channel == "email" else None,
        dedupe_key=f"touch-point:{touch_point.id}",
    )
