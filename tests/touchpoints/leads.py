"""Leads with a planned first touch, and what became of it."""

from datetime import UTC, datetime

from app.db import db
from app.leads.models import LeadEvent
from app.touchpoints.models import TouchPoint
from app.touchpoints.planning import start_sequence
from tests.factories.leads import make_customer, make_lead
from tests.factories.locations import make_location

NOON = datetime(2026, 11, 24, 17, tzinfo=UTC)
NIGHT = datetime(2026, 11, 25, 4, tzinfo=UTC)
MORNING = datetime(2026, 11, 25, 14, tzinfo=UTC)


def planned(store=None, now=NOON, **customer):
    store = store or make_location()
    lead = make_lead(store, customer=make_customer(store.company, **customer), link_sent_at=None)
    start_sequence(lead, now)
    db.session.commit()
    return lead


def touch_points(lead, step: int = 0) -> list[TouchPoint]:
    """Those of that step, the first unless told otherwise."""
    return db.session.query(TouchPoint).filter_by(lead_id=lead.id, step=step).order_by(TouchPoint.id).all()


def whole_sequence(lead) -> list[TouchPoint]:
    return db.session.query(TouchPoint).filter_by(lead_id=lead.id).order_by(TouchPoint.due_at, TouchPoint.id).all()


def timeline(lead) -> str:
    return "\n".join(
        line.text for line in db.session.query(LeadEvent).filter_by(lead_id=lead.id).order_by(LeadEvent.id)
    )
