"""What touch points do when something happens below: each runs in that transaction, and only writes rows."""

from datetime import timedelta

from sqlalchemy import bindparam, select, update

from app.db import db, prepared
from app.leads.contacting import contacted, stage_of
from app.leads.events import (
    AdvisorTexted,
    LeadChangedStore,
    LeadClosed,
    LeadCreated,
    LeadCustomerKnown,
    LeadEngaged,
    LeadMoved,
)
from app.leads.models import Lead
from app.leads.timeline import note
from app.lib import clock
from app.lib.events import Reaction
from app.lib.phone import display
from app.live import wake
from app.locations.models import Location
from app.messaging import DeliveryFailed, DeliveryNotSent, DeliveryPostponed, DeliverySent, DeliveryUnknown
from app.messaging.events import ConsentChanged
from app.messaging.models import Delivery
from app.touchpoints.joined import follow_up_instead
from app.touchpoints.last_look import ANOTHER_ADDRESS
from app.touchpoints.models import PURPOSE, SequenceRun, TouchPoint
from app.touchpoints.opting_out import stop_channel, tell_of_opt_in
from app.touchpoints.planning import FIRST_STEP, JOB, plan, start_sequence
from app.touchpoints.rules import OPENED, OPENED_HOLD
from app.touchpoints.runs import stop

LOOK_AGAIN = timedelta(hours=1)
ENDS_IT = {"engaged": "The customer has answered", "booked": "The work is booked"}

# By the row, not by the session's unit of work: it is done for every message.
DONE = prepared(
    update(TouchPoint.__table__)  # type: ignore[arg-type]
    .where(TouchPoint.delivery_id == bindparam("its_delivery"))
    .values(status="done", reason=bindparam("why"), claimed_until=None)
    .returning(TouchPoint.step)
)


def on_lead_created(event: LeadCreated | LeadCustomerKnown) -> None:
    """A new lead gets its sequence, once it is known whom to contact."""
    start_sequence(db.session.get_one(Lead, event.lead_id), clock.now())


def on_sent(event: DeliverySent) -> None:
    """The touch point is done, the lead contacted."""
    delivery = db.session.get_one(Delivery, event.delivery_id)
    _went_out(delivery, f"{_title(delivery)} was sent")


def on_unknown(event: DeliveryUnknown) -> None:
    """It may have gone out: it counts as sent, and the timeline says that nobody knows."""
    delivery = db.session.get_one(Delivery, event.delivery_id)
    _went_out(delivery, f"{_title(delivery)} may not have gone out. {event.reason}", event.reason)


def on_not_sent(event: DeliveryNotSent) -> None:
    """The touch point is skipped, with the reason; what was only held at the fence is planned again."""
    touch_point = _touch_point_of(event.delivery_id)
    if touch_point is None:
        return
    delivery = db.session.get_one(Delivery, event.delivery_id)
    run = db.session.get(SequenceRun, touch_point.lead_id, populate_existing=True)
    if run is not None and run.status == "paused" and event.reason == run.reason:
        touch_point.put_back("paused")
    elif event.reason == ANOTHER_ADDRESS:
        touch_point.put_back("planned")
        _note(touch_point, f"{_title(delivery)} was not sent: {ANOTHER_ADDRESS[0].lower()}{ANOTHER_ADDRESS[1:]}")
        wake(JOB)
    elif event.reason == OPENED:
        touch_point.put_back("planned")
        opened_at = db.session.get_one(Lead, touch_point.lead_id).last_opened_at
        touch_point.postpone((opened_at or clock.now()) + OPENED_HOLD, OPENED)
        _note(touch_point, f"{_title(delivery)} waits: {OPENED}")
    else:
        touch_point.skip(event.reason)
        _note(touch_point, f"{_title(delivery)} was not sent: {event.reason}")


def on_failed(event: DeliveryFailed) -> None:
    """The touch point is skipped, with the reason; a text that may also be an email goes as one."""
    touch_point = _touch_point_of(event.delivery_id)
    if touch_point is None:
        return
    delivery = db.session.get_one(Delivery, event.delivery_id)
    touch_point.skip(event.reason)
    _note(touch_point, f"{_title(delivery)} was not sent: {event.reason}")
    if delivery.channel == "sms" and touch_point.channel == "any":
        lead = db.session.get_one(Lead, touch_point.lead_id)
        plan(lead, touch_point.step, "email", clock.now(), touch_point.step_id)
        _note(touch_point, "The email goes instead")
        wake(JOB)


