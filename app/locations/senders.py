"""From whom a store's SMS and email come."""

from email.utils import formataddr, parseaddr

from flask import current_app

from app.locations.models import Location
from app.locations.settings import settings_for


def sms_sender(location: Location) -> str | None:
    """The store's Messaging Service or number; its own number wins over a service that only the environment names."""
    settings = settings_for(location)
    service = settings.twilio_messaging_service_sid
    if settings.sms_number and service == current_app.config["SETTINGS"].twilio_messaging_service_sid:
        return settings.sms_number
    return service or settings.sms_number


def mail_sender(location: Location) -> str | None:
    """The mailbox that mail comes from, under the store's name; None where no level names a mailbox."""
    address = parseaddr(settings_for(location).mail_from or "")[1]
    return formataddr((location.name, address)) if address else None
