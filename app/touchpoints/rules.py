"""Which way a touch point goes, and when."""

from dataclasses import dataclass
from datetime import datetime, timedelta

HELD = "Staff hold the conversation"
# Somebody who has just looked is not pressed: the next contact waits this long after the chat was opened.
OPENED_HOLD = timedelta(hours=24)
OPENED = "The customer has opened the chat: the next contact waits a day"
NIGHT = "Quiet hours: the text waits for the day"
ZONE_UNKNOWN = "The store's time zone is unknown: no text is sent by itself"


@dataclass(frozen=True)
class Ways:
    """What stands against each channel, None where nothing does. `sms_from` is the first moment a text is allowed, None
    where the time zone is unknown."""

    sms_closed: str | None
    email_closed: str | None
    sms_from: datetime | None


@dataclass(frozen=True)
class Choice:
    """The channel to use now, or None with the reason. `sms_at` is when a text may follow, or be tried again."""

    channel: str | None
    reason: str | None = None
    sms_at: datetime | None = None
    waits: bool = False


def choose(wanted: str, ways: Ways, now: datetime, first: bool = True) -> Choice:
    """SMS where it is allowed, else email. At night the email of a `first` contact goes now and its text when the
    window opens; a later contact is made once, and waits for the window."""
    sms_open = ways.sms_closed is None and wanted in ("any", "sms")
    email_open = ways.email_closed is None and wanted in ("any", "email")
    if sms_open and ways.sms_from == now:
        return Choice("sms")
    if email_open and (first or not (sms_open and ways.sms_from)):
        return Choice("email", sms_at=ways.sms_from if sms_open else None)
    if sms_open:
        reason = NIGHT if ways.sms_from else ZONE_UNKNOWN
        return Choice(None, reason, sms_at=ways.sms_from, waits=True)
    against = {"sms": ways.sms_closed, "email": ways.email_closed}
    asked = against if wanted == "any" else (wanted,)
    return Choice(None, "; ".join(against[channel] or "" for channel in asked))


def stopped(*, closed: bool, engaged: bool, booked: bool, held: bool) -> str | None:
    """Why a lead gets no further touch point, or None."""
    if closed:
        return "The lead is closed"
    if booked:
        return "An appointment is booked"
    if engaged:
        return "The customer has answered"
    if held:
        return HELD
    return None


def opened_hold(opened_at: datetime | None, now: datetime) -> datetime | None:
    """Until when the next contact waits because the customer has looked at the chat; None where nothing waits."""
    until = opened_at + OPENED_HOLD if opened_at else now
    return until if until > now else None