def on_postponed(event: DeliveryPostponed) -> None:
    """The touch point waits as long as its delivery does; the timeline says so once."""
    touch_point = _touch_point_of(event.delivery_id)
    if touch_point:
        delivery = db.session.get_one(Delivery, event.delivery_id)
        if touch_point.reason != event.reason:
            _note(touch_point, f"{_title(delivery)} waits: {event.reason}")
        touch_point.postpone(delivery.not_before or clock.now() + LOOK_AGAIN, event.reason)


def on_engaged(event: LeadEngaged) -> None:
    """Who has answered hears from people and the assistant, no longer from the sequence. A lost lead opens again."""
    now = clock.now()
    if event.was_lost:
        db.session.execute(update(Lead).where(Lead.id == event.lead_id).values(closed_reason=None))
        note(event.lead_id, "stage", "Engaged again: the customer wrote", "customer", now)
    stop(event.lead_id, "The customer has answered", now)


def on_advisor_texted(event: AdvisorTexted) -> None:
    """A person has taken the matter up from ShopMonkey."""
    stop(event.lead_id, "An advisor wrote to the customer from ShopMonkey", clock.now())


def on_consent_changed(event: ConsentChanged) -> None:
    """Who opts out hears nothing more by that channel; an opt-in is asked for when something is due."""
    tell = stop_channel if event.kind == "opt_out" else tell_of_opt_in
    tell(event, clock.now())


def on_closed(event: LeadClosed) -> None:
    """Nothing more goes out to a lead that is won or lost; where the shop drops it, one that had joined it goes on."""
    now = clock.now()
    if stop(event.lead_id, f"The lead is {event.stage}: {event.reason}", now) and event.stage == "lost":
        follow_up_instead(event.lead_id, now)


def on_moved(event: LeadMoved) -> None:
    """A booked lead needs no reminding, and an engaged one hears from people."""
    if event.stage in ENDS_IT:
        stop(event.lead_id, ENDS_IT[event.stage], clock.now())


def on_changed_store(event: LeadChangedStore) -> None:
    """Somebody at the shop is at work on it: what the old store had planned is stopped, and the new one sees it all."""
    name = db.session.scalar(select(Location.name).where(Location.id == event.location_id))
    stop(event.lead_id, f"The order moved to {name}", clock.now())
    for table in (TouchPoint, SequenceRun):
        every = update(table).where(table.lead_id == event.lead_id)
        db.session.execute(every.values(location_id=event.location_id))


REACTIONS: dict[type, tuple[Reaction, ...]] = {
    LeadCreated: (on_lead_created,),
    LeadCustomerKnown: (on_lead_created,),
    LeadEngaged: (on_engaged,),
    AdvisorTexted: (on_advisor_texted,),
    ConsentChanged: (on_consent_changed,),
    LeadClosed: (on_closed,),
    LeadMoved: (on_moved,),
    LeadChangedStore: (on_changed_store,),
    DeliverySent: (on_sent,),
    DeliveryUnknown: (on_unknown,),
    DeliveryNotSent: (on_not_sent,),
    DeliveryFailed: (on_failed,),
    DeliveryPostponed: (on_postponed,),
}


def _touch_point_of(delivery_id: int) -> TouchPoint | None:
    if db.session.get_one(Delivery, delivery_id).purpose != PURPOSE:
        return None
    return db.session.execute(select(TouchPoint).filter_by(delivery_id=delivery_id)).scalar_one_or_none()


def _went_out(delivery: Delivery, text: str, reason: str | None = None) -> None:
    if delivery.purpose != PURPOSE or delivery.lead_id is None:
        return
    now, stage = clock.now(), stage_of(delivery.lead_id)
    step = db.session.scalar(DONE, {"its_delivery": delivery.id, "why": reason})
    if step is None:
        return
    note(delivery.lead_id, "touch_point", text, "system", now)
    why = "first touch" if step == FIRST_STEP else "follow-up"
    contacted(delivery.lead_id, stage, delivery.sent_at or now, why, now)


def _note(touch_point: TouchPoint, text: str) -> None:
    note(touch_point.lead_id, "touch_point", text, "system", clock.now())


def _title(delivery: Delivery) -> str:
    if delivery.channel == "sms":
        return f"The text to {display(delivery.recipient)}"
    return f"The email to {delivery.recipient}"
