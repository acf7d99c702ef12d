"""What the price was when: one open version per service, closed when the price changes or the service goes."""

from datetime import datetime

from sqlalchemy import select, text

from app.catalog.models import PriceVersion
from app.db import db

CLASS_PRICES = """
    CASE WHEN services.price_set_at IS NULL THEN '{}'::jsonb ELSE coalesce((
        SELECT jsonb_object_agg(vehicle_class, low_cents) FROM class_prices WHERE service_id = services.id), '{}') END
"""

# The array keeps it to the index: joined, every open version of every store would be read.
CLOSE = text(f"""
    UPDATE price_versions SET valid_to = :now
    FROM services
    WHERE services.location_id = :location_id AND price_versions.service_id = services.id
        AND price_versions.service_id = ANY (ARRAY (SELECT id FROM services WHERE location_id = :location_id))
        AND price_versions.valid_to IS NULL AND (
            services.gone_at IS NOT NULL
            OR (price_versions.kind, price_versions.low_cents, price_versions.high_cents, price_versions.class_prices)
                IS DISTINCT FROM (services.kind, services.low_cents, services.high_cents, {CLASS_PRICES}))
""")  # noqa: S608 - made of this file's own words

OPEN = text(f"""
    INSERT INTO price_versions (service_id, source, kind, low_cents, high_cents, class_prices, valid_from)
    SELECT id, CASE WHEN price_set_at IS NULL THEN 'shopmonkey' ELSE 'store' END, kind, low_cents, high_cents,
        {CLASS_PRICES}, :now
    FROM services
    WHERE location_id = :location_id AND gone_at IS NULL
        AND NOT EXISTS (SELECT FROM price_versions WHERE service_id = services.id AND valid_to IS NULL)
""")  # noqa: S608


def record(location_id: int, now: datetime, new: int = 1, changed: int = 1) -> None:
    """Bring the price versions of the store's services up to their prices.

    Nothing is asked where nothing is `new` or `changed`; what is only new has no version that would have to end.
    """
    where = {"location_id": location_id, "now": now}
    if changed:
        db.session.execute(CLOSE, where)
    if new or changed:
        db.session.execute(OPEN, where)


def version_at(service_id: int, moment: datetime) -> PriceVersion | None:
    """What the service's price was at that moment; None when it was not on offer."""
    query = (
        select(PriceVersion)
        .where(PriceVersion.service_id == service_id, PriceVersion.valid_from <= moment)
        .order_by(PriceVersion.valid_from.desc(), PriceVersion.id.desc())
        .limit(1)
    )
    found = db.session.scalar(query)
    return found if found is not None and (found.valid_to is None or moment < found.valid_to) else None
