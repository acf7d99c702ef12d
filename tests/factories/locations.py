"""Companies and stores. Most tests live in Coral Springs, Florida."""

from datetime import time
from itertools import count

from app.db import db
from app.locations.models import Company, Location, OpeningHours

_numbers = count(1)


def make_company(**given: object) -> Company:
    number = next(_numbers)
    company = Company(**{"shopmonkey_id": f"company-{number}", "name": "Tint World", **given})
    db.session.add(company)
    db.session.flush()
    return company


def make_location(company: Company | None = None, *, hours: bool = True, **given: object) -> Location:
    company = company or make_company()
    number = next(_numbers)
    location = Location(
        **{
            "company_id": company.id,
            "company": company,
            "shopmonkey_id": f"location-{number}",
            "name": "Tint World Coral Springs",
            "timezone": "America/New_York",
            "phone": "+19545550100",
            "email": "coralsprings@example.com",
            "address1": "100 Atlantic Blvd",
            "city": "Coral Springs",
            "state": "FL",
            "postal_code": "33071",
            **given,
        }
    )
    if hours:
        location.hours = [OpeningHours(weekday=day, opens=time(9), closes=time(18)) for day in range(6)]
    db.session.add(location)
    db.session.flush()
    return location
