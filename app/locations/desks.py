"""Whose number it is that somebody texted."""

from dataclasses import dataclass

from sqlalchemy import or_, select

from app.db import db
from app.locations.models import CompanySettings, Location, LocationSettings


@dataclass(frozen=True, slots=True)
class Desk:
    """The companies and stores that a number speaks for; None where it is not narrower than all of them."""

    company_ids: tuple[int, ...] | None = None
    location_ids: tuple[int, ...] | None = None


def desk_of(number: str, service: str | None) -> Desk:
    """Who sends from this number or service: a store's own wins over a company's, and that over everybody's."""
    stores = db.session.execute(
        select(Location.id, Location.company_id)
        .join(LocationSettings, LocationSettings.location_id == Location.id)
        .where(_sends_from(LocationSettings, number, service))
        .order_by(Location.id)
    ).all()
    if stores:
        return Desk(tuple({store.company_id: None for store in stores}), tuple(store.id for store in stores))
    companies = select(CompanySettings.company_id).where(_sends_from(CompanySettings, number, service))
    found = tuple(db.session.scalars(companies.order_by(CompanySettings.company_id)))
    return Desk(found) if found else Desk()


def _sends_from(settings: type[CompanySettings] | type[LocationSettings], number: str, service: str | None):  # type: ignore[no-untyped-def]
    of_number = settings.sms_number == number
    return or_(of_number, settings.twilio_messaging_service_sid == service) if service else of_number
