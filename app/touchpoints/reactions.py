"""What touch points do when something happens below: each runs in that transaction, and only writes rows."""

from datetime import timedelta

from sqlalchemy import select, update

from app.db import db
from app.leads.events import LeadChangedStore, LeadClosed, LeadCreated, LeadCustomerKnown, LeadMoved
from app.leads.models import Lead
from app.leads.moves import move
from app.leads.timeline import note
from app.lib import clock
from app.lib.events import Reaction
from app.lib.phone import display
from app.locations.models import Location
from app.messaging import DeliveryFailed, DeliveryNotSent, DeliveryPostponed, DeliverySent, DeliveryUnknown
from app.messaging.models import Delivery
from app.touchpoints.last_look import lock_lead
from app.touchpoints.models import TouchPoint
from app.touchpoints.planning import plan_first_touch

LOOK_AGAIN = timedelta(hours=1)


def on_lead_created(event: LeadCreated | LeadCustomerKnown) -> None:
    """A new lead gets its first touch point, once it is known whom to contact."""
    plan_first_touch(db.session.get_one(Lead, event.lead_id), clock.now())


def on_sent(event: DeliverySent) -> None:
    """The touch point is done, the lead contacted."""
    delivery = db.session.get_one(Delivery, event.delivery_id)
    _went_out(delivery, f"{_title(delivery)} was sent")


def on_unknown(event: DeliveryUnknown) -> None:
    """It may have gone out: it counts as sent, and the timeline says that nobody knows."""
    delivery = db.session.get_one(Delivery, event.delivery_id)
    _went_out(delivery, f"{_title(delivery)} may not have gone out. {event.reason}", event.reason)


def on_not_sent(event: DeliveryNotSent | DeliveryFailed) -> None:
    """The touch point is skipped, with the reason."""
    touch_point = _touch_point_of(event.delivery_id)
    if touch_point:
        delivery = db.session.get_one(Delivery, event.delivery_id)
        touch_point.skip(event.reason)
        _note(touch_point, f"{_title(delivery)} was not sent: {event.reason}")


def on_postponed(event: DeliveryPostponed) -> None:
    """The touch point waits as long as its delivery does; the timeline says so once."""
    touch_point = _touch_point_of(event.delivery_id)
    if touch_point:
        delivery = db.session.get_one(Delivery, event.delivery_id)
        if touch_point.reason != event.reason:
            _note(touch_point, f"{_title(delivery)} waits: {event.reason}")
        touch_point.postpone(delivery.not_before or clock.now() + LOOK_AGAIN, event.reason)


def on_closed(event: LeadClosed) -> None:
    """Nothing more goes out to a lead that is won or lost."""
    _stop(event.lead_id, f"The lead is {event.stage}: {event.reason}")


def on_moved(event: LeadMoved) -> None:
    """A booked lead needs no reminding; other stages are asked about at the fence."""
    if event.stage == "booked":
        _stop(event.lead_id, "The work is booked")


def on_changed_store(event: LeadChangedStore) -> None:
    """Somebody at the shop is at work on it: what the old store had planned is stopped, and the new one sees it all."""
    name = db.session.scalar(select(Location.name).where(Location.id == event.location_id))
    _stop(event.lead_id, f"The order moved to {name}")
    every = update(TouchPoint).where(TouchPoint.lead_id == event.lead_id)
    db.session.execute(every.values(location_id=event.location_id))


REACTIONS: dict[type, tuple[Reaction, ...]] = {
    LeadCreated: (on_lead_created,),
    LeadCustomerKnown: (on_lead_created,),
    LeadClosed: (on_closed,),
    LeadMoved: (on_moved,),
    LeadChangedStore: (on_changed_store,),
    DeliverySent: (on_sent,),
    DeliveryUnknown: (on_unknown,),
    DeliveryNotSent: (on_not_sent,),
    DeliveryFailed: (on_not_sent,),
    DeliveryPostponed: (on_postponed,),
}


def _stop(lead_id: int, reason: str) -> None:
    # One whose delivery is written is left to the fence: it may be on its way already.
    planned = update(TouchPoint).where(
        TouchPoint.lead_id == lead_id, TouchPoint.status == "planned", TouchPoint.delivery_id.is_(None)
    )
    stopped = db.session.scalars(
        planned.values(status="skipped", reason=reason, claimed_until=None).returning(TouchPoint.id)
    ).all()
    if stopped:
        note(lead_id, "touch_point", f"Follow-up stopped: {reason}", "system", clock.now())


def _touch_point_of(delivery_id: int) -> TouchPoint | None:
    return db.session.execute(select(TouchPoint).filter_by(delivery_id=delivery_id)).scalar_one_or_none()


def _went_out(delivery: Delivery, text: str, reason: str | None = None) -> None:
    touch_point = _touch_point_of(delivery.id)
    if touch_point is None:
        return
    now = clock.now()
    lead = lock_lead(touch_point.lead_id)
    touch_point.done(reason)
    lead.link_sent_at = delivery.sent_at or now
    _note(touch_point, text)
    move(lead, "contacted", "first touch" if touch_point.step == 0 else "follow-up", now)


def _note(touch_point: TouchPoint, text: str) -> None:
    note(touch_point.lead_id, "touch_point", text, "system", clock.now())


def _title(delivery: Delivery) -> str:
    if delivery.channel == "sms":
        return f"The text to {display(delivery.recipient)}"
    return f"The email to {delivery.recipient}"
