"""Prices that a lead's conversation has given: what is booked at them is booked as it was quoted."""

from collections.abc import Sequence

from sqlalchemy import select

from app.assistant.models import PriceReceipt
from app.catalog.pricing import Price
from app.db import db


def given_prices(lead_id: int, service_ids: Sequence[int], vehicle_class: str | None) -> dict[int, Price]:
    """The price that the customer was given in this conversation, by service id; none where it was never named."""
    query = select(PriceReceipt).where(
        PriceReceipt.lead_id == lead_id,
        PriceReceipt.service_id.in_(service_ids),
        PriceReceipt.vehicle_class == (vehicle_class or ""),
    )
    return {receipt.service_id: receipt.price for receipt in db.session.scalars(query)}
