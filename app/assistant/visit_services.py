"""What a customer's visit is to hold: the services of their order or those they name, at the prices they were given."""

from collections.abc import Sequence

from sqlalchemy import select

from app import booking
from app.assistant.models import PriceReceipt
from app.booking import QuotedService
from app.catalog.models import Service
from app.catalog.pricing import Price, vehicle_class
from app.catalog.search import offered
from app.db import db
from app.leads.models import Lead


def quoted(lead: Lead, service_ids: Sequence[int]) -> list[QuotedService]:
    """The services as this lead was quoted them, in the order asked for. Raises BookingRefused (unknown_service)."""
    rules = booking.rules_of(lead.location_id)
    return booking.quoted_services(lead.location_id, service_ids, rules, lead, _shown_prices(lead, service_ids))


def requested(lead: Lead) -> list[int]:
    """The ids of the services that the lead's own order asks for, as far as the store offers them."""
    known = [line.canned_service_id for line in lead.services if line.canned_service_id]
    if not known:
        return []
    query = select(Service.shopmonkey_id, Service.id).where(offered(lead.location_id), Service.shopmonkey_id.in_(known))
    ids = {row.shopmonkey_id: row.id for row in db.session.execute(query)}
    return list(dict.fromkeys(ids[one] for one in known if one in ids))


def _shown_prices(lead: Lead, service_ids: Sequence[int]) -> dict[int, Price]:
    """The prices that the conversation has shown: they stay the customer's."""
    kind = vehicle_class(lead.vehicle.type) if lead.vehicle else None
    query = select(PriceReceipt).where(
        PriceReceipt.lead_id == lead.id,
        PriceReceipt.service_id.in_(service_ids),
        PriceReceipt.vehicle_class == (kind or ""),
        PriceReceipt.shown_at.is_not(None),
    )
    return {receipt.service_id: receipt.price for receipt in db.session.scalars(query)}
