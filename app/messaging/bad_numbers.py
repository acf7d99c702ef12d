"""Numbers that cannot receive SMS, as providers told us."""

from sqlalchemy import select

from app.db import db
from app.messaging.consents import normal_address
from app.messaging.models import BadNumber

# https://www.twilio.com/docs/api/errors
WHY = {
    "21211": "it is no valid number",
    "21614": "it is no mobile number",
    "21635": "it is a landline",
    "30003": "the phone was out of reach again and again",
    "30005": "the carrier does not know it",
    "30006": "it is a landline, or its carrier cannot be reached",
}


def bad_number(company_id: int, address: str) -> str | None:
    """Why no text is sent to this number, in plain words; None where nothing is known against it."""
    known = select(BadNumber).where(
        BadNumber.company_id == company_id, BadNumber.address == normal_address("sms", address)
    )
    found = db.session.scalar(known)
    if found is None:
        return None
    why = WHY.get(found.code or "", f"error {found.code}" if found.code else "the provider said so")
    return f"This number cannot receive texts: {why}"
