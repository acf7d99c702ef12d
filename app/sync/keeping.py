"""Writing an order's state to its lead: one transaction, one lead per order, newest state."""

from dataclasses import dataclass
from datetime import datetime

from app.db import db
from app.leads.events import AdvisorTexted, LeadChangedStore, LeadCreated, LeadCustomerKnown
from app.leads.intake import keep_customer, keep_vehicle, lock_order, replace_services
from app.leads.models import Lead
from app.leads.moves import move, reopen
from app.leads.timeline import note
from app.lib import events
from app.locations import UnknownStore, store_of
from app.shopmonkey import Order
from app.sync.consents import flags_before, keep_consents
from app.sync.contacts import customer_values, vehicle_values
from app.sync.order_state import AWAY, GONE, OPENS_AGAIN, advisor_texted, changed_at, comes_back, earned_stage, is_older
from app.sync.quote_lines import lines_of
from app.sync.reading import Reading


@dataclass(frozen=True)
class Kept:
    """The lead, and whether it was made. `unknown` names the order's store where that one has not been added."""

    lead: Lead
    created: bool
    unknown: UnknownStore | None = None


def keep_order(company_id: int, reading: Reading, wanted: bool, now: datetime) -> Kept | None:
    """Update the order's lead, or make it where the rule `wanted` it; None when it is no lead.

    An older state changes nothing, and nothing does once the order was deleted. What ShopMonkey no longer had may turn
    up at another store: it had moved where our key did not see it.

    Raises UnknownStore when there is no lead yet and the order is at a store that has not been added.
    """
    order = reading.order
    lead = lock_order(company_id, order.id)
    if lead is None:
        return _create(company_id, reading, now) if wanted else None
    lead.order_read_at = now
    if is_older(order, lead.order_version, lead.order_updated_at):
        return Kept(lead, created=False)
    for_good = lead.order_deleted_at is not None
    if for_good and not comes_back(order, lead.closed_reason, for_good, lead.location.shopmonkey_id):
        return Kept(lead, created=False)
    lead.order_deleted_at = None
    unknown = _change_store(lead, order, now)
    _update(lead, reading, now, away=unknown is not None)
    return Kept(lead, created=False, unknown=unknown)


def close_gone(company_id: int, order_id: str, now: datetime, for_good: bool) -> Lead | None:
    """Lose the lead of an order that ShopMonkey no longer has; None when it never was a lead.

    `for_good` says that the key which reads the lead's store does not know the order: it counts as deleted.
    """
    lead = lock_order(company_id, order_id)
    if lead is not None:
        lead.order_read_at = now
        if for_good:
            lead.order_deleted_at = lead.order_deleted_at or now
        move(lead, "lost", GONE, now)
    return lead


def _create(company_id: int, reading: Reading, now: datetime) -> Kept:
    order = reading.order
    store = store_of(company_id, order.location_id)
    lead = Lead(company_id=company_id, location=store, shopmonkey_order_id=order.id, stage="new", services=[])
    lead.order_read_at = now
    db.session.add(lead)
    db.session.flush()
    name = order.name or order.coalesced_name
    note(lead.id, "created", f"Came in from ShopMonkey: {name or 'order'} {order.number or ''}".strip(), "system", now)
    _update(lead, reading, now, created=True)
    events.publish(LeadCreated(lead.id))
    if order.message_count:
        events.publish(AdvisorTexted(lead.id))
    return Kept(lead, created=True)


def _change_store(lead: Lead, order: Order, now: datetime) -> UnknownStore | None:
    """Let the lead follow its order; where that is at a store which has not been added, say so."""
    if order.location_id is None:
        return None
    try:
        store = store_of(lead.company_id, order.location_id)
    except UnknownStore as unknown:
        return unknown
    if store.id != lead.location_id:
        lead.location = store
        db.session.flush()
        note(lead.id, "store", f"Moved to {store.name} in ShopMonkey", "system", now)
        events.publish(LeadChangedStore(lead.id, store.id))
    return None


def _update(lead: Lead, reading: Reading, now: datetime, created: bool = False, away: bool = False) -> None:
    order = reading.order
    lead.order_number, lead.order_name = order.number, order.name or order.coalesced_name
    lead.order_created_at, lead.order_updated_at = order.created_at, changed_at(order)
    lead.order_version = order.version
    nobody_before = lead.customer_id is None
    before = flags_before(lead.company_id, reading.customer.id) if reading.customer else ()
    if reading.customer:
        lead.customer = keep_customer(lead.company_id, customer_values(reading.customer, order), now)
    if reading.vehicle:
        lead.vehicle = keep_vehicle(lead.company_id, vehicle_values(reading.vehicle))
    if reading.services is not None:
        replace_services(lead, lines_of(order, reading.services))
    db.session.flush()
    if reading.customer:
        keep_consents(lead, before, now)
    if nobody_before and lead.customer_id is not None and not created:
        events.publish(LeadCustomerKnown(lead.id))
    _see_messages(lead, order)
    _move(lead, order, away, now)


def _move(lead: Lead, order: Order, away: bool, now: datetime) -> None:
    earned = earned_stage(order)
    if order.deleted:
        # Late news of a deleted order must not revive its lead, and ShopMonkey may not even show a last version.
        lead.order_deleted_at = lead.order_deleted_at or now
    if earned:
        move(lead, earned.stage, earned.why, now)
    elif away:
        move(lead, "lost", AWAY, now)
    elif lead.stage == "lost" and lead.closed_reason in OPENS_AGAIN:
        reopen(lead, OPENS_AGAIN[lead.closed_reason], now)


def _see_messages(lead: Lead, order: Order) -> None:
    texted = advisor_texted(order, lead.order_message_count, lead.order_messaged_at)
    lead.order_message_count = order.message_count if order.message_count is not None else lead.order_message_count
    lead.order_messaged_at = order.messaged_at or lead.order_messaged_at
    if texted:
        events.publish(AdvisorTexted(lead.id))
